"""Times of the store on SQLite and, where one is found, PostgreSQL.

    python -m bench.store [APPLICATIONS]

Fills one requisition (5,000 applications by default) with people and assessments and times what
a pipeline screen asks for, then commits, the audit chain and jobs. Wall-clock, best of three
where it can be repeated.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.audit import verify_chain
from core.domain.ids import ApplicationId, RequisitionId
from core.domain.jobs import JobKind, JobRequest
from core.domain.records import FieldValue, Presence
from core.store import Store
from tests.store_bench import (
    NOON,
    HandClock,
    application,
    assessment,
    candidate,
    database,
    fact,
    open_for,
)

JOB = RequisitionId("101")
LONG = "Led a team of twelve in a warehouse of 40,000 square metres. " * 30


def fill(store: Store, number: int) -> float:
    """Store ``number`` applications with people and assessments; return seconds."""
    verdicts = assessment(store.tenant).verdicts * 12
    start = time.perf_counter()
    with store.unit_of_work() as uow:
        for n in range(number):
            id, person = f"{7000 + n}", f"{2000 + n}"
            record = application(store.tenant, id, person)
            reasoning = FieldValue(Presence.PRESENT, LONG)
            record = replace(record, fields={**record.fields, "ai_reasoning": reasoning})
            uow.applications.put(record, NOON)
            uow.applications.put_candidate(candidate(store.tenant, person), NOON)
            judged = assessment(store.tenant, id, score=n % 101)
            uow.assessments.put(replace(judged, verdicts=verdicts))
        uow.commit()
    return time.perf_counter() - start


def seconds(work: Callable[[], None], times: int = 3) -> float:
    """Return the best of ``times`` runs."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def pipeline(store: Store) -> None:
    """Read what a pipeline screen shows."""
    with store.unit_of_work() as uow:
        uow.applications.of(JOB)
        uow.assessments.latest_of(JOB)
        uow.overview.standings(JOB)


def commits(store: Store, number: int) -> None:
    """Commit one audit fact at a time."""
    for n in range(number):
        with store.unit_of_work() as uow:
            uow.audit.append(fact(store.tenant, n))
            uow.commit()


def verify(store: Store) -> None:
    """Walk the chain."""
    with store.unit_of_work() as uow:
        verify_chain(uow.audit.events())


def grow_log(store: Store, number: int) -> None:
    """Append many facts in one commit."""
    with store.unit_of_work() as uow:
        for n in range(number):
            uow.audit.append(fact(store.tenant, n))
        uow.commit()


def run_jobs(store: Store, number: int, threads: int) -> None:
    """Claim and complete ``number`` jobs with ``threads`` workers."""

    def work() -> None:
        while True:
            with store.unit_of_work() as uow:
                job = uow.jobs.claim(NOON, 60)
                uow.commit()
            if job is None:
                return
            with store.unit_of_work() as uow:
                uow.jobs.complete(job, NOON + timedelta(seconds=1))
                uow.commit()

    with store.unit_of_work() as uow:
        for n in range(number):
            key = f"screen/{n}"
            request = JobRequest(kind=JobKind.SCREEN, tenant=store.tenant, dedupe_key=key)
            uow.jobs.enqueue(request, NOON)
        uow.commit()
    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def report(engine: str, store: Store, number: int) -> None:
    """Print one engine's figures."""
    filled = fill(store, number)
    say(engine, f"store {number} applications with people and assessments", filled)
    size = f"{number} applications, people, assessments and standings"
    say(engine, f"read {size}", seconds(lambda: pipeline(store)))
    say(engine, "read one application", seconds(lambda: read_one(store), 50))
    say(engine, "commit with one audit fact", seconds(lambda: commits(store, 100), 1) / 100)
    say(engine, "append 10,000 facts in one commit", seconds(lambda: grow_log(store, 10_000), 1))
    say(engine, "verify 10,100 facts", seconds(lambda: verify(store)))
    jobs = seconds(lambda: run_jobs(store, 500, 2), 1) / 500
    say(engine, "enqueue, claim and complete a job (2 threads)", jobs)


def read_one(store: Store) -> None:
    """Read one application with its person and latest assessment."""
    with store.unit_of_work() as uow:
        uow.applications.get(ApplicationId("7003"))
        uow.assessments.latest(ApplicationId("7003"))


def say(engine: str, what: str, taken: float) -> None:
    """Print one line."""
    print(f"{engine:<11} {what:<72} {taken * 1000:10.2f} ms")


def main(number: int = 5_000) -> None:
    """Measure every engine there is."""
    for engine in ("sqlite", "postgresql"):
        with (
            suppress(pytest.skip.Exception),
            tempfile.TemporaryDirectory() as folder,
            database(engine, Path(folder)) as url,
        ):
            store = open_for(url, HandClock())
            store.migrate()
            report(engine, store, number)
            store.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
