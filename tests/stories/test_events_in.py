"""iCIMS's own events, as the sandbox sends them, arrive at the gateway in every scheme."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from pydantic import SecretStr

from core.bootstrap import App
from core.domain.jobs import JobKind
from core.gateway import create_gateway
from core.sandbox.icims.events import EventFaults, EventTarget
from core.sandbox.icims.serve import SandboxServer, address, listen
from core.settings import Settings
from tests.sandbox_server import RunningSandbox, start_sandbox
from tests.small_world import CLOSED_JOB, SmallWorld
from tests.store_bench import SECRET, fresh_sqlite

USER, KEY, MANY = "icims", "a secret of both", 60


@contextmanager
def told(folder: Path, auth: str, faults: EventFaults) -> Iterator[tuple[App, RunningSandbox]]:
    """A sandbox that sends its events to a gateway, both listening."""
    app = App(
        Settings(
            icims_customer_id="4711",
            secret_key=SecretStr(SECRET),
            database_url=fresh_sqlite(folder),
            events_auth=auth,
            events_user=USER,
            events_secret=SecretStr(KEY),
        )
    )
    listener, ready = listen("127.0.0.1", 0), Event()
    url = address(listener)
    server = SandboxServer(create_gateway(app), ready.set)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, name="gateway")
    thread.start()
    target = EventTarget(
        customer_id="4711", url=f"{url}/icims/events", auth=auth, user=USER, key=KEY,
        token_url=f"{url}/oauth/token",
    )  # fmt: skip
    try:
        assert ready.wait(20)
        with start_sandbox(SmallWorld(), event_targets=[target], event_faults=faults) as sandbox:
            yield app, sandbox
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
        app.close()


@pytest.mark.parametrize("auth", ["basic", "hmac", "oauth"])
def test_every_event_of_a_burst_is_kept_and_every_application_read_once(
    tmp_path: Path, auth: str
) -> None:
    faults = EventFaults(duplicate=0.2, out_of_order=0.2)
    burst = {"job": CLOSED_JOB, "applications": MANY, "per_second": 1_000}
    with told(tmp_path, auth, faults) as (app, sandbox):
        sandbox.admin.request("POST", "customers/4711/burst", burst)
        log = sandbox.admin.flush_events()
        assert {entry["status"] for entry in log} == {200}
        with app.store.unit_of_work() as uow:
            kept = {each.event.application for each in uow.events.recent(1_000)}
            waiting = uow.jobs.pending(f"{JobKind.REFRESH_APPLICATION}:")
    assert kept == {entry["event"]["systemId"] for entry in log}
    assert waiting == len(kept) == MANY
