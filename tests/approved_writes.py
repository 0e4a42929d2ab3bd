"""Approved writes for tests, made the only way there is: a person approves a proposal's hash."""

from datetime import UTC, datetime, timedelta
from itertools import count

from core.domain.actor import Actor, ActorKind, Role, Session, service_actor
from core.domain.approval import Approval, AtsWrite
from core.domain.ids import (
    ApplicationId,
    ApprovalId,
    ContentHash,
    PersonId,
    ProposalId,
    RequisitionId,
    SessionId,
    TenantId,
    UserId,
)
from core.domain.proposal import Change, Proposal

_numbers = count(1)


def approved_write(
    application: str, *changes: Change, tenant: str = "4711", at: datetime | None = None
) -> AtsWrite:
    """Build a write of ``changes`` that a recruiter approved ``at``, by default now."""
    at, number = at or datetime.now(UTC), next(_numbers)
    proposal = Proposal(
        id=ProposalId(f"proposal-{number}"),
        tenant=TenantId(tenant),
        requisition_id=RequisitionId("102"),
        application_id=ApplicationId(application),
        person_id=PersonId("2101"),
        capability="screening",
        changes=changes,
        basis=ContentHash("basis"),
        made_by=service_actor("screening", TenantId(tenant)),
        made_at=at,
        expires_at=at + timedelta(days=7),
    )
    approval = Approval(
        id=ApprovalId(f"approval-{number:04d}"),
        actor=_recruiter(tenant, at),
        hash_seen=proposal.hash,
        at=at,
        undo_until=at,
        proposal=proposal,
    )
    return AtsWrite(approval, proposal, changes)


def _recruiter(tenant: str, at: datetime) -> Actor:
    session = Session(
        id=SessionId("session"),
        user_id=UserId("rosa"),
        started_at=at,
        last_seen_at=at,
        idle_expires_at=at + timedelta(hours=1),
        expires_at=at + timedelta(hours=8),
    )
    return Actor(
        id=UserId("rosa"),
        kind=ActorKind.PERSON,
        tenant=TenantId(tenant),
        roles=frozenset({Role.RECRUITER}),
        session=session,
    )
