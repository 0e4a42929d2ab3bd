"""Score applications and propose what to write; started by a person, carried out by the worker."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.access import Command
from core.domain.actor import Actor, model_actor
from core.domain.assessment import Assessment, FreezeKey
from core.domain.audit import about, fact_by
from core.domain.criteria import Criteria
from core.domain.ids import ApplicationId, DocumentHash, ProposalId, RequisitionId
from core.domain.jobs import Priority
from core.domain.records import Application
from core.domain.routing import Thresholds
from core.errors import (
    ApprovalRefused,
    CriteriaRefused,
    DocumentRefused,
    LeakDetected,
    NotFound,
    ReadingStopped,
    StoreUnavailable,
)
from core.flow.propose import Terms, propose
from core.ports import Clock, IdSource, Trigger, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit_to_requisition
from core.services.grading import NOT_PSEUDONYMISED, Grader
from core.services.intake import Intake, application_month
from core.services.proposals import has_lapsed
from core.services.sync import screen_request

_NO_FILE = DocumentHash(hashlib.sha256(b"").hexdigest())
"""Stands for "no document" in the freeze key of an application without a resume."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningPolicy:
    """The tenant's choices; ``fields`` are the logical names in its field map."""

    thresholds: Thresholds
    valid_for: timedelta
    fields: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """Start scoring, and score one application."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: IdSource
    intake: Intake
    grader: Grader
    policy: ScreeningPolicy

    def start(self, actor: Actor, id: RequisitionId) -> int:
        """Queue every application of a requisition not yet scored under its criteria.

        And those whose proposal has lapsed: a fresh one is made of the same score. Return how
        many. Raises ``CriteriaRefused`` until criteria are frozen.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit_to_requisition(uow, actor, Command.SCREEN, now, id)
            return self.enqueue(uow, actor, id, Priority.CLICK)

    def enqueue(self, uow: UnitOfWork, actor: Actor, id: RequisitionId, priority: Priority) -> int:
        """Queue, record and commit; the actor has been admitted by the caller."""
        now = self.clock.now()
        criteria = uow.criteria.frozen(id)
        if criteria is None:
            raise CriteriaRefused("Freeze the criteria first; then every score rests on them.")
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

    def screen(self, id: ApplicationId, trigger: Trigger) -> Assessment | None:
        """Bring in, assess and propose for one application; safe to repeat.

        None when its requisition has no frozen criteria, or others by the time of the result. A
        document that cannot be read gives an ungraded assessment that says why, never an error
        and never a low score.
        """
        with self.unit_of_work() as uow:
            cached = uow.applications.get(id)
            if cached is None:
                raise NotFound(f"application {id} is not cached")
            criteria = uow.criteria.frozen(cached.application.requisition_id)
        if criteria is None:
            return None
        assessment = self._assess(id, criteria, trigger)
        try:
            return self._keep(cached.application, criteria, assessment)
        except ApprovalRefused as error:
            # A person answered the older proposal in this very moment: nothing is kept, try again.
            raise StoreUnavailable(str(error)) from error

    def _assess(self, id: ApplicationId, criteria: Criteria, trigger: Trigger) -> Assessment:
        document = _NO_FILE
        try:
            application, document = self.intake.file(id, trigger)
            known = self._known(id, document, criteria)
            if known is not None:
                return known
            reading = self.intake.read(application, document)
            month = application_month(application)
            return self.grader.grade(id, reading.parsed, reading.text, criteria, month)
        except ReadingStopped:
            # Never frozen as ungraded: on a quieter machine the same file may be read.
            raise
        except (DocumentRefused, NotFound) as problem:
            return self.grader.ungraded(id, document, criteria, str(problem))
        except LeakDetected:
            return self.grader.ungraded(id, document, criteria, NOT_PSEUDONYMISED)

    def _known(
        self, id: ApplicationId, document: DocumentHash, criteria: Criteria
    ) -> Assessment | None:
        """Find the frozen assessment: same document, criteria and assessor, same result."""
        keys = [FreezeKey(document, criteria.hash, a.version).id for a in self.grader.assessors()]
        with self.unit_of_work() as uow:
            found = (uow.assessments.get(id, key) for key in keys)
            return next((assessment for assessment in found if assessment), None)

    def _keep(
        self, application: Application, criteria: Criteria, assessment: Assessment
    ) -> Assessment | None:
        """Commit the assessment, its proposal and both facts together.

        None, and nothing kept, when other criteria were frozen meanwhile: the newest must win.
        """
        now = self.clock.now()
        maker = model_actor(assessment.key.assessor, criteria.tenant)
        action = "application.assessed" if assessment.score else "application.ungraded"
        with self.unit_of_work() as uow:
            if uow.criteria.frozen(application.requisition_id) != criteria:
                return None
            if uow.assessments.put(assessment):
                uow.audit.append(
                    fact_by(
                        maker, now, action, about(application.id),
                        assessment=assessment.key.id, document=assessment.key.document,
                        criteria_version=criteria.version, criteria=assessment.key.criteria,
                        score=assessment.score.value if assessment.score else None,
                        band=assessment.score.band if assessment.score else None,
                    )
                )  # fmt: skip
            self._propose(uow, maker, criteria, assessment, application.id)
            uow.commit()
        return assessment

    def _propose(
        self,
        uow: UnitOfWork,
        maker: Actor,
        criteria: Criteria,
        assessment: Assessment,
        id: ApplicationId,
    ) -> None:
        """Make the proposal unless this assessment's still stands; it replaces open older ones."""
        now = self.clock.now()
        record = uow.applications.get(id)
        last = next(reversed(uow.proposals.of(id)), None)
        standing = uow.overview.standing(id)
        if record is None:
            return
        same = last and last.assessment_id == assessment.key.id
        if same and standing and not has_lapsed(last, standing, record.application, now):
            return
        terms = Terms(
            id=ProposalId(self.ids.new()),
            made_by=maker,
            now=now,
            valid_for=self.policy.valid_for,
            available=self.policy.fields,
            thresholds=self.policy.thresholds,
        )
        proposal = propose(assessment, criteria, record.application, terms)
        if proposal is None:
            return
        for old in uow.proposals.open_of(id):
            uow.proposals.supersede(old.id, now)
            uow.audit.append(fact_by(maker, now, "proposal.superseded", about(id), proposal=old.id))
        uow.proposals.put(proposal)
        uow.audit.append(
            fact_by(
                maker, now, "proposal.made", about(id),
                proposal=proposal.id, content=proposal.hash, assessment=assessment.key.id,
                suggestion=proposal.suggestion, expires_at=proposal.expires_at.isoformat(),
            )
        )  # fmt: skip


def _due(uow: UnitOfWork, criteria: Criteria, now: datetime) -> Iterator[Application]:
    """List the applications of a requisition that scoring can do something for."""
    id = criteria.requisition_id
    scored, standings = uow.assessments.latest_of(id), uow.overview.standings(id)
    open_ = {proposal.id: proposal for proposal in uow.proposals.open_by_requisition(id)}
    for cached in uow.applications.of(id):
        application = cached.application
        last, standing = scored.get(application.id), standings.get(application.id)
        proposal = open_.get(standing.proposal_id) if standing else None
        if not _is_settled(last, criteria) or (
            standing and has_lapsed(proposal, standing, application, now)
        ):
            yield application


def _is_settled(last: Assessment | None, criteria: Criteria) -> bool:
    """Say whether a score holds; where no document could be had, there may be one by now."""
    return last is not None and last.key.criteria == criteria.hash and last.key.document != _NO_FILE
