"""The governor of the day's requests."""

import threading
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from core.errors import QuotaExhausted
from core.icims.quota import COOL_DOWN, QuotaGovernor
from core.icims.replies import Reply
from core.ports import Trigger

POLL = Trigger("poll", "service:sync")
CLICK = Trigger("refresh", "rosa", person_waiting=True)


class HandClock:
    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def governor(clock: HandClock) -> QuotaGovernor:
    return QuotaGovernor(clock, reserve=10, max_in_flight=4)


def answered(remaining: int, status: int = 200, **more: str) -> Reply:
    headers = {
        "x-ratelimit-limit": "10000",
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": "7200",
    }
    return Reply(status, httpx.Headers({**headers, **more}))


def may(governor: QuotaGovernor, trigger: Trigger) -> bool:
    try:
        with governor.slot(trigger):
            return True
    except QuotaExhausted:
        return False


def test_before_the_first_answer_nothing_is_known_and_all_may_ask(governor: QuotaGovernor) -> None:
    state = governor.state()
    assert (state.limit, state.remaining, state.resets_at, state.reserve) == (None, None, None, 10)
    assert may(governor, POLL)


def test_the_state_is_what_icims_last_said(governor: QuotaGovernor, clock: HandClock) -> None:
    governor.learn(answered(4321))
    state = governor.state()
    assert (state.limit, state.remaining) == (10000, 4321)
    assert state.resets_at == clock.at + timedelta(hours=2)


def test_the_reserve_is_for_people_who_wait(governor: QuotaGovernor) -> None:
    governor.learn(answered(11))
    assert may(governor, POLL)
    governor.learn(answered(10))
    assert not may(governor, POLL)
    assert may(governor, CLICK)
    governor.learn(answered(0))
    assert not may(governor, CLICK)


def test_requests_under_way_are_already_spent(governor: QuotaGovernor) -> None:
    governor.learn(answered(12))
    with governor.slot(POLL), governor.slot(POLL):
        assert not may(governor, POLL)
    assert may(governor, POLL)


def test_who_is_refused_learns_when_to_come_back(governor: QuotaGovernor, clock: HandClock) -> None:
    governor.learn(answered(3))
    clock.at += timedelta(minutes=30)
    with pytest.raises(QuotaExhausted) as refusal, governor.slot(POLL):
        pass
    assert refusal.value.resets_in == 5400


def test_a_new_day_brings_a_new_budget(governor: QuotaGovernor, clock: HandClock) -> None:
    governor.learn(answered(0))
    clock.at += timedelta(hours=2)
    assert may(governor, POLL)
    assert governor.state().remaining is None


def test_an_unanswered_request_gives_its_place_back(governor: QuotaGovernor) -> None:
    governor.learn(answered(12))
    for _ in range(10):
        with pytest.raises(RuntimeError), governor.slot(POLL):
            raise RuntimeError
    assert may(governor, POLL)


def test_a_429_with_retry_after_stops_everybody_for_that_long(
    governor: QuotaGovernor, clock: HandClock
) -> None:
    assert governor.refused(answered(500, 429, **{"retry-after": "7"})).resets_in == 7
    assert not may(governor, CLICK)
    clock.at += timedelta(seconds=7)
    assert may(governor, CLICK)


def test_a_429_with_nothing_remaining_stops_until_the_reset(governor: QuotaGovernor) -> None:
    reply = answered(0, 429)
    governor.learn(reply)
    assert governor.refused(reply).resets_in == 7200


def test_a_bare_429_stops_for_a_cool_down_not_for_the_day(governor: QuotaGovernor) -> None:
    assert governor.refused(Reply(429)).resets_in == COOL_DOWN


def test_without_a_reset_header_the_day_ends_at_midnight_utc(governor: QuotaGovernor) -> None:
    governor.learn(Reply(200, httpx.Headers({"x-ratelimit-remaining": "0"})))
    with pytest.raises(QuotaExhausted) as refusal, governor.slot(CLICK):
        pass
    assert refusal.value.resets_in == 7200


@pytest.mark.parametrize("nonsense", ["", "soon", "-1", "1.5", "²"])
def test_unreadable_headers_are_ignored(governor: QuotaGovernor, nonsense: str) -> None:
    governor.learn(
        Reply(200, httpx.Headers([(b"x-ratelimit-remaining", nonsense.encode("latin-1"))]))
    )
    assert governor.state().remaining is None


def test_background_work_leaves_a_place_for_a_person(governor: QuotaGovernor) -> None:
    leave, inside = threading.Event(), threading.Semaphore(0)

    def work() -> None:
        with governor.slot(POLL):
            inside.release()
            leave.wait(20)

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    try:
        assert all(inside.acquire(timeout=20) for _ in range(3))
        with governor.slot(CLICK):
            assert not inside.acquire(blocking=False)
    finally:
        leave.set()
        for thread in threads:
            thread.join()
