"""The approve step: a person's yes, no or taking back, and all that must be committed with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.actor import Actor, ActorKind
from core.domain.approval import (
    Approval,
    OutboxEntry,
    OutboxState,
    Refusal,
    split_writes,
)
from core.domain.audit import Fact, about, fact_by
from core.domain.canonical import content_hash
from core.domain.ids import ApprovalId, ContentHash, OutboxId
from core.domain.proposal import Proposal, record_basis
from core.domain.records import Application
from core.errors import ApprovalRefused, InvalidInput, NotAllowed, RecordMoved, SessionEnded
from core.ports import IdSource


@dataclass(frozen=True, slots=True)
class Approved:
    """What one yes commits, all together: the approval, its writes and the facts."""

    approval: Approval
    entries: tuple[OutboxEntry, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """What one no commits."""

    refusal: Refusal
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking back commits: every one of ``cancel`` must still be WAITING, or none is."""

    cancel: tuple[OutboxId, ...]
    facts: tuple[Fact, ...]


def approve(
    proposal: Proposal,
    actor: Actor,
    hash_seen: ContentHash,
    record: Application,
    *,
    now: datetime,
    undo_window: timedelta,
    ids: IdSource,
) -> Approved:
    """Turn a person's yes into writes that go out when the undo window ends.

    ``record`` is the application as it is now. Raises ``RecordMoved`` when what the proposal
    rests on has changed, and all that ``Approval`` raises.
    """
    undo_until = now + undo_window
    approval = Approval(
        id=ApprovalId(ids.new()),
        actor=actor,
        hash_seen=hash_seen,
        at=now,
        undo_until=undo_until,
        proposal=proposal,
    )
    if record_basis(record, proposal.changes) != proposal.basis:
        raise RecordMoved("the record changed in iCIMS since this was proposed; score it again")
    entries = tuple(
        OutboxEntry(
            id=OutboxId(ids.new()),
            tenant=proposal.tenant,
            proposal_id=proposal.id,
            approval_id=approval.id,
            step=step,
            state=OutboxState.WAITING,
            due_at=undo_until,
        )
        for step in range(len(split_writes(proposal)))
    )
    fact = fact_by(
        actor, now, "proposal.approved", about(proposal.application_id),
        proposal=proposal.id, approval=approval.id, content=hash_seen, person=proposal.person_id,
        session=_session(actor), writes=len(entries), undo_until=undo_until.isoformat(),
    )  # fmt: skip
    return Approved(approval, entries, (fact,))


def refuse(proposal: Proposal, actor: Actor, reason: str, *, now: datetime) -> Refused:
    """Turn a person's no into a refusal; the reason stays out of the log.

    Raises ``InvalidInput`` without a reason.
    """
    _require_present(actor, proposal, now)
    if not reason.strip():
        raise InvalidInput("say in a few words why you refuse")
    refusal = Refusal(proposal_id=proposal.id, actor=actor, reason=reason.strip(), at=now)
    fact = fact_by(
        actor, now, "proposal.refused", about(proposal.application_id),
        proposal=proposal.id, content=proposal.hash, person=proposal.person_id,
    )  # fmt: skip
    return Refused(refusal, (fact,))


def undo(
    proposal: Proposal,
    approval: Approval,
    entries: Sequence[OutboxEntry],
    actor: Actor,
    *,
    now: datetime,
) -> Undone:
    """Take an approval back while none of its writes has gone out.

    Raises ``ApprovalRefused`` after the undo window or once a write has started.
    """
    _require_present(actor, proposal, now)
    if now >= approval.undo_until:
        raise ApprovalRefused("the time to undo is over; propose the opposite change instead")
    if not entries or any(entry.state is not OutboxState.WAITING for entry in entries):
        raise ApprovalRefused("this was already written or taken back")
    fact = fact_by(
        actor, now, "approval.undone", about(proposal.application_id),
        proposal=proposal.id, approval=approval.id, person=proposal.person_id,
        writes=len(entries),
    )  # fmt: skip
    return Undone(tuple(entry.id for entry in entries), (fact,))


def _require_present(actor: Actor, proposal: Proposal, now: datetime) -> None:
    if actor.kind is not ActorKind.PERSON:
        raise NotAllowed(f"a {actor.kind.value} cannot decide")
    if actor.tenant != proposal.tenant:
        raise NotAllowed("the proposal belongs to another tenant")
    if not actor.is_person_present(now):
        raise SessionEnded("your session has ended; sign in again to decide")


def _session(actor: Actor) -> str | None:
    # A hash: whoever reads the log must not learn a value that a session is known by.
    return content_hash(actor.session.id)[:16] if actor.session else None
