"""The iCIMS client over loopback HTTP, against the sandbox."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import pytest
import stamina

from core.domain.budget import QuotaReading, Reserves, newest
from core.icims import BasicCredentials, IcimsClient, OAuthCredentials, parse_field_map
from core.ports import AtsCall, Trigger
from tests import small_world as world
from tests.quota_bench import own_places
from tests.sandbox_server import RunningSandbox, start_sandbox

POLL = Trigger("poll", "service:sync")
CLICK = Trigger("refresh", "rosa", person_waiting=True)
BASIC = BasicCredentials(username="api4711", password="password-4711")


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class KeptLog:
    """A call log that can be read."""

    calls: list[AtsCall] = field(default_factory=list)

    def record(self, call: AtsCall) -> None:
        self.calls.append(call)

    def quota(self) -> QuotaReading | None:
        return newest([call.quota for call in self.calls[:-13:-1] if call.quota], datetime.now(UTC))


class Connect(Protocol):
    """Opens a client of customer 4711, closed when the test ends; arguments as its own."""

    def __call__(self, **overrides: Any) -> IcimsClient: ...


@pytest.fixture(autouse=True)
def no_backoff() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture(scope="package")
def shared_sandbox() -> Iterator[RunningSandbox]:
    with start_sandbox(world.SmallWorld()) as running:
        yield running


@pytest.fixture
def sandbox(shared_sandbox: RunningSandbox) -> RunningSandbox:
    shared_sandbox.admin.reset()
    return shared_sandbox


@pytest.fixture
def log() -> KeptLog:
    return KeptLog()


@pytest.fixture
def oauth(sandbox: RunningSandbox) -> OAuthCredentials:
    return OAuthCredentials(
        token_url=sandbox.token_url, client_id="client-4711", client_secret="secret-4711"
    )


@pytest.fixture
def connect(sandbox: RunningSandbox, log: KeptLog) -> Iterator[Connect]:
    opened: list[IcimsClient] = []

    def open_client(**overrides: Any) -> IcimsClient:
        arguments: dict[str, Any] = {
            "base_url": sandbox.url,
            "customer_id": "4711",
            "credentials": BASIC,
            "field_map": parse_field_map(world.field_map("4711")),
            "call_log": log,
            "clock": RealClock(),
            "reserves": Reserves(100, 0, 0),
            "places": own_places(),
        }
        client = IcimsClient(**(arguments | overrides))
        opened.append(client)
        return client

    yield open_client
    for client in opened:
        client.close()


@pytest.fixture
def client(connect: Connect) -> IcimsClient:
    return connect()
