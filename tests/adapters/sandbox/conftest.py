"""A sandbox over the small world, and callers of it."""

from collections.abc import Iterator

import httpx
import pytest

from tests.sandbox_server import RunningSandbox, start_sandbox
from tests.small_world import SmallWorld


@pytest.fixture(scope="package")
def shared_sandbox() -> Iterator[RunningSandbox]:
    with start_sandbox(SmallWorld()) as running:
        yield running


@pytest.fixture
def sandbox(shared_sandbox: RunningSandbox) -> RunningSandbox:
    shared_sandbox.admin.reset()
    return shared_sandbox


@pytest.fixture
def north(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    with caller(sandbox, "4711") as client:
        yield client


@pytest.fixture
def south(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    with caller(sandbox, "4712") as client:
        yield client


def caller(sandbox: RunningSandbox, customer: str) -> httpx.Client:
    return httpx.Client(
        base_url=sandbox.customer(customer),
        auth=(f"api{customer}", f"password-{customer}"),
        trust_env=False,
    )
