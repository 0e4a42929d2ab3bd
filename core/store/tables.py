"""The tables. Columns hold what is searched or sorted; documents are JSON, sealed where personal.

``sealed`` columns open only with the candidate's own key (see ``vault``). Every row belongs to a
tenant. The classes have a registry of their own, so importing this module again is harmless.
"""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from core.store.columns import Counter, UtcDateTime


class Base(SQLModel, registry=registry()):
    """Base of every table; its ``metadata`` is the whole schema."""


class Row(Base):
    """A table whose rows a tenant and an id of the tenant's own name."""

    tenant: str = Field(primary_key=True)


class RequisitionRow(Row, table=True):
    """A cached job."""

    __tablename__ = "requisition"

    id: str = Field(primary_key=True)
    document: str = Field(sa_type=Text)
    fetched_at: datetime = Field(sa_type=UtcDateTime)


class CursorRow(Row, table=True):
    """How far an incremental pull has come."""

    __tablename__ = "cursor"

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)


class VaultKeyRow(Row, table=True):
    """A candidate's data key, wrapped; without this row nothing of theirs can be read."""

    __tablename__ = "vault_key"

    person_id: str = Field(primary_key=True)
    wrapped: bytes = Field(sa_type=LargeBinary)


class CandidateRow(Row, table=True):
    """A cached iCIMS person."""

    __tablename__ = "candidate"
    __table_args__ = (Index("candidate_by_time", "tenant", "person_id", "fetched_at"),)

    person_id: str = Field(primary_key=True)
    sealed: bytes = Field(sa_type=LargeBinary)
    fetched_at: datetime = Field(sa_type=UtcDateTime)


class ApplicationRow(Row, table=True):
    """A cached application; ``resume`` is the hash of the file it was last read with.

    ``fetched_at`` is when its reading began, ``gone_at`` when one found it no more.
    """

    __tablename__ = "application"
    __table_args__ = (
        # Wide enough to answer what has changed without touching the long sealed rows.
        Index(
            "application_by_requisition",
            "tenant",
            "requisition_id",
            "id",
            "person_id",
            "resume",
            "fetched_at",
            "gone_at",
        ),
        Index("application_by_person", "tenant", "person_id"),
    )

    id: str = Field(primary_key=True)
    requisition_id: str
    person_id: str
    resume: str | None = None
    sealed: bytes = Field(sa_type=LargeBinary)
    fetched_at: datetime = Field(sa_type=UtcDateTime)
    gone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DocumentRow(Row, table=True):
    """One ``part`` of what is known of a file.

    Its bytes, what was parsed, the words a reader sees, what models may see.
    """

    __tablename__ = "document"

    person_id: str = Field(primary_key=True)
    sha256: str = Field(primary_key=True)
    part: str = Field(primary_key=True)
    sealed: bytes = Field(sa_type=LargeBinary)
    stored_at: datetime = Field(sa_type=UtcDateTime)


class CriteriaRow(Row, table=True):
    """One version of a requisition's criteria."""

    __tablename__ = "criteria"

    requisition_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    status: str
    document: str = Field(sa_type=Text)


class PostingFitRow(Row, table=True):
    """The posting that a job's frozen criteria were last held against."""

    __tablename__ = "posting_fit"

    requisition_id: str = Field(primary_key=True)
    document: str = Field(sa_type=Text)


class AssessmentRow(Base, table=True):
    """An assessment under its freeze key; a higher ``position`` was made later."""

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("tenant", "application_id", "id", name="assessment_once"),
        Index("assessment_latest", "tenant", "requisition_id", "application_id", "position"),
    )

    position: int | None = Field(default=None, primary_key=True, sa_type=Counter)
    tenant: str
    id: str
    application_id: str
    requisition_id: str
    person_id: str
    score: int | None = None
    sealed: bytes = Field(sa_type=LargeBinary)


class OverrideRow(Base, table=True):
    """A person's verdict beside an assessor's; a higher ``position`` was given later."""

    __tablename__ = "override"
    __table_args__ = (
        UniqueConstraint("tenant", "id", name="override_once"),
        Index("override_by_application", "tenant", "application_id", "position"),
    )

    position: int | None = Field(default=None, primary_key=True, sa_type=Counter)
    tenant: str
    id: str
    application_id: str
    person_id: str
    sealed: bytes = Field(sa_type=LargeBinary)


class OwnViewRow(Base, table=True):
    """What the reviewer ``user_id`` thought; only the ``note``, where there is one, is sealed."""

    __tablename__ = "own_view"
    __table_args__ = (
        Index("own_view_by_application", "tenant", "application_id", "position"),
        Index(
            "own_view_by_reviewer",
            "tenant",
            "user_id",
            "requisition_id",
            "application_id",
            "position",
        ),
    )

    position: int | None = Field(default=None, primary_key=True, sa_type=Counter)
    tenant: str
    application_id: str
    requisition_id: str
    person_id: str
    user_id: str
    leaning: str
    blind: bool
    at: datetime = Field(sa_type=UtcDateTime)
    note: bytes | None = Field(default=None, sa_type=LargeBinary)


class LookRow(Row, table=True):
    """The reviewer ``user_id`` had an assessment, or with an empty id none, on the screen."""

    __tablename__ = "look"
    __table_args__ = (
        Index("look_by_requisition", "tenant", "requisition_id", "application_id", "user_id"),
    )

    application_id: str = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    assessment_id: str = Field(primary_key=True)
    requisition_id: str
    at: datetime = Field(sa_type=UtcDateTime)


class SavedViewRow(Row, table=True):
    """A question to a pipeline that the user ``user_id`` keeps."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("saved_view_by_requisition", "tenant", "requisition_id"),)

    id: str = Field(primary_key=True)
    requisition_id: str
    user_id: str
    shared: bool
    document: str = Field(sa_type=Text)


class SettingRow(Row, table=True):
    """A tenant's own choice."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True)
    document: str = Field(sa_type=Text)


class StopRow(Row, table=True):
    """A capability switched off, and when it was lifted."""

    __tablename__ = "stop"

    id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    document: str = Field(sa_type=Text)


class BaselineRow(Row, table=True):
    """A past applicant's score under some criteria; null where it could not be graded."""

    __tablename__ = "baseline"

    criteria: str = Field(primary_key=True)
    application_id: str = Field(primary_key=True)
    score: int | None = None


class ProposalRow(Row, table=True):
    """A proposal and how it was answered, ``open`` while it was not.

    ``expires_at`` is null where a proposal was stored before it was a column.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        Index("proposal_by_application", "tenant", "application_id", "state"),
        Index("proposal_by_requisition", "tenant", "requisition_id", "state"),
        Index("proposal_by_end", "tenant", "state", "requisition_id", "expires_at"),
    )

    id: str = Field(primary_key=True)
    requisition_id: str
    application_id: str
    person_id: str
    state: str
    hash: str
    made_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sealed: bytes = Field(sa_type=LargeBinary)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ApprovalRow(Row, table=True):
    """A person's yes; one per proposal."""

    __tablename__ = "approval"

    proposal_id: str = Field(primary_key=True)
    id: str = Field(unique=True)
    document: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)


class RefusalRow(Row, table=True):
    """A person's no; their reason may speak of the candidate, so it is sealed."""

    __tablename__ = "refusal"

    proposal_id: str = Field(primary_key=True)
    sealed: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(sa_type=UtcDateTime)


class ChangeRequestRow(Row, table=True):
    """A person's "not like this"; what they want different may speak of the candidate."""

    __tablename__ = "change_request"

    proposal_id: str = Field(primary_key=True)
    sealed: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(sa_type=UtcDateTime)


class OutboxRow(Row, table=True):
    """An approved write on its way out."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("tenant", "proposal_id", "step", name="outbox_step_once"),
        Index("outbox_due", "tenant", "state", "due_at"),
        Index("outbox_by_application", "tenant", "application_id", "state"),
    )

    id: str = Field(primary_key=True)
    proposal_id: str
    approval_id: str
    application_id: str
    step: int
    state: str
    due_at: datetime = Field(sa_type=UtcDateTime)
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    last_error: str = Field(default="", sa_type=Text)


class ReceiptRow(Row, table=True):
    """Proof that a write is in iCIMS."""

    __tablename__ = "receipt"

    outbox_id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    status: int
    transaction: str
    location: str
    found: bool


class AuditHeadRow(Row, table=True):
    """The last link of a tenant's chain; its lock puts appends in order."""

    __tablename__ = "audit_head"

    seq: int = Field(sa_type=Counter)
    hash: str


class AuditEventRow(Row, table=True):
    """One link. ``payload`` is the very text that was hashed; the columns before it repeat it."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("audit_by_subject", "tenant", "subject", "seq"),
        Index("audit_by_actor", "tenant", "actor", "seq"),
    )

    seq: int = Field(primary_key=True, sa_type=Counter)
    at: str
    actor: str
    action: str
    subject: str
    payload: str = Field(sa_type=Text)
    previous: str
    hash: str


class AccountRow(Row, table=True):
    """A user of this product."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("tenant", "username", name="account_username"),)

    id: str = Field(primary_key=True)
    username: str
    document: str = Field(sa_type=Text)


class SessionRow(Row, table=True):
    """A sign-in as the server knows it."""

    __tablename__ = "session"

    id: str = Field(primary_key=True)
    user_id: str = Field(index=True)
    started_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    idle_expires_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class FailureRow(Base, table=True):
    """A failed sign-in, counted per ``key`` (user or address)."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("sign_in_failure_by_key", "tenant", "key", "at"),)

    position: int | None = Field(default=None, primary_key=True, sa_type=Counter)
    tenant: str
    key: str
    at: datetime = Field(sa_type=UtcDateTime)


def _index_where(name: str, where: str, *columns: str) -> Index:
    """Make an index of the rows for which ``where`` holds."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


_PENDING = "state IN ('waiting', 'running', 'retrying')"


class JobRow(Base, table=True):
    """Work to do; ``due_at`` of a running job is when its lease ends.

    ``turn`` puts groups of one priority in turn; ``published_at`` is when a broker was told and is
    empty again once somebody took the job. ``spared`` attempts do not count against it.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "job_waits_once",
            "tenant",
            "dedupe_key",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        # The furthest turn taken; the next job, whatever number waits; the last turn of a group;
        # what brokers hold.
        Index("job_due", "tenant", "state", "priority", "turn", "due_at"),
        _index_where("job_next", _PENDING, "tenant", "priority", "turn", "due_at", "position"),
        _index_where("job_turns", _PENDING, "tenant", "priority", "job_group", "turn"),
        _index_where("job_told", "published_at IS NOT NULL", "tenant", "priority", "published_at"),
        Index("job_by_group", "tenant", "job_group", "state"),
    )

    position: int | None = Field(default=None, primary_key=True, sa_type=Counter)
    tenant: str
    kind: str
    dedupe_key: str
    payload: str = Field(sa_type=Text)
    priority: int
    job_group: str
    state: str
    turn: int = Field(default=0, sa_type=Counter)
    due_at: datetime = Field(sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    spared: int = 0
    last_error: str = Field(default="", sa_type=Text)


class AtsCallRow(Base, table=True):
    """One request to the ATS: what for, which fields, how it went; no values."""

    __tablename__ = "ats_call"
    __table_args__ = (
        Index("ats_call_by_time", "tenant", "at"),
        _index_where("ats_call_quota", "quota_remaining IS NOT NULL", "tenant", "position"),
        _index_where("ats_call_paused", "blocked_until IS NOT NULL", "tenant", "blocked_until"),
    )

    position: int | None = Field(default=None, primary_key=True, sa_type=Counter)
    tenant: str
    at: datetime = Field(sa_type=UtcDateTime)
    method: str
    path: str = Field(sa_type=Text)
    fields: str = Field(sa_type=Text)
    reason: str
    actor: str
    person_waiting: bool
    status: int
    transaction: str
    latency_ms: float
    lane: str = ""
    quota_limit: int | None = None
    quota_remaining: int | None = None
    quota_resets_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    blocked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ModelRunRow(Base, table=True):
    """One request to a language model: ids, counts and hashes.

    ``used_in`` and ``used_out`` are what limits count; ``tokens_in`` and ``tokens_out`` what the
    service said. ``expired`` once its texts were deleted for their age.
    """

    __tablename__ = "model_run"
    __table_args__ = (
        UniqueConstraint("tenant", "id", name="model_run_once"),
        # The sums that limits ask for before every request are told from an index alone.
        Index("model_run_by_time", "tenant", "asked_at", "used_in", "used_out", "sent_bytes"),
        Index(
            "model_run_by_requisition",
            "tenant",
            "requisition_id",
            "position",
            "used_in",
            "used_out",
            "sent_bytes",
        ),
        Index("model_run_newest", "tenant", "position"),
        Index("model_run_by_application", "tenant", "application_id", "position"),
        Index("model_run_by_model", "tenant", "model", "position"),
    )

    position: int | None = Field(default=None, primary_key=True, sa_type=Counter)
    tenant: str
    id: str
    application_id: str
    requisition_id: str
    capability: str
    assessor: str
    input: str
    prompt_name: str
    prompt_version: str
    model: str
    host: str
    parameters: str = Field(sa_type=Text)
    outcome: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    seconds: float
    tokens_in: int | None = None
    tokens_out: int | None = None
    used_in: int
    used_out: int
    sent_bytes: int
    received_bytes: int
    sent_sha256: str
    expired: bool = False


class ModelRunBodyRow(Row, table=True):
    """The texts of a run; a table of their own keeps the list of runs short to read."""

    __tablename__ = "model_run_body"
    __table_args__ = (
        Index("model_run_body_by_application", "tenant", "application_id"),
        Index("model_run_body_by_person", "tenant", "person_id"),
        Index("model_run_body_by_time", "tenant", "asked_at"),
    )

    run_id: str = Field(primary_key=True)
    application_id: str
    person_id: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    sent: bytes = Field(sa_type=LargeBinary)
    received: bytes = Field(sa_type=LargeBinary)


class EventRow(Base, table=True):
    """An event as received; ``sealed`` is its body under the key of its ``day``.

    Ids are empty where the event does not name them.
    """

    __tablename__ = "ats_event"
    __table_args__ = (
        UniqueConstraint("tenant", "proof", name="ats_event_once"),
        Index("ats_event_by_time", "tenant", "received_at"),
        Index("ats_event_by_application", "tenant", "application_id", "received_at"),
    )

    position: int | None = Field(default=None, primary_key=True, sa_type=Counter)
    tenant: str
    received_at: datetime = Field(sa_type=UtcDateTime)
    kind: str
    application_id: str
    requisition_id: str
    person_id: str
    proof: str
    day: str
    sealed: bytes = Field(sa_type=LargeBinary)


class StageChangeRow(Base, table=True):
    """A move in iCIMS, as noticed."""

    __tablename__ = "stage_change"
    __table_args__ = (Index("stage_change_by_application", "tenant", "application_id", "position"),)

    position: int | None = Field(default=None, primary_key=True, sa_type=Counter)
    tenant: str
    application_id: str
    requisition_id: str
    person_id: str
    before: str
    after: str
    seen_at: datetime = Field(sa_type=UtcDateTime)


class SweepRow(Base, table=True):
    """What a comparison with iCIMS found."""

    __tablename__ = "sweep"
    __table_args__ = (Index("sweep_by_time", "tenant", "at"),)

    position: int | None = Field(default=None, primary_key=True, sa_type=Counter)
    tenant: str
    kind: str
    at: datetime = Field(sa_type=UtcDateTime)
    listed: int
    missed: int
    gone: int
    seconds: float


class PromptVersionRow(Row, table=True):
    """A version of instructions; triggers keep it from changing."""

    __tablename__ = "prompt_version"

    name: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    text: str = Field(sa_type=Text)
    sha256: str
    author: str
    note: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)


class PromptMoveRow(Base, table=True):
    """A label put on a version; the newest of a label holds. Never changed either."""

    __tablename__ = "prompt_move"
    __table_args__ = (Index("prompt_move_newest", "tenant", "name", "label", "position"),)

    position: int | None = Field(default=None, primary_key=True, sa_type=Counter)
    tenant: str
    name: str
    label: str
    version: str
    document: str = Field(sa_type=Text)


class PromptPromotionRow(Row, table=True):
    """One person's wish to put a version into production, and how it ended."""

    __tablename__ = "prompt_promotion"
    __table_args__ = (
        Index(
            "prompt_promotion_open",
            "tenant",
            "name",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: str = Field(primary_key=True)
    name: str
    state: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    document: str = Field(sa_type=Text)


class PromptEvaluationRow(Row, table=True):
    """A run of the golden cases, with every figure."""

    __tablename__ = "prompt_evaluation"
    __table_args__ = (Index("prompt_evaluation_by_name", "tenant", "name", "asked_at"),)

    id: str = Field(primary_key=True)
    name: str
    state: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    document: str = Field(sa_type=Text)


class PromptTrialRow(Row, table=True):
    """A version of instructions on a sample of scored resumes: figures, nobody's text."""

    __tablename__ = "prompt_trial"
    __table_args__ = (Index("prompt_trial_by_name", "tenant", "name", "asked_at"),)

    id: str = Field(primary_key=True)
    name: str
    state: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    document: str = Field(sa_type=Text)
