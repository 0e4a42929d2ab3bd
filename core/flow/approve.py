"""The approve step: a person's answer or taking back, and all that must be committed with it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.actor import Actor, ActorKind
from core.domain.approval import (
    Approval,
    ChangeRequest,
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

UNDONE, REPLACED = "approval.undone", "approval.replaced"
"""The facts of an approval taken back: by a person, or because a newer score took its place."""


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
class Returned:
    """What one "not like this" commits."""

    request: ChangeRequest
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


def ask_change(
    proposal: Proposal, actor: Actor, note: str, leave_out: Collection[int], *, now: datetime
) -> Returned:
    """Turn a person's "not like this" into a request; the note stays out of the log.

    Raises ``InvalidInput`` when neither a note nor a change to leave out says what is wrong.
    """
    _require_present(actor, proposal, now)
    left_out, note = tuple(sorted(set(leave_out))), note.strip()
    if not note and not left_out:
        raise InvalidInput("Say what should be different, or choose what to leave out.")
    request = ChangeRequest(
        proposal_id=proposal.id, actor=actor, note=note, leave_out=left_out, at=now
    )
    fact = fact_by(
        actor, now, "proposal.returned", about(proposal.application_id),
        proposal=proposal.id, content=proposal.hash, person=proposal.person_id,
        left_out=",".join(str(number + 1) for number in left_out),
    )  # fmt: skip
    return Returned(request, (fact,))


def undo(
    proposal: Proposal,
    approval: Approval,
    entries: Sequence[OutboxEntry],
    actor: Actor,
    *,
    now: datetime,
) -> Undone:
    """Take an approval back while none of its writes has gone out, however long they wait.

    Raises ``ApprovalRefused`` once a write has started.
    """
    _require_present(actor, proposal, now)
    if not is_unwritten(entries):
        raise ApprovalRefused("This was already written or taken back.")
    return _taken_back(UNDONE, proposal, approval, entries, actor, now)


def give_way(
    proposal: Proposal,
    approval: Approval,
    entries: Sequence[OutboxEntry],
    newer: Proposal,
    actor: Actor,
    *,
    now: datetime,
) -> Undone:
    """Take an approval back because ``newer`` holds another score, which ``actor`` gave.

    ``entries`` all wait still. Nobody need be present: what was approved no longer holds.
    """
    return _taken_back(
        REPLACED, proposal, approval, entries, actor, now,
        by=newer.id, approved_by=approval.actor.id,
    )  # fmt: skip


def is_unwritten(entries: Sequence[OutboxEntry]) -> bool:
    """Say whether there is something to write of which nothing has gone out."""
    return bool(entries) and all(entry.state is OutboxState.WAITING for entry in entries)


def is_taken_back(entries: Sequence[OutboxEntry]) -> bool:
    """Say whether all that was to be written was taken back before anything went out."""
    return bool(entries) and all(entry.state is OutboxState.CANCELLED for entry in entries)


def why_not_reversible(
    proposal: Proposal, approval: Approval | None, entries: Sequence[OutboxEntry]
) -> str:
    """Say why the opposite of a proposal cannot be proposed; empty when it can."""
    if approval is None:
        return "It was not approved, so there is nothing to take back."
    if proposal.reverses is not None:
        return "This took something back itself. Score the application again instead."
    if is_unwritten(entries):
        return "It can still be undone."
    if not entries or any(entry.state is not OutboxState.DONE for entry in entries):
        return "Only what is in iCIMS as a whole can be taken back."
    return ""


def _taken_back(
    action: str,
    proposal: Proposal,
    approval: Approval,
    entries: Sequence[OutboxEntry],
    actor: Actor,
    now: datetime,
    **data: str,
) -> Undone:
    fact = fact_by(
        actor, now, action, about(proposal.application_id),
        proposal=proposal.id, approval=approval.id, person=proposal.person_id,
        writes=len(entries), **data,
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
