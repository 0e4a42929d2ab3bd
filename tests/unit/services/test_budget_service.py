"""What screens are told of the day's iCIMS requests, and of what waits for more."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.actor import Role
from core.domain.budget import USED_UP, Lane, QuotaReading, Reserves
from core.domain.ids import RequisitionId
from core.domain.jobs import JobKind, JobRequest, Priority
from core.domain.views import BudgetView, Waiting
from core.ports import QuotaState
from core.services.budget import budget, scoring_waits
from core.services.connection import Connection
from core.services.progress import screening_group, screening_problem
from tests.desk import TENANT, Desk, open_desk
from tests.pipeline_bench import freeze, pipeline_of
from tests.store_bench import NOON

JOB = RequisitionId("101")
RESET = NOON + timedelta(hours=12)
WHY = f"{USED_UP}, but for 700 kept for what is more urgent"
RESERVES = Reserves(people=400, events=200, reconcile=400)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = open_desk(tmp_path)
    freeze(made)
    yield made
    made.store.close()


def put_off(desk: Desk, number: int, why: str, priority: Priority = Priority.BACKLOG) -> None:
    """Queue the scoring of ``number`` applications and put the first of them off."""
    with desk.store.unit_of_work() as uow:
        for each in range(number):
            uow.jobs.enqueue(
                JobRequest(
                    kind=JobKind.SCREEN,
                    tenant=TENANT,
                    dedupe_key=f"screen:{priority}:{each}",
                    priority=priority,
                    group=screening_group(JOB),
                ),
                NOON,
            )
        job = uow.jobs.claim(NOON, 60)
        assert job is not None
        assert job.priority is priority
        uow.jobs.retry(job, RESET, why, spared=True)
        uow.commit()


def shown(desk: Desk, remaining: int | None = 3000) -> BudgetView:
    reset = None if remaining is None else RESET
    state = QuotaState(QuotaReading(10_000, remaining, reset), RESERVES)
    with desk.store.unit_of_work() as uow:
        return budget(uow, state, NOON)


def test_the_day_is_shown_with_what_is_open_to_whom(desk: Desk) -> None:
    view = shown(desk)
    assert (view.limit, view.used, view.remaining, view.resets_at) == (10_000, 7000, 3000, RESET)
    assert [(each.lane, each.open, each.kept) for each in view.lanes] == [
        (Lane.PEOPLE, 3000, 200),
        (Lane.EVENTS, 2800, 100),
        (Lane.RECONCILE, 2700, 200),
        (Lane.BACKLOG, 2500, 0),
    ]
    assert view.waiting is None


def test_before_the_first_answer_nothing_is_claimed_to_be_used(desk: Desk) -> None:
    view = shown(desk, remaining=None)
    assert (view.used, view.remaining) == (None, None)
    assert {each.open for each in view.lanes} == {None}


def test_what_waits_for_requests_is_counted_in_its_lane(desk: Desk) -> None:
    put_off(desk, 1, WHY)
    put_off(desk, 1, USED_UP, Priority.FRESH)
    waits = {each.lane: each.waiting for each in shown(desk).lanes if each.waiting}
    assert waits == {Lane.EVENTS: Waiting(1, RESET), Lane.BACKLOG: Waiting(1, RESET)}
    assert shown(desk).waiting == Waiting(2, RESET)


def test_what_waits_for_another_reason_does_not_wait_for_requests(desk: Desk) -> None:
    put_off(desk, 1, "iCIMS did not answer")
    assert shown(desk).waiting is None
    with desk.store.unit_of_work() as uow:
        assert scoring_waits(uow, JOB) is None
        assert "iCIMS did not answer" in screening_problem(uow, JOB)


def test_a_pipeline_says_how_many_applications_wait_and_until_when(desk: Desk) -> None:
    put_off(desk, 3, WHY)
    view = pipeline_of(desk).open(desk.recruiter(), JOB)
    assert view.waits == Waiting(3, RESET)
    assert view.problem == ""


def test_the_connection_page_knows_what_waits(desk: Desk) -> None:
    put_off(desk, 2, WHY)
    desk.ats.budget = QuotaState(QuotaReading(10_000, 150, RESET), RESERVES)
    unit = desk.store.unit_of_work
    connection = Connection(unit, desk.clock, desk.ats, "https://api.example.com", "4711")
    view = connection.view(desk.person("viktor", Role.ADMIN))
    assert (view.quota_limit, view.quota_remaining, view.reserve) == (10_000, 150, 200)
    assert view.waiting == Waiting(1, RESET)
