"""Score applications and propose what to write; started by a person, carried out by the worker.

While an administrator has stopped scoring, nobody can start it, and jobs that were waiting end
without keeping anything: what they were for is still unscored, so that starting again once the
stop is lifted queues it anew.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.access import Command
from core.domain.actor import Actor, model_actor
from core.domain.assessment import Assessment, FreezeKey
from core.domain.audit import about, fact_by
from core.domain.criteria import Criteria
from core.domain.ids import ApplicationId, DocumentHash, RequisitionId
from core.domain.jobs import JobRequest, Priority
from core.domain.policy import Capability
from core.domain.records import Application
from core.errors import (
    ApprovalRefused,
    CriteriaRefused,
    DocumentRefused,
    LeakDetected,
    NotAllowed,
    NotFound,
    ReadingStopped,
    StoreUnavailable,
)
from core.ports import Clock, Trigger, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit_to_application, admit_to_requisition
from core.services.choices import stop_words
from core.services.decisions.proposing import Proposer, has_lapsed, is_due
from core.services.keeping import screen_request
from core.services.review.judged import Judged
from core.services.scoring.grading import NOT_PSEUDONYMISED, Grader
from core.services.scoring.intake import Intake, application_month
from core.services.scoring.model_runs import Recorder, subject_of
from core.services.scoring.rereading import Rereading

_NO_FILE = DocumentHash(hashlib.sha256(b"").hexdigest())
"""Stands for "no document" in the freeze key of an application without a resume."""


def again_key(id: ApplicationId) -> str:
    """Name the waiting job that scores one application again because a person asked for it."""
    return f"again:{id}:"


def is_rescoring(uow: UnitOfWork, id: ApplicationId) -> bool:
    """Say whether one application is being scored again because a person asked for it."""
    return uow.jobs.pending(again_key(id)) > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """Start scoring, and score one application."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    intake: Intake
    grader: Grader
    proposer: Proposer
    rereading: Rereading
    recorder: Recorder

    def start(self, actor: Actor, id: RequisitionId) -> int:
        """Queue every application of a requisition not yet scored under its criteria.

        And those whose proposal has lapsed: a fresh one is made of the same score. Return how
        many. Raises ``CriteriaRefused`` until criteria are frozen, ``NotAllowed`` while stopped.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit_to_requisition(uow, actor, Command.SCREEN, now, id)
            return self.enqueue(uow, actor, id, Priority.CLICK)

    def enqueue(self, uow: UnitOfWork, actor: Actor, id: RequisitionId, priority: Priority) -> int:
        """Queue, record and commit; the actor has been admitted by the caller."""
        now = self.clock.now()
        criteria = _startable(uow, id)
        added = 0
        for application in _due(uow, criteria, now):
            added += uow.jobs.enqueue(screen_request(application, priority), now) is not None
        uow.audit.append(
            fact_by(
                actor, now, "screening.started", f"requisition:{id}",
                criteria_version=criteria.version, count=added,
            )
        )  # fmt: skip
        uow.commit()
        return added

    def regrade(self, actor: Actor, id: ApplicationId) -> None:
        """Queue one application to be read from iCIMS again and scored again.

        The same document under the same criteria and versions gives the same score. Raises
        ``CriteriaRefused`` and ``NotAllowed`` as ``start`` does.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            cached, requisition = admit_to_application(uow, actor, Command.REGRADE, now, id)
            _startable(uow, requisition.id)
            if uow.jobs.enqueue(_again_request(cached.application, actor), now) is not None:
                uow.audit.append(fact_by(actor, now, "regrade.asked", about(id)))
            uow.commit()

    def screen(self, id: ApplicationId, trigger: Trigger) -> Assessment | None:
        """Bring in, assess and propose for one application; safe to repeat.

        Where a person waits for this very application it is read from iCIMS again first. None
        when its requisition has no frozen criteria, or others by the time of the result, or when
        scoring is stopped there. A document that cannot be read gives an ungraded assessment
        that says why, never an error and never a low score.
        """
        with self.unit_of_work() as uow:
            cached = uow.applications.get(id)
            if cached is None:
                raise NotFound(f"application {id} is not cached")
            criteria = uow.criteria.frozen(cached.application.requisition_id)
            stopped = _stop(uow, cached.application.requisition_id)
        if criteria is None or stopped:
            return None
        if trigger.person_waiting:
            self.rereading.read(id, trigger)
        assessment = self._assess(id, criteria, trigger)
        try:
            return self._keep(criteria, assessment, asked=trigger.person_waiting)
        except ApprovalRefused as error:
            # A person answered the older proposal in this very moment: nothing is kept, try again.
            raise StoreUnavailable(str(error)) from error

    def _assess(self, id: ApplicationId, criteria: Criteria, trigger: Trigger) -> Assessment:
        document = _NO_FILE
        try:
            application, document = self.intake.file(id, trigger)
            known = self._known(id, document, criteria, asked=trigger.person_waiting)
            if known is not None:
                return known
            reading = self.intake.read(application, document)
            month = application_month(application)
            subject = subject_of(id, document, criteria, self.grader.preferred)
            watch = self.recorder.watch(subject, trigger.stopping, reading.identities)
            return self.grader.grade(id, reading.parsed, reading.text, criteria, month, watch)
        except ReadingStopped:
            # Never frozen as ungraded: on a quieter machine the same file may be read.
            raise
        except (DocumentRefused, NotFound) as problem:
            return self.grader.ungraded(id, document, criteria, str(problem))
        except LeakDetected:
            return self.grader.ungraded(id, document, criteria, NOT_PSEUDONYMISED)

    def _known(
        self, id: ApplicationId, document: DocumentHash, criteria: Criteria, *, asked: bool
    ) -> Assessment | None:
        """Find the frozen assessment: same document, criteria and assessor, same result.

        That of a stand-in holds until a person has ``asked`` for scoring again.
        """
        judges = self.grader.assessors()[: 1 if asked else None]
        keys = [FreezeKey(document, criteria.hash, judge.version).id for judge in judges]
        with self.unit_of_work() as uow:
            found = (uow.assessments.get(id, key) for key in keys)
            return next((assessment for assessment in found if assessment), None)

    def _keep(
        self, criteria: Criteria, assessment: Assessment, *, asked: bool
    ) -> Assessment | None:
        """Commit the assessment, its proposal and both facts together.

        None, and nothing kept, when other criteria were frozen meanwhile, since the newest must
        win, or when scoring was stopped.
        """
        job, id = criteria.requisition_id, assessment.application_id
        maker = model_actor(assessment.key.assessor, criteria.tenant)
        with self.unit_of_work() as uow:
            if uow.criteria.frozen(job) != criteria or _stop(uow, job):
                return None
            new = uow.assessments.put(assessment)
            if new or asked:
                self._record(uow, maker, assessment, new=new)
            given = Judged(assessment, criteria, uow.judgements.overrides(id))
            if self._wants_proposal(uow, assessment, asked=asked):
                self.proposer.renew(uow, maker, given)
            uow.commit()
        return assessment

    def _record(self, uow: UnitOfWork, maker: Actor, assessment: Assessment, *, new: bool) -> None:
        score, key = assessment.score, assessment.key
        action = "application.assessed" if score else "application.ungraded"
        uow.audit.append(
            fact_by(
                maker, self.clock.now(), action if new else "application.confirmed",
                about(assessment.application_id), assessment=key.id, document=key.document,
                criteria_version=assessment.criteria_version, criteria=key.criteria,
                score=score.value if score else None, band=score.band if score else None,
            )
        )  # fmt: skip

    def _wants_proposal(self, uow: UnitOfWork, assessment: Assessment, *, asked: bool) -> bool:
        """Say whether a proposal is to be made: the last one of this assessment may still stand."""
        id = assessment.application_id
        record = uow.applications.get(id)
        last = next(reversed(uow.proposals.of(id)), None)
        standing = uow.overview.standing(id)
        if record is None:
            return False
        if last is None or standing is None or last.assessment_id != assessment.key.id:
            return True
        return is_due(last, standing, record.application, self.clock.now(), asked=asked)


def _startable(uow: UnitOfWork, id: RequisitionId) -> Criteria:
    """Give the frozen criteria; raises unless scoring may begin."""
    if stopped := _stop(uow, id):
        raise NotAllowed(stopped)
    criteria = uow.criteria.frozen(id)
    if criteria is None:
        raise CriteriaRefused("Freeze the criteria first; then every score rests on them.")
    return criteria


def _stop(uow: UnitOfWork, id: RequisitionId) -> str:
    requisition = uow.requisitions.get(id)
    return stop_words(uow, Capability.SCREENING, requisition) if requisition else ""


def _again_request(application: Application, actor: Actor) -> JobRequest:
    return replace(
        screen_request(application, Priority.CLICK),
        dedupe_key=again_key(application.id),
        payload={"application": application.id, "by": actor.id},
    )


def _due(uow: UnitOfWork, criteria: Criteria, now: datetime) -> Iterator[Application]:
    """List the applications of a requisition that scoring can do something for."""
    id = criteria.requisition_id
    scored, standings = uow.assessments.latest_of(id), uow.overview.standings(id)
    open_ = {proposal.id: proposal for proposal in uow.proposals.open_by_requisition(id)}
    for cached in uow.applications.of(id):
        application = cached.application
        last, standing = scored.get(application.id), standings.get(application.id)
        proposal = open_.get(standing.proposal_id) if standing else None
        reverses = proposal is not None and proposal.reverses is not None
        if not _is_settled(last, criteria) or (
            standing and not reverses and has_lapsed(proposal, standing, application, now)
        ):
            yield application


def _is_settled(last: Assessment | None, criteria: Criteria) -> bool:
    """Say whether a score holds; where no document could be had, there may be one by now."""
    return last is not None and last.key.criteria == criteria.hash and last.key.document != _NO_FILE
