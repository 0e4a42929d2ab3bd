"""The door every use case goes through: who is it really, and may they?"""

from datetime import datetime

from core.domain.access import Command, require
from core.domain.actor import Actor, ActorKind
from core.domain.ids import ApplicationId, ProposalId, RequisitionId
from core.domain.proposal import Proposal
from core.domain.records import Requisition
from core.errors import NotAllowed, NotFound, SessionEnded
from core.ports import CachedApplication, UnitOfWork


def admit_signed_in(uow: UnitOfWork, actor: Actor, now: datetime) -> None:
    """Let a person through whose stored session and account, not memory, say who they are.

    Raises ``NotAllowed`` for services, models and changed roles, ``SessionEnded`` without a live
    session.
    """
    if actor.kind is not ActorKind.PERSON:
        raise NotAllowed(f"a {actor.kind.value} may not do this")
    session = actor.session and uow.accounts.session(actor.session.id)
    if not session or session.user_id != actor.id or not session.is_live(now):
        raise SessionEnded("Your session has ended. Please sign in again.")
    account = uow.accounts.get(actor.id)
    stored = account and (account.tenant, account.roles, account.icims_person_id)
    if (
        not account
        or account.disabled
        or stored
        != (
            actor.tenant,
            actor.roles,
            actor.icims_person_id,
        )
    ):
        raise NotAllowed("Your account or its role has changed. Please sign in again.")


def admit(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    now: datetime,
    requisition: Requisition | None = None,
) -> None:
    """Let a person through to ``command``, on ``requisition`` where it concerns one.

    Raises also ``NotAllowed`` for a forbidden command and ``NotFound`` where even existence is
    not theirs to know.
    """
    admit_signed_in(uow, actor, now)
    require(actor, command, requisition)


def admit_to_requisition(
    uow: UnitOfWork, actor: Actor, command: Command, now: datetime, id: RequisitionId
) -> Requisition:
    """Admit ``actor`` to ``command`` on a requisition and return it."""
    requisition = uow.requisitions.get(id)
    if requisition is None:
        raise NotFound(f"requisition {id} does not exist or is not yours")
    admit(uow, actor, command, now, requisition)
    return requisition


def admit_to_application(
    uow: UnitOfWork, actor: Actor, command: Command, now: datetime, id: ApplicationId
) -> tuple[CachedApplication, Requisition]:
    """Admit ``actor`` to ``command`` on an application; return it with its requisition."""
    cached = uow.applications.get(id)
    requisition = uow.requisitions.get(cached.application.requisition_id) if cached else None
    if cached is None or requisition is None:
        raise NotFound(f"application {id} does not exist or is not yours")
    admit(uow, actor, command, now, requisition)
    return cached, requisition


def admit_to_proposal(
    uow: UnitOfWork, actor: Actor, command: Command, now: datetime, id: ProposalId
) -> tuple[Proposal, CachedApplication, Requisition]:
    """Admit ``actor`` to ``command`` on a proposal; return it with what it concerns."""
    proposal = uow.proposals.get(id)
    if proposal is None:
        raise NotFound(f"proposal {id} does not exist or is not yours")
    cached, requisition = admit_to_application(uow, actor, command, now, proposal.application_id)
    return proposal, cached, requisition
