"""What the middle needs from outside, as protocols; adapters implement them, bootstrap wires them.

Grouped: the ATS, models and documents, time and secrets, then the store's repositories and the
unit of work that commits them together.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.domain.actor import Role, Session
from core.domain.approval import (
    Approval,
    AtsWrite,
    ChangeRequest,
    OutboxEntry,
    OutboxState,
    Receipt,
    Refusal,
)
from core.domain.assessment import Assessment, AssessmentRequest, Verdict
from core.domain.audit import AuditEvent, Fact
from core.domain.budget import Lane, Plan, QuotaReading, Reserves
from core.domain.criteria import Criteria
from core.domain.document import ExtractedDocument, PagePicture, ParsedResume, Span
from core.domain.evaluation import Evaluation
from core.domain.events import AtsEvent, EventKind, ReceivedEvent, StageChange, Sweep
from core.domain.filters import SavedView
from core.domain.identity import KnownIdentity, PseudonymisedText
from core.domain.ids import (
    ApplicationId,
    AssessmentId,
    ContentHash,
    DocumentHash,
    EvaluationId,
    EventId,
    JobId,
    ModelRunId,
    OutboxId,
    PersonId,
    ProposalId,
    RequisitionId,
    SavedViewId,
    SessionId,
    TenantId,
    TrialId,
    UserId,
)
from core.domain.jobs import DeadJob, Depth, Job, JobRequest, never
from core.domain.judgement import Blinding, Look, Override, OwnView
from core.domain.model_costs import PastUse
from core.domain.model_log import ModelRun, RunBody, RunFilter, RunLine, RunTotals
from core.domain.model_runs import Completion, PromptRef
from core.domain.operations import WriteTroubles
from core.domain.policy import Stop, TenantPolicy
from core.domain.posting import Fit
from core.domain.prompts import Label, LabelMove, Promotion, PromptVersion
from core.domain.proposal import Proposal
from core.domain.records import Application, Candidate, FileRef, Requisition
from core.domain.trials import Trial
from core.domain.views import FieldLine
from core.errors import WorkStopped

# --- The applicant tracking system ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trigger:
    """Why an ATS call is made: logged with every call, and decides its share of the quota.

    ``person_waiting`` calls may use the reserve kept for people who click. ``stopping`` says
    whether the work the call is for is to end. ``background`` is the lane of a call for which no
    person waits.
    """

    reason: str
    actor: str
    person_waiting: bool = False
    background: Lane = Lane.BACKLOG
    stopping: Callable[[], bool] = field(default=never, compare=False, repr=False)

    @property
    def lane(self) -> Lane:
        """Say on whose account the call goes."""
        return Lane.PEOPLE if self.person_waiting else self.background

    def check(self) -> None:
        """Raise ``WorkStopped`` when the work is to end; for between two records."""
        if self.stopping():
            raise WorkStopped


@dataclass(frozen=True, slots=True)
class QuotaState:
    """The day's request budget as the ATS last told any process, and what is kept for whom."""

    reading: QuotaReading
    reserves: Reserves

    def plan(self, now: datetime) -> Plan:
        """Share out what is left of the day."""
        return Plan(self.reading.at(now), self.reserves, now)


@dataclass(frozen=True, slots=True)
class AtsCheck:
    """What a check found: what to fix apart from single fields, and every field with its state."""

    problems: tuple[str, ...] = ()
    fields: tuple[FieldLine, ...] = ()

    @property
    def sound(self) -> bool:
        """Say whether there is nothing to fix."""
        return not self.problems and not any(field.to_ask for field in self.fields)


class Ats(Protocol):
    """One tenant's applicant tracking system.

    Every method may raise ``AtsDenied``, ``AtsUnavailable``, ``QuotaExhausted``; reads of a
    record that is missing or hidden raise ``NotFound``.
    """

    def check(self, trigger: Trigger) -> AtsCheck:
        """Check connection and field map once, without trying again: what must be fixed."""
        ...

    def quota(self) -> QuotaState:
        """Say how much of the day's budget is left."""
        ...

    def requisition_ids(self, trigger: Trigger, since: datetime | None) -> Sequence[RequisitionId]:
        """List all open jobs, or those updated at or after ``since`` (aware UTC), past every cache.

        iCIMS cuts ``since`` to its minute, here and below.
        """
        ...

    def requisition(self, trigger: Trigger, id: RequisitionId) -> Requisition:
        """Read one job."""
        ...

    def application_ids(
        self, trigger: Trigger, requisition: RequisitionId, since: datetime | None
    ) -> Sequence[ApplicationId]:
        """List all of a job's applications, or those updated at or after ``since``, past caches."""
        ...

    def changed_application_ids(self, trigger: Trigger, since: datetime) -> Sequence[ApplicationId]:
        """List the applications of all jobs updated at or after ``since``, past every cache."""
        ...

    def application_of(
        self, trigger: Trigger, person: PersonId, requisition: RequisitionId
    ) -> ApplicationId:
        """Look up a person's application to a job."""
        ...

    def person_ids(self, trigger: Trigger, since: datetime) -> Sequence[PersonId]:
        """List the tenant's people updated at or after ``since``, past every cache; any number."""
        ...

    def application(
        self, trigger: Trigger, id: ApplicationId, *, live: bool = False
    ) -> Application:
        """Read one application; record reads are never from the search cache.

        ``live`` also reads the assessment results that a write's read-back needs.
        """
        ...

    def candidate(self, trigger: Trigger, id: PersonId) -> Candidate:
        """Read one person, following merged records to the one that is kept."""
        ...

    def file(self, trigger: Trigger, ref: FileRef) -> bytes:
        """Download a file field's bytes; ``DocumentRefused`` above the size limit."""
        ...

    def apply(self, trigger: Trigger, write: AtsWrite) -> Receipt:
        """Send one approved write once.

        Raises ``WriteInDoubt`` when it may have been applied, ``AtsRejected`` when it was not
        and repeating is pointless, ``AtsUnavailable`` when it was surely not applied.
        The receipt's ``outbox_id`` and ``at`` are the caller's to fill.
        """
        ...

    def find(self, trigger: Trigger, write: AtsWrite) -> Receipt | None:
        """Read back, live: the receipt (``found``) when ``write`` is in the record, else None."""
        ...

    def link_to(self, record: Application | Candidate | Requisition) -> str:
        """URL of the record in the iCIMS user interface."""
        ...


class AtsCallLog(Protocol):
    """Where the ATS adapter reports every call, and learns what other processes were told."""

    def record(self, call: "AtsCall") -> None:
        """Store one call; must not raise."""
        ...

    def quota(self) -> QuotaReading | None:
        """Give the newest word of the budget in any process's calls; None when there is none."""
        ...


class Places(Protocol):
    """The requests to the ATS that may be under way at once, over all processes together.

    A place is free again when its process dies. Background work leaves one to people, and takes
    none while a person waits.
    """

    @property
    def limit(self) -> int: ...
    def take(self, *, person: bool, seconds: float) -> int | None:
        """Wait for a free place, at most ``seconds``; None when there was none."""
        ...

    def give_back(self, place: int) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AtsCall:
    """One request to the ATS: what for, which fields, how it went. No values.

    ``status`` 0 means no answer; ``latency_ms`` wall time of the request.
    """

    tenant: TenantId
    at: datetime
    method: str
    path: str
    fields: tuple[str, ...]
    trigger: Trigger
    status: int
    transaction: str
    latency_ms: float
    quota: QuotaReading | None = None


# --- Documents and models --------------------------------------------------------------------


class DocumentReader(Protocol):
    """Turns a file's bytes into text with offsets; isolated, so a hostile file cannot hurt."""

    def read(self, name: str, content: bytes) -> ExtractedDocument:
        """Extract; raises ``DocumentRefused`` in the recruiter's words."""
        ...


class PagePictures(Protocol):
    """Paints pages of an original file; as isolated as reading."""

    def picture(
        self, document: ExtractedDocument, content: bytes, number: int, passages: Sequence[Span]
    ) -> PagePicture:
        """Paint page ``number`` (from 1) of the file that ``document`` was read from.

        ``passages`` are spans of the document's text. Raises ``DocumentRefused`` for files
        without pages of their own (Word, text) and for pages that cannot be shown.
        """
        ...


class Embedder(Protocol):
    """Turns pseudonymised passages into unit vectors."""

    version: str

    def embed(self, passages: Sequence[str]) -> Sequence[Sequence[float]]:
        """Embed passages; shape (n, dimension), rows of length 1."""
        ...


class Assessor(Protocol):
    """Judges a text against criteria; ``version`` is part of every freeze key."""

    version: str

    def assess(self, request: AssessmentRequest) -> tuple[Verdict, ...]:
        """One verdict per criterion, in criteria order; raises ``ModelUnavailable``."""
        ...


class LanguageModel(Protocol):
    """A chat model that answers in a closed JSON schema."""

    version: str

    def complete(self, completion: Completion) -> str:
        """Return the raw JSON reply; raises ``ModelUnavailable`` or ``LeakDetected``."""
        ...


# --- Time and ids ------------------------------------------------------------------------------


class Clock(Protocol):
    """The only source of now."""

    def now(self) -> datetime:
        """The current time, aware, UTC."""
        ...


class IdSource(Protocol):
    """The only source of new ids."""

    def new(self) -> str:
        """A fresh, sortable, url-safe id."""
        ...


# --- The store -----------------------------------------------------------------------------------


class Requisitions(Protocol):
    """Cached jobs and the cursors of comparisons; ``fetched_at`` is when a reading began.

    ``put`` says False, and keeps what is there, when a reading that began later is there already.
    """

    def put(self, requisition: Requisition, fetched_at: datetime) -> bool: ...
    def get(self, id: RequisitionId) -> Requisition | None: ...
    def fetched_at(self, id: RequisitionId) -> datetime | None: ...
    def all(self) -> Sequence[Requisition]: ...
    def cursor(self, name: str) -> datetime | None: ...
    def set_cursor(self, name: str, at: datetime) -> None: ...
    def move_cursor(self, name: str, before: datetime | None, at: datetime) -> bool:
        """Set a cursor if it still stands at ``before``; False when somebody else was first."""
        ...


@dataclass(frozen=True, slots=True)
class CachedApplication:
    """An application with its person as last fetched; ``resume`` is the fetched file's hash.

    ``gone_at`` is when iCIMS no longer had it, or no longer let us read it.
    """

    application: Application
    fetched_at: datetime
    candidate: Candidate | None = None
    resume: DocumentHash | None = None
    gone_at: datetime | None = None


class Applications(Protocol):
    """Cached applications and people. Personal values are stored encrypted per candidate.

    ``people`` says when each cached person was fetched; a resume of None is to be fetched anew.
    ``fetched_at`` is when a reading began; what was read earlier never replaces what was read
    later: both ``put`` then say False.
    """

    def put(self, application: Application, fetched_at: datetime) -> bool: ...
    def put_candidate(self, candidate: Candidate, fetched_at: datetime) -> bool: ...
    def hold(self, id: ApplicationId) -> CachedApplication | None:
        """Get it, and let nobody else put it until this unit of work has ended."""
        ...

    def present(self, requisition: RequisitionId) -> frozenset[ApplicationId]:
        """List a requisition's applications but those that are gone; opens nothing."""
        ...

    def mark_gone(self, id: ApplicationId, at: datetime) -> None:
        """Remember that a reading begun then found it no more; the next ``put`` takes it back."""
        ...

    def candidate(self, id: PersonId) -> tuple[Candidate, datetime] | None: ...
    def people(self) -> Mapping[PersonId, datetime]: ...
    def of_person(self, id: PersonId) -> Sequence[Application]: ...
    def set_resume(self, id: ApplicationId, document: DocumentHash | None) -> None: ...
    def get(self, id: ApplicationId) -> CachedApplication | None: ...
    def of(self, requisition: RequisitionId) -> Sequence[CachedApplication]: ...
    def among(self, ids: Collection[ApplicationId]) -> Sequence[CachedApplication]: ...
    def count_by_requisition(self) -> dict[RequisitionId, int]: ...


class Documents(Protocol):
    """Cached files and what was read from them, encrypted with the candidate's key."""

    def put_file(
        self, person: PersonId, name: str, content: bytes, at: datetime
    ) -> DocumentHash: ...
    def file(self, person: PersonId, document: DocumentHash) -> tuple[str, bytes] | None: ...
    def put_parsed(self, person: PersonId, parsed: ParsedResume) -> None: ...
    def words(self, requisition: RequisitionId) -> Iterator[tuple[ApplicationId, str]]:
        """Yield what a human reader sees of every resume of a requisition: no concealed text."""
        ...

    def usual_size(self, requisition: RequisitionId) -> float | None:
        """Say how many bytes a resume of a requisition has that models may see; opens nothing.

        None while none was read.
        """
        ...

    def parsed(self, person: PersonId, document: DocumentHash) -> ParsedResume | None: ...
    def put_pseudonymised(
        self,
        person: PersonId,
        document: DocumentHash,
        text: PseudonymisedText,
        identities: Sequence[KnownIdentity],
    ) -> None: ...
    def pseudonymised(
        self, person: PersonId, document: DocumentHash
    ) -> tuple[PseudonymisedText, tuple[KnownIdentity, ...]] | None: ...


class CriteriaStore(Protocol):
    """All versions of a requisition's criteria; frozen ones can never be replaced.

    ``fit`` is what the frozen ones were last held against.
    """

    def put(self, criteria: Criteria) -> None: ...
    def put_fit(self, requisition: RequisitionId, fit: Fit) -> None: ...
    def fit(self, requisition: RequisitionId) -> Fit | None: ...
    def latest(self, requisition: RequisitionId) -> Criteria | None: ...
    def frozen(self, requisition: RequisitionId) -> Criteria | None: ...
    def version(self, requisition: RequisitionId, version: int) -> Criteria | None: ...


class Assessments(Protocol):
    """Assessments, kept for ever under their freeze key.

    ``put`` of a known key changes nothing and says False. ``of`` lists oldest first.
    """

    def put(self, assessment: Assessment) -> bool: ...
    def get(self, application: ApplicationId, id: AssessmentId) -> Assessment | None: ...
    def latest(self, application: ApplicationId) -> Assessment | None: ...
    def of(self, application: ApplicationId) -> Sequence[Assessment]: ...
    def latest_among(
        self, applications: Collection[ApplicationId]
    ) -> dict[ApplicationId, Assessment]: ...
    def latest_of(self, requisition: RequisitionId) -> dict[ApplicationId, Assessment]: ...


class Baselines(Protocol):
    """Scores of past applicants of similar requisitions under today's criteria; no names."""

    def put(self, criteria: ContentHash, application: ApplicationId, score: int | None) -> None: ...
    def scores(self, criteria: ContentHash) -> Sequence[int]: ...


class Judgements(Protocol):
    """What people thought and looked at; overrides and views oldest first, nothing is replaced.

    ``put_look`` says False when this person had this assessment on the screen before.
    """

    def put_override(self, override: Override) -> None: ...
    def overrides(self, application: ApplicationId) -> Sequence[Override]: ...
    def overrides_among(
        self, applications: Collection[ApplicationId]
    ) -> dict[ApplicationId, Sequence[Override]]: ...
    def put_view(self, view: OwnView) -> None: ...
    def views(self, application: ApplicationId) -> Sequence[OwnView]: ...
    def views_by(
        self, person: UserId, requisition: RequisitionId
    ) -> Mapping[ApplicationId, OwnView]:
        """Map applications to the newest view of ``person``."""
        ...

    def put_look(self, look: Look) -> bool: ...
    def lookers(self, requisition: RequisitionId) -> Mapping[ApplicationId, frozenset[UserId]]: ...
    def looked(
        self, person: UserId, applications: Collection[ApplicationId]
    ) -> frozenset[tuple[ApplicationId, AssessmentId]]:
        """Which assessments of ``applications`` that person had on the screen."""
        ...


class Policies(Protocol):
    """A tenant's choices. ``policy`` is None until somebody set one; stops newest first."""

    def policy(self) -> TenantPolicy | None: ...
    def put_policy(self, policy: TenantPolicy) -> None: ...
    def blinding(self, requisition: RequisitionId) -> Blinding | None: ...
    def put_blinding(self, requisition: RequisitionId, blinding: Blinding) -> None: ...
    def stops(self) -> Sequence[Stop]: ...
    def put_stop(self, stop: Stop) -> None: ...


class Prompts(Protocol):
    """Versions of instructions to models, which never change, and what was decided of them.

    Lists are oldest first. The version that comes with the product is not among them.
    """

    def add(self, name: str, text: str, author: UserId, note: str, at: datetime) -> PromptVersion:
        """Keep a text under the next number of ``name``, from 2 on."""
        ...

    def version(self, name: str, version: str) -> PromptVersion | None: ...
    def versions(self, name: str) -> Sequence[PromptVersion]: ...
    def put_move(self, move: LabelMove) -> None: ...
    def moves(self, name: str) -> Sequence[LabelMove]: ...
    def labelled(self, name: str, label: Label) -> str | None:
        """Name the version that a label was last put on; None before the first time."""
        ...

    def ask(self, promotion: Promotion) -> bool:
        """Keep a promotion; False when another of that name is open."""
        ...

    def answer(self, promotion: Promotion) -> bool:
        """Keep how an open promotion ended; False when it had ended already."""
        ...

    def open_promotion(self, name: str) -> Promotion | None: ...
    def promotions(self, name: str) -> Sequence[Promotion]: ...
    def put_evaluation(self, evaluation: Evaluation) -> None: ...
    def move_evaluation(self, evaluation: Evaluation) -> bool:
        """Keep how far one is, or how it ended; False when it had ended already."""
        ...

    def evaluation(self, id: EvaluationId) -> Evaluation | None: ...
    def evaluations(self, name: str) -> Sequence[Evaluation]: ...
    def put_trial(self, trial: Trial) -> None: ...
    def move_trial(self, trial: Trial) -> bool:
        """Keep how far one is, or how it ended; False when it had ended already."""
        ...

    def trial(self, id: TrialId) -> Trial | None: ...
    def trials(self, name: str) -> Sequence[Trial]: ...


class SavedViews(Protocol):
    """Questions to a pipeline that people keep."""

    def put(self, view: SavedView) -> None: ...
    def get(self, id: SavedViewId) -> SavedView | None: ...
    def of(self, requisition: RequisitionId, person: UserId) -> Sequence[SavedView]:
        """List that person's views of a requisition and those that others share, by name."""
        ...

    def remove(self, id: SavedViewId) -> None: ...


class Proposals(Protocol):
    """Proposals with the approval, refusal or request for change that answered them."""

    def put(self, proposal: Proposal) -> None: ...
    def get(self, id: ProposalId) -> Proposal | None: ...
    def open_of(self, application: ApplicationId) -> Sequence[Proposal]: ...
    def open_by_requisition(self, requisition: RequisitionId) -> Sequence[Proposal]: ...
    def open_ids(self, requisition: RequisitionId) -> Mapping[ProposalId, ApplicationId]:
        """Map the open proposals of a requisition to their applications; nothing is opened."""
        ...

    def among(self, ids: Collection[ProposalId]) -> Sequence[Proposal]: ...
    def of(self, application: ApplicationId) -> Sequence[Proposal]: ...
    def supersede(self, id: ProposalId, at: datetime) -> None: ...
    def approve(self, approval: Approval) -> None: ...
    def approval(self, id: ProposalId) -> Approval | None: ...
    def refuse(self, refusal: Refusal) -> None: ...
    def refusal(self, id: ProposalId) -> Refusal | None: ...
    def give_back(self, request: ChangeRequest) -> None: ...
    def change_request(self, id: ProposalId) -> ChangeRequest | None: ...


class Outbox(Protocol):
    """Approved writes on their way out; state changes are compare-and-set."""

    def add(self, entry: OutboxEntry) -> None: ...
    def get(self, id: OutboxId) -> OutboxEntry | None: ...
    def of(self, proposal: ProposalId) -> Sequence[OutboxEntry]: ...
    def claim_due(self, now: datetime, lease: float) -> OutboxEntry | None:
        """Take the oldest entry for ``lease`` seconds: WAITING and due, or SENDING and orphaned.

        Entries of one proposal go in ``step`` order, the next only after the one before is DONE.
        The returned entry still has the state it was found in: SENDING means in doubt.
        """
        ...

    def move(
        self,
        id: OutboxId,
        *,
        expect: OutboxState,
        to: OutboxState,
        now: datetime,
        due_at: datetime | None = None,
        error: str = "",
    ) -> bool:
        """Change the state if it is ``expect``; False when somebody else was first."""
        ...

    def put_receipt(self, receipt: Receipt) -> None: ...
    def receipt(self, id: OutboxId) -> Receipt | None: ...
    def under_way(self, among: Collection[ApplicationId]) -> Collection[ApplicationId]:
        """Find the applications with an approved write that has not ended.

        And those whose record was not read again since a write was done: what is cached of them
        is not what stands in the ATS.
        """

    def troubles(self, since: datetime) -> WriteTroubles:
        """Count what ended otherwise than in iCIMS and was due since then, and what is in doubt."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which events to show; empty means any. ``action`` is a prefix, e.g. ``proposal.``."""

    subject: str = ""
    actor: str = ""
    action: str = ""


class AuditLog(Protocol):
    """The append-only chain. ``append`` takes its place when the unit of work commits."""

    def append(self, fact: Fact) -> AuditEvent: ...
    def events(self, after: int = 0, limit: int | None = None) -> Iterator[AuditEvent]: ...
    def newest(
        self, wanted: AuditFilter, *, before: int | None = None, limit: int = 100
    ) -> Sequence[AuditEvent]: ...
    def of_subject(self, subject: str) -> Sequence[AuditEvent]: ...
    def actors(self) -> Sequence[str]:
        """Name everybody and everything that did something recorded here, as the log does."""
        ...

    def count(self) -> int: ...
    def export(self) -> Iterator[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user of this product. ``password_hash`` is bcrypt; empty for single sign-on only.

    ``subject`` links them to the company's identity provider, as ``issuer|subject``;
    ``token_at`` is when the last token that signed them in was issued.
    """

    id: UserId
    tenant: TenantId
    username: str
    display_name: str
    email: str
    password_hash: str
    roles: frozenset[Role]
    icims_person_id: PersonId | None = None
    disabled: bool = False
    must_change_password: bool = False
    subject: str = ""
    token_at: datetime | None = None


class Accounts(Protocol):
    """Users, their sessions and their failed sign-ins."""

    def put(self, account: Account) -> None: ...
    def get(self, id: UserId) -> Account | None: ...
    def by_username(self, username: str) -> Account | None: ...
    def all(self) -> Sequence[Account]: ...
    def put_session(self, session: Session) -> None: ...
    def session(self, id: SessionId) -> Session | None: ...
    def sessions(self, user: UserId) -> Sequence[Session]: ...
    def purge_sessions(self, ended_before: datetime) -> int:
        """Delete sessions that ended, or would have, before then; return how many."""
        ...

    def record_failure(self, key: str, at: datetime) -> None: ...
    def failures(self, key: str, since: datetime) -> int: ...
    def clear_failures(self, key: str) -> None: ...


class Jobs(Protocol):
    """Work to do, enqueued in the same commit as the fact that caused it."""

    def enqueue(self, request: JobRequest, now: datetime) -> JobId | None:
        """Add a job; None when one with the same dedupe key is already waiting."""
        ...

    def claim(
        self, now: datetime, lease: float, kinds: Sequence[str] = (), *, newest: bool = False
    ) -> Job | None:
        """Take the most urgent due job for ``lease`` seconds; expired leases are due again.

        Of one priority, groups take turns. ``newest`` takes, of the group whose turn it is, the
        job that was added last.
        """
        ...

    def extend(self, job: Job, until: datetime) -> bool:
        """Keep a claimed job until then; False when its lease was lost or its group cancelled."""
        ...

    def complete(self, job: Job, now: datetime) -> None: ...
    def retry(self, job: Job, due_at: datetime, error: str, *, spared: bool = False) -> None:
        """Let a job be tried again then; ``spared``: this attempt does not count against it."""
        ...

    def bury(self, job: Job, now: datetime, error: str) -> None: ...
    def claim_one(self, id: JobId, now: datetime, lease: float) -> Job | None:
        """Take that job if it is due and nobody holds it."""
        ...

    def to_publish(
        self, now: datetime, again_before: datetime, limit: int
    ) -> Sequence["Published"]:
        """List due jobs that no broker was told of, or not since ``again_before``; urgent first.

        At most ``limit`` of one priority are told and not yet taken, so that a broker's queue,
        which is first come first served, never decides the order. What is listed counts as told
        once the transaction commits; while one transaction lists, others find nothing.
        """
        ...

    def not_told(self, ids: Sequence[JobId]) -> None:
        """Take back that a broker was told of these."""
        ...

    def depths(self, now: datetime) -> Sequence[Depth]:
        """Count what is due, running and put off, by kind and priority."""
        ...

    def dead(self, limit: int) -> Sequence[DeadJob]:
        """List jobs that were given up, newest first."""
        ...

    def replay(self, id: JobId, now: datetime) -> bool:
        """Make a job that was given up due again, its attempts forgotten."""
        ...

    def drop(self, id: JobId, now: datetime) -> bool:
        """Take a job that was given up off the list for good."""
        ...

    def purge(self, finished_before: datetime) -> int:
        """Delete what was finished, cancelled or dropped before then; return how many."""
        ...

    def pending(self, prefix: str = "") -> int: ...
    def problem(self, dedupe_key: str) -> str:
        """Return the error of the newest job with that key; empty when it went well."""
        ...

    def progress(self, group: str) -> "JobProgress": ...
    def cancel(self, group: str, now: datetime) -> int:
        """Cancel what is not finished; return how many of them nobody had begun with.

        What is running is told at its next ``extend`` and may still be completed.
        """
        ...


@dataclass(frozen=True, slots=True)
class Published:
    """A job as a broker is told of it: the number and how urgent."""

    id: JobId
    priority: int


@dataclass(frozen=True, slots=True)
class JobProgress:
    """Counts of one group of jobs, e.g. the screening of a requisition.

    ``problem`` is the newest error among those that failed or are to be tried again, ``next_at``
    when the first of the latter is.
    """

    total: int
    done: int
    failed: int
    cancelled: int
    started_at: datetime | None
    problem: str = ""
    next_at: datetime | None = None

    @property
    def waiting(self) -> int:
        """Jobs neither done, failed nor cancelled."""
        return self.total - self.done - self.failed - self.cancelled


class AtsCalls(Protocol):
    """The stored call log."""

    def recent(self, limit: int) -> Sequence[AtsCall]: ...
    def count_since(self, since: datetime) -> int: ...
    def latencies(self, since: datetime) -> Sequence["CallLatency"]:
        """Sum up the calls since then by what they do, slowest kind first."""
        ...

    def purge(self, before: datetime) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLatency:
    """Calls of one kind, e.g. ``POST search``: milliseconds of the answered ones.

    ``refused`` are 429s; ``failed`` had no answer, a 5xx or a body that broke off.
    """

    call: str
    count: int
    failed: int
    refused: int
    p50_ms: float
    p95_ms: float


class Events(Protocol):
    """Events as received, bodies sealed under one key a day."""

    def add(self, event: AtsEvent, body: bytes, proof: str, at: datetime) -> bool:
        """Keep an event; False when one with the same ``proof`` (never empty) is there already."""
        ...

    def body(self, id: EventId) -> bytes | None: ...
    def recent(self, limit: int) -> Sequence[ReceivedEvent]: ...
    def counts(self, since: datetime) -> Mapping[EventKind, int]: ...
    def told(
        self, applications: Collection[ApplicationId], since: datetime
    ) -> frozenset[ApplicationId]:
        """Say which of ``applications`` an event was about since then."""
        ...

    def last_at(self) -> datetime | None: ...
    def purge(self, before: datetime) -> int:
        """Destroy the keys and rows of the days that ended before then; return how many rows."""
        ...


class ModelRuns(Protocol):
    """Requests to language models: ids, counts and hashes in the open, texts sealed.

    ``put`` leaves the texts out where the person was erased meanwhile. ``newest`` gives runs
    before position ``before``, the last first; ``of`` all of an application's, the last first.
    """

    def put(self, run: ModelRun) -> None: ...
    def settle(self, run: ModelRun) -> None:
        """Put what became of a run in the place of what was known when it left."""
        ...

    def get(self, id: ModelRunId) -> RunLine | None: ...
    def body(self, id: ModelRunId) -> RunBody | None:
        """Open the texts of a run; None once they are deleted or the person is erased."""
        ...

    def newest(
        self, wanted: RunFilter, *, before: int | None = None, limit: int = 100
    ) -> Sequence[RunLine]: ...
    def of(self, application: ApplicationId) -> Sequence[RunLine]: ...
    def totals(self, wanted: RunFilter) -> RunTotals: ...
    def models(self) -> Sequence[str]:
        """Name every model that was asked."""
        ...

    def past_use(self, prompt: PromptRef, model: str) -> PastUse:
        """Say what the last thousand requests with these instructions to that model used."""
        ...

    def purge_bodies(self, before: datetime) -> int:
        """Delete the texts of what was asked before then; return of how many runs."""
        ...


class StageChanges(Protocol):
    """Moves of applications in iCIMS, oldest first."""

    def put(self, change: StageChange) -> None: ...
    def of(self, application: ApplicationId) -> Sequence[StageChange]: ...


class Sweeps(Protocol):
    """What comparisons with iCIMS found, newest first; a kind's ``at`` names one of them."""

    def put(self, sweep: Sweep) -> None: ...
    def recent(self, limit: int) -> Sequence[Sweep]: ...
    def since(self, at: datetime) -> Sequence[Sweep]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RequisitionCounts:
    """How much of a requisition is where; ``assessed`` counts applications, not assessments.

    ``unseen`` are assessed applications nobody has looked at; ``expiring`` open proposals that end
    before the time asked for.
    """

    applications: int = 0
    assessed: int = 0
    proposals_open: int = 0
    unseen: int = 0
    expiring: int = 0


class ProposalState(StrEnum):
    """How a proposal was answered, if it was."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    RETURNED = "returned"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class ProposalStanding:
    """An application's latest proposal and what became of its writes."""

    proposal_id: ProposalId
    state: ProposalState
    writes: tuple[OutboxState, ...]


Stamp = Hashable
"""Changes whenever an application, its person, its newest assessment or an override does."""


class Overview(Protocol):
    """Counts and states across records, without opening anything personal."""

    def counts(self, expiring_before: datetime) -> Mapping[RequisitionId, RequisitionCounts]: ...
    def stamps(self, requisition: RequisitionId) -> Mapping[ApplicationId, Stamp]: ...
    def standings(self, requisition: RequisitionId) -> Mapping[ApplicationId, ProposalStanding]: ...
    def standing(self, application: ApplicationId) -> ProposalStanding | None: ...
    def unwritten(self) -> Mapping[ProposalId, RequisitionId]:
        """Find the approved proposals of which every write still waits."""
        ...


class UnitOfWork(Protocol):
    """One transaction over every repository of one tenant; leaving without commit rolls back."""

    requisitions: Requisitions
    applications: Applications
    documents: Documents
    criteria: CriteriaStore
    assessments: Assessments
    baselines: Baselines
    judgements: Judgements
    policies: Policies
    prompts: Prompts
    saved_views: SavedViews
    proposals: Proposals
    outbox: Outbox
    audit: AuditLog
    accounts: Accounts
    jobs: Jobs
    calls: AtsCalls
    events: Events
    model_runs: ModelRuns
    stage_changes: StageChanges
    sweeps: Sweeps
    overview: Overview

    def commit(self) -> None: ...
    def rollback(self) -> None: ...


class UnitOfWorkFactory(Protocol):
    """Opens units of work."""

    def __call__(self) -> AbstractContextManager[UnitOfWork]: ...
