"""The quota governor: the day's budget, the share kept for people, the requests in flight.

iCIMS allows about 10,000 requests a day, shared by everything on the connector, and asks for two
to four at a time. One governor serves all threads of a client.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from core.errors import QuotaExhausted
from core.icims.replies import Reply
from core.ports import Clock, QuotaState, Trigger

COOL_DOWN = 60.0
"""Seconds to stay away after a 429 that does not say how long."""


class QuotaGovernor:
    """Admits requests; ``reserve`` requests of the day are only for a person who is waiting."""

    def __init__(self, clock: Clock, reserve: int, max_in_flight: int) -> None:
        self._clock = clock
        self._reserve = reserve
        self._slots = threading.BoundedSemaphore(max_in_flight)
        # Background work leaves one slot free, so that a person never queues behind it.
        self._background = threading.BoundedSemaphore(max(1, max_in_flight - 1))
        self._lock = threading.Lock()
        self._in_flight = 0
        self._limit: int | None = None
        self._remaining: int | None = None
        self._resets_at: datetime | None = None
        self._blocked_until: datetime | None = None

    def state(self) -> QuotaState:
        """Report the budget as the last answer gave it."""
        with self._lock:
            self._forget_past()
            return QuotaState(self._limit, self._remaining, self._resets_at, self._reserve)

    @contextmanager
    def slot(self, trigger: Trigger, *, counted: bool = True) -> Iterator[None]:
        """Hold a place in flight; raises ``QuotaExhausted`` when the budget is not open to it.

        ``counted`` False is for requests that do not draw on the budget, i.e. tokens.
        """
        with self._place(trigger):
            if counted:
                self._admit(trigger)
            try:
                yield
            finally:
                if counted:
                    with self._lock:
                        self._in_flight -= 1

    @contextmanager
    def _place(self, trigger: Trigger) -> Iterator[None]:
        if trigger.person_waiting:
            with self._slots:
                yield
        else:
            with self._background, self._slots:
                yield

    def _admit(self, trigger: Trigger) -> None:
        with self._lock:
            self._forget_past()
            now = self._clock.now()
            if self._blocked_until is not None:
                wait = (self._blocked_until - now).total_seconds()
                raise QuotaExhausted("iCIMS asked for a pause", resets_in=wait)
            kept = 0 if trigger.person_waiting else self._reserve
            if self._remaining is not None and self._remaining - self._in_flight <= kept:
                raise QuotaExhausted(self._why(kept), resets_in=self._seconds_to_reset(now))
            self._in_flight += 1

    def _why(self, kept: int) -> str:
        if kept:
            return f"only the {kept} iCIMS requests kept for people are left for today"
        return "the iCIMS requests of today are used up"

    def learn(self, reply: Reply) -> None:
        """Take over what an answer's ``x-ratelimit-*`` headers say."""
        now = self._clock.now()
        limit, remaining, reset = (
            reply.number(f"x-ratelimit-{name}") for name in ("limit", "remaining", "reset")
        )
        with self._lock:
            self._limit = self._limit if limit is None else limit
            if remaining is not None:
                self._remaining = remaining
                seconds = _to_midnight(now) if reset is None else float(reset)
                self._resets_at = now + timedelta(seconds=seconds)

    def refused(self, reply: Reply) -> QuotaExhausted:
        """Turn a 429 into an error and keep everyone away for as long as it says.

        In this order: ``Retry-After``; the reset when nothing remains; else ``COOL_DOWN``, since
        a 429 without any header may be about pace as well as about the day.
        """
        now = self._clock.now()
        wait = reply.retry_after
        with self._lock:
            if wait is None and self._remaining == 0:
                wait = self._seconds_to_reset(now)
            wait = COOL_DOWN if wait is None else wait
            self._blocked_until = now + timedelta(seconds=wait)
        return QuotaExhausted("iCIMS takes no more requests for now", resets_in=wait)

    def _forget_past(self) -> None:
        now = self._clock.now()
        if self._resets_at is not None and now >= self._resets_at:
            self._remaining = self._resets_at = None
        if self._blocked_until is not None and now >= self._blocked_until:
            self._blocked_until = None

    def _seconds_to_reset(self, now: datetime) -> float:
        reset = self._resets_at
        return _to_midnight(now) if reset is None else max(0.0, (reset - now).total_seconds())


def _to_midnight(now: datetime) -> float:
    utc = now.astimezone(UTC)
    midnight = utc.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return (midnight - utc).total_seconds()
