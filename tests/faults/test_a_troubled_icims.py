"""An iCIMS that fails, stalls and cuts off, and a clock that jumps, cost time and nothing else."""

import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.domain.ids import ApplicationId
from core.domain.jobs import Job, JobKind
from core.errors import AtsUnavailable
from core.worker import build_loop
from tests.store_bench import HandClock
from tests.whole import CUSTOMER, POLL, RECRUITER, SUPPORT, Whole, start_whole

pytestmark = pytest.mark.timeout(900)

FULL = os.environ.get("COPILOT_FAULTS") == "full"
APPLIED, APPROVED, CHANCE = 100 if FULL else 8, 40 if FULL else 6, 0.08
BEFORE = ("error", "unavailable", "reset_before")
AFTER = ("truncated", "reset_after", "slow")


@pytest.fixture
def clock() -> HandClock:
    return HandClock(datetime.now(UTC))


@pytest.fixture
def whole(tmp_path: Path, clock: HandClock) -> Iterator[Whole]:
    with start_whole(tmp_path, people=300 if FULL else 30, clock=clock) as started:
        started.app.reconciliation.poll(POLL)
        started.pull(SUPPORT)
        started.freeze(SUPPORT)
        yield started


def trouble(whole: Whole, *faults: str, method: str = "*") -> None:
    """Let every fault hit one request in twelve, by a draw of its own."""
    for number, fault in enumerate(faults):
        seconds = 0.2 if fault == "slow" else 0.0
        whole.sandbox.admin.fault(
            fault, method=method, probability=CHANCE, seed=number, seconds=seconds
        )


def apply(whole: Whole) -> set[ApplicationId]:
    """Let people apply without an event telling of it."""
    before = set(whole.sandbox.records(CUSTOMER, "applicantworkflows"))
    burst = {"job": int(SUPPORT), "applications": APPLIED, "per_second": 10_000}
    whole.sandbox.admin.request("POST", f"customers/{CUSTOMER}/burst", burst)
    whole.sandbox.admin.flush_events()
    new = set(whole.sandbox.records(CUSTOMER, "applicantworkflows")) - before
    return {ApplicationId(str(id)) for id in new}


def compare(whole: Whole) -> None:
    """Ask iCIMS what changed until the whole question is answered."""
    while True:
        with suppress(AtsUnavailable):
            whole.app.reconciliation.poll(POLL)
            return


def work_until_nothing_waits(whole: Whole, clock: HandClock) -> None:
    """Run jobs; where only later ones are left, let their time come."""
    while True:
        whole.work()
        with whole.app.store.unit_of_work() as uow:
            if not any(d.due or d.put_off or d.running for d in uow.jobs.depths(clock.now())):
                return
        clock.forward(minutes=10)


def assert_each_judged_once(whole: Whole, ids: set[ApplicationId]) -> None:
    with whole.app.store.unit_of_work() as uow:
        judged = {id: len(uow.assessments.of(id)) for id in ids}
        proposed = {id: len(uow.proposals.of(id)) for id in ids}
        graded = {id for id in ids if (latest := uow.assessments.latest(id)) and latest.score}
        assert not uow.jobs.dead(10)
    assert set(judged.values()) == {1}
    assert {proposed[id] for id in graded} == {1}
    assert graded


def test_every_application_is_judged_once_by_an_icims_that_fails_every_third_time(
    whole: Whole, clock: HandClock
) -> None:
    ids = apply(whole)
    trouble(whole, *BEFORE, *AFTER)
    compare(whole)
    work_until_nothing_waits(whole, clock)
    fired = sum(rule["fired"] for rule in whole.sandbox.admin.request("GET", "faults"))
    assert fired > APPLIED / 2
    assert_each_judged_once(whole, ids)


def test_every_approved_write_arrives_once_at_an_icims_that_fails_every_third_time(
    whole: Whole, clock: HandClock
) -> None:
    app = whole.app
    whole.score(SUPPORT)
    rosa = whole.sign_in(RECRUITER)
    lines = app.approvals.tray(rosa)[:APPROVED]
    for line in lines:
        with app.store.unit_of_work() as uow:
            proposed = uow.proposals.get(line.id)
        assert proposed is not None
        app.approvals.approve(rosa, line.id, proposed.hash)
    trouble(whole, *BEFORE, *AFTER)
    until = time.monotonic() + 600
    with_states: Counter[str] = Counter()
    while time.monotonic() < until:
        whole.write()
        with app.store.unit_of_work() as uow:
            with_states = Counter(e.state for line in lines for e in uow.outbox.of(line.id))
        if set(with_states) == {"done"}:
            break
        clock.forward(minutes=10)
    assert set(with_states) == {"done"}
    written = Counter((e["id"], e["effect"]) for e in whole.sandbox.admin.journal())
    assert {id for id, _ in written} == {int(line.application_id) for line in lines}
    assert set(written.values()) == {1}


@pytest.mark.parametrize("jump", [timedelta(hours=3), timedelta(hours=-3)])
def test_a_clock_that_jumps_in_the_middle_loses_nothing_and_does_nothing_twice(
    whole: Whole, clock: HandClock, jump: timedelta
) -> None:
    ids = apply(whole)
    compare(whole)
    loop, other = build_loop(whole.app), build_loop(whole.app)
    jumps = iter([jump, -jump, jump])

    def jumped(job: Job) -> None:
        # Forward, the lease of this very job has ended and another worker may begin it too.
        clock.at += next(jumps, timedelta(0))
        other.run_next_job()
        build_loop(whole.app).runners[JobKind.SCREEN](job)

    loop = replace(loop, runners={**loop.runners, JobKind.SCREEN: jumped})
    while loop.run_next_job():
        continue
    work_until_nothing_waits(whole, clock)
    assert_each_judged_once(whole, ids)
