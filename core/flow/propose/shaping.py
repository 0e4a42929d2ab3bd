"""Leaving changes out of a proposal, as a person asked."""

from collections.abc import Collection
from dataclasses import replace

from core.domain.proposal import Change, Proposal, record_basis
from core.domain.records import Application
from core.errors import InvalidInput, ProposalExpired, RecordMoved
from core.flow.propose.terms import Terms

Slot = tuple[str, str]
"""What a change is to, whatever its value: the kind of change and the field."""


def slot(change: Change) -> Slot:
    """Name the place that a change is for."""
    return type(change).__name__, getattr(change, "field", "")


def without(
    proposal: Proposal, leave_out: Collection[int], record: Application, terms: Terms
) -> Proposal:
    """Propose the rest of ``proposal``; it expires when that would have.

    ``leave_out`` indexes its changes. Raises ``InvalidInput`` when they are none of its or all of
    them, ``ProposalExpired``, and ``RecordMoved`` when the rest no longer fits the record.
    """
    if not set(leave_out) <= set(range(len(proposal.changes))):
        raise InvalidInput("Choose among the changes that are shown.")
    kept = tuple(c for n, c in enumerate(proposal.changes) if n not in leave_out)
    if not kept:
        raise InvalidInput("That would leave nothing. Say no to the whole proposal instead.")
    if terms.now >= proposal.expires_at:
        raise ProposalExpired("The proposal has expired. Score the application again.")
    if record_basis(record, proposal.changes) != proposal.basis:
        raise RecordMoved("The application has changed in iCIMS since. Score it again.")
    return replace(
        proposal,
        id=terms.id,
        changes=kept,
        basis=record_basis(record, kept),
        made_by=terms.made_by,
        made_at=terms.now,
    )
