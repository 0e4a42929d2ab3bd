"""Keep the cache of iCIMS records fresh; every method is safe to repeat."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from core.domain.ids import ApplicationId, PersonId, RequisitionId, TenantId
from core.domain.jobs import JobKind, JobRequest, Priority
from core.errors import NotFound
from core.flow.pull import Reading, changed, listed_since
from core.ports import Ats, Clock, Trigger, UnitOfWork, UnitOfWorkFactory
from core.services.keeping import (
    Read,
    applications_cursor,
    keep_applications,
    keep_person,
    keep_requisition,
    sync_key,
)
from core.services.progress import hidden_group

log = structlog.get_logger(__name__)

_BATCH = 50
"""Records stored per commit."""

POLL = "poll"
"""The cursor of the last comparison of everything that changed, with ``reconcile``'s job key."""


def sync_problem(uow: UnitOfWork, id: RequisitionId) -> str:
    """Say why the last pull of a requisition, or of what changed, failed; empty when none did."""
    return uow.jobs.problem(sync_key(id)) or uow.jobs.problem(JobKind.RECONCILE)


def data_as_of(uow: UnitOfWork, id: RequisitionId) -> datetime | None:
    """Say when a requisition's applications were last compared with iCIMS; None for never."""
    pulled, polled = uow.requisitions.cursor(applications_cursor(id)), uow.requisitions.cursor(POLL)
    return max(pulled, polled) if pulled and polled else pulled


def copies(
    unit_of_work: UnitOfWorkFactory, ids: Collection[ApplicationId]
) -> Mapping[ApplicationId, Reading]:
    """Say which of some applications are cached, from when."""
    with unit_of_work() as uow:
        return {
            cached.application.id: Reading(cached.fetched_at, cached.application.updated_at)
            for cached in uow.applications.among(ids)
        }


@dataclass(frozen=True, slots=True)
class Sync:
    """The pull step with its storage, run by the worker and by people who press refresh."""

    unit_of_work: UnitOfWorkFactory
    ats: Ats
    clock: Clock
    tenant: TenantId

    # --- One record, as a person or a command asks; ``NotFound`` is theirs to hear ---------------

    def requisition(self, id: RequisitionId, trigger: Trigger) -> None:
        """Read one job."""
        at = self.clock.now()
        requisition = self.ats.requisition(trigger, id)
        with self.unit_of_work() as uow:
            keep_requisition(uow, requisition, at, self.clock.now())
            uow.commit()

    def application(self, id: ApplicationId, trigger: Trigger) -> None:
        """Read one application, and first its job where we do not know it."""
        at = self.clock.now()
        application = self.ats.application(trigger, id)
        with self.unit_of_work() as uow:
            known = uow.requisitions.get(application.requisition_id) is not None
        if not known:
            self.requisition(application.requisition_id, trigger)
        self._keep([Read(application, at)])

    # --- One record, as an event or a comparison asks --------------------------------------------

    def refresh(
        self, id: ApplicationId, trigger: Trigger, requisition: RequisitionId | None = None
    ) -> None:
        """Read one application again; one that iCIMS does not show us is kept in mind."""
        at = self.clock.now()
        try:
            self.application(id, trigger)
        except NotFound:
            self._missing(id, requisition, at)

    def find(self, person: PersonId, requisition: RequisitionId, trigger: Trigger) -> None:
        """Look a person's application to a job up and read it.

        When there is none yet, the next comparison brings it.
        """
        try:
            found = self.ats.application_of(trigger, person, requisition)
        except NotFound:
            log.info("sync.no_such_application", requisition=requisition)
            return
        self.refresh(found, trigger, requisition)

    def refresh_requisition(self, id: RequisitionId, trigger: Trigger) -> None:
        """Read one job again; one that was deleted or is hidden stays as it was."""
        try:
            self.requisition(id, trigger)
        except NotFound:
            log.info("sync.no_such_requisition", requisition=id)

    def person(self, id: PersonId, trigger: Trigger) -> None:
        """Read one person again; one that was deleted or is hidden stays as they were."""
        at = self.clock.now()
        try:
            person = self.ats.candidate(trigger, id)
        except NotFound:
            return
        with self.unit_of_work() as uow:
            keep_person(uow, id, person, at, self.clock.now())
            uow.commit()

    # --- A requisition's applications ------------------------------------------------------------

    def applications(self, id: RequisitionId, trigger: Trigger) -> int:
        """Pull a requisition's changed applications, all of them the first time.

        Return how many were to be read. A pull that breaks off has kept what it had read; the next
        goes on from there.
        """
        now = self.clock.now()
        wanted = self._wanted(id, trigger, now)
        for start in range(0, len(wanted), _BATCH):
            self._read(id, wanted[start : start + _BATCH], trigger)
        with self.unit_of_work() as uow:
            uow.requisitions.set_cursor(applications_cursor(id), now)
            uow.commit()
        return len(wanted)

    def _wanted(
        self, id: RequisitionId, trigger: Trigger, now: datetime
    ) -> Sequence[ApplicationId]:
        search = partial(self.ats.application_ids, trigger, id)
        have, at_once = partial(copies, self.unit_of_work), trigger.person_waiting
        with self.unit_of_work() as uow:
            cursor = data_as_of(uow, id)
        if cursor is not None:
            found = changed(search, have, listed_since(cursor, now), now, at_once=at_once)
            return (*found.moved, *found.unsure)
        every = search(None)
        known = have(every)
        if not known:
            return every
        # Left over from a pull that broke off, or read because of an event.
        since = listed_since(min(copy.began_at for copy in known.values()), now)
        found = changed(search, have, since, now, at_once=at_once)
        again = {*found.moved, *found.unsure}
        return [one for one in every if one not in known or one in again]

    def _read(
        self, requisition: RequisitionId, ids: Sequence[ApplicationId], trigger: Trigger
    ) -> None:
        """Read some applications; whatever stops it, what had been read is kept."""
        read: list[Read] = []
        try:
            for id in ids:
                trigger.check()
                at = self.clock.now()
                try:
                    read.append(Read(self.ats.application(trigger, id), at))
                except NotFound:
                    self._missing(id, requisition, at)
        finally:
            self._keep(read)

    def _keep(self, read: Sequence[Read]) -> None:
        if not read:
            return
        with self.unit_of_work() as uow:
            keep_applications(uow, read, self.clock.now())
            uow.commit()

    def _missing(self, id: ApplicationId, requisition: RequisitionId | None, at: datetime) -> None:
        """Mark what we have as gone; ask tomorrow for what we never were allowed to read."""
        with self.unit_of_work() as uow:
            if uow.applications.get(id) is not None:
                uow.applications.mark_gone(id, at)
            else:
                now = self.clock.now()
                due_at = now + timedelta(days=1)
                uow.jobs.enqueue(_hidden_request(self.tenant, requisition, id, due_at), now)
            uow.commit()


def _hidden_request(
    tenant: TenantId, requisition: RequisitionId | None, id: ApplicationId, due_at: datetime
) -> JobRequest:
    """Ask later for what iCIMS names and hides; it is counted on the pipeline of its job."""
    return JobRequest(
        kind=JobKind.READ_HIDDEN,
        tenant=tenant,
        dedupe_key=f"{JobKind.READ_HIDDEN}:{id}",
        payload={"requisition": requisition or "", "application": id},
        group=hidden_group(requisition) if requisition else "",
        due_at=due_at,
    )


def refresh_person(tenant: TenantId, id: PersonId) -> JobRequest:
    """Ask for a person to be read again."""
    return JobRequest(
        kind=JobKind.REFRESH_PERSON,
        tenant=tenant,
        dedupe_key=f"{JobKind.REFRESH_PERSON}:{id}",
        payload={"person": id},
        priority=Priority.FRESH,
    )
