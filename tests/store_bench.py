"""Real databases for tests, and the records that go into them."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pytest

from core.domain.actor import Actor, ActorKind, Role, Session, service_actor
from core.domain.approval import Approval, ChangeRequest
from core.domain.assessment import (
    Assessment,
    Evidence,
    FreezeKey,
    Score,
    Standing,
    Verdict,
)
from core.domain.audit import Fact
from core.domain.canonical import content_hash
from core.domain.criteria import (
    Criteria,
    CriteriaStatus,
    Criterion,
    CriterionKind,
    Importance,
)
from core.domain.document import (
    ExtractedDocument,
    Flag,
    FlagKind,
    Page,
    ParsedResume,
    ParseHealth,
    ResumeFacts,
    Span,
)
from core.domain.filters import PipelineFilter, SavedView
from core.domain.ids import (
    ApplicationId,
    ApprovalId,
    AssessmentId,
    ContentHash,
    CriterionId,
    DocumentHash,
    OverrideId,
    PersonId,
    ProposalId,
    RequisitionId,
    SavedViewId,
    SessionId,
    StopId,
    TenantId,
    UserId,
)
from core.domain.judgement import Leaning, Look, Override, OverrideReason, OwnView
from core.domain.policy import Capability, Stop, StopScope
from core.domain.proposal import AddTags, AppendText, Change, Proposal, SetField, record_basis
from core.domain.records import Application, Candidate, FieldValue, ListNode, Presence, Requisition
from core.ports import Clock
from core.store import Store, open_store

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
SECRET = "a secret for tests, and only for them"
LOCAL_POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"
CHANGES: tuple[Change, ...] = (
    SetField("ai_match_score", None, 87),
    AddTags("tags", (), ("High_Match",), ("Needs_Review",)),
    AppendText("private_note", "Screened."),
)

_numbers = count(1)


@dataclass
class HandClock:
    """A clock that stands still until it is moved."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class CountedIds:
    """Ids in order."""

    numbers: Iterator[int] = field(default_factory=lambda: _numbers)

    def new(self) -> str:
        return f"id-{next(self.numbers):06d}"


@contextmanager
def database(engine: str, folder: Path) -> Iterator[str]:
    """Make an empty database of ``engine`` and give its URL; skips where there is none."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'store.db'}"
        return
    url = os.environ.get("COPILOT_TEST_POSTGRES_URL", LOCAL_POSTGRES)
    try:
        server = psycopg.connect(url, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        pytest.skip("skipped: no PostgreSQL")
    schema = f"copilot_{uuid.uuid4().hex[:12]}"
    with server:
        server.execute(f"CREATE SCHEMA {schema}")
        joint = "&" if "?" in url else "?"
        yield f"{url}{joint}options=-csearch_path%3D{schema}"
        server.execute(f"DROP SCHEMA {schema} CASCADE")


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "store.db")
        store = open_for(f"sqlite:///{path}", HandClock())
        store.migrate()
        store.close()
        return path.read_bytes()


def fresh_sqlite(folder: Path) -> str:
    """Put a migrated, empty SQLite database into ``folder`` and give its URL."""
    path = folder / "store.db"
    path.write_bytes(_migrated())
    return f"sqlite:///{path}"


def open_for(url: str, clock: Clock, tenant: str = "") -> Store:
    """Open the database for ``tenant``, by default one that nobody has used."""
    name = TenantId(tenant or f"tenant-{next(_numbers)}")
    return open_store(url, tenant=name, secret_key=SECRET, clock=clock)


def requisition(tenant: TenantId, id: str = "101", category: str = "Retail") -> Requisition:
    return Requisition(
        id=RequisitionId(id),
        tenant=tenant,
        title="Store lead",
        folder=ListNode("D31001", "Open"),
        category=category,
        updated_at=NOON,
    )


def application(
    tenant: TenantId, id: str = "7001", person: str = "2101", requisition: str = "101"
) -> Application:
    return Application(
        id=ApplicationId(id),
        tenant=tenant,
        requisition_id=RequisitionId(requisition),
        person_id=PersonId(person),
        stage=ListNode("C1", "New"),
        created_at=NOON,
        updated_at=NOON,
        fields={
            "ai_match_score": FieldValue(Presence.ABSENT),
            "tags": FieldValue(Presence.EMPTY),
            "private_note": FieldValue(Presence.PRESENT, "Called on Monday."),
        },
    )


def candidate(tenant: TenantId, id: str = "2101") -> Candidate:
    return Candidate(id=PersonId(id), tenant=tenant, first_name="Anna", last_name="Berg")


CRITERION = Criterion(
    id=CriterionId("forklift"),
    label="Forklift licence",
    kind=CriterionKind.CERTIFICATE,
    importance=Importance.REQUIRED,
    weight=3,
    terms=("forklift",),
)


def criteria(tenant: TenantId, version: int = 1, requisition: str = "101") -> Criteria:
    return Criteria(
        tenant=tenant,
        requisition_id=RequisitionId(requisition),
        version=version,
        criteria=(CRITERION,),
        status=CriteriaStatus.DRAFT,
        author=UserId("rosa"),
        created_at=NOON,
    )


def assessment(
    tenant: TenantId, application: str = "7001", *, document: str = "d0c", score: int | None = 87
) -> Assessment:
    quote = "Forklift licence class B"
    return Assessment(
        tenant=tenant,
        application_id=ApplicationId(application),
        key=FreezeKey(DocumentHash(document), ContentHash("criteria"), "built-in/1"),
        criteria_version=1,
        verdicts=(
            Verdict(
                criterion_id=CRITERION.id,
                standing=Standing.MET,
                credit=1.0,
                evidence=(Evidence(quote, Span(3, 27), Span(13, 37)),),
            ),
        ),
        score=None if score is None else Score(value=score, band=4),
        confidence=0.8,
        parse_health=0.9,
        ungraded="" if score is not None else "The document is a scan nobody can read.",
        made_at=NOON,
    )


def resume(document: str, text: str, *concealed: Span) -> ParsedResume:
    """Make what was read from a file whose ``text`` holds ``concealed`` passages."""
    flags = tuple(Flag(FlagKind.HIDDEN_TEXT, "White on white.", span) for span in concealed)
    return ParsedResume(
        document=ExtractedDocument(
            sha256=DocumentHash(document),
            name="cv.pdf",
            media_type="application/pdf",
            text=text,
            pages=(Page(1, Span(0, len(text))),),
            flags=flags,
        ),
        facts=ResumeFacts(total_years=4.5),
        health=ParseHealth(0.9, ("one page",)),
        parser_version="1",
    )


def override(
    of: Assessment, standing: Standing | None = Standing.PARTLY, *, by: str = "rosa", note: str = ""
) -> Override:
    """Make a person's verdict beside that of ``of``; a standing of None takes it back."""
    return Override(
        id=OverrideId(f"override-{next(_numbers):06d}"),
        application_id=of.application_id,
        assessment_id=of.key.id,
        criterion_id=CRITERION.id,
        standing=standing,
        reason=OverrideReason.MISREAD,
        by=UserId(by),
        at=NOON,
        note=note,
        evidence=of.verdicts[0].evidence,
    )


def own_view(
    application: str = "7001",
    leaning: Leaning = Leaning.ADVANCE,
    *,
    by: str = "rosa",
    note: str = "",
    at: datetime = NOON,
) -> OwnView:
    """Make what ``by`` thought before the score was shown."""
    return OwnView(
        application_id=ApplicationId(application),
        by=UserId(by),
        leaning=leaning,
        at=at,
        blind=True,
        note=note,
    )


def look(
    application: str = "7001", assessment: AssessmentId | None = None, *, by: str = "rosa"
) -> Look:
    """Make a look of ``by`` at an application."""
    return Look(
        application_id=ApplicationId(application),
        by=UserId(by),
        at=NOON,
        assessment_id=assessment,
    )


def stop(id: str = "s1", at: datetime = NOON) -> Stop:
    """Make a stop of scoring everywhere."""
    return Stop(
        id=StopId(id),
        capability=Capability.SCREENING,
        scope=StopScope.EVERYWHERE,
        where="",
        reason="The criteria are under review.",
        by=UserId("ada"),
        at=at,
    )


def saved_view(
    id: str,
    name: str,
    asked: PipelineFilter | None = None,
    *,
    by: str = "rosa",
    shared: bool = False,
) -> SavedView:
    """Make a view that ``by`` keeps of requisition 101."""
    return SavedView(
        id=SavedViewId(id),
        requisition_id=RequisitionId("101"),
        name=name,
        asked=asked or PipelineFilter(),
        by=UserId(by),
        shared=shared,
    )


def proposal(record: Application, *changes: Change, at: datetime = NOON) -> Proposal:
    changes = changes or CHANGES
    return Proposal(
        id=ProposalId(f"proposal-{next(_numbers):06d}"),
        tenant=record.tenant,
        requisition_id=record.requisition_id,
        application_id=record.id,
        person_id=record.person_id,
        capability="screening",
        changes=changes,
        basis=record_basis(record, changes),
        made_by=service_actor("screening", record.tenant),
        made_at=at,
        expires_at=at + timedelta(days=7),
    )


def recruiter(tenant: TenantId, at: datetime = NOON, name: str = "rosa") -> Actor:
    session = Session(
        id=SessionId(f"session of {name}"),
        user_id=UserId(name),
        started_at=at,
        last_seen_at=at,
        idle_expires_at=at + timedelta(hours=1),
        expires_at=at + timedelta(hours=8),
    )
    return Actor(
        id=UserId(name),
        kind=ActorKind.PERSON,
        tenant=tenant,
        roles=frozenset({Role.RECRUITER}),
        session=session,
    )


def approval(of: Proposal, at: datetime = NOON, undo: float = 30) -> Approval:
    return Approval(
        id=ApprovalId(f"approval-{next(_numbers):06d}"),
        actor=recruiter(of.tenant, at),
        hash_seen=of.hash,
        at=at,
        undo_until=at + timedelta(seconds=undo),
        proposal=of,
    )


def change_request(of: Proposal, note: str = "Leave the tags as they are.") -> ChangeRequest:
    """Make a "not like this" that leaves the second change out."""
    return ChangeRequest(
        proposal_id=of.id, actor=recruiter(of.tenant), note=note, leave_out=(1,), at=NOON
    )


def fact(tenant: TenantId, number: int = 1, subject: str = "application:7001") -> Fact:
    return Fact(
        tenant=tenant,
        at=NOON + timedelta(seconds=number),
        actor="rosa",
        actor_kind="person",
        action="proposal.approved",
        subject=subject,
        data={"number": number, "content": content_hash(number), "share": 0.5, "note": None},
    )
