"""Step 1, pull: what changed in the ATS since the last time, record by record.

A cursor is the time of the last complete pull. The search asks for changes since a little before
it: iCIMS serves searches from a cache of up to 15 minutes and its clock is not ours, so without an
overlap a change could fall between two pulls. The price is that a record changed within the
overlap is read again, which is harmless.

The cursor moves only when the last record has been taken, so a pull that breaks off is repeated;
what it had delivered is already stored and, through ``known``, not read twice.

Who is read again: an application when the ATS lists it as changed; a person when they are not
cached or the ATS lists *them* as changed (``pull_people``), not with every move of one of their
applications; a resume when its person's record moved or names another file.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, TypeVar

from core.domain.ids import ApplicationId, PersonId, RequisitionId
from core.domain.records import Application, Candidate, Requisition
from core.errors import NotFound
from core.ports import Ats, Trigger

SEARCH_CACHE = timedelta(minutes=15)
OVERLAP = timedelta(minutes=20)
"""The search cache and five minutes for clocks that differ."""

Id = TypeVar("Id")
T = TypeVar("T")


class Pulled(Generic[Id, T]):
    """Changed records, read one by one while iterating.

    ``cursor`` is the old one until iteration has come to its end, then the new one: storing it
    after the loop is always right. ``ids`` are those found; ``gone`` those of them that were
    deleted or hidden meanwhile. Errors of the ATS rise from the iteration.
    """

    def __init__(
        self,
        ids: Sequence[Id],
        read: Callable[[Id], T],
        *,
        before: datetime | None,
        after: datetime,
    ) -> None:
        self.ids = tuple(dict.fromkeys(ids))
        self.gone: tuple[Id, ...] = ()
        self.cursor = before
        self._after = after
        self._records = self._read_all(read)

    def __iter__(self) -> Iterator[T]:
        return self._records

    def _read_all(self, read: Callable[[Id], T]) -> Iterator[T]:
        for id in self.ids:
            try:
                record = read(id)
            except NotFound:
                self.gone += (id,)
                continue
            yield record
        self.cursor = self._after


def pull_requisitions(
    ats: Ats,
    trigger: Trigger,
    cursor: datetime | None,
    now: datetime,
    *,
    overlap: timedelta = OVERLAP,
) -> Pulled[RequisitionId, Requisition]:
    """Read the jobs that changed since ``cursor``, or all open ones when there is none."""
    ids = ats.requisition_ids(trigger, _since(cursor, overlap))
    return Pulled(ids, partial(ats.requisition, trigger), before=cursor, after=now)


def pull_applications(
    ats: Ats,
    trigger: Trigger,
    requisition: RequisitionId,
    cursor: datetime | None,
    now: datetime,
    known: Mapping[ApplicationId, datetime],
    *,
    overlap: timedelta = OVERLAP,
) -> Pulled[ApplicationId, Application]:
    """Read a job's applications that changed since ``cursor``, or all of them.

    ``known`` says when each cached application was fetched. Those fetched after ``cursor`` are
    left over from a pull that broke off; one more search tells which of them changed again, and
    the others are not read twice.
    """
    since = _since(cursor, overlap)
    ids = ats.application_ids(trigger, requisition, since)
    fetched = {
        id: known[id] for id in ids if id in known and (cursor is None or known[id] > cursor)
    }
    again = min(fetched.values(), default=now) - overlap
    if len(fetched) > 1 and (since is None or again > since):
        moved = frozenset(ats.application_ids(trigger, requisition, again))
        ids = [id for id in ids if id not in fetched or id in moved]
    return Pulled(ids, partial(ats.application, trigger), before=cursor, after=now)


def pull_people(
    ats: Ats,
    trigger: Trigger,
    cursor: datetime | None,
    now: datetime,
    known: Mapping[PersonId, datetime],
    *,
    overlap: timedelta = OVERLAP,
) -> Pulled[PersonId, Candidate]:
    """Read again those cached people who changed since ``cursor``.

    ``known`` says when each cached person was fetched. Others are none of our business: a person
    is read first when one of their applications is. Without a cursor the oldest fetch counts. A
    person merged since comes back under the id that was kept.
    """
    if not known:
        return Pulled((), partial(ats.candidate, trigger), before=cursor, after=now)
    since = min(known.values()) if cursor is None else cursor
    changed = ats.person_ids(trigger, since - _checked(overlap))
    ids = [id for id in changed if id in known]
    return Pulled(ids, partial(ats.candidate, trigger), before=cursor, after=now)


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


def _since(cursor: datetime | None, overlap: timedelta) -> datetime | None:
    return None if cursor is None else cursor - _checked(overlap)


def _checked(overlap: timedelta) -> timedelta:
    if overlap < SEARCH_CACHE:
        raise ValueError("the overlap must outlast iCIMS's search cache of 15 minutes")
    return overlap
