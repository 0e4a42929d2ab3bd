"""What the gateway answered 200 is in the database, however it ends."""

import base64
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPException
from itertools import count
from pathlib import Path

import pytest

from core.domain.ids import ApplicationId, TenantId
from core.store import open_store
from tests.gateway_process import CUSTOMER, EVENTS, KEY, USER, Gateway, start_gateway
from tests.store_bench import NOON, SECRET, HandClock, database, open_for

SENDERS, ENOUGH = 8, 400 if os.environ.get("COPILOT_FAULTS") != "full" else 5_000
LONG_AGO = NOON.replace(year=2000)
HEADERS = {
    "content-type": "application/json",
    "authorization": "Basic " + base64.b64encode(f"{USER}:{KEY}".encode()).decode(),
}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with database(request.param, tmp_path) as empty:
        first = open_for(empty, HandClock())
        first.migrate()
        first.close()
        yield empty


def send_until(gateway: Gateway, end: Callable[[], None]) -> set[str]:
    """Send from many threads, ``end`` it in the middle; return what was answered 200."""
    answered: set[str] = set()
    ids, ended = count(1), threading.Event()

    def sender() -> None:
        with closing(gateway.connection()) as connection:
            while True:
                id = str(next(ids))
                body = json.dumps({"eventType": "AssessmentEvent", "systemId": id})
                try:
                    connection.request("POST", EVENTS, body, HEADERS)
                    answer = connection.getresponse()
                    answer.read()
                except (OSError, HTTPException):
                    return
                if answer.status == 200:
                    answered.add(id)
                if len(answered) >= ENOUGH and not ended.is_set():
                    ended.set()
                    end()

    senders = [threading.Thread(target=sender) for _ in range(SENDERS)]
    for each in senders:
        each.start()
    for each in senders:
        each.join()
    return answered


def missing(url: str, answered: set[str]) -> set[str]:
    """Say which of ``answered`` are no event in the database; each event has a job of its own."""
    store = open_store(url, tenant=TenantId(CUSTOMER), secret_key=SECRET, clock=HandClock())
    with closing(store), store.unit_of_work() as uow:
        kept = sum(uow.events.counts(LONG_AGO).values())
        assert uow.jobs.pending("refresh_application:") == kept
        return answered - uow.events.told([ApplicationId(id) for id in answered], LONG_AGO)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_gateway_that_ends_in_the_middle_of_a_burst_has_kept_what_it_answered(
    url: str, number: signal.Signals
) -> None:
    with start_gateway(url) as gateway:
        answered = send_until(gateway, lambda: os.kill(gateway.process.pid, number))
        if number is signal.SIGTERM:
            assert gateway.process.wait(20) in (0, -signal.SIGTERM)
    assert len(answered) >= ENOUGH
    assert not missing(url, answered)
