"""The log of calls as a source of knowledge, on every database engine there is."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.domain.budget import Lane, QuotaReading
from core.ports import AtsCall, CallLatency, Trigger
from core.store import Store
from tests.store_bench import NOON, HandClock, open_for

RESET = NOON + timedelta(hours=12)


def call(store: Store, **changes: object) -> AtsCall:
    made = AtsCall(
        tenant=store.tenant,
        at=NOON,
        method="GET",
        path="/customers/4711/people/2101",
        fields=("firstname",),
        trigger=Trigger("poll 7", "service:worker", background=Lane.RECONCILE),
        status=200,
        transaction="x-7",
        latency_ms=12.5,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def said(store: Store, remaining: int | None, blocked: datetime | None = None) -> None:
    reset = None if remaining is None else RESET
    reading = QuotaReading(10_000, remaining, reset, blocked)
    store.call_log.record(call(store, quota=reading))


def test_a_call_is_kept_with_its_lane_and_what_the_answer_said(store: Store) -> None:
    reading = QuotaReading(10_000, 4321, RESET, NOON + timedelta(seconds=60))
    store.call_log.record(call(store, quota=reading))
    with store.unit_of_work() as uow:
        assert uow.calls.recent(1) == [call(store, quota=reading)]


def test_before_any_answer_nothing_is_known_of_the_quota(store: Store) -> None:
    assert store.call_log.quota() is None
    store.call_log.record(call(store, status=0))
    assert store.call_log.quota() is None


def test_the_quota_is_the_least_that_the_last_answers_said(store: Store) -> None:
    for remaining in (400, 398, 399):
        said(store, remaining)
    for _ in range(50):
        store.call_log.record(call(store, status=0))
    assert store.call_log.quota() == QuotaReading(10_000, 398, RESET)


def test_an_answer_long_ago_does_not_count(store: Store) -> None:
    said(store, 3)
    for remaining in range(500, 450, -1):
        said(store, remaining)
    assert store.call_log.quota() == QuotaReading(10_000, 451, RESET)


def test_a_pause_is_known_however_many_answers_came_after_it(
    store: Store, clock: HandClock
) -> None:
    until = NOON + timedelta(seconds=60)
    said(store, None, blocked=until)
    for remaining in range(500, 450, -1):
        said(store, remaining)
    assert store.call_log.quota() == QuotaReading(10_000, 451, RESET, until)
    clock.at = until
    assert store.call_log.quota() == QuotaReading(10_000, 451, RESET)


def test_a_day_that_is_over_says_nothing_of_the_next(store: Store, clock: HandClock) -> None:
    said(store, 0)
    clock.at = RESET + timedelta(seconds=2)
    assert store.call_log.quota() == QuotaReading(10_000, None, None)


def test_tenants_have_a_quota_each(store: Store, url: str) -> None:
    said(store, 5)
    other = open_for(url, HandClock())
    assert other.call_log.quota() is None
    other.close()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/customers/4711", "GET customer"),
        ("/customers/4711/people/2101", "GET people"),
        ("/customers/4711/people/2101/fields/resume/binary", "GET resume binary"),
        ("/customers/4711/search/applicantworkflows", "GET search"),
        ("/oauth/token", "GET oauth token"),
    ],
)
def test_calls_are_summed_up_by_what_they_do(store: Store, path: str, kind: str) -> None:
    store.call_log.record(call(store, path=path))
    with store.unit_of_work() as uow:
        assert [each.call for each in uow.calls.latencies(NOON)] == [kind]


def test_latencies_are_of_what_was_answered(store: Store) -> None:
    for number in range(1, 101):
        store.call_log.record(call(store, latency_ms=float(number)))
    store.call_log.record(call(store, status=0, latency_ms=30_000.0))
    store.call_log.record(call(store, status=429, latency_ms=1.0))
    store.call_log.record(call(store, at=NOON - timedelta(seconds=1), latency_ms=9_000.0))
    store.call_log.record(call(store, method="POST", latency_ms=500.0))
    with store.unit_of_work() as uow:
        slow, fast = uow.calls.latencies(NOON)
    assert slow == CallLatency(
        call="POST people", count=1, failed=0, refused=0, p50_ms=500.0, p95_ms=500.0
    )
    assert fast == CallLatency(
        call="GET people", count=102, failed=1, refused=1, p50_ms=50.0, p95_ms=95.0
    )


def test_old_calls_are_let_go_of(store: Store) -> None:
    for days in (0, 89, 91):
        store.call_log.record(call(store, at=NOON - timedelta(days=days)))
    with store.unit_of_work() as uow:
        assert uow.calls.purge(NOON - timedelta(days=90)) == 1
        uow.commit()
    with store.unit_of_work() as uow:
        assert len(uow.calls.recent(9)) == 2
