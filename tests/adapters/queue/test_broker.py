"""Jobs reach workers over RabbitMQ: once each, urgent ones first, garbage forgotten."""

import json
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import kombu
import pytest

from core.domain.ids import JobId, TenantId
from core.domain.jobs import JobKind, JobRequest, Priority
from core.ports import JobProgress, Published
from core.queue.relay import Relay
from core.store import Store
from tests.queue_bench import RABBIT, RealClock, broker_at
from tests.store_bench import database, open_for

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.service


@pytest.fixture
def rabbit() -> str:
    try:
        with kombu.Connection(RABBIT, connect_timeout=3) as connection:
            connection.connect()
    except OSError:
        pytest.skip("skipped: no RabbitMQ")
    return RABBIT


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with database("postgresql", tmp_path) as made:
        yield made


@pytest.fixture
def house(url: str, rabbit: str) -> Iterator[Store]:
    """A store whose tenant has queues of its own, taken away afterwards."""
    store = open_for(url, RealClock(), f"t{uuid.uuid4().hex[:10]}")
    store.migrate()
    yield store
    store.close()
    with kombu.Connection(rabbit) as connection:
        for name in queue_names(store):
            connection.default_channel.queue_delete(name)


def queue_names(store: Store) -> list[str]:
    return [f"copilot-{store.tenant}-{each.name.lower()}" for each in Priority]


def add(store: Store, *keys: str, priority: Priority = Priority.FRESH, **payload: str) -> None:
    with store.unit_of_work() as uow:
        for key in keys:
            request = JobRequest(
                kind=JobKind.SCREEN,
                tenant=TenantId(store.tenant),
                dedupe_key=key,
                payload=payload,
                group="g",
                priority=priority,
            )
            uow.jobs.enqueue(request, store.clock.now())
        uow.commit()


def progress(store: Store) -> JobProgress:
    with store.unit_of_work() as uow:
        return uow.jobs.progress("g")


@contextmanager
def relaying(store: Store, rabbit: str, window: int = 50) -> Iterator[None]:
    stopped = threading.Event()
    with broker_at(rabbit, store.tenant) as broker:
        relay = Relay(
            unit_of_work=store.unit_of_work,
            clock=store.clock,
            publish=broker.publish,
            window=window,
            idle=0.05,
        )
        thread = threading.Thread(target=relay.run, args=(stopped,))
        thread.start()
        yield
        stopped.set()
        thread.join()


@contextmanager
def working(store: Store, url: str, rabbit: str, folder: Path) -> Iterator[Any]:
    command = [sys.executable, "-m", "tests.queue_bench", url, rabbit, store.tenant, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as worker:
        yield worker
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0


def until(done: Any) -> None:
    """Wait for the outside world; the test's own time limit ends it."""
    while not done():
        threading.Event().wait(0.05)


def test_every_job_is_done_once_over_the_broker(
    house: Store, url: str, rabbit: str, tmp_path: Path
) -> None:
    add(house, *(f"{n}" for n in range(40)))
    with relaying(house, rabbit), working(house, url, rabbit, tmp_path):
        until(lambda: progress(house).done == 40)
    runs = [path.read_text().split() for path in tmp_path.iterdir() if path.name.isdecimal()]
    assert len(runs) == 40
    assert all(run[:2] == ["begin", "1"] and run.count("begin") == 1 for run in runs)


def test_a_message_holds_a_job_id_and_nothing_else(house: Store, rabbit: str) -> None:
    with broker_at(rabbit, house.tenant) as broker:
        broker.publish([Published(JobId("12345"), int(Priority.CLICK))])
    with kombu.Connection(rabbit) as connection:
        message = connection.default_channel.basic_get(queue_names(house)[0])
    args, options, _ = json.loads(message.body)
    assert (args, options) == (["12345"], {})
    assert message.properties["content_type"] == "application/json"
    assert message.properties["delivery_mode"] == 2
    assert int(message.properties["expiration"]) > 0


def test_a_message_for_nothing_or_from_somebody_else_is_forgotten(
    house: Store, url: str, rabbit: str, tmp_path: Path
) -> None:
    strange = ["999999999", "-1", "'; DROP TABLE job", "9" * 50]
    with broker_at(rabbit, house.tenant) as broker:
        broker.publish([Published(JobId(each), int(Priority.FRESH)) for each in strange])
    add(house, "real")
    with relaying(house, rabbit), working(house, url, rabbit, tmp_path):
        until(lambda: progress(house).done == 1)
    with kombu.Connection(rabbit) as connection:
        queue = connection.default_channel.queue_declare(queue_names(house)[1], passive=True)
    assert queue.message_count == 0
