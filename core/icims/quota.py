"""The quota governor: which requests may be sent now, by the plan of ``core.domain.budget``.

iCIMS allows about 10,000 requests a day, shared by everything on the connector, and asks for two
to four at a time. Every answer says how many are left. A governor serves the threads of one
client; what other processes were told it learns from the call log, so that together they stop
before iCIMS has to refuse.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import structlog

from core.domain.budget import USED_UP, Lane, Plan, QuotaReading, Reserves, newest
from core.errors import QuotaExhausted
from core.icims.errors import Busy
from core.icims.replies import Reply
from core.ports import AtsCallLog, Clock, Places, QuotaState, Trigger

COOL_DOWN = 60.0
"""Seconds to stay away after a 429 that does not say how long."""
PATIENCE = {True: 20.0, False: 60.0}
"""Seconds that people, and others, wait for a place in flight."""

_log = structlog.get_logger(__name__)
_FRESH = timedelta(seconds=1)
_FAR = 400
"""So many requests are never sent within a second: four at a time, ten milliseconds each."""
_A_JOB = 3
"""Requests that one application takes."""
_DAY = 86_400.0
_MOST = 10_000_000
_HEARD = 12
_UNKNOWN = QuotaReading(None, None, None)


def read_quota(reply: Reply, now: datetime) -> QuotaReading | None:
    """Read what an answer says of the budget; None when it says nothing.

    What cannot be is taken for not said: more than ten million, or a reset over a day ahead. A
    budget without a reset ends at midnight UTC. A 429 sets a pause, in this order: as long as
    ``Retry-After`` says; to the reset when nothing remains; else ``COOL_DOWN``, since a 429
    without any header may be about pace as well as about the day.
    """
    limit = _number(reply, "limit", _MOST)
    remaining = _number(reply, "remaining", _MOST)
    if limit == 0:
        limit = None
    if remaining is not None and limit is not None:
        remaining = min(remaining, limit)
    reset = _number(reply, "reset", int(_DAY))
    seconds = _to_midnight(now) if reset is None else float(reset)
    resets_at = None if remaining is None else now + timedelta(seconds=seconds)
    pause = None
    if reply.status == 429:
        told = reply.retry_after
        wait = max(seconds, COOL_DOWN) if remaining == 0 else COOL_DOWN
        pause = now + timedelta(seconds=wait if told is None else min(max(1.0, told), _DAY))
    if limit is None and remaining is None and pause is None:
        return None
    return QuotaReading(limit, remaining, resets_at, pause)


class QuotaGovernor:
    """Admits requests, by lane, to a place in flight and to a share of the day."""

    def __init__(
        self, clock: Clock, reserves: Reserves, places: Places, call_log: AtsCallLog
    ) -> None:
        self._clock = clock
        self._reserves = reserves
        self._places = places
        self._call_log = call_log
        self._lock = threading.Lock()
        self._own: deque[tuple[datetime, QuotaReading]] = deque(maxlen=_HEARD)
        self._known = _UNKNOWN
        self._asked_at: datetime | None = None
        self._promised: dict[Lane, deque[datetime]] = {lane: deque() for lane in Lane}

    def state(self) -> QuotaState:
        """Report the budget as the last answer to any process gave it."""
        now = self._clock.now()
        with self._lock:
            if not self._is_fresh(now):
                self._ask(now)
            return QuotaState(self._known.at(now), self._reserves)

    @contextmanager
    def slot(self, trigger: Trigger, *, counted: bool = True) -> Iterator[None]:
        """Hold a place in flight; raises ``QuotaExhausted`` when the budget is not open to it.

        ``counted`` False is for requests that do not draw on the budget, i.e. tokens. ``Busy``
        when every place stays taken.
        """
        person = trigger.lane is Lane.PEOPLE
        if counted:
            # Who will be refused need not wait for a place first.
            self._admit(trigger.lane, sure=False)
        place = self._places.take(person=person, seconds=PATIENCE[person])
        if place is None:
            raise Busy("iCIMS is busy with our other requests", PATIENCE[person])
        try:
            if counted:
                # Only now is everything noted that was sent before, but for the other places.
                self._admit(trigger.lane, sure=True)
            yield
        finally:
            self._places.give_back(place)

    def learn(self, reply: Reply) -> None:
        """Take over what an answer says of the budget."""
        now = self._clock.now()
        reading = read_quota(reply, now)
        if reading is None:
            return
        with self._lock:
            self._own.append((now, reading))
            self._sum_up(now, self._known)

    def refused(self, reply: Reply) -> QuotaExhausted:
        """Turn a 429, already learnt from, into an error."""
        now = self._clock.now()
        reading = read_quota(reply, now)
        until = reading.blocked_until if reading and reading.blocked_until else now
        return QuotaExhausted(
            "iCIMS takes no more requests for now", resets_in=(until - now).total_seconds()
        )

    def _admit(self, lane: Lane, *, sure: bool) -> None:
        """Raise unless the budget is open to ``lane``; ``sure`` asks what others know."""
        now = self._clock.now()
        with self._lock:
            known = Plan(self._known.at(now), self._reserves, now)
            if self._is_open(known, lane) and not (sure and self._must_ask(known, lane)):
                return
            self._ask(now)
            plan = Plan(self._known.at(now), self._reserves, now)
            if self._is_open(plan, lane):
                return
            paused = plan.reading.blocked_until
            if paused is not None:
                wait = (paused - now).total_seconds()
                raise QuotaExhausted("iCIMS asked for a pause", resets_in=wait)
            at = self._turn(plan, lane)
            raise QuotaExhausted(_why(plan, lane), resets_in=(at - now).total_seconds())

    def _is_open(self, plan: Plan, lane: Lane) -> bool:
        open_ = plan.open_to(lane)
        return plan.reading.blocked_until is None and (open_ is None or open_ > self._others)

    def _must_ask(self, plan: Plan, lane: Lane) -> bool:
        """Say whether what is known is old or the end near, so that others may know better."""
        open_ = plan.open_to(lane)
        return not self._is_fresh(plan.now) or open_ is None or open_ <= _FAR

    @property
    def _others(self) -> int:
        """Requests that may be under way in the other places and are noted nowhere yet."""
        return self._places.limit - 1

    def _is_fresh(self, now: datetime) -> bool:
        """Say whether others were asked within the last second; a clock may jump back."""
        return self._asked_at is not None and timedelta(0) <= now - self._asked_at < _FRESH

    def _ask(self, now: datetime) -> None:
        try:
            told = self._call_log.quota()
        except Exception as error:
            # What we heard ourselves has to do; a database that is away stops more than this.
            _log.warning("quota.not_shared", error=type(error).__name__)
            told = self._known
        self._asked_at = now
        self._sum_up(now, told or _UNKNOWN)

    def _sum_up(self, now: datetime, told: QuotaReading) -> None:
        """Set what was told to all against what we heard in the last second, if it is less."""
        recent = [r for at, r in self._own if timedelta(0) <= now - at < _FRESH]
        if told == _UNKNOWN:
            recent = [r for _, r in self._own]
        self._known = newest([*reversed(recent), told], now) or _UNKNOWN

    def _turn(self, plan: Plan, lane: Lane) -> datetime:
        """Give a refused request the time when enough will be open to it and to those before it.

        As reserves shrink, requests open up one by one; if all who are refused came back for the
        first, all but one would be refused again.
        """
        promised = self._promised[lane]
        while promised and not plan.now < promised[0] <= plan.now + timedelta(seconds=_DAY):
            promised.popleft()
        wanted = self._others + 1 + _A_JOB * len(promised)
        at = plan.opens_at(lane, wanted)
        reset = plan.reading.resets_at
        if reset is not None and at < reset:
            promised.append(at)
        return max(at, plan.now + timedelta(seconds=1))


def _why(plan: Plan, lane: Lane) -> str:
    kept = plan.kept_from(lane)
    return f"{USED_UP}, but for {kept:,} kept for what is more urgent" if kept else USED_UP


def _number(reply: Reply, name: str, most: int) -> int | None:
    number = reply.number(f"x-ratelimit-{name}")
    return number if number is not None and number <= most else None


def _to_midnight(now: datetime) -> float:
    utc = now.astimezone(UTC)
    midnight = utc.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return (midnight - utc).total_seconds()
