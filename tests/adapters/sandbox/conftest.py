"""A sandbox over the small world, and callers of it."""

from collections.abc import Iterator

import httpx
import pytest

from tests.sandbox_server import HandClock, RunningSandbox, start_sandbox
from tests.small_world import NORTH, SOUTH, SmallWorld


@pytest.fixture(scope="session")
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def shared_sandbox(clock: HandClock) -> Iterator[RunningSandbox]:
    with start_sandbox(SmallWorld(), clock=clock, daily_limit=1_000) as running:
        yield running


@pytest.fixture
def sandbox(shared_sandbox: RunningSandbox) -> RunningSandbox:
    shared_sandbox.admin.reset()
    return shared_sandbox


@pytest.fixture
def north(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    with sandbox.client(NORTH) as client:
        yield client


@pytest.fixture
def south(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    with sandbox.client(SOUTH) as client:
        yield client
