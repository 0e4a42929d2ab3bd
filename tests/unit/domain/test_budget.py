"""How the day's requests are shared out."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.budget import DAY, SLACK, Lane, Plan, QuotaReading, Reserves, lane_of, newest
from core.domain.jobs import JobKind, Priority

MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RESERVES = Reserves(people=400, events=200, reconcile=400)


def plan(remaining: int | None, now: datetime = NOON, limit: int | None = 10_000) -> Plan:
    return Plan(QuotaReading(limit, remaining, MIDNIGHT), RESERVES, now)


def test_before_the_first_answer_nothing_is_known() -> None:
    unknown = Plan(QuotaReading(None, None, None), RESERVES, NOON)
    assert [unknown.open_to(lane) for lane in Lane] == [None] * 4
    assert unknown.opens_at(Lane.BACKLOG) == NOON
    assert not unknown.short


def test_the_urgent_may_use_what_is_kept_for_those_below_never_the_reverse() -> None:
    open_ = [plan(600).open_to(lane) for lane in Lane]
    assert open_ == [600, 400, 300, 100]
    assert [plan(300).open_to(lane) for lane in Lane] == [300, 100, 0, 0]


def test_what_is_kept_shrinks_with_the_day() -> None:
    kept = [plan(5000, MIDNIGHT - DAY * share).kept_from(Lane.BACKLOG) for share in (1, 0.5, 0.1)]
    assert kept == [1000, 500, 100]
    assert plan(5000, MIDNIGHT).kept_from(Lane.BACKLOG) == 0


def test_a_few_requests_are_kept_for_a_click_until_shortly_before_the_reset() -> None:
    assert plan(50, MIDNIGHT - timedelta(minutes=11)).kept_for(Lane.PEOPLE) == 20
    assert plan(50, MIDNIGHT - timedelta(minutes=9)).kept_for(Lane.PEOPLE) == 3


def test_where_the_days_requests_are_few_no_more_than_a_quarter_is_kept() -> None:
    assert plan(1000, MIDNIGHT - DAY, limit=1000).kept_from(Lane.BACKLOG) == 250


@given(st.integers(0, 12_000), st.integers(0, 86_400), st.integers(1, 50_000) | st.none())
def test_a_more_urgent_lane_never_has_less_open(
    remaining: int, seconds: int, limit: int | None
) -> None:
    shared = plan(remaining, MIDNIGHT - timedelta(seconds=seconds), limit)
    open_ = [shared.open_to(lane) or 0 for lane in Lane]
    assert open_ == sorted(open_, reverse=True)
    assert open_[0] == remaining


@given(st.integers(0, 1_000), st.integers(1, 86_399), st.integers(1, 300), st.sampled_from(Lane))
def test_what_opens_later_is_open_then_and_not_before(
    remaining: int, seconds: int, wanted: int, lane: Lane
) -> None:
    now = MIDNIGHT - timedelta(seconds=seconds)
    at = plan(remaining, now).opens_at(lane, wanted)
    assert now <= at <= MIDNIGHT + SLACK
    if at <= MIDNIGHT:
        assert (plan(remaining, at).open_to(lane) or 0) >= wanted
    if now < at:
        before = at - timedelta(seconds=1) - (SLACK if at > MIDNIGHT else timedelta(0))
        before = max(now, before)
        assert (plan(remaining, before).open_to(lane) or 0) < wanted


def test_nothing_opens_before_the_reset_once_all_is_used() -> None:
    assert plan(0).opens_at(Lane.PEOPLE) == MIDNIGHT + SLACK
    assert plan(0).opens_at(Lane.BACKLOG) == MIDNIGHT + SLACK


@settings(deadline=None, max_examples=20)
@given(st.integers(500, 50_000), st.integers(0, 59))
def test_under_a_backlog_the_day_is_used_and_people_are_not_without(limit: int, phase: int) -> None:
    remaining, refused, clicks = limit, 0, 0
    start = MIDNIGHT - DAY
    reserve = Plan(QuotaReading(limit, limit, MIDNIGHT), RESERVES, start).kept_for(Lane.PEOPLE)
    for minute in range(24 * 60):
        now = start + timedelta(minutes=minute)
        remaining -= plan(remaining, now, limit).open_to(Lane.BACKLOG) or 0
        due = reserve * (minute + phase) // (2 * 24 * 60)
        while clicks < due:
            clicks += 1
            if plan(remaining, now, limit).open_to(Lane.PEOPLE):
                remaining -= 1
            elif MIDNIGHT - now > timedelta(minutes=10):
                refused += 1
    assert refused == 0
    assert limit - remaining >= 0.95 * limit


def test_a_budget_is_short_when_less_than_a_quarter_is_open_to_the_backlog() -> None:
    assert not plan(3000).short
    assert plan(2999).short


def test_a_day_that_is_over_says_nothing_of_the_new_one() -> None:
    reading = QuotaReading(10_000, 7, MIDNIGHT)
    assert reading.at(MIDNIGHT).remaining == 7
    assert reading.at(MIDNIGHT + SLACK) == QuotaReading(10_000, None, None)


def test_a_reset_noted_by_a_clock_that_jumped_back_is_not_believed() -> None:
    reading = QuotaReading(10_000, 7, MIDNIGHT + DAY, MIDNIGHT + DAY)
    assert reading.at(NOON) == QuotaReading(10_000, None, None)


def test_of_answers_noted_in_any_order_the_least_counts() -> None:
    readings = [QuotaReading(10_000, left, MIDNIGHT) for left in (42, 40, 41)]
    assert newest(readings, NOON) == QuotaReading(10_000, 40, MIDNIGHT)


def test_an_answer_of_yesterday_noted_late_does_not_count() -> None:
    readings = [QuotaReading(100, 0, NOON + timedelta(seconds=1)), QuotaReading(100, 99, MIDNIGHT)]
    assert newest(readings, NOON) == QuotaReading(100, 99, MIDNIGHT)


def test_the_longest_pause_holds() -> None:
    later = NOON + timedelta(seconds=60)
    readings = [QuotaReading(None, None, None, at) for at in (NOON, later)]
    assert newest(readings, NOON) == QuotaReading(None, None, None, later)
    assert newest([], NOON) is None


@pytest.mark.parametrize(
    ("kind", "priority", "lane"),
    [
        (JobKind.REFRESH_APPLICATION, Priority.FRESH, Lane.EVENTS),
        (JobKind.FIND_APPLICATION, Priority.FRESH, Lane.EVENTS),
        (JobKind.SCREEN, Priority.FRESH, Lane.EVENTS),
        (JobKind.SCREEN, Priority.CLICK, Lane.BACKLOG),
        (JobKind.SCREEN, Priority.BACKLOG, Lane.BACKLOG),
        (JobKind.SCORE_BASELINE, Priority.BACKLOG, Lane.BACKLOG),
        (JobKind.READ_HIDDEN, Priority.BACKLOG, Lane.BACKLOG),
        (JobKind.RECONCILE, Priority.BACKLOG, Lane.RECONCILE),
        (JobKind.SWEEP, Priority.FRESH, Lane.RECONCILE),
    ],
)
def test_a_job_asks_on_its_own_account(kind: JobKind, priority: Priority, lane: Lane) -> None:
    assert lane_of(kind, priority) is lane
