"""What follows from reading a record: moves are noticed, scoring is queued, criteria questioned.

Everything happens in the caller's transaction, and only where the reading is newer than what is
cached: two that cross each other then leave the later one and notice each thing once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.actor import service_actor
from core.domain.audit import fact_by
from core.domain.events import StageChange
from core.domain.ids import ApplicationId, PersonId, RequisitionId
from core.domain.jobs import JobKind, JobRequest, Priority
from core.domain.posting import Fit, posting_of
from core.domain.records import Application, Candidate, Requisition
from core.flow.pull import resume_is_due
from core.ports import CachedApplication, UnitOfWork
from core.services.progress import screening_group


def applications_cursor(id: RequisitionId) -> str:
    """Name the cursor of a requisition's applications; its time is the age of the data."""
    return f"applications:{id}"


def sync_key(id: RequisitionId) -> str:
    """Name the waiting pull of a requisition's applications."""
    return f"{JobKind.SYNC_APPLICATIONS}:{id}"


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


@dataclass(frozen=True, slots=True)
class Read:
    """An application as iCIMS gave it, and when its reading began."""

    application: Application
    at: datetime


def keep_applications(uow: UnitOfWork, read: Iterable[Read], now: datetime) -> None:
    """Keep applications; where criteria are frozen, queue the scoring of those without a score.

    In order of their numbers: two transactions that keep the same ones never wait for each other
    in a circle.
    """
    frozen: dict[RequisitionId, bool] = {}
    for each in sorted(read, key=lambda one: one.application.id):
        job = each.application.requisition_id
        if job not in frozen:
            frozen[job] = uow.criteria.frozen(job) is not None
        if not _keep(uow, each, now) or not frozen[job]:
            continue
        if uow.assessments.latest(each.application.id) is None:
            uow.jobs.enqueue(screen_request(each.application, Priority.FRESH), now)


def _keep(uow: UnitOfWork, read: Read, now: datetime) -> bool:
    known = uow.applications.hold(read.application.id)
    if not uow.applications.put(_completed(known, read.application), read.at):
        return False
    before = known.application.stage.id if known else ""
    after = read.application.stage.id
    if before and after and before != after:
        uow.stage_changes.put(
            StageChange(
                application_id=read.application.id,
                requisition_id=read.application.requisition_id,
                before=before,
                after=after,
                seen_at=now,
            )
        )
    return True


def _completed(known: CachedApplication | None, application: Application) -> Application:
    """Keep what a new reading cannot know: the merged person and when we first saw it.

    iCIMS does not say when an application was made, and every write moves its update time,
    so the earliest one seen stands for it.
    """
    if known is None:
        return replace(application, created_at=application.updated_at)
    person = known.candidate.id if known.candidate else application.person_id
    return replace(application, person_id=person, created_at=known.application.created_at)


def keep_person(
    uow: UnitOfWork, asked: PersonId, person: Candidate, read_at: datetime, now: datetime
) -> None:
    """Keep a person read under the number ``asked``; a new resume is queued for scoring.

    Of a duplicate that was merged since, the applications go over to the person that was kept.
    """
    before = uow.applications.candidate(person.id)
    if not uow.applications.put_candidate(person, read_at):
        return
    moved = uow.applications.of_person(asked) if asked != person.id else ()
    for application in moved:
        change_person(uow, application.id, person.id)
        _score_anew(uow, application, now)
    if before is None or not resume_is_due(person, before[0], has_file=True):
        return
    for application in uow.applications.of_person(person.id):
        _score_anew(uow, application, now)


def change_person(uow: UnitOfWork, id: ApplicationId, person: PersonId) -> None:
    """Give a cached application to the person it was merged into; that is no new reading of it."""
    cached = uow.applications.hold(id)
    if cached is not None and cached.application.person_id != person:
        uow.applications.put(replace(cached.application, person_id=person), cached.fetched_at)


def _score_anew(uow: UnitOfWork, application: Application, now: datetime) -> None:
    uow.applications.set_resume(application.id, None)
    if uow.criteria.frozen(application.requisition_id):
        uow.jobs.enqueue(screen_request(application, Priority.FRESH), now)


def keep_requisition(
    uow: UnitOfWork, requisition: Requisition, read_at: datetime, now: datetime
) -> None:
    """Keep a job; pull its applications when it is open and never was pulled."""
    before = uow.requisitions.get(requisition.id)
    if not uow.requisitions.put(requisition, read_at):
        return
    if before is not None:
        _question_criteria(uow, before, requisition, now)
    pulled = uow.requisitions.cursor(applications_cursor(requisition.id))
    if requisition.is_open and pulled is None:
        uow.jobs.enqueue(sync_request(requisition), now)


def _question_criteria(
    uow: UnitOfWork, before: Requisition, after: Requisition, now: datetime
) -> None:
    """Notice that the posting changed under frozen criteria; they stay in force as they are."""
    frozen = uow.criteria.frozen(after.id)
    if frozen is None or posting_of(before) == posting_of(after):
        return
    fit = uow.criteria.fit(after.id)
    fit = fit or Fit(posting=posting_of(before), at=frozen.frozen_at or now)
    uow.criteria.put_fit(after.id, fit.noticed(after.updated_at or now))
    reader = service_actor("reader", after.tenant)
    subject = f"requisition:{after.id}"
    uow.audit.append(
        fact_by(reader, now, "posting.changed", subject, criteria_version=frozen.version)
    )
