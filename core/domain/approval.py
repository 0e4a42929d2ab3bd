"""Promise 1: a write exists only inside an approval, an approval only by a person present.

Nothing here can be built in a wrong state: every rule is checked when the object is made, also
when it is read back from the database.
"""

from dataclasses import InitVar, dataclass, field
from datetime import datetime
from enum import StrEnum

from core.domain.actor import Actor, ActorKind
from core.domain.ids import ApplicationId, ApprovalId, ContentHash, OutboxId, ProposalId, TenantId
from core.domain.proposal import AddAssessmentResult, Change, Proposal, SetStage
from core.errors import ContentChanged, NotAllowed, ProposalExpired, SessionEnded


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A named person's yes to exactly ``hash_seen``.

    Raises ``NotAllowed`` for a model or service, ``SessionEnded`` without a live session,
    ``ContentChanged`` when the hash shown is not the proposal's, ``ProposalExpired`` after expiry.
    ``hash_seen`` must be what came back from the screen, never ``proposal.hash`` itself.
    """

    id: ApprovalId
    actor: Actor
    hash_seen: ContentHash
    at: datetime
    undo_until: datetime
    proposal: InitVar[Proposal]
    proposal_id: ProposalId = field(init=False)

    def __post_init__(self, proposal: Proposal) -> None:
        if self.actor.kind is not ActorKind.PERSON:
            raise NotAllowed(f"a {self.actor.kind.value} cannot approve")
        if self.actor.tenant != proposal.tenant:
            raise NotAllowed("the proposal belongs to another tenant")
        if not self.actor.is_person_present(self.at):
            raise SessionEnded("your session has ended; sign in again to approve")
        if self.hash_seen != proposal.hash:
            raise ContentChanged("the proposal changed since you were shown it; look at it again")
        if self.at >= proposal.expires_at:
            raise ProposalExpired(
                f"the proposal expired on {proposal.expires_at:%d %B %Y %H:%M} UTC"
            )
        object.__setattr__(self, "proposal_id", proposal.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A named person's no, with the reason they gave."""

    proposal_id: ProposalId
    actor: Actor
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRequest:
    """A named person's "not like this": what they want different, and which changes to leave out.

    ``leave_out`` indexes ``Proposal.changes``; without any, only the ``note`` says what to change.
    """

    proposal_id: ProposalId
    actor: Actor
    note: str
    leave_out: tuple[int, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class AtsWrite:
    """One iCIMS request's worth of approved changes; the only thing an ATS adapter will apply.

    Raises ``ContentChanged`` unless the approval covers the proposal as it is.
    """

    approval: Approval
    proposal: Proposal
    changes: tuple[Change, ...]

    def __post_init__(self) -> None:
        if self.approval.proposal_id != self.proposal.id:
            raise ContentChanged("the approval is for another proposal")
        if self.approval.hash_seen != self.proposal.hash:
            raise ContentChanged("the proposal changed after it was approved")
        if not self.changes or any(c not in self.proposal.changes for c in self.changes):
            raise ContentChanged("a change was not part of what was approved")

    @property
    def application_id(self) -> ApplicationId:
        """The record written to."""
        return self.proposal.application_id

    @property
    def tenant(self) -> TenantId:
        """The tenant written to."""
        return self.proposal.tenant

    @property
    def marker(self) -> str:
        """Short text that makes this write recognisable in iCIMS, which has no idempotency key."""
        return f"copilot:{self.approval.id}"


def split_writes(proposal: Proposal) -> tuple[tuple[Change, ...], ...]:
    """Group changes into iCIMS requests: all fields in one PATCH, each entry or stage alone.

    Fields go first and a stage change last, because a stage change sends events that others read.
    """
    alone = AddAssessmentResult | SetStage
    fields = tuple(c for c in proposal.changes if not isinstance(c, alone))
    entries = [(c,) for c in proposal.changes if isinstance(c, AddAssessmentResult)]
    stages = [(c,) for c in proposal.changes if isinstance(c, SetStage)]
    return tuple(group for group in (fields, *entries, *stages) if group)


class OutboxState(StrEnum):
    """WAITING until the undo window ends; SENDING is in doubt after a crash."""

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    CANCELLED = "cancelled"
    STALE = "stale"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """An approved write on its way; ``step`` indexes ``split_writes`` of its proposal."""

    id: OutboxId
    tenant: TenantId
    proposal_id: ProposalId
    approval_id: ApprovalId
    step: int
    state: OutboxState
    due_at: datetime
    attempts: int = 0
    last_error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that a write is in iCIMS. ``found`` True: seen on reading back, not sent again.

    ``location`` is the new collection entry's path; ``transaction`` iCIMS's ``x-transaction``.
    """

    outbox_id: OutboxId
    at: datetime
    status: int
    transaction: str = ""
    location: str = ""
    found: bool = False


def trimmed(entry: AddAssessmentResult, marker: str) -> tuple[str, str]:
    """Fit result (128) and notes (192 characters) to iCIMS's limits, the marker kept whole."""
    room = 192 - len(marker) - 3
    notes = entry.notes if len(entry.notes) <= room else entry.notes[: room - 1].rstrip() + "…"
    return entry.result[:128], f"{notes} [{marker}]"
