"""How fast jobs drain against the same work called directly.

    python -m bench.drain [JOBS] [MILLISECONDS]

Each job is 20 ms of processor time: a small one, since bringing in and scoring one resume takes
about 180 (``bench.end_to_end``). Embedded: one worker process
on SQLite and PostgreSQL against a plain loop. Distributed: 1, 2 and 4 broker workers, one process
each, with relay, against as many processes that only do the work. Then the bare cost of the job
table. Ratio 1.0 would be no cost at all.
"""

import logging
import multiprocessing
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import kombu
import pytest
import structlog

from core.domain.ids import TenantId
from core.domain.jobs import Job, JobKind, JobRequest, Priority
from core.queue.loop import WorkerLoop
from core.queue.relay import Relay
from core.store import Store
from tests.queue_bench import RABBIT, RealClock, broker_at, spin, work
from tests.store_bench import database, open_for

ROOT = Path(__file__).resolve().parents[1]


def calibrated(milliseconds: int) -> int:
    """Find the rounds that take about that long here."""
    times = []
    for _ in range(20):
        start = time.process_time()
        spin(100_000)
        times.append(time.process_time() - start)
    return int(100_000 * milliseconds / 1000 / min(times))


def add(
    store: Store, number: int, rounds: int, groups: int = 10, due_at: datetime | None = None
) -> float:
    """Enqueue jobs in commits of a hundred; return seconds."""
    start = time.perf_counter()
    for first in range(0, number, 100):
        with store.unit_of_work() as uow:
            for one in range(first, min(first + 100, number)):
                request = JobRequest(
                    kind=JobKind.SCREEN,
                    tenant=TenantId(store.tenant),
                    dedupe_key=f"{uuid.uuid4().hex}",
                    payload={"rounds": str(rounds)},
                    group=f"screen:{one % groups}",
                    due_at=due_at,
                )
                uow.jobs.enqueue(request, store.clock.now())
            uow.commit()
    return time.perf_counter() - start


def drained(store: Store) -> bool:
    """Say whether nothing is left."""
    with store.unit_of_work() as uow:
        return uow.jobs.pending() == 0


def wait_for(store: Store) -> None:
    """Wait until nothing is left."""
    while not drained(store):
        time.sleep(0.02)


def _share(number: int, rounds: int, folder: Path) -> None:
    for one in range(number):
        job = Job(
            id=f"direct-{uuid.uuid4().hex}-{one}",  # type: ignore[arg-type]
            kind=JobKind.SCREEN,
            tenant=TenantId("t"),
            payload={"rounds": str(rounds)},
            attempts=1,
        )
        work(folder, job)


def direct(number: int, rounds: int, processes: int, folder: Path) -> float:
    """Do the same work in as many processes that do nothing else; return seconds."""
    context = multiprocessing.get_context("fork")
    share = number // processes
    workers = [
        context.Process(target=_share, args=(share, rounds, folder)) for _ in range(processes)
    ]
    start = time.perf_counter()
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    return time.perf_counter() - start


def embedded(store: Store, number: int, rounds: int, folder: Path) -> float:
    """Drain with the embedded worker; return seconds."""
    add(store, number, rounds)
    loop = WorkerLoop(
        store.unit_of_work,
        store.clock,
        {JobKind.SCREEN: lambda job: work(folder, job)},
        write_next=lambda: False,
        threads=3,
    )
    thread = threading.Thread(target=loop.run)
    start = time.perf_counter()
    thread.start()
    wait_for(store)
    taken = time.perf_counter() - start
    loop.stop()
    thread.join()
    return taken


@contextmanager
def fleet(store: Store, url: str, number: int, folder: Path) -> Iterator[None]:
    """Run a relay and ``number`` broker workers, warmed up."""
    command = [sys.executable, "-m", "tests.queue_bench", url, RABBIT, store.tenant, str(folder)]
    stopped = threading.Event()
    workers: list[subprocess.Popen[Any]] = []
    with broker_at(RABBIT, store.tenant) as broker:
        relay = Relay(
            unit_of_work=store.unit_of_work, clock=store.clock, publish=broker.publish, idle=0.05
        )
        thread = threading.Thread(target=relay.run, args=(stopped,))
        thread.start()
        for _ in range(number):
            workers.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL))
            add(store, 1, 1)
            wait_for(store)
        while consumers(store) < number:
            time.sleep(0.1)
        add(store, 20 * number, 1)
        wait_for(store)
        yield
        for each in workers:
            each.send_signal(signal.SIGTERM)
        for each in workers:
            each.wait()
        stopped.set()
        thread.join()
    with kombu.Connection(RABBIT) as connection:
        for name in queues(store):
            connection.default_channel.queue_delete(name)


def queues(store: Store) -> list[str]:
    """Name the tenant's queues."""
    return [f"copilot-{store.tenant}-{each.name.lower()}" for each in Priority]


def consumers(store: Store) -> int:
    """Count the workers that listen."""
    with kombu.Connection(RABBIT) as connection:
        declared = connection.default_channel.queue_declare(queues(store)[-1], passive=True)
        return int(declared.consumer_count)


def distributed(store: Store, url: str, number: int, rounds: int, workers: int) -> float:
    """Drain over the broker; return seconds."""
    with tempfile.TemporaryDirectory() as folder, fleet(store, url, workers, Path(folder)):
        # All are added before the first is due, as they are for the embedded worker.
        due_at = store.clock.now() + timedelta(seconds=3 + number * 0.03)
        add(store, number, rounds, due_at=due_at)
        time.sleep(max(0.0, (due_at - store.clock.now()).total_seconds()))
        start = time.perf_counter()
        wait_for(store)
        return time.perf_counter() - start


def rates(store: Store, name: str, number: int = 2_000) -> None:
    """Print the bare cost of the table."""
    took = add(store, number, 0)
    start, count = time.perf_counter(), 0
    while count < number // 2:
        with store.unit_of_work() as uow:
            job = uow.jobs.claim(store.clock.now(), 60)
            uow.commit()
        if job is None:
            break
        with store.unit_of_work() as uow:
            uow.jobs.complete(job, store.clock.now())
            uow.commit()
        count += 1
    pairs = count / (time.perf_counter() - start)
    print(
        f"{name}: enqueue {number / took:,.0f}/s ({took / number * 1000:.2f} ms, commits of 100),"
        f" claim and complete, a commit each, {pairs:,.0f}/s with {number:,} waiting",
        flush=True,
    )


def main(number: int = 400, milliseconds: int = 20) -> None:
    """Measure and print."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    rounds = calibrated(milliseconds)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for engine in ("sqlite", "postgresql"):
            try:
                with database(engine, folder) as url:
                    _measure(engine, url, number, rounds, folder)
            except pytest.skip.Exception as absent:
                print(absent)


def _measure(engine: str, url: str, number: int, rounds: int, folder: Path) -> None:
    first = open_for(url, RealClock())
    first.migrate()
    rates(first, engine)
    first.close()
    for _ in range(3):
        store = open_for(url, RealClock())
        plain = direct(number, rounds, 1, folder)
        ours = embedded(store, number, rounds, folder)
        _print(f"{engine}, embedded", number, plain, ours)
        store.close()
    if engine != "postgresql":
        return
    for workers in (1, 2, 4):
        store = open_for(url, RealClock(), f"drain{uuid.uuid4().hex[:8]}")
        plain = direct(number, rounds, workers, folder)
        ours = distributed(store, url, number, rounds, workers)
        _print(f"{engine} and RabbitMQ, {workers} workers", number, plain, ours)
        store.close()


def _print(what: str, number: int, plain: float, ours: float) -> None:
    print(
        f"{what}: direct {plain:.1f} s, drained {ours:.1f} s ({number / ours:.0f}/s),"
        f" ratio {plain / ours:.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:3]))
