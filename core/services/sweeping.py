"""Once a night, list every application of every open job and compare with what we have.

It finds what no date tells: a record that was deleted, hidden or shown to us without a change, and
whatever a comparison of dates overlooked because a clock was wrong.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from core.domain.events import Sweep, SweepKind
from core.domain.ids import ApplicationId, TenantId
from core.domain.jobs import Priority
from core.domain.records import Requisition
from core.ports import Ats, Clock, Trigger, UnitOfWork, UnitOfWorkFactory
from core.services.ingest import refresh_application
from core.services.keeping import applications_cursor, sync_request

_EVER = datetime(2000, 1, 1, tzinfo=UTC)
"""Everything changed since then; asking so is answered past the cache of searches."""


@dataclass(frozen=True, slots=True)
class Sweeping:
    """The nightly comparison of everything."""

    unit_of_work: UnitOfWorkFactory
    ats: Ats
    clock: Clock
    tenant: TenantId

    def sweep(self, at: datetime, trigger: Trigger) -> Sweep:
        """Compare requisition by requisition; ``at`` names the sweep.

        One that breaks off goes on with the next requisition when it is called again. Stopping is
        heeded between requisitions.
        """
        found = Sweep(kind=SweepKind.SWEEP, at=at, listed=0, missed=0)
        for requisition in self._open():
            trigger.check()
            found = self._compare(requisition, at, trigger)
        return found

    def _open(self) -> Sequence[Requisition]:
        with self.unit_of_work() as uow:
            return [each for each in uow.requisitions.all() if each.is_open]

    def _compare(self, requisition: Requisition, at: datetime, trigger: Trigger) -> Sweep:
        began = self.clock.now()
        with self.unit_of_work() as uow:
            if uow.requisitions.cursor(_cursor(requisition)) == at:
                return _so_far(uow, at)
        listed = frozenset(self.ats.application_ids(trigger, requisition.id, _EVER))
        with self.unit_of_work() as uow:
            ours = uow.applications.present(requisition.id)
            pulled = uow.requisitions.cursor(applications_cursor(requisition.id)) is not None
            if pulled:
                self._read(uow, listed ^ ours)
            else:
                uow.jobs.enqueue(sync_request(requisition), began)
            before = _so_far(uow, at)
            found = replace(
                before,
                listed=before.listed + len(listed),
                missed=before.missed + (len(listed - ours) if pulled else 0),
                gone=before.gone + len(ours - listed),
                seconds=before.seconds + (self.clock.now() - began).total_seconds(),
            )
            uow.sweeps.put(found)
            uow.requisitions.set_cursor(_cursor(requisition), at)
            uow.commit()
        return found

    def _read(self, uow: UnitOfWork, ids: Iterable[ApplicationId]) -> None:
        """Queue one reading each: what we lack, and what is no longer listed."""
        now = self.clock.now()
        for id in sorted(ids):
            request = refresh_application(self.tenant, id, priority=Priority.BACKLOG)
            uow.jobs.enqueue(request, now)


def _cursor(requisition: Requisition) -> str:
    return f"swept:{requisition.id}"


def _so_far(uow: UnitOfWork, at: datetime) -> Sweep:
    """Find what the same sweep found before it broke off."""
    same = (s for s in uow.sweeps.recent(_RECENT) if (s.kind, s.at) == (SweepKind.SWEEP, at))
    return next(same, Sweep(kind=SweepKind.SWEEP, at=at, listed=0, missed=0))


_RECENT = 500
"""Comparisons to look through: those of three days."""
