"""Ask iCIMS what changed, and read again only what we were not told of or may have missed.

Events can be lost. Three live searches every few minutes (jobs, applications of all jobs, people)
make a lost one cost minutes; ``core.flow.pull`` says which of the listed records are read again.
The reading itself is left to the very jobs that events queue, so nothing is read twice.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from core.domain.events import Sweep, SweepKind
from core.domain.ids import PersonId, RequisitionId, TenantId
from core.flow.pull import Changed, Reading, changed, listed_since
from core.ports import Ats, Clock, Trigger, UnitOfWorkFactory
from core.services.ingest import refresh_application, refresh_requisition
from core.services.sync import POLL, copies, refresh_person

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The regular comparison of what changed."""

    unit_of_work: UnitOfWorkFactory
    ats: Ats
    clock: Clock
    tenant: TenantId

    def poll(self, trigger: Trigger) -> Sweep:
        """Queue the reading of whatever changed since the last comparison; three or four calls.

        Of applications it counts how many iCIMS listed, and how many of them had moved without an
        event telling us. A comparison that fails is repeated in full.
        """
        began = self.clock.now()
        with self.unit_of_work() as uow:
            cursor = uow.requisitions.cursor(POLL)
        since = listed_since(cursor, began)
        jobs = self._jobs(trigger, cursor, since, began)
        trigger.check()
        moved = partial(self.ats.changed_application_ids, trigger)
        applications = changed(moved, partial(copies, self.unit_of_work), since, began)
        trigger.check()
        people = self._people(trigger, since, began)
        with self.unit_of_work() as uow:
            told = uow.events.told(applications.moved, since)
            found = Sweep(
                kind=SweepKind.POLL,
                at=began,
                listed=len(applications.listed),
                missed=len(set(applications.moved) - told),
                seconds=(self.clock.now() - began).total_seconds(),
            )
            for request in (
                *(refresh_requisition(self.tenant, id) for id in _due(jobs)),
                *(refresh_application(self.tenant, id) for id in _due(applications)),
                *(refresh_person(self.tenant, id) for id in _due(people)),
            ):
                uow.jobs.enqueue(request, began)
            uow.requisitions.set_cursor(POLL, began)
            uow.sweeps.put(found)
            uow.commit()
        return found

    def _jobs(
        self, trigger: Trigger, cursor: datetime | None, since: datetime, now: datetime
    ) -> Changed[RequisitionId]:
        if cursor is None:
            every = tuple(self.ats.requisition_ids(trigger, None))
            return Changed(listed=every, moved=every)
        return changed(partial(self.ats.requisition_ids, trigger), self._known_jobs, since, now)

    def _people(self, trigger: Trigger, since: datetime, now: datetime) -> Changed[PersonId]:
        """Compare those we have; a person is read first when one of their applications is."""
        with self.unit_of_work() as uow:
            ours = uow.applications.people()

        def search(since: datetime) -> Sequence[PersonId]:
            return [id for id in self.ats.person_ids(trigger, since) if id in ours]

        return changed(search, self._known_people, since, now) if ours else Changed((), ())

    def _known_jobs(self, ids: Collection[RequisitionId]) -> Mapping[RequisitionId, Reading]:
        with self.unit_of_work() as uow:
            found = ((uow.requisitions.get(id), uow.requisitions.fetched_at(id)) for id in ids)
            return {job.id: Reading(at, job.updated_at) for job, at in found if job and at}

    def _known_people(self, ids: Collection[PersonId]) -> Mapping[PersonId, Reading]:
        with self.unit_of_work() as uow:
            found = (uow.applications.candidate(id) for id in ids)
            return {who.id: Reading(at, who.updated_at) for who, at in filter(None, found)}


def _due(found: Changed[Id]) -> tuple[Id, ...]:
    return (*found.moved, *found.unsure)
