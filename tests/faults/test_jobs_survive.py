"""Jobs survive killed workers and relays, a broker that restarts or is full, a database away.

None is lost, and none is begun a second time but where its worker was killed in the middle.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import kombu
import pytest

from core.domain.ids import TenantId
from core.domain.jobs import JobKind, JobRequest, Priority
from core.errors import StoreUnavailable
from core.queue.loop import Pace, WorkerLoop
from core.store import Store
from tests.faults.servers import own_postgres, own_rabbit
from tests.queue_bench import RABBIT, RealClock, work
from tests.store_bench import database, fresh_sqlite, open_for

ROOT = Path(__file__).resolve().parents[2]
JOBS = 60


@dataclass
class Fleet:
    """A relay and a worker on the broker, each of which can be killed and started anew."""

    url: str
    broker: str
    store: Store
    folder: Path
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def relay(self) -> subprocess.Popen[bytes]:
        return self._start("tests.faults.relay_process", self.url, self.broker, self.store.tenant)

    def worker(self) -> subprocess.Popen[bytes]:
        return self._start(
            "tests.queue_bench",
            self.url, self.broker, self.store.tenant, str(self.folder), "2",
        )  # fmt: skip

    def _start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.started.append(process)
        return process

    def end(self) -> None:
        for process in self.started:
            kill(process)

    def add(self, number: int = JOBS, seconds: float = 0.05) -> None:
        with self.store.unit_of_work() as uow:
            for one in range(number):
                request = JobRequest(
                    kind=JobKind.SCREEN,
                    tenant=TenantId(self.store.tenant),
                    dedupe_key=f"{uuid.uuid4().hex}",
                    payload={"seconds": str(seconds)},
                    group="g",
                    priority=Priority.FRESH if one % 2 else Priority.BACKLOG,
                )
                uow.jobs.enqueue(request, self.store.clock.now())
            uow.commit()

    def done(self) -> int:
        try:
            with self.store.unit_of_work() as uow:
                return uow.jobs.progress("g").done
        except StoreUnavailable:
            return -1

    def until(self, number: int) -> None:
        until(lambda: self.done() >= number)

    def runs(self) -> dict[str, int]:
        """Count how often each job was begun."""
        files = [path for path in self.folder.iterdir() if path.name.isdecimal()]
        return {path.name: path.read_text().count("begin") for path in files}


def until(holds: Callable[[], bool]) -> None:
    while not holds():
        time.sleep(0.05)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children without a word."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def fleet_on(url: str, broker: str, folder: Path) -> Iterator[Fleet]:
    store = open_for(url, RealClock(), f"f{uuid.uuid4().hex[:10]}")
    store.migrate()
    fleet = Fleet(url, broker, store, folder)
    try:
        yield fleet
    finally:
        fleet.end()
        store.close()
        if broker == RABBIT:
            _take_away_queues(broker, store.tenant)


def _take_away_queues(broker: str, tenant: str) -> None:
    with kombu.Connection(broker) as connection:
        for each in Priority:
            connection.default_channel.queue_delete(f"copilot-{tenant}-{each.name.lower()}")


@pytest.fixture
def rabbit() -> str:
    try:
        with kombu.Connection(RABBIT, connect_timeout=3) as connection:
            connection.connect()
    except OSError:
        pytest.skip("skipped: no RabbitMQ")
    return RABBIT


@pytest.fixture
def fleet(rabbit: str, tmp_path: Path) -> Iterator[Fleet]:
    """A fleet on the shared services, with queues of its own."""
    with database("postgresql", tmp_path) as url, fleet_on(url, rabbit, tmp_path) as fleet:
        yield fleet


def test_a_worker_killed_in_the_middle_of_a_job_loses_nothing(fleet: Fleet) -> None:
    fleet.add(seconds=0.1)
    fleet.relay()
    worker = fleet.worker()
    fleet.until(10)
    kill(worker)
    fleet.worker()
    fleet.until(JOBS)
    runs = fleet.runs()
    assert len(runs) == JOBS
    # Two were under way when it was killed.
    assert sum(runs.values()) <= JOBS + 2


def test_a_relay_killed_again_and_again_loses_nothing_and_nothing_runs_twice(
    fleet: Fleet,
) -> None:
    fleet.add()
    fleet.worker()
    for goal in (1, 20, 40):
        relay = fleet.relay()
        fleet.until(goal)
        kill(relay)
    fleet.relay()
    fleet.until(JOBS)
    assert fleet.runs() == dict.fromkeys(fleet.runs(), 1)
    assert len(fleet.runs()) == JOBS


def test_two_relays_and_a_worker_do_every_job_once(fleet: Fleet) -> None:
    fleet.add()
    fleet.relay()
    fleet.relay()
    fleet.worker()
    fleet.until(JOBS)
    assert list(fleet.runs().values()) == [1] * JOBS


# A broker takes its time to start and stop on a busy machine.
@pytest.mark.timeout(400)
def test_a_broker_that_restarts_and_one_with_a_full_disk_cost_time_and_no_job(
    tmp_path: Path,
) -> None:
    with ExitStack() as servers:
        rabbit = servers.enter_context(own_rabbit())
        url = servers.enter_context(database("postgresql", tmp_path))
        fleet = servers.enter_context(fleet_on(url, rabbit.url, tmp_path))
        fleet.relay()
        fleet.worker()
        fleet.add()
        fleet.until(5)
        rabbit.control("stop_app")
        rabbit.control("start_app")
        fleet.until(JOBS)
        rabbit.control("set_disk_free_limit", "900000000000000")
        fleet.add()
        rabbit.control("set_disk_free_limit", "1000000")
        # An idle group counts afresh.
        fleet.until(JOBS)
        assert sorted(fleet.runs().values()) == [1] * (2 * JOBS)


def test_a_database_that_restarts_in_the_middle_costs_time_and_no_job(
    rabbit: str, tmp_path: Path
) -> None:
    with ExitStack() as servers:
        postgres = servers.enter_context(own_postgres())
        fleet = servers.enter_context(fleet_on(postgres.url, rabbit, tmp_path))
        fleet.add()
        fleet.relay()
        fleet.worker()
        fleet.until(10)
        postgres.restart()
        fleet.until(JOBS)
        runs = fleet.runs()
        assert len(runs) == JOBS
        # A job whose end could not be written down is run again when its lease ends.
        assert sum(runs.values()) <= JOBS + 2


def test_a_database_file_locked_by_somebody_else_for_seconds_costs_time_and_no_job(
    tmp_path: Path,
) -> None:
    url = fresh_sqlite(tmp_path)
    store = open_for(url, RealClock(), "t")
    fleet = Fleet(url, "", store, tmp_path)
    fleet.add(20, seconds=0.01)
    loop = WorkerLoop(
        store.unit_of_work,
        store.clock,
        {JobKind.SCREEN: lambda job: work(tmp_path, job)},
        write_next=lambda: False,
        pace=Pace(idle=0.05),
    )
    thread = threading.Thread(target=loop.run)
    thread.start()
    fleet.until(3)
    locker = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    locker.execute("PRAGMA busy_timeout=30000")
    locker.execute("BEGIN IMMEDIATE")
    time.sleep(2)
    locker.execute("ROLLBACK")
    locker.close()
    fleet.until(20)
    loop.stop()
    thread.join()
    assert list(fleet.runs().values()) == [1] * 20
    store.close()
