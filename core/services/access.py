"""The door every use case goes through: who is it really, and may they?"""

from collections.abc import Sequence
from datetime import datetime

from core.domain.access import Command, require
from core.domain.actor import Actor, ActorKind
from core.domain.ids import ApplicationId, ProposalId, RequisitionId
from core.domain.proposal import Proposal
from core.domain.records import Requisition
from core.errors import NotAllowed, SessionEnded, Unknown
from core.ports import CachedApplication, UnitOfWork


def admit_signed_in(uow: UnitOfWork, actor: Actor, now: datetime) -> None:
    """Let a person through whose stored session and account, not memory, say who they are.

    Raises ``NotAllowed`` for services, models, changed roles and while a first password is still
    to be changed, ``SessionEnded`` without a live session.
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
    if account.must_change_password:
        raise NotAllowed("Please choose a password of your own first, under “Change password”.")


def admit(uow: UnitOfWork, actor: Actor, command: Command, now: datetime) -> None:
    """Let a person through to a ``command`` that concerns no requisition."""
    admit_signed_in(uow, actor, now)
    require(actor, command)


def admit_to_requisition(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    now: datetime,
    id: RequisitionId,
    asked: Unknown | None = None,
) -> Requisition:
    """Admit ``actor`` to ``command`` on a requisition and return it.

    Raises ``NotAllowed`` for a command that is not theirs on their own job; one answer, ``asked``
    (what they asked for, the requisition where not given), for what is not theirs and never was.
    """
    admit_signed_in(uow, actor, now)
    asked = asked or Unknown("requisition", id)
    requisition = uow.requisitions.get(id)
    if requisition is None:
        raise asked
    require(actor, command, requisition, asked)
    return requisition


def admit_to_application(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    now: datetime,
    id: ApplicationId,
    asked: Unknown | None = None,
) -> tuple[CachedApplication, Requisition]:
    """Admit ``actor`` to ``command`` on an application; return it with its requisition."""
    admit_signed_in(uow, actor, now)
    asked = asked or Unknown("application", id)
    cached = uow.applications.get(id)
    if cached is None:
        raise asked
    job = cached.application.requisition_id
    return cached, admit_to_requisition(uow, actor, command, now, job, asked)


def admit_to_proposal(
    uow: UnitOfWork, actor: Actor, command: Command, now: datetime, id: ProposalId
) -> tuple[Proposal, CachedApplication, Requisition]:
    """Admit ``actor`` to ``command`` on a proposal; return it with what it concerns."""
    ((proposal, asked),) = _found(uow, actor, now, (id,))
    of = proposal.application_id
    cached, requisition = admit_to_application(uow, actor, command, now, of, asked)
    return proposal, cached, requisition


def admit_to_proposals(
    uow: UnitOfWork, actor: Actor, command: Command, now: datetime, ids: Sequence[ProposalId]
) -> list[Proposal]:
    """Admit ``actor`` to ``command`` on every one of these proposals; return them in this order."""
    found = _found(uow, actor, now, ids)
    first_of_each_job = {proposal.requisition_id: asked for proposal, asked in reversed(found)}
    for job, asked in first_of_each_job.items():
        admit_to_requisition(uow, actor, command, now, job, asked)
    return [proposal for proposal, _ in found]


def _found(
    uow: UnitOfWork, actor: Actor, now: datetime, ids: Sequence[ProposalId]
) -> list[tuple[Proposal, Unknown]]:
    """Find proposals, each with what to answer where it is not this person's after all."""
    admit_signed_in(uow, actor, now)
    by_id = {proposal.id: proposal for proposal in uow.proposals.among(ids)}
    if missing := next((id for id in ids if id not in by_id), None):
        raise Unknown("proposal", missing)
    return [(by_id[id], Unknown("proposal", id)) for id in ids]
