"""Step 1, pull: which of the records that iCIMS lists as changed must be read again.

iCIMS answers a search with ids alone, and its dates are whole minutes. A comparison asks for what
changed since a few minutes before the one before it, so a record is listed more than once; reading
it each time would use up the day's requests. What tells whether a record listed now is newer than
our copy is the copy's own update time and the time at which its reading *began*:

- a copy from before the time asked for is out of date: something changed since;
- a copy whose reading began after its update minute was over (by our clock, less ``SKEW``) holds
  all of that minute. A later change has a later minute, so a search that starts between the two
  tells, and it serves every copy that it lies between: nearly always one does for all;
- a copy read within its own update minute may lack the end of that minute, and no search can tell.
  It is read once more, when the minute is over; until then the next comparison lists it again.

So a change is read at the latest by the second comparison after it, and a record that nobody
changed is read at most once more. ``OVERLAP`` is longer than ``SKEW`` and a minute together: what
happened while the comparison before was asking, and what it left for later, is listed again.

All this holds for live searches only: others are answered from a cache of up to 15 minutes.
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from core.domain.records import Candidate

MINUTE = timedelta(minutes=1)
SEARCH_CACHE = timedelta(minutes=15)
SKEW = timedelta(minutes=2)
"""How far iCIMS's clock and ours may differ."""
OVERLAP = timedelta(minutes=5)

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Reading:
    """A copy: when its reading began, and the update time that it gave, None for none."""

    began_at: datetime
    updated_at: datetime | None

    @property
    def complete_before(self) -> datetime:
        """The minute before which the copy surely lacks no change."""
        return whole_minute(self.began_at - SKEW)


@dataclass(frozen=True, slots=True)
class Changed(Generic[Id]):
    """What a comparison found; ``moved`` and ``unsure`` are to be read, in the order listed.

    ``moved`` are new to us or newer than our copy, ``unsure`` may be.
    """

    listed: tuple[Id, ...]
    moved: tuple[Id, ...]
    unsure: tuple[Id, ...] = ()


def listed_since(cursor: datetime | None, now: datetime) -> datetime:
    """Give the time to ask from; the first comparison covers what a cached search left out."""
    return whole_minute((cursor or now - SEARCH_CACHE) - OVERLAP)


def changed(
    search: Callable[[datetime], Sequence[Id]],
    copies: Callable[[Collection[Id]], Mapping[Id, Reading]],
    since: datetime,
    now: datetime,
    *,
    at_once: bool = False,
) -> Changed[Id]:
    """Compare what iCIMS lists since then with our copies.

    ``search`` lists, live, what was updated at or after a time, which iCIMS cuts to its minute.
    ``at_once`` reads also what could be read completely only a little later: a person waits.
    """
    listed = tuple(dict.fromkeys(search(since)))
    known = copies(listed)
    sorting = _Sorting[Id](since)
    for id in listed:
        sorting.take(id, known.get(id), None if at_once else now)
    sorting.ask(search)
    return Changed(
        listed=listed,
        moved=tuple(id for id in listed if id in sorting.moved),
        unsure=tuple(id for id in listed if id in sorting.unsure),
    )


@dataclass(slots=True)
class _Sorting(Generic[Id]):
    since: datetime
    moved: set[Id] = field(default_factory=set)
    unsure: set[Id] = field(default_factory=set)
    open: dict[Id, tuple[datetime, datetime]] = field(default_factory=dict)

    def take(self, id: Id, copy: Reading | None, now: datetime | None) -> None:
        """Decide by the copy alone, or leave it for a search; without ``now`` nothing waits."""
        if copy is None:
            self.moved.add(id)
        elif copy.updated_at is None:
            self.unsure.add(id)
        elif (updated := whole_minute(copy.updated_at)) < self.since:
            self.moved.add(id)
        elif updated < copy.complete_before:
            self.open[id] = (updated, copy.complete_before)
        elif now is None or now >= updated + MINUTE + SKEW:
            self.unsure.add(id)

    def ask(self, search: Callable[[datetime], Sequence[Id]]) -> None:
        """Settle what is open with as few searches as can be."""
        while self.open:
            at = min(complete for _, complete in self.open.values())
            served = {id for id, (updated, _) in self.open.items() if updated < at}
            self.moved |= served.intersection(search(at))
            for id in served:
                del self.open[id]


def whole_minute(at: datetime) -> datetime:
    """Cut off the seconds, as iCIMS's dates do."""
    return at.replace(second=0, microsecond=0)


def resume_is_due(now: Candidate, before: Candidate | None, *, has_file: bool) -> bool:
    """Say whether to download the resume of the record ``now``.

    ``before`` is the record that the cached file was fetched with. An unknown update time counts
    as changed, since iCIMS keeps a replaced file at the same address.
    """
    if now.resume is None:
        return False
    if not has_file or before is None or before.resume != now.resume:
        return True
    return now.updated_at is None or now.updated_at != before.updated_at
