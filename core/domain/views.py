"""What screens show: read-only shapes, put together by services for one signed-in person."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.actor import Role
from core.domain.approval import OutboxState
from core.domain.assessment import Assessment, Contribution, Score, Standing
from core.domain.criteria import Criteria, CriterionConcern
from core.domain.document import Flag, ParseHealth, ResumeFacts, Span
from core.domain.ids import (
    ApplicationId,
    ContentHash,
    PersonId,
    ProposalId,
    UserId,
)
from core.domain.proposal import Proposal
from core.domain.records import Candidate, Requisition
from core.domain.routing import Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The signed-in person, as the menu needs them."""

    user_id: UserId
    display_name: str
    roles: frozenset[Role]
    must_change_password: bool = False


class WorkState(StrEnum):
    """How far the copilot is with an application."""

    NEW = "new"
    QUEUED = "queued"
    ASSESSED = "assessed"
    UNGRADED = "ungraded"
    PROPOSED = "proposed"
    APPROVED = "approved"
    WRITTEN = "written"
    REFUSED = "refused"
    NEEDS_ATTENTION = "needs_attention"


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of background work; ``left_seconds`` is None until a rate is known."""

    done: int
    total: int
    failed: int = 0
    left_seconds: float | None = None

    @property
    def running(self) -> bool:
        """Say whether work is still to be done."""
        return self.done + self.failed < self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class RequisitionCard:
    """One line of the requisitions screen."""

    requisition: Requisition
    fetched_at: datetime | None
    applications: int
    new: int
    assessed: int
    proposals_open: int
    criteria_frozen: bool
    progress: Progress | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineRow:
    """One application in a ranked pipeline; nothing is left out, whatever its score."""

    application_id: ApplicationId
    person_id: PersonId
    name: str
    stage: str
    applied_at: datetime | None
    days_waiting: int | None
    state: WorkState
    score: Score | None
    confidence: float | None
    parse_health: float | None
    standings: dict[Standing, int]
    required_met: int
    required_total: int
    suggestion: Suggestion | None
    close_call: bool
    ungraded: str
    flags: tuple[str, ...]
    proposal_id: ProposalId | None
    icims_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineView:
    """A requisition with its ranked applications.

    ``problem`` is a sentence when iCIMS could not be reached and the cache is shown instead;
    ``reading_names`` says that people's names are on their way.
    """

    requisition: Requisition
    fetched_at: datetime | None
    criteria: Criteria | None
    rows: tuple[PipelineRow, ...]
    progress: Progress | None
    may_screen: bool
    may_edit_criteria: bool
    problem: str = ""
    reading_names: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """A span of the document to light up, and for which criterion."""

    criterion_id: str
    label: str
    standing: Standing
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """The resume on the screen: its own text, the text the model saw, and what to light up."""

    name: str
    media_type: str
    text: str
    model_text: str
    health: ParseHealth
    flags: tuple[Flag, ...]
    facts: ResumeFacts
    highlights: tuple[Highlight, ...]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One row of an exact diff, in the recruiter's words."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class WriteLine:
    """What became of one approved iCIMS request."""

    state: OutboxState
    due_at: datetime
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalView:
    """A proposal as shown for a decision; ``hash`` goes back with the click.

    ``blocked`` says why it cannot be approved now, empty when it can. ``candidate`` and ``job``
    name whom it is about.
    """

    proposal: Proposal
    hash: ContentHash
    changes: tuple[ChangeLine, ...]
    made_by: str
    blocked: str
    candidate: str = ""
    job: str = ""
    undo_until: datetime | None = None
    approved_by: str = ""
    refused_reason: str = ""
    writes: tuple[WriteLine, ...] = ()


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One audit event in words; ``seq`` is its row in the chain, ``hash`` its fingerprint."""

    seq: int
    at: datetime
    who: str
    what: str
    detail: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationView:
    """Everything about one application on one screen.

    ``previous``/``next`` are the neighbours in the ranked pipeline.
    """

    requisition: Requisition
    row: PipelineRow
    candidate: Candidate | None
    fetched_at: datetime
    assessment: Assessment | None
    sum: tuple[Contribution, ...]
    document: DocumentView | None
    document_problem: str
    proposals: tuple[ProposalView, ...]
    trail: tuple[TrailLine, ...]
    previous: ApplicationId | None
    next: ApplicationId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaView:
    """The criteria editor: the working draft or the frozen version, with concerns."""

    requisition: Requisition
    criteria: Criteria
    frozen: Criteria | None
    concerns: tuple[CriterionConcern, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """A page of the log, newest first; ``total`` events in all."""

    lines: tuple[TrailLine, ...]
    subjects: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Verification:
    """Outcome of walking the chain; ``problem`` names the row, empty when all is well."""

    checked: int
    head: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionView:
    """The iCIMS connection for an administrator: what to fix, and the day's budget."""

    api_base: str
    customer_id: str
    problems: tuple[str, ...]
    checked_at: datetime
    quota_limit: int | None
    quota_remaining: int | None
    quota_resets_at: datetime | None
    calls_today: int
