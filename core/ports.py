"""What the middle needs from outside, as protocols; adapters implement them, bootstrap wires them.

Grouped: the ATS, models and documents, time and secrets, then the store's repositories and the
unit of work that commits them together.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.domain.actor import Role, Session
from core.domain.approval import Approval, AtsWrite, OutboxEntry, OutboxState, Receipt, Refusal
from core.domain.assessment import Assessment, AssessmentRequest, Verdict
from core.domain.audit import AuditEvent, Fact
from core.domain.criteria import Criteria
from core.domain.document import ExtractedDocument, ParsedResume
from core.domain.identity import KnownIdentity, PseudonymisedText
from core.domain.ids import (
    ApplicationId,
    AssessmentId,
    ContentHash,
    DocumentHash,
    JobId,
    OutboxId,
    PersonId,
    ProposalId,
    RequisitionId,
    SessionId,
    TenantId,
    UserId,
)
from core.domain.jobs import Job, JobRequest
from core.domain.proposal import Proposal
from core.domain.records import Application, Candidate, FileRef, Requisition

# --- The applicant tracking system ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trigger:
    """Why an ATS call is made: logged with every call, and decides its share of the quota.

    ``person_waiting`` calls may use the reserve kept for people who click.
    """

    reason: str
    actor: str
    person_waiting: bool = False


@dataclass(frozen=True, slots=True)
class QuotaState:
    """The day's request budget as the ATS last reported it; None before the first answer."""

    limit: int | None
    remaining: int | None
    resets_at: datetime | None
    reserve: int


class Ats(Protocol):
    """One tenant's applicant tracking system.

    Every method may raise ``AtsDenied``, ``AtsUnavailable``, ``QuotaExhausted``; reads of a
    record that is missing or hidden raise ``NotFound``.
    """

    def check(self, trigger: Trigger) -> Sequence[str]:
        """Check connection and field map; return what a tenant admin must fix, empty if nothing."""
        ...

    def quota(self) -> QuotaState:
        """Say how much of the day's budget is left."""
        ...

    def requisition_ids(self, trigger: Trigger, since: datetime | None) -> Sequence[RequisitionId]:
        """List jobs updated at or after ``since`` (aware UTC), or all open ones."""
        ...

    def requisition(self, trigger: Trigger, id: RequisitionId) -> Requisition:
        """Read one job."""
        ...

    def application_ids(
        self, trigger: Trigger, requisition: RequisitionId, since: datetime | None
    ) -> Sequence[ApplicationId]:
        """List a job's applications updated at or after ``since``, or all of them; any number."""
        ...

    def person_ids(self, trigger: Trigger, since: datetime) -> Sequence[PersonId]:
        """List the tenant's people updated at or after ``since``; any number."""
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
    """Where the ATS adapter reports every call."""

    def record(self, call: "AtsCall") -> None:
        """Store one call; must not raise."""
        ...


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


# --- Documents and models --------------------------------------------------------------------


class DocumentReader(Protocol):
    """Turns a file's bytes into text with offsets; isolated, so a hostile file cannot hurt."""

    def read(self, name: str, content: bytes) -> ExtractedDocument:
        """Extract; raises ``DocumentRefused`` in the recruiter's words."""
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

    def complete(self, system: str, text: PseudonymisedText, schema: dict[str, object]) -> str:
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
    """Cached jobs and the cursors of their incremental pulls."""

    def put(self, requisition: Requisition, fetched_at: datetime) -> None: ...
    def get(self, id: RequisitionId) -> Requisition | None: ...
    def all(self) -> Sequence[Requisition]: ...
    def cursor(self, name: str) -> datetime | None: ...
    def set_cursor(self, name: str, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class CachedApplication:
    """An application with its person as last fetched; ``resume`` is the fetched file's hash."""

    application: Application
    fetched_at: datetime
    candidate: Candidate | None = None
    resume: DocumentHash | None = None


class Applications(Protocol):
    """Cached applications and people. Personal values are stored encrypted per candidate.

    ``people`` says when each cached person was fetched; a resume of None is to be fetched anew.
    """

    def put(self, application: Application, fetched_at: datetime) -> None: ...
    def put_candidate(self, candidate: Candidate, fetched_at: datetime) -> None: ...
    def candidate(self, id: PersonId) -> tuple[Candidate, datetime] | None: ...
    def people(self) -> Mapping[PersonId, datetime]: ...
    def of_person(self, id: PersonId) -> Sequence[Application]: ...
    def set_resume(self, id: ApplicationId, document: DocumentHash | None) -> None: ...
    def get(self, id: ApplicationId) -> CachedApplication | None: ...
    def of(self, requisition: RequisitionId) -> Sequence[CachedApplication]: ...
    def count_by_requisition(self) -> dict[RequisitionId, int]: ...


class Documents(Protocol):
    """Cached files and what was read from them, encrypted with the candidate's key."""

    def put_file(
        self, person: PersonId, name: str, content: bytes, at: datetime
    ) -> DocumentHash: ...
    def file(self, person: PersonId, document: DocumentHash) -> tuple[str, bytes] | None: ...
    def put_parsed(self, person: PersonId, parsed: ParsedResume) -> None: ...
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
    """All versions of a requisition's criteria; frozen ones can never be replaced."""

    def put(self, criteria: Criteria) -> None: ...
    def latest(self, requisition: RequisitionId) -> Criteria | None: ...
    def frozen(self, requisition: RequisitionId) -> Criteria | None: ...
    def version(self, requisition: RequisitionId, version: int) -> Criteria | None: ...


class Assessments(Protocol):
    """Assessments, kept for ever under their freeze key.

    ``put`` of a known key changes nothing and says False.
    """

    def put(self, assessment: Assessment) -> bool: ...
    def get(self, application: ApplicationId, id: AssessmentId) -> Assessment | None: ...
    def latest(self, application: ApplicationId) -> Assessment | None: ...
    def latest_of(self, requisition: RequisitionId) -> dict[ApplicationId, Assessment]: ...


class Baselines(Protocol):
    """Scores of past applicants of similar requisitions under today's criteria; no names."""

    def put(self, criteria: ContentHash, application: ApplicationId, score: int | None) -> None: ...
    def scores(self, criteria: ContentHash) -> Sequence[int]: ...


class Proposals(Protocol):
    """Proposals with the approval or refusal that answered them."""

    def put(self, proposal: Proposal) -> None: ...
    def get(self, id: ProposalId) -> Proposal | None: ...
    def open_of(self, application: ApplicationId) -> Sequence[Proposal]: ...
    def open_by_requisition(self, requisition: RequisitionId) -> Sequence[Proposal]: ...
    def of(self, application: ApplicationId) -> Sequence[Proposal]: ...
    def supersede(self, id: ProposalId, at: datetime) -> None: ...
    def approve(self, approval: Approval) -> None: ...
    def approval(self, id: ProposalId) -> Approval | None: ...
    def refuse(self, refusal: Refusal) -> None: ...
    def refusal(self, id: ProposalId) -> Refusal | None: ...


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
    def count(self) -> int: ...
    def export(self) -> Iterator[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user of this product. ``password_hash`` is bcrypt; empty for single sign-on only."""

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


class Accounts(Protocol):
    """Users, their sessions and their failed sign-ins."""

    def put(self, account: Account) -> None: ...
    def get(self, id: UserId) -> Account | None: ...
    def by_username(self, username: str) -> Account | None: ...
    def all(self) -> Sequence[Account]: ...
    def put_session(self, session: Session) -> None: ...
    def session(self, id: SessionId) -> Session | None: ...
    def record_failure(self, key: str, at: datetime) -> None: ...
    def failures(self, key: str, since: datetime) -> int: ...
    def clear_failures(self, key: str) -> None: ...


class Jobs(Protocol):
    """Work to do, enqueued in the same commit as the fact that caused it."""

    def enqueue(self, request: JobRequest, now: datetime) -> JobId | None:
        """Add a job; None when one with the same dedupe key is already waiting."""
        ...

    def claim(self, now: datetime, lease: float, kinds: Sequence[str] = ()) -> Job | None:
        """Take the most urgent due job for ``lease`` seconds; expired leases are due again."""
        ...

    def extend(self, job: Job, until: datetime) -> bool:
        """Keep a claimed job until then; False when its lease was lost or its group cancelled."""
        ...

    def complete(self, job: Job, now: datetime) -> None: ...
    def retry(self, job: Job, due_at: datetime, error: str) -> None: ...
    def bury(self, job: Job, now: datetime, error: str) -> None: ...
    def pending(self, prefix: str = "") -> int: ...
    def problem(self, dedupe_key: str) -> str:
        """Return the error of the newest job with that key; empty when it went well."""
        ...

    def progress(self, group: str) -> "JobProgress": ...
    def cancel(self, group: str, now: datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class JobProgress:
    """Counts of one group of jobs, e.g. the screening of a requisition.

    ``problem`` is the newest error among those that failed or are to be tried again.
    """

    total: int
    done: int
    failed: int
    cancelled: int
    started_at: datetime | None
    problem: str = ""

    @property
    def waiting(self) -> int:
        """Jobs neither done, failed nor cancelled."""
        return self.total - self.done - self.failed - self.cancelled


class AtsCalls(Protocol):
    """The stored call log."""

    def recent(self, limit: int) -> Sequence[AtsCall]: ...
    def count_since(self, since: datetime) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RequisitionCounts:
    """How much of a requisition is where; ``assessed`` counts applications, not assessments."""

    applications: int = 0
    assessed: int = 0
    proposals_open: int = 0


class ProposalState(StrEnum):
    """How a proposal was answered, if it was."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class ProposalStanding:
    """An application's latest proposal and what became of its writes."""

    proposal_id: ProposalId
    state: ProposalState
    writes: tuple[OutboxState, ...]


class Overview(Protocol):
    """Counts and states across records, without opening anything personal."""

    def counts(self) -> Mapping[RequisitionId, RequisitionCounts]: ...
    def standings(self, requisition: RequisitionId) -> Mapping[ApplicationId, ProposalStanding]: ...
    def standing(self, application: ApplicationId) -> ProposalStanding | None: ...


class UnitOfWork(Protocol):
    """One transaction over every repository of one tenant; leaving without commit rolls back."""

    requisitions: Requisitions
    applications: Applications
    documents: Documents
    criteria: CriteriaStore
    assessments: Assessments
    baselines: Baselines
    proposals: Proposals
    outbox: Outbox
    audit: AuditLog
    accounts: Accounts
    jobs: Jobs
    calls: AtsCalls
    overview: Overview

    def commit(self) -> None: ...
    def rollback(self) -> None: ...


class UnitOfWorkFactory(Protocol):
    """Opens units of work."""

    def __call__(self) -> AbstractContextManager[UnitOfWork]: ...
