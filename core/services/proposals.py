"""A proposal as shown to the person who decides on it."""

from collections.abc import Mapping
from datetime import datetime

from core.domain.access import Command, may
from core.domain.actor import Actor
from core.domain.approval import OutboxState
from core.domain.proposal import Proposal, record_basis
from core.domain.records import Application
from core.domain.views import ProposalView
from core.ports import ProposalStanding, ProposalState, UnitOfWork
from core.services.wording import change_line, maker, write_line


def proposal_view(
    uow: UnitOfWork, proposal: Proposal, actor: Actor, now: datetime, names: Mapping[str, str]
) -> ProposalView:
    """Show a proposal with its exact changes, its answer and what became of its writes."""
    approval = uow.proposals.approval(proposal.id)
    refusal = uow.proposals.refusal(proposal.id)
    requisition = uow.requisitions.get(proposal.requisition_id)
    return ProposalView(
        proposal=proposal,
        hash=proposal.hash,
        changes=tuple(change_line(change) for change in proposal.changes),
        made_by=maker(proposal.made_by, names),
        blocked=_blocked(uow, proposal, actor, now),
        candidate=_candidate(uow, proposal),
        job=requisition.title if requisition else "",
        undo_until=approval.undo_until if approval else None,
        approved_by=maker(approval.actor, names) if approval else "",
        refused_reason=refusal.reason if refusal else "",
        writes=tuple(
            write_line(entry, uow.outbox.receipt(entry.id)) for entry in uow.outbox.of(proposal.id)
        ),
    )


def has_lapsed(
    proposal: Proposal | None, standing: ProposalStanding, record: Application, now: datetime
) -> bool:
    """Say whether a proposal came to nothing without anybody's no, so that a fresh one is due.

    That is when it can no longer be approved, was taken back, or was approved and not written.
    """
    match standing.state:
        case ProposalState.OPEN:
            return (
                proposal is None
                or now >= proposal.expires_at
                or record_basis(record, proposal.changes) != proposal.basis
            )
        case ProposalState.APPROVED:
            ended = set(standing.writes)
            return bool(ended & {OutboxState.STALE, OutboxState.FAILED}) or ended == {
                OutboxState.CANCELLED
            }
    return False


def _candidate(uow: UnitOfWork, proposal: Proposal) -> str:
    cached = uow.applications.get(proposal.application_id)
    return cached.candidate.name if cached and cached.candidate else ""


def _blocked(uow: UnitOfWork, proposal: Proposal, actor: Actor, now: datetime) -> str:
    cached = uow.applications.get(proposal.application_id)
    requisition = uow.requisitions.get(proposal.requisition_id)
    if not may(actor, Command.APPROVE, requisition):
        return "Only the recruiters named on this requisition can approve."
    if all(open_.id != proposal.id for open_ in uow.proposals.open_of(proposal.application_id)):
        return "This proposal has been answered or replaced by a newer one."
    if now >= proposal.expires_at:
        return f"It expired on {proposal.expires_at:%d %B %Y}. Score the application again."
    if cached and record_basis(cached.application, proposal.changes) != proposal.basis:
        return "The application has changed in iCIMS since. Score it again for a fresh proposal."
    return ""
