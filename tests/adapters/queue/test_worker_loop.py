"""The loop runs every job, tries again what may pass, buries what will not, stops when told."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from core.domain.ids import TenantId
from core.domain.jobs import Job, JobKind, JobRequest
from core.errors import (
    AtsUnavailable,
    InvalidInput,
    QuotaExhausted,
    StoreUnavailable,
    WorkStopped,
)
from core.ports import JobProgress
from core.queue.loop import Pace, WorkerLoop
from core.store import Store
from tests.store_bench import HandClock, fresh_sqlite, open_for

GROUP = "screen:101"
QUICK = Pace(lease=60, idle=0.01, first_wait=10, longest_wait=100, attempts=3, patience=5)


def enqueue(store: Store, number: int = 1, kind: JobKind = JobKind.SCREEN) -> None:
    with store.unit_of_work() as uow:
        for one in range(number):
            request = JobRequest(
                kind=kind,
                tenant=TenantId(store.tenant),
                dedupe_key=f"{kind}/{one}",
                payload={"number": str(one)},
                group=GROUP,
            )
            uow.jobs.enqueue(request, store.clock.now())
        uow.commit()


def progress(store: Store) -> JobProgress:
    with store.unit_of_work() as uow:
        return uow.jobs.progress(GROUP)


def loop_of(
    store: Store, run: Callable[[Job], None], write_next: Callable[[], bool] = lambda: False
) -> WorkerLoop:
    return WorkerLoop(
        unit_of_work=store.unit_of_work,
        clock=store.clock,
        runners={JobKind.SCREEN: run},
        write_next=write_next,
        pace=QUICK,
    )


@dataclass
class Failing:
    """A runner that raises what it is told, then works."""

    errors: list[Exception]
    ran: list[int] = field(default_factory=list)

    def __call__(self, job: Job) -> None:
        self.ran.append(job.attempts)
        if self.errors:
            raise self.errors.pop(0)


def test_every_job_is_run_once_by_several_threads(store: Store) -> None:
    enqueue(store, 12)
    ran: list[str] = []
    finished = threading.Event()

    def run(job: Job) -> None:
        ran.append(job.payload["number"])
        if len(ran) == 12:
            finished.set()

    loop = loop_of(store, run)
    thread = threading.Thread(target=loop.run)
    thread.start()
    assert finished.wait(60)
    loop.stop()
    thread.join()
    assert sorted(ran, key=int) == [str(n) for n in range(12)]
    assert progress(store).done == 12


def test_a_loop_with_no_work_says_so(store: Store) -> None:
    assert not loop_of(store, Failing([])).run_next_job()


def test_jobs_of_other_kinds_are_left_alone(store: Store) -> None:
    enqueue(store, kind=JobKind.HOUSEKEEPING)
    assert not loop_of(store, Failing([])).run_next_job()


@pytest.mark.parametrize("error", [AtsUnavailable("away"), KeyError("a name")])
def test_what_may_pass_is_tried_again_later_and_then_done(
    store: Store, clock: HandClock, error: Exception
) -> None:
    enqueue(store)
    run = Failing([error])
    loop = loop_of(store, run)
    assert loop.run_next_job()
    assert not loop.run_next_job()
    clock.forward(seconds=13)
    assert loop.run_next_job()
    assert (run.ran, progress(store).done) == ([1, 2], 1)


@pytest.mark.parametrize(
    ("error", "attempts"), [(KeyError("a name"), QUICK.attempts), (AtsUnavailable("away"), 5)]
)
def test_a_job_is_buried_after_its_last_attempt_and_an_outage_elsewhere_gets_more_of_them(
    store: Store, clock: HandClock, error: Exception, attempts: int
) -> None:
    enqueue(store)
    run = Failing([error] * 9)
    loop = loop_of(store, run)
    for _ in range(9):
        loop.run_next_job()
        clock.forward(hours=1)
    assert (len(run.ran), progress(store).failed) == (attempts, 1)


def test_no_work_is_given_up_while_icims_is_away_for_an_hour(
    store: Store, clock: HandClock
) -> None:
    enqueue(store, 3)
    back_at = clock.now() + timedelta(hours=1)

    def run(_: Job) -> None:
        if clock.now() < back_at:
            raise AtsUnavailable("away")

    loop = loop_of(store, run)
    loop.pace = Pace()
    while clock.now() < back_at + timedelta(minutes=15):
        while loop.run_next_job():
            pass
        clock.forward(seconds=5)
    assert (progress(store).done, progress(store).failed) == (3, 0)


def test_what_will_not_pass_is_buried_at_once_with_its_message(store: Store) -> None:
    enqueue(store)
    loop_of(store, Failing([InvalidInput("the requisition has no criteria")])).run_next_job()
    assert progress(store).failed == 1
    with store.unit_of_work() as uow:
        assert uow.jobs.problem(f"{JobKind.SCREEN}/0") == "the requisition has no criteria"


def test_a_job_without_quota_waits_for_the_reset_however_often(
    store: Store, clock: HandClock
) -> None:
    enqueue(store)
    run = Failing([QuotaExhausted("used up", resets_in=3_600)] * 20)
    loop = loop_of(store, run)
    for _ in range(20):
        assert loop.run_next_job()
        assert progress(store).problem == "used up"
        clock.forward(seconds=3_599)
        assert not loop.run_next_job()
        clock.forward(seconds=1)
    assert loop.run_next_job()
    assert progress(store).done == 1
    assert not progress(store).problem


def test_waiting_for_the_reset_does_not_use_up_the_patience_for_outages(
    store: Store, clock: HandClock
) -> None:
    enqueue(store)
    errors: list[Exception] = [QuotaExhausted("used up", resets_in=10)] * 20
    loop = loop_of(store, Failing([*errors, AtsUnavailable("away")]))
    for _ in range(22):
        assert loop.run_next_job()
        clock.forward(seconds=100)
    assert (progress(store).done, progress(store).failed) == (1, 0)


def test_work_that_was_stopped_is_due_at_once_for_whoever_goes_on(store: Store) -> None:
    enqueue(store)
    run = Failing([WorkStopped("stopped")] * 20)
    for _ in range(20):
        assert loop_of(store, run).run_next_job()
    assert loop_of(store, run).run_next_job()
    assert (progress(store).done, progress(store).problem) == (1, "")


def test_a_loop_that_is_to_stop_tells_the_job_under_way(store: Store) -> None:
    enqueue(store)
    begun = threading.Event()

    def run(job: Job) -> None:
        begun.set()
        while not job.stopping():
            threading.Event().wait(0.01)
        raise WorkStopped("stopped")

    loop = loop_of(store, run)
    thread = threading.Thread(target=loop.run)
    thread.start()
    assert begun.wait(60)
    loop.stop()
    thread.join(60)
    assert not thread.is_alive()
    assert progress(store).waiting == 1


def test_a_running_job_is_told_that_it_was_cancelled(store: Store) -> None:
    enqueue(store)
    loop = loop_of(store, lambda _: None)
    loop.pace = Pace(look=0.02)

    def run(job: Job) -> None:
        with store.unit_of_work() as uow:
            uow.jobs.cancel(GROUP, store.clock.now())
            uow.commit()
        while not job.stopping():
            threading.Event().wait(0.01)
        raise WorkStopped("stopped")

    loop.runners = {JobKind.SCREEN: run}
    assert loop.run_next_job()
    assert (progress(store).cancelled, progress(store).waiting) == (1, 0)


def test_the_newest_go_first_while_there_is_not_enough_for_all(store: Store) -> None:
    enqueue(store, 3)
    ran: list[str] = []
    loop = loop_of(store, lambda job: ran.append(job.payload["number"]))
    loop.short = lambda: True
    while loop.run_next_job():
        pass
    assert ran == ["2", "1", "0"]


def test_an_unknown_error_leaves_no_text_of_its_own_behind(store: Store, clock: HandClock) -> None:
    enqueue(store)
    run = Failing([ValueError("Anna Berg")] * 3)
    for _ in range(3):
        loop_of(store, run).run_next_job()
        clock.forward(hours=1)
    with store.unit_of_work() as uow:
        assert uow.jobs.problem(f"{JobKind.SCREEN}/0") == "ValueError"


def test_a_job_that_kills_its_worker_every_time_is_buried_unrun(
    store: Store, clock: HandClock
) -> None:
    enqueue(store)
    for _ in range(QUICK.attempts):
        with store.unit_of_work() as uow:
            assert uow.jobs.claim(clock.now(), 60) is not None
            uow.commit()
        clock.forward(seconds=61)
    run = Failing([])
    assert loop_of(store, run).run_next_job()
    assert not run.ran
    assert progress(store).failed == 1


def lease_end(store: Store) -> object:
    with store.engine.connect() as connection:
        return connection.execute(text("SELECT due_at FROM job")).scalar_one()


def test_a_long_job_keeps_its_lease(store: Store, clock: HandClock) -> None:
    enqueue(store)
    found: list[Job | None] = []
    loop = loop_of(store, lambda _: None)
    loop.pace = Pace(lease=0.3)

    def run(job: Job) -> None:
        first = lease_end(store)
        clock.forward(seconds=0.2)
        while lease_end(store) == first:
            threading.Event().wait(0.01)
        clock.forward(seconds=0.2)
        with store.unit_of_work() as uow:
            found.append(uow.jobs.claim(clock.now(), 60))

    loop.runners = {JobKind.SCREEN: run}
    assert loop.run_next_job()
    assert found == [None]
    assert progress(store).done == 1


def test_a_step_that_fails_does_not_end_the_loop(store: Store) -> None:
    tried = threading.Event()
    errors = [StoreUnavailable("the database cannot take this now")]

    def write_next() -> bool:
        if errors:
            raise errors.pop()
        tried.set()
        return False

    loop = loop_of(store, Failing([]), write_next)
    thread = threading.Thread(target=loop.run)
    thread.start()
    assert tried.wait(60)
    loop.stop()
    thread.join()


_WORKER = """
import sys
from core.domain.jobs import JobKind
from core.queue.loop import WorkerLoop
from tests.store_bench import HandClock, open_for

store = open_for(sys.argv[1], HandClock(), "t")
def run(job):
    print("running", flush=True)
    sys.stdin.readline()
    print("finished", flush=True)
WorkerLoop(store.unit_of_work, store.clock, {JobKind.SCREEN: run}, lambda: False, threads=1).run()
print("stopped", flush=True)
"""


def test_a_signal_lets_the_job_under_way_finish(tmp_path: Path) -> None:
    url = fresh_sqlite(tmp_path)
    store = open_for(url, HandClock(), "t")
    enqueue(store, 2)
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", _WORKER, url],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as worker:
        assert worker.stdout is not None
        lines = (line for line in worker.stdout if "[" not in line)
        assert next(lines) == "running\n"
        worker.send_signal(signal.SIGTERM)
        out, _ = worker.communicate("go on\n", timeout=60)
    assert worker.returncode == 0
    assert [line for line in out.splitlines() if "[" not in line] == ["finished", "stopped"]
    done = progress(store)
    assert (done.done, done.waiting) == (1, 1)
    store.close()
