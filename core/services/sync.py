"""Keep the cache of iCIMS records fresh; every method is safe to repeat."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from core.domain.ids import ApplicationId, RequisitionId
from core.domain.jobs import JobKind, JobRequest, Priority
from core.domain.records import Application, Candidate, Requisition
from core.errors import NotFound
from core.flow.pull import pull_applications, pull_people, pull_requisitions, resume_is_due
from core.ports import Ats, Clock, Trigger, UnitOfWork, UnitOfWorkFactory
from core.services.progress import hidden_group, screening_group

_BATCH = 50
"""Records stored per commit: a pull that breaks off loses at most this many reads."""

REQUISITIONS, PEOPLE = "requisitions", "people"

T = TypeVar("T")


def applications_cursor(id: RequisitionId) -> str:
    """Name the cursor of a requisition's applications; its time is the age of the data."""
    return f"applications:{id}"


def sync_key(id: RequisitionId) -> str:
    """Name the waiting pull of a requisition's applications."""
    return f"{JobKind.SYNC_APPLICATIONS}:{id}"


def sync_problem(uow: UnitOfWork, id: RequisitionId) -> str:
    """Say why the last pull of a requisition failed; empty when it did not."""
    return uow.jobs.problem(sync_key(id))


@dataclass(frozen=True, slots=True)
class Sync:
    """The pull step with its storage, run by the worker and by people who press refresh."""

    unit_of_work: UnitOfWorkFactory
    ats: Ats
    clock: Clock

    def requisitions(self, trigger: Trigger) -> int:
        """Pull jobs that changed, queue a pull of every open one's applications.

        Return how many jobs changed. A job's own update time says nothing of its applications.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            cursor = uow.requisitions.cursor(REQUISITIONS)
        pulled = pull_requisitions(self.ats, trigger, cursor, now)
        for batch in batches(pulled):
            with self.unit_of_work() as uow:
                for requisition in batch:
                    uow.requisitions.put(requisition, now)
                uow.commit()
        with self.unit_of_work() as uow:
            for requisition in uow.requisitions.all():
                if requisition.is_open:
                    uow.jobs.enqueue(sync_request(requisition), now)
            uow.commit()
        return self._finish(REQUISITIONS, pulled.cursor, len(pulled.ids))

    def requisition(self, id: RequisitionId, trigger: Trigger) -> None:
        """Read one job."""
        requisition = self.ats.requisition(trigger, id)
        with self.unit_of_work() as uow:
            uow.requisitions.put(requisition, self.clock.now())
            uow.commit()

    def applications(self, id: RequisitionId, trigger: Trigger) -> int:
        """Pull a requisition's changed applications; where criteria are frozen, queue scoring."""
        now = self.clock.now()
        name = applications_cursor(id)
        with self.unit_of_work() as uow:
            cursor = uow.requisitions.cursor(name)
            known = {c.application.id: c.fetched_at for c in uow.applications.of(id)}
        pulled = pull_applications(self.ats, trigger, id, cursor, now, known)
        for batch in batches(pulled):
            with self.unit_of_work() as uow:
                self._keep_applications(uow, id, batch)
                uow.commit()
        for application in pulled.gone:
            self._ask_tomorrow(id, application)
        return self._finish(name, pulled.cursor, len(pulled.ids))

    def people(self, trigger: Trigger) -> int:
        """Read cached people again who changed; a new resume is queued for scoring."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            cursor = uow.requisitions.cursor(PEOPLE)
            known = uow.applications.people()
        pulled = pull_people(self.ats, trigger, cursor, now, known)
        for batch in batches(pulled):
            with self.unit_of_work() as uow:
                for candidate in batch:
                    self._keep_candidate(uow, candidate)
                uow.commit()
        return self._finish(PEOPLE, pulled.cursor, len(pulled.ids))

    def application(self, id: ApplicationId, trigger: Trigger) -> None:
        """Read one application again, e.g. after writing to it."""
        application = self.ats.application(trigger, id)
        with self.unit_of_work() as uow:
            self._keep_applications(uow, application.requisition_id, (application,))
            uow.commit()

    def hidden(self, requisition: RequisitionId, id: ApplicationId, trigger: Trigger) -> None:
        """Try again to read an application that iCIMS lists and did not let us read."""
        try:
            self.application(id, trigger)
        except NotFound:
            self._ask_tomorrow(requisition, id)

    def _ask_tomorrow(self, requisition: RequisitionId, id: ApplicationId) -> None:
        """Keep what is listed and cannot be read in mind: it is counted on the pipeline."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            like = uow.requisitions.get(requisition)
            if like is not None:
                uow.jobs.enqueue(_hidden_request(like, id, now + timedelta(days=1)), now)
                uow.commit()

    def _keep_applications(
        self, uow: UnitOfWork, id: RequisitionId, batch: Sequence[Application]
    ) -> None:
        now = self.clock.now()
        frozen = uow.criteria.frozen(id)
        for application in batch:
            uow.applications.put(self._known(uow, application), now)
            if frozen is not None and uow.assessments.latest(application.id) is None:
                uow.jobs.enqueue(screen_request(application, Priority.FRESH), now)

    def _keep_candidate(self, uow: UnitOfWork, candidate: Candidate) -> None:
        now = self.clock.now()
        before = uow.applications.candidate(candidate.id)
        uow.applications.put_candidate(candidate, now)
        if before is None or not resume_is_due(candidate, before[0], has_file=True):
            return
        for application in uow.applications.of_person(candidate.id):
            uow.applications.set_resume(application.id, None)
            if uow.criteria.frozen(application.requisition_id):
                uow.jobs.enqueue(screen_request(application, Priority.FRESH), now)

    def _known(self, uow: UnitOfWork, application: Application) -> Application:
        """Keep what a new reading cannot know: the merged person and when we first saw it.

        iCIMS does not say when an application was made, and every write moves its update time,
        so the earliest one seen stands for it.
        """
        known = uow.applications.get(application.id)
        if known is None:
            return replace(application, created_at=application.updated_at)
        person = known.candidate.id if known.candidate else application.person_id
        return replace(application, person_id=person, created_at=known.application.created_at)

    def _finish(self, name: str, cursor: datetime | None, count: int) -> int:
        with self.unit_of_work() as uow:
            if cursor is not None:
                uow.requisitions.set_cursor(name, cursor)
            uow.commit()
        return count


def sync_request(
    requisition: Requisition, priority: Priority = Priority.BACKLOG, by: str = ""
) -> JobRequest:
    """Ask for a pull of a requisition's applications; ``by`` is the person who waits for it."""
    return JobRequest(
        kind=JobKind.SYNC_APPLICATIONS,
        tenant=requisition.tenant,
        dedupe_key=sync_key(requisition.id),
        payload={"requisition": requisition.id, "by": by},
        priority=priority,
    )


def _hidden_request(requisition: Requisition, id: ApplicationId, due_at: datetime) -> JobRequest:
    return JobRequest(
        kind=JobKind.READ_HIDDEN,
        tenant=requisition.tenant,
        dedupe_key=f"{JobKind.READ_HIDDEN}:{id}",
        payload={"requisition": requisition.id, "application": id},
        group=hidden_group(requisition.id),
        due_at=due_at,
    )


def screen_request(application: Application, priority: Priority) -> JobRequest:
    """Ask for the scoring of one application."""
    return JobRequest(
        kind=JobKind.SCREEN,
        tenant=application.tenant,
        dedupe_key=f"{JobKind.SCREEN}:{application.id}",
        payload={"application": application.id},
        priority=priority,
        group=screening_group(application.requisition_id),
    )


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    """Cut a stream into lists of at most 50."""
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
