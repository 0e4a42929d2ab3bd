"""What screens show: read-only shapes, put together by services for one signed-in person."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from core.domain.actor import Role
from core.domain.approval import OutboxState
from core.domain.assessment import Assessment, Contribution, Score, Standing, Verdict
from core.domain.budget import Lane
from core.domain.criteria import Criteria, Criterion, CriterionConcern
from core.domain.document import Flag, ParseHealth, ResumeFacts, Span
from core.domain.filters import SavedView
from core.domain.identity import IdentityKind
from core.domain.ids import (
    ApplicationId,
    ContentHash,
    PersonId,
    ProposalId,
    RequisitionId,
    UserId,
)
from core.domain.judgement import Blinding, Hidden, Override, OwnView
from core.domain.model_costs import AskedModel
from core.domain.model_log import RunBody, RunLine, RunTotals
from core.domain.policy import Stop, TenantPolicy
from core.domain.posting import PostingChange
from core.domain.proposal import Proposal
from core.domain.records import Candidate, Requisition
from core.domain.rows import PipelineRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The signed-in person, as the menu needs them."""

    user_id: UserId
    display_name: str
    roles: frozenset[Role]
    must_change_password: bool = False
    has_password: bool = True


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
    """One job and what it needs today.

    ``unseen`` are scored applications whose evidence nobody has opened, ``expiring`` proposals
    that end within two days. ``problem`` is a sentence when iCIMS could not be reached, ``stopped``
    one when an administrator switched scoring or writing off. Who may not decide (``may_decide``)
    has no proposals waiting.
    """

    requisition: Requisition
    fetched_at: datetime | None
    applications: int
    new: int
    assessed: int
    proposals_open: int
    criteria_frozen: bool
    progress: Progress | None = None
    unseen: int = 0
    expiring: int = 0
    problem: str = ""
    stopped: str = ""
    may_decide: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often own views and suggestions went the same way, among ``both`` known."""

    same: int
    both: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Work put off because the day's iCIMS requests are used up; the first goes on at ``until``."""

    count: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineView:
    """A requisition with its ranked applications.

    ``problem`` is a sentence when iCIMS could not be reached and the cache is shown instead;
    ``reading_names`` says that people's names are on their way. ``stopped`` is a sentence when an
    administrator switched scoring or writing off here. ``waits`` counts applications that are not
    scored yet for lack of iCIMS requests. ``posting_change`` is how the posting differs from what
    the frozen criteria were held against.
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
    may_approve: bool = False
    stopped: str = ""
    blinding: Blinding = field(default_factory=Blinding)
    agreement: Agreement | None = None
    saved: tuple[SavedView, ...] = ()
    waits: Waiting | None = None
    posting_change: PostingChange | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Where a full-text query was found in a resume: a passage and the spans in it that match."""

    passage: str
    hits: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """An application that waits for a person's eyes, with its job."""

    row: PipelineRow
    requisition_id: RequisitionId
    job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """A span of the document to light up, and for which criterion."""

    criterion_id: str
    label: str
    standing: Standing
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """The resume on the screen: its own text, the text the model saw, and what to light up.

    ``pages`` is the number of original pages that can be shown as pictures, 0 for none.
    """

    name: str
    media_type: str
    text: str
    model_text: str
    health: ParseHealth
    flags: tuple[Flag, ...]
    facts: ResumeFacts
    highlights: tuple[Highlight, ...]
    pages: int = 0


@dataclass(frozen=True, slots=True)
class PageMark:
    """A box on a page's picture, in shares of its width and height, and whose evidence it is."""

    criterion_id: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """One original page as a picture; ``missing`` are criteria whose quote was not located on it.

    ``first_of`` maps criteria to the page on which their first quote stands.
    """

    number: int
    count: int
    png: bytes
    marks: tuple[PageMark, ...]
    first_of: tuple[tuple[str, int], ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One row of an exact diff, in the recruiter's words.

    ``exact_old`` and ``exact_new`` are what iCIMS holds and gets character for character, where
    ``old`` and ``new`` are only how that reads; empty where those are exact themselves.
    """

    what: str
    old: str
    new: str
    exact_old: str = ""
    exact_new: str = ""


@dataclass(frozen=True, slots=True)
class WriteLine:
    """What became of one approved iCIMS request; ``reference`` is what iCIMS knows it by."""

    state: OutboxState
    due_at: datetime
    detail: str
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """Who took an approval back before it was sent; ``replaced`` where by giving a newer score."""

    by: str
    at: datetime
    replaced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalView:
    """A proposal as shown for a decision; ``hash`` goes back with the click.

    ``blocked`` says why it cannot be approved now, empty when it can. ``candidate`` and ``job``
    name whom it is about. ``opened`` says whether this person had its evidence on the screen.
    ``hidden`` proposals show no changes. ``change_asked`` is what somebody wants different before
    it is proposed again. ``reversible`` says that its writes are in iCIMS and can be proposed back.
    ``can_undo`` holds while nothing was sent, also after ``undo_until`` where a stop keeps it
    waiting. ``own`` says that this person approved it. ``repeatable`` says that it came to nothing
    and can be proposed again from the same score. ``makes_way`` names who had approved the older
    score that was taken back for this one.
    """

    proposal: Proposal
    hash: ContentHash
    changes: tuple[ChangeLine, ...]
    made_by: str
    blocked: str
    candidate: str = ""
    job: str = ""
    undo_until: datetime | None = None
    can_undo: bool = False
    approved_by: str = ""
    own: bool = False
    refused_reason: str = ""
    writes: tuple[WriteLine, ...] = ()
    opened: bool = False
    hidden: Hidden | None = None
    change_asked: str = ""
    asked_by: str = ""
    reversible: bool = False
    taken_back: TakenBack | None = None
    repeatable: bool = False
    makes_way: str = ""
    score: Score | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayLine:
    """A waiting proposal, as far as a line shows it; ``what`` is empty while it is hidden."""

    id: ProposalId
    application_id: ApplicationId
    candidate: str
    job: str
    what: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    opened: bool
    blocked: str
    hidden: Hidden | None


class BatchOutcome(StrEnum):
    """What became of one proposal of a batch."""

    APPROVED = "approved"
    REFUSED = "refused"
    UNDONE = "undone"
    NOT_DONE = "not_done"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """One person's row of a batch; ``why`` says what stood in the way of NOT_DONE."""

    proposal_id: ProposalId
    application_id: ApplicationId
    candidate: str
    outcome: BatchOutcome
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCheck:
    """Whether a batch may be decided: all its evidence was opened, or the sample was.

    ``to_open`` are the sample's applications this person has still to open, empty when free.
    """

    opened: int
    total: int
    sample: tuple[ApplicationId, ...]
    to_open: tuple[ApplicationId, ...]


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One audit event in words; ``seq`` is its row in the chain, ``hash`` its fingerprint.

    ``action`` is the event's name as recorded, e.g. ``proposal.approved``; ``references`` are
    ids and fingerprints that only matter to who looks something up.
    """

    seq: int
    at: datetime
    who: str
    what: str
    detail: str
    hash: str
    action: str = ""
    references: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLine:
    """One fact as the iCIMS profile and as the resume give it; ``differs`` when both do, unlike."""

    what: str
    profile: str
    resume: str
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideLine:
    """A person's verdict beside the assessor's; ``in_force`` until withdrawn or replaced."""

    override: Override
    criterion: str
    who: str
    before: Standing
    in_force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnViewLine:
    """What somebody thought of an application."""

    view: OwnView
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierScore:
    """An assessment that a newer one replaced, and why they differ: documents, criteria, method."""

    score: Score | None
    made_at: datetime | None
    criteria_version: int
    why_new: tuple[str, ...]
    changed: tuple[tuple[str, Standing, Standing], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationView:
    """Everything about one application on one screen.

    ``assessment`` and ``sum`` hold people's verdicts in force; ``own_assessment`` and ``own_sum``
    are the assessor's, the same where nobody overrode any. Both are None and empty while ``row``
    is hidden. ``previous``/``next`` are the neighbours in the pipeline as filtered, ``place`` of
    ``places`` (from 1).
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
    own_assessment: Assessment | None = None
    own_sum: tuple[Contribution, ...] = ()
    overrides: tuple[OverrideLine, ...] = ()
    views: tuple[OwnViewLine, ...] = ()
    facts: tuple[FactLine, ...] = ()
    earlier: tuple[EarlierScore, ...] = ()
    place: int = 0
    places: int = 0
    may_decide: bool = False
    rescoring: bool = False
    stopped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedLine:
    """One criterion across the people compared; None where a person has no verdict."""

    criterion: Criterion
    verdicts: tuple[Verdict | None, ...]
    disagree: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """Two to four people of one requisition side by side, disagreements first."""

    requisition: Requisition
    rows: tuple[PipelineRow, ...]
    lines: tuple[ComparedLine, ...]
    bullets: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaView:
    """The criteria editor: the working draft or the frozen version, with concerns.

    Who may only read them is shown what is in use, else the draft, and no concerns.
    ``posting_change`` is how the posting differs from what the frozen version was held against.
    """

    requisition: Requisition
    criteria: Criteria
    frozen: Criteria | None
    concerns: tuple[CriterionConcern, ...]
    may_edit: bool = False
    posting_change: PostingChange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """A page of the log, newest first, with what each event is about; ``total`` events in all."""

    lines: tuple[TrailLine, ...]
    subjects: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Doer:
    """Somebody or something with events in the log; ``id`` is how the log names them."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Outcome of walking the chain; ``problem`` names the row, empty when all is well."""

    checked: int
    head: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A request to a language model; ``job`` is a title, ``cost`` None where no price is known."""

    line: RunLine
    job: str
    cost: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """A page of requests to language models, newest first, with the sums over all asked for.

    ``connected`` is the model that is asked first now.
    """

    rows: tuple[RunRow, ...]
    totals: RunTotals
    cost: Decimal | None
    currency: str
    connected: AskedModel | None


@dataclass(frozen=True, slots=True)
class RunMessage:
    """One message of a request: who speaks, by the protocol's name, and what."""

    role: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A request with its texts, ``body`` None once they are gone.

    ``messages`` are empty where the request has another shape than a chat; ``reply`` is laid out
    for reading. ``replaced`` counts the placeholders that stand for identities, by class.
    """

    row: RunRow
    currency: str
    body: RunBody | None = None
    messages: tuple[RunMessage, ...] = ()
    reply: str = ""
    replaced: tuple[tuple[IdentityKind, int], ...] = ()


class FieldState(StrEnum):
    """Whether a mapped iCIMS field can be used."""

    READY = "ready"
    MISSING = "missing"
    HIDDEN = "hidden"
    WRONG_KIND = "wrong_kind"
    NOT_MAPPED = "not_mapped"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLine:
    """A field the copilot wants: what for, how it is found in iCIMS, and what to ask iCIMS for."""

    name: str
    purpose: str
    icims_id: str
    state: FieldState
    to_ask: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneView:
    """What a lane may do: ``open`` requests now, None before iCIMS has said anything.

    ``kept`` requests are kept for it against the lanes below it; they shrink with the day.
    """

    lane: Lane
    open: int | None
    kept: int
    waiting: Waiting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetView:
    """The day's iCIMS requests: used, left, shared out, and what waits for more.

    ``paused_until`` is set while iCIMS wants to be left alone; ``short`` says that the newest
    applications go first. The most urgent lane comes first.
    """

    limit: int | None
    used: int | None
    remaining: int | None
    resets_at: datetime | None
    paused_until: datetime | None
    short: bool
    lanes: tuple[LaneView, ...]

    @property
    def waiting(self) -> Waiting | None:
        """Sum up what waits."""
        waits = [each.waiting for each in self.lanes if each.waiting]
        if not waits:
            return None
        return Waiting(sum(each.count for each in waits), min(each.until for each in waits))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionView:
    """The iCIMS connection for an administrator: what to fix, and the day's budget.

    ``reserve`` requests are kept for people now; ``waiting`` work is put off for lack of requests.
    """

    api_base: str
    customer_id: str
    problems: tuple[str, ...]
    checked_at: datetime
    quota_limit: int | None
    quota_remaining: int | None
    quota_resets_at: datetime | None
    calls_today: int
    fields: tuple[FieldLine, ...] = ()
    reserve: int = 0
    waiting: Waiting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserLine:
    """A user as an administrator sees them; ``jobs`` counts the open requisitions they may see."""

    user_id: UserId
    username: str
    display_name: str
    email: str
    roles: frozenset[Role]
    icims_person_id: PersonId | None
    disabled: bool
    must_change_password: bool
    single_sign_on: bool
    sessions: int
    last_seen_at: datetime | None
    jobs: int
    braked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StopLine:
    """A stop in words: who set it, and which requisition it names."""

    stop: Stop
    who: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlsView:
    """Thresholds and stops for an administrator; candidates appear nowhere in it.

    ``places`` and ``jobs`` are what a stop can name: jurisdictions, and (id, title) of open jobs.
    """

    policy: TenantPolicy
    stops: tuple[StopLine, ...]
    lifted: tuple[StopLine, ...]
    places: tuple[str, ...]
    jobs: tuple[tuple[RequisitionId, str], ...]
