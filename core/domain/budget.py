"""The day's requests to the ATS: who may use how many of them now, and when more open up.

Everything on the connector shares one number of requests a day. Whoever is more urgent may use
what is kept for those below, never the reverse. What is kept shrinks with the day, so that under a
backlog hardly a request is left over at the reset, and people are not without before it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum

from core.domain.jobs import JobKind, Priority

DAY = timedelta(days=1)
SLACK = timedelta(seconds=2)
"""The reset comes in whole seconds and some time after it was sent."""
USED_UP = "the iCIMS requests of today are used up"

_ONE_DAY_AT_MOST = DAY + timedelta(minutes=5)
_SAME_DAY = timedelta(minutes=5)
_MOST_RESERVED = 4
"""Together the reserves never keep more than a quarter of the day's requests."""
_FOR_A_CLICK = 20
_LAST_MINUTES = timedelta(minutes=10)
_SHORT = 4


class Lane(IntEnum):
    """Who asks, the most urgent first.

    A click; a record just reported as new or changed; comparing with the ATS; old applications.
    """

    PEOPLE = 0
    EVENTS = 1
    RECONCILE = 2
    BACKLOG = 3


_FRESH = {
    JobKind.REFRESH_APPLICATION,
    JobKind.REFRESH_REQUISITION,
    JobKind.REFRESH_PERSON,
    JobKind.FIND_APPLICATION,
}
_COMPARING = {JobKind.RECONCILE, JobKind.SWEEP, JobKind.SYNC_APPLICATIONS}


def lane_of(kind: JobKind, priority: Priority) -> Lane:
    """Say on whose account a job asks when no person waits for it.

    Scoring everybody on a job is a backlog even if a click began it.
    """
    if kind in _COMPARING:
        return Lane.RECONCILE
    if kind in _FRESH or priority is Priority.FRESH:
        return Lane.EVENTS
    return Lane.BACKLOG


@dataclass(frozen=True, slots=True)
class Reserves:
    """Requests of a whole day that are kept for a lane against the lanes below it."""

    people: int = 500
    events: int = 300
    reconcile: int = 600

    def of(self, lane: Lane) -> int:
        """Give the reserve of a lane; the backlog has none."""
        return (self.people, self.events, self.reconcile, 0)[lane]


@dataclass(frozen=True, slots=True)
class QuotaReading:
    """What an answer said of the day's budget; ``blocked_until`` is set by a 429."""

    limit: int | None
    remaining: int | None
    resets_at: datetime | None
    blocked_until: datetime | None = None

    def at(self, now: datetime) -> "QuotaReading":
        """Keep what still holds: not the budget of a day that is over, nor a pause that ended.

        A reset or pause more than a day ahead was noted by a clock that has jumped since.
        """
        latest, held = now + _ONE_DAY_AT_MOST, self
        if held.resets_at is None or not now - SLACK < held.resets_at <= latest:
            held = replace(held, remaining=None, resets_at=None)
        if held.blocked_until is None or not now < held.blocked_until <= latest:
            held = replace(held, blocked_until=None)
        return held


def newest(readings: Sequence[QuotaReading], now: datetime) -> QuotaReading | None:
    """Sum up the last few answers: the least that remains of the newest day, the longest pause.

    Answers under way together are noted in any order, so the last one noted need not be the last.
    """
    held = [reading.at(now) for reading in readings]
    if not held:
        return None
    known = [r for r in held if r.remaining is not None and r.resets_at is not None]
    last = max((r.resets_at for r in known if r.resets_at), default=None)
    today = [r for r in known if last and r.resets_at and last - r.resets_at <= _SAME_DAY]
    return QuotaReading(
        limit=next((r.limit for r in [*today, *held] if r.limit is not None), None),
        remaining=min((r.remaining for r in today if r.remaining is not None), default=None),
        resets_at=last,
        blocked_until=max((r.blocked_until for r in held if r.blocked_until), default=None),
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """How the rest of the day's requests is shared out at ``now``."""

    reading: QuotaReading
    reserves: Reserves
    now: datetime

    def kept_for(self, lane: Lane) -> int:
        """Give how many requests are kept for ``lane`` against the lanes below it now."""
        return self._kept_for(lane, self.now)

    def kept_from(self, lane: Lane) -> int:
        """Give how many requests ``lane`` has to leave to the lanes above it now."""
        return self._kept_from(lane, self.now)

    def open_to(self, lane: Lane) -> int | None:
        """Give how many requests are open to ``lane`` now; None before iCIMS has said anything."""
        if self.reading.remaining is None:
            return None
        return max(0, self.reading.remaining - self.kept_from(lane))

    def opens_at(self, lane: Lane, wanted: int = 1) -> datetime:
        """Say when ``wanted`` requests will be open to ``lane`` if nobody takes any meanwhile.

        That is before the reset when what is kept for others shrinks in time, else just after it.
        """
        remaining, reset = self.reading.remaining, self.reading.resets_at
        if remaining is None or reset is None:
            return self.now
        if remaining - self._kept_from(lane, self.now) >= wanted:
            return self.now
        if remaining - self._kept_from(lane, reset) < wanted:
            return reset + SLACK
        early, late = 0, math.ceil(max(0.0, (reset - self.now).total_seconds()))
        while late - early > 1:
            middle = (early + late) // 2
            kept = self._kept_from(lane, self.now + timedelta(seconds=middle))
            early, late = (early, middle) if remaining - kept >= wanted else (middle, late)
        at = self.now + timedelta(seconds=late)
        return at if at < reset else reset + SLACK

    @property
    def short(self) -> bool:
        """Say whether so little is open to the backlog that the newest should go first."""
        limit, open_ = self.reading.limit, self.open_to(Lane.BACKLOG)
        return open_ is not None and limit is not None and open_ * _SHORT < limit

    def _kept_from(self, lane: Lane, at: datetime) -> int:
        return sum(self._kept_for(above, at) for above in Lane if above < lane)

    def _kept_for(self, lane: Lane, at: datetime) -> int:
        reset = self.reading.resets_at
        left = timedelta(0) if reset is None else min(DAY, max(timedelta(0), reset - at))
        whole = self._whole(lane)
        kept = math.ceil(whole * (left / DAY))
        if lane is Lane.PEOPLE and left > _LAST_MINUTES:
            return max(kept, min(whole, _FOR_A_CLICK))
        return kept

    def _whole(self, lane: Lane) -> int:
        """Give the reserve for a whole day, less where the day's requests are few."""
        limit, reserve = self.reading.limit, self.reserves.of(lane)
        together = sum(self.reserves.of(each) for each in Lane)
        if limit is None or together * _MOST_RESERVED <= limit:
            return reserve
        return reserve * limit // (_MOST_RESERVED * together)
