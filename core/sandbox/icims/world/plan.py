"""Which job each person applied for, worked out from the person's number alone.

A tenant's people are numbered from 0: first those of the filled jobs, oldest job first and in
blocks, then those of the open jobs, mixed by a fixed permutation.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import gcd

from core.sandbox.icims.world.library import Opening

FIRST_OPEN_JOB = 90_001
HISTORY_DAYS = 540
HISTORIC_SHARE = {"4711": 0.78, "8820": 0.22}
_MIXING = 7_919


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A requisition; ``filled`` None means open. ``first`` and ``size``: its block of people."""

    id: int
    opening: Opening
    posted: date
    filled: date | None = None
    first: int = 0
    size: int = 0


class Plan:
    """One tenant's jobs and who belongs to them; memory grows with jobs, not with people."""

    def __init__(
        self, customer_id: str, openings: tuple[Opening, ...], people: int, as_of: date
    ) -> None:
        own = [opening for opening in openings if opening.tenant == customer_id]
        asked_for = sum(opening.applications for opening in openings)
        shrink = min(1.0, 0.85 * people / asked_for)
        sizes = [max(2, round(opening.applications * shrink)) for opening in own]
        everyone = sum(max(2, round(o.applications * shrink)) for o in openings)
        past = max(0, people - everyone) * HISTORIC_SHARE[customer_id]
        self.open_jobs = tuple(
            Job(
                id=FIRST_OPEN_JOB + place,
                opening=opening,
                posted=as_of - timedelta(days=opening.posted_days_ago),
                size=size,
            )
            for place, (opening, size) in enumerate(zip(own, sizes, strict=True))
        )
        self.filled_jobs = _filled(own, round(past), as_of)
        self.open_by_trade = _by_trade(self.open_jobs)
        self.filled_by_trade = _by_trade(self.filled_jobs)
        self.past_people = sum(job.size for job in self.filled_jobs)
        self._ends = list(accumulate(sizes))
        self._mixing = _coprime(self._ends[-1])
        self.people = self.past_people + self._ends[-1]

    def job_of(self, person: int) -> Job:
        """Give the job that person number ``person`` applied for first."""
        if person < self.past_people:
            return self.filled_jobs[person // self.filled_jobs[0].size]
        mixed = (person - self.past_people) * self._mixing % self._ends[-1]
        return self.open_jobs[bisect_right(self._ends, mixed)]


def _by_trade(jobs: tuple[Job, ...]) -> dict[str, list[Job]]:
    found: dict[str, list[Job]] = {}
    for job in jobs:
        found.setdefault(job.opening.occupation, []).append(job)
    return found


def _filled(openings: list[Opening], people: int, as_of: date) -> tuple[Job, ...]:
    block = min(48, max(6, people // 18))
    count = people // block
    return tuple(
        _filled_job(openings[back % len(openings)], back, count, block, as_of)
        for back in reversed(range(count))
    )


def _filled_job(opening: Opening, back: int, count: int, block: int, as_of: date) -> Job:
    posted = as_of - timedelta(days=75 + back * (HISTORY_DAYS - 75) // max(1, count - 1))
    return Job(
        id=FIRST_OPEN_JOB - 1 - back,
        opening=opening,
        posted=posted,
        filled=posted + timedelta(days=38 + 7 * (back % 5)),
        first=(count - 1 - back) * block,
        size=block,
    )


def _coprime(size: int) -> int:
    return next(step for step in range(_MIXING, _MIXING + size + 2) if gcd(step, size) == 1)
