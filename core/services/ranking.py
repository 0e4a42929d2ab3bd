"""Rows of a ranked pipeline, put together from cache without opening any document."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.approval import OutboxState
from core.domain.assessment import Assessment, Standing
from core.domain.criteria import Criteria, Importance
from core.domain.ids import ApplicationId
from core.domain.records import Application, Candidate
from core.domain.routing import Suggestion, Thresholds, is_close_call, suggest
from core.domain.views import PipelineRow, WorkState
from core.ports import Ats, CachedApplication, ProposalStanding, ProposalState, UnitOfWork

_IN_TROUBLE = {OutboxState.STALE, OutboxState.FAILED}


@dataclass(frozen=True, slots=True)
class Ranking:
    """Builds rows; ``thresholds`` decide only what is suggested, never what is shown."""

    ats: Ats
    thresholds: Thresholds

    def rows(
        self,
        uow: UnitOfWork,
        applications: Sequence[CachedApplication],
        criteria: Mapping[int, Criteria],
        now: datetime,
    ) -> tuple[PipelineRow, ...]:
        """Make rows for applications of one requisition, best score first.

        Applications without a score stand among the others by how long they have waited, at the
        middle of the list: unknown is neither good nor bad.
        """
        if not applications:
            return ()
        requisition = applications[0].application.requisition_id
        assessments = uow.assessments.latest_of(requisition)
        standings = uow.overview.standings(requisition)
        rows = [
            self.row(
                cached,
                assessments.get(cached.application.id),
                standings.get(cached.application.id),
                criteria,
                now,
            )
            for cached in applications
        ]
        return tuple(sorted(rows, key=_rank))

    def row(
        self,
        cached: CachedApplication,
        assessment: Assessment | None,
        standing: ProposalStanding | None,
        criteria: Mapping[int, Criteria],
        now: datetime,
    ) -> PipelineRow:
        """Make one application's row."""
        application = cached.application
        required = _required(assessment, criteria)
        since = application.created_at or application.updated_at
        return PipelineRow(
            application_id=application.id,
            person_id=application.person_id,
            name=_name(cached.candidate, application),
            stage=application.stage.label,
            applied_at=since,
            days_waiting=(now - since).days if since else None,
            state=_state(assessment, standing),
            score=assessment.score if assessment else None,
            confidence=assessment.confidence if assessment else None,
            parse_health=assessment.parse_health if assessment else None,
            standings=_standings(assessment),
            required_met=sum(s is Standing.MET for s in required),
            required_total=len(required),
            suggestion=self._suggestion(assessment),
            close_call=assessment is not None and is_close_call(assessment, self.thresholds),
            ungraded=assessment.ungraded if assessment else "",
            flags=tuple(flag.value for flag in assessment.flags) if assessment else (),
            proposal_id=standing.proposal_id if standing else None,
            icims_url=self.ats.link_to(application),
        )

    def _suggestion(self, assessment: Assessment | None) -> Suggestion | None:
        return suggest(assessment, self.thresholds) if assessment else None


def neighbours(
    rows: Sequence[PipelineRow], id: ApplicationId
) -> tuple[ApplicationId | None, ApplicationId | None]:
    """Find the applications ranked just before and just after ``id``."""
    order = [row.application_id for row in rows]
    place = order.index(id)
    before = order[place - 1] if place else None
    after = order[place + 1] if place + 1 < len(order) else None
    return before, after


def _rank(row: PipelineRow) -> tuple[float, int, str]:
    value = row.score.value if row.score else 50.0
    return -value, -(row.days_waiting or 0), row.application_id


def _name(candidate: Candidate | None, application: Application) -> str:
    return (candidate.name if candidate else "") or f"Application {application.id}"


def _standings(assessment: Assessment | None) -> dict[Standing, int]:
    verdicts = assessment.verdicts if assessment else ()
    return dict(Counter(verdict.standing for verdict in verdicts))


def _required(
    assessment: Assessment | None, criteria: Mapping[int, Criteria]
) -> tuple[Standing, ...]:
    version = criteria.get(assessment.criteria_version) if assessment else None
    if assessment is None or version is None:
        return ()
    must = {c.id for c in version.criteria if c.importance is Importance.REQUIRED}
    return tuple(v.standing for v in assessment.verdicts if v.criterion_id in must)


def _state(assessment: Assessment | None, standing: ProposalStanding | None) -> WorkState:
    match standing and standing.state:
        case ProposalState.APPROVED if standing:
            return _written(standing.writes)
        case ProposalState.REFUSED:
            return WorkState.REFUSED
        case ProposalState.OPEN:
            return WorkState.PROPOSED
    if assessment is None:
        return WorkState.NEW
    return WorkState.ASSESSED if assessment.score else WorkState.UNGRADED


def _written(writes: Sequence[OutboxState]) -> WorkState:
    if _IN_TROUBLE & set(writes):
        return WorkState.NEEDS_ATTENTION
    if all(state is OutboxState.CANCELLED for state in writes):
        return WorkState.ASSESSED
    done = all(state is OutboxState.DONE for state in writes)
    return WorkState.WRITTEN if done else WorkState.APPROVED
