"""The same jobs over SQS, against a stand-in: moto's server."""

import json
import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from core.domain.ids import TenantId
from core.domain.jobs import JobKind, JobRequest
from core.queue.relay import Relay
from core.store import Store
from tests.queue_bench import RealClock, broker_at
from tests.store_bench import database, open_for

ROOT = Path(__file__).parents[3]
OPTIONS: dict[str, object] = {
    "region": "eu-west-1", "is_secure": False, "polling_interval": 0.1, "wait_time_seconds": 1,
}  # fmt: skip


@pytest.fixture
def sqs() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"sqs://key:secret@{host}:{port}//"
    server.stop()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[Store, str]]:
    with database("postgresql", tmp_path) as url:
        store = open_for(url, RealClock(), f"t{uuid.uuid4().hex[:10]}")
        store.migrate()
        yield store, url
        store.close()


def test_every_job_is_done_once_over_sqs(
    house: tuple[Store, str], sqs: str, tmp_path: Path
) -> None:
    store, url = house
    with store.unit_of_work() as uow:
        for number in range(10):
            request = JobRequest(
                kind=JobKind.SCREEN,
                tenant=TenantId(store.tenant),
                dedupe_key=f"{number}",
                group="g",
            )
            uow.jobs.enqueue(request, store.clock.now())
        uow.commit()
    arguments = [url, sqs, store.tenant, str(tmp_path), "1", json.dumps(OPTIONS)]
    with broker_at(sqs, store.tenant, OPTIONS) as broker:
        relay = Relay(unit_of_work=store.unit_of_work, clock=store.clock, publish=broker.publish)
        assert relay.relay() == 10
    with subprocess.Popen(
        [sys.executable, "-m", "tests.queue_bench", *arguments],
        cwd=ROOT,
        env={**os.environ, "AWS_DEFAULT_REGION": "eu-west-1"},
        stdout=subprocess.DEVNULL,
    ) as worker:
        while True:
            with store.unit_of_work() as uow:
                if uow.jobs.progress("g").done == 10:
                    break
            threading.Event().wait(0.1)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
    runs = [path.read_text() for path in tmp_path.iterdir() if path.name.isdecimal()]
    assert [run.count("begin") for run in runs] == [1] * 10
