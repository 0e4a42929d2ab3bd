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

    person_id: str = Field(primary_key=True)
    sealed: bytes = Field(sa_type=LargeBinary)
    fetched_at: datetime = Field(sa_type=UtcDateTime)


class ApplicationRow(Row, table=True):
    """A cached application; ``resume`` is the hash of the file it was last read with."""

    __tablename__ = "application"
    __table_args__ = (
        Index("application_by_requisition", "tenant", "requisition_id"),
        Index("application_by_person", "tenant", "person_id"),
    )

    id: str = Field(primary_key=True)
    requisition_id: str
    person_id: str
    resume: str | None = None
    sealed: bytes = Field(sa_type=LargeBinary)
    fetched_at: datetime = Field(sa_type=UtcDateTime)


class DocumentRow(Row, table=True):
    """One ``part`` of what is known of a file: its bytes, what was parsed, what models may see."""

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


class BaselineRow(Row, table=True):
    """A past applicant's score under some criteria; null where it could not be graded."""

    __tablename__ = "baseline"

    criteria: str = Field(primary_key=True)
    application_id: str = Field(primary_key=True)
    score: int | None = None


class ProposalRow(Row, table=True):
    """A proposal and how it was answered: ``open``, ``approved``, ``refused``, ``superseded``."""

    __tablename__ = "proposal"
    __table_args__ = (
        Index("proposal_by_application", "tenant", "application_id", "state"),
        Index("proposal_by_requisition", "tenant", "requisition_id", "state"),
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
    __table_args__ = (Index("audit_by_subject", "tenant", "subject", "seq"),)

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


class JobRow(Base, table=True):
    """Work to do; ``due_at`` of a running job is when its lease ends."""

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
        Index("job_due", "tenant", "state", "priority", "due_at"),
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
    due_at: datetime = Field(sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    last_error: str = Field(default="", sa_type=Text)


class AtsCallRow(Base, table=True):
    """One request to the ATS: what for, which fields, how it went; no values."""

    __tablename__ = "ats_call"
    __table_args__ = (Index("ats_call_by_time", "tenant", "at"),)

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
