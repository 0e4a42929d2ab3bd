"""The governor of the day's requests."""

import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.budget import SLACK, USED_UP, Lane, QuotaReading, Reserves, newest
from core.errors import AtsUnavailable, QuotaExhausted
from core.icims.quota import COOL_DOWN, QuotaGovernor, read_quota
from core.icims.replies import Reply
from core.ports import AtsCall, Places, QuotaState, Trigger
from tests.quota_bench import own_places

BACKLOG = Trigger("score", "service:worker")
EVENT = Trigger("event", "service:worker", background=Lane.EVENTS)
POLL = Trigger("poll", "service:worker", background=Lane.RECONCILE)
CLICK = Trigger("refresh", "rosa", person_waiting=True)
START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
RESET = START + timedelta(days=1)
OTHERS = 3
"""Requests that may be under way in the other places."""


class HandClock:
    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at


@dataclass
class Shared:
    """A call log as several processes see it."""

    clock: HandClock
    readings: list[QuotaReading] = field(default_factory=list)
    away: bool = False

    def record(self, call: AtsCall) -> None:
        pass

    def quota(self) -> QuotaReading | None:
        if self.away:
            raise AtsUnavailable("the database is away")
        return newest(self.readings[::-1][:12], self.clock.now())


@dataclass
class Process:
    """A process with a governor of its own."""

    clock: HandClock
    log: Shared
    places: Places = field(default_factory=own_places)

    def __post_init__(self) -> None:
        self.governor = QuotaGovernor(self.clock, Reserves(100, 100, 100), self.places, self.log)

    def hears(self, reply: Reply) -> None:
        """Get an answer, noted for all before the place is given back."""
        reading = read_quota(reply, self.clock.now())
        if reading:
            self.log.readings.append(reading)
        self.governor.learn(reply)

    def may(self, trigger: Trigger) -> bool:
        try:
            with self.governor.slot(trigger):
                return True
        except QuotaExhausted:
            return False

    def refusal(self, trigger: Trigger) -> QuotaExhausted:
        with pytest.raises(QuotaExhausted) as refusal, self.governor.slot(trigger):
            pass
        return refusal.value


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def log(clock: HandClock) -> Shared:
    return Shared(clock)


@pytest.fixture
def process(clock: HandClock, log: Shared) -> Process:
    return Process(clock, log)


def answered(remaining: object, status: int = 200, reset: object = 86_400, **more: str) -> Reply:
    headers = {
        "x-ratelimit-limit": "10000",
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": str(reset),
    }
    return Reply(status, httpx.Headers({**headers, **more}))


def test_before_the_first_answer_nothing_is_known_and_all_may_ask(process: Process) -> None:
    unknown = QuotaReading(None, None, None)
    assert process.governor.state() == QuotaState(unknown, Reserves(100, 100, 100))
    assert process.may(BACKLOG)


def test_the_state_is_what_icims_last_said(process: Process) -> None:
    process.hears(answered(4321))
    assert process.governor.state().reading == QuotaReading(10_000, 4321, RESET)


@pytest.mark.parametrize(
    ("trigger", "kept"), [(CLICK, 0), (EVENT, 100), (POLL, 200), (BACKLOG, 300)]
)
def test_each_lane_leaves_what_is_kept_for_those_above_it(
    process: Process, trigger: Trigger, kept: int
) -> None:
    process.hears(answered(kept + OTHERS + 1))
    assert process.may(trigger)
    process.hears(answered(kept + OTHERS))
    assert not process.may(trigger)


def test_what_another_process_was_told_counts_from_the_next_second(
    process: Process, clock: HandClock, log: Shared
) -> None:
    other = Process(clock, log)
    process.hears(answered(5000))
    assert process.may(CLICK)
    other.hears(answered(OTHERS))
    clock.at += timedelta(seconds=1)
    assert not process.may(CLICK)


def test_near_the_end_others_are_asked_every_time(
    process: Process, clock: HandClock, log: Shared
) -> None:
    other = Process(clock, log)
    process.hears(answered(50))
    assert process.may(CLICK)
    other.hears(answered(OTHERS))
    assert not process.may(CLICK)


@settings(deadline=None)
@given(st.data())
def test_processes_together_never_send_more_than_the_day_has(data: st.DataObject) -> None:
    clock = HandClock()
    log = Shared(clock)
    limit = data.draw(st.integers(1, 60), label="limit")
    used, refused, places = 0, 0, own_places()
    processes = [Process(clock, log, places) for _ in range(3)]
    processes[0].hears(answered(limit, reset=86_400))
    under_way: list[tuple[Process, Reply, object]] = []
    for _ in range(data.draw(st.integers(0, 200), label="steps")):
        process = data.draw(st.sampled_from(processes))
        if len(under_way) == 4 or (under_way and data.draw(st.booleans())):
            chosen = data.draw(st.integers(0, len(under_way) - 1))
            sender, reply, slot = under_way.pop(chosen)
            sender.hears(reply)
            slot.__exit__(None, None, None)  # type: ignore[attr-defined]
            continue
        slot = process.governor.slot(CLICK)
        try:
            slot.__enter__()
        except QuotaExhausted:
            continue
        used += 1
        refused += used > limit
        under_way.append((process, answered(max(0, limit - used), reset=86_400), slot))
        clock.at += timedelta(milliseconds=data.draw(st.integers(0, 300)))
    assert refused == 0


def test_who_is_refused_learns_when_to_come_back(process: Process, clock: HandClock) -> None:
    process.hears(answered(0))
    clock.at += timedelta(minutes=30)
    refusal = process.refusal(CLICK)
    assert str(refusal) == USED_UP
    assert refusal.resets_in == (RESET + SLACK - clock.at).total_seconds()


def test_background_work_comes_back_as_reserves_open_one_after_the_other(
    process: Process, clock: HandClock
) -> None:
    process.hears(answered(300))
    turns = [process.refusal(BACKLOG).resets_in for _ in range(200)]
    assert turns == sorted(turns)
    assert turns[0] < 3_600
    assert len({turn for turn in turns if turn < 86_400}) > 80
    assert turns[-1] == (RESET + SLACK - clock.at).total_seconds()


def test_the_reason_says_that_the_day_is_used_up(process: Process) -> None:
    process.hears(answered(10))
    assert str(process.refusal(BACKLOG)).startswith(USED_UP)


def test_a_new_day_brings_a_new_budget(process: Process, clock: HandClock) -> None:
    process.hears(answered(0))
    clock.at = RESET
    assert not process.may(CLICK)
    clock.at = RESET + SLACK
    assert process.may(CLICK)
    assert process.governor.state().reading.remaining is None


@pytest.mark.parametrize("days", [-3, -1, 1, 3])
def test_a_clock_that_jumps_stops_nobody_for_longer_than_a_day(
    process: Process, clock: HandClock, days: int
) -> None:
    process.hears(answered(0, 429))
    clock.at += timedelta(days=days, seconds=10)
    assert process.may(CLICK)
    process.hears(answered(0))
    assert 0 < process.refusal(CLICK).resets_in <= 86_402


def test_an_unanswered_request_gives_its_place_back(process: Process) -> None:
    for _ in range(10):
        with pytest.raises(RuntimeError), process.governor.slot(CLICK):
            raise RuntimeError
    assert process.may(CLICK)


def test_a_refused_request_gives_its_place_back(process: Process) -> None:
    process.hears(answered(0))
    for _ in range(10):
        assert not process.may(CLICK)
    with process.governor.slot(CLICK, counted=False):
        pass


def test_a_429_with_retry_after_stops_everybody_for_that_long(
    process: Process, clock: HandClock, log: Shared
) -> None:
    reply = answered(500, 429, **{"retry-after": "7"})
    process.hears(reply)
    assert process.governor.refused(reply).resets_in == 7
    assert not process.may(CLICK)
    assert not Process(clock, log).may(CLICK)
    clock.at += timedelta(seconds=7)
    assert process.may(CLICK)


def test_a_429_with_nothing_remaining_stops_until_the_reset(process: Process) -> None:
    assert process.governor.refused(answered(0, 429, reset=7200)).resets_in == 7200


def test_a_bare_429_stops_for_a_cool_down_not_for_the_day(process: Process) -> None:
    process.hears(Reply(429))
    assert process.governor.refused(Reply(429)).resets_in == COOL_DOWN
    assert not process.may(CLICK)


def test_without_a_reset_header_the_day_ends_at_midnight_utc(
    process: Process, clock: HandClock
) -> None:
    clock.at += timedelta(hours=22)
    process.hears(Reply(200, httpx.Headers({"x-ratelimit-remaining": "0"})))
    assert process.refusal(CLICK).resets_in == 7200 + SLACK.total_seconds()


NONSENSE = ["", "soon", "-1", "1.5", "²", "9" * 30, "9" * 5000, "99999999999"]


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_what_cannot_be_is_taken_for_not_said(process: Process, nonsense: str) -> None:
    headers = [
        (f"x-ratelimit-{n}".encode(), nonsense.encode("latin-1")) for n in ("limit", "reset")
    ]
    process.hears(Reply(200, httpx.Headers([*headers, (b"x-ratelimit-remaining", b"5000")])))
    assert process.governor.state().reading == QuotaReading(None, 5000, RESET)
    wrong = [(b"x-ratelimit-remaining", nonsense.encode("latin-1"))]
    assert read_quota(Reply(200, httpx.Headers(wrong)), START) is None


def test_more_remaining_than_the_limit_is_the_limit() -> None:
    reading = read_quota(answered(1_000_000), START)
    assert reading is not None
    assert reading.remaining == 10_000


@pytest.mark.parametrize(("given", "wait"), [("0", 1), ("999999999", 86_400)])
def test_a_pause_is_neither_none_nor_longer_than_a_day(given: str, wait: int) -> None:
    reading = read_quota(Reply(429, httpx.Headers({"retry-after": given})), START)
    assert reading is not None
    assert reading.blocked_until == START + timedelta(seconds=wait)


def test_a_429_at_a_reset_of_zero_seconds_still_cools_down() -> None:
    reading = read_quota(answered(0, 429, reset=0), START)
    assert reading is not None
    assert reading.blocked_until == START + timedelta(seconds=COOL_DOWN)


def test_a_call_log_that_is_away_leaves_what_was_heard(
    process: Process, clock: HandClock, log: Shared
) -> None:
    log.away = True
    assert process.may(BACKLOG)
    process.governor.learn(answered(0))
    clock.at += timedelta(minutes=5)
    assert not process.may(CLICK)


def test_a_raised_limit_is_believed(process: Process, clock: HandClock, log: Shared) -> None:
    process.hears(answered(OTHERS))
    clock.at += timedelta(minutes=1)
    raised = replace(log.readings[-1], limit=20_000, remaining=9_000)
    log.readings.extend([raised] * 12)
    assert process.may(BACKLOG)


def test_a_full_house_is_told_after_a_bounded_wait(clock: HandClock, log: Shared) -> None:
    class Full:
        limit = 4

        def take(self, *, person: bool, seconds: float) -> int | None:
            assert 0 < seconds <= 60
            return None

        def give_back(self, place: int) -> None:
            raise AssertionError

    with (
        pytest.raises(AtsUnavailable, match="busy"),
        Process(clock, log, Full()).governor.slot(BACKLOG),
    ):
        pass


def test_background_work_leaves_a_place_for_a_person(process: Process) -> None:
    leave, inside = threading.Event(), threading.Semaphore(0)

    def work() -> None:
        with process.governor.slot(BACKLOG):
            inside.release()
            leave.wait(20)

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    try:
        assert all(inside.acquire(timeout=20) for _ in range(3))
        with process.governor.slot(CLICK):
            assert not inside.acquire(blocking=False)
    finally:
        leave.set()
        for thread in threads:
            thread.join()
