"""Decisions on proposals: the only place where an approval comes to be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.access import Command, may
from core.domain.actor import Actor
from core.domain.approval import OutboxState
from core.domain.audit import Fact
from core.domain.ids import ContentHash, ProposalId
from core.domain.proposal import Proposal
from core.domain.views import ProposalView
from core.errors import ApprovalRefused, InvalidInput
from core.flow.approve import approve, refuse, undo
from core.ports import Clock, IdSource, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit_signed_in, admit_to_proposal
from core.services.names import user_names
from core.services.proposals import proposal_view

_LONGEST_REASON = 2_000
_UNDERWAY = "It is being written already and can no longer be undone."
_CLOSED = "This proposal was already answered, or replaced by a newer one. Open it again."


@dataclass(frozen=True, slots=True)
class Approvals:
    """Approve, refuse and undo, as one signed-in person; each is one commit."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: IdSource
    undo_window: timedelta

    def tray(self, actor: Actor) -> tuple[ProposalView, ...]:
        """List every open proposal this person may decide, oldest first."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit_signed_in(uow, actor, now)
            names = user_names(uow)
            views = [
                proposal_view(uow, proposal, actor, now, names)
                for requisition in uow.requisitions.all()
                if may(actor, Command.APPROVE, requisition)
                for proposal in uow.proposals.open_by_requisition(requisition.id)
            ]
        return tuple(sorted(views, key=lambda view: view.proposal.made_at))

    def approve(self, actor: Actor, id: ProposalId, hash_seen: ContentHash) -> ProposalView:
        """Approve exactly what was shown; the writes go out when the undo window ends.

        ``hash_seen`` is the hash that came with the screen. Raises ``ApprovalRefused`` and its
        kinds, ``NotAllowed``, ``SessionEnded``, ``NotFound``.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            proposal, cached, _ = admit_to_proposal(uow, actor, Command.APPROVE, now, id)
            _require_open(uow, proposal)
            made = approve(
                proposal,
                actor,
                hash_seen,
                cached.application,
                now=now,
                undo_window=self.undo_window,
                ids=self.ids,
            )
            uow.proposals.approve(made.approval)
            for entry in made.entries:
                uow.outbox.add(entry)
            return self._committed(uow, made.facts, proposal, actor, now)

    def refuse(self, actor: Actor, id: ProposalId, reason: str) -> ProposalView:
        """Say no, with a reason; nothing is written and nothing happens to the candidate."""
        if len(reason) > _LONGEST_REASON:
            raise InvalidInput(f"Keep the reason under {_LONGEST_REASON} characters.")
        now = self.clock.now()
        with self.unit_of_work() as uow:
            proposal, _, _ = admit_to_proposal(uow, actor, Command.REFUSE, now, id)
            _require_open(uow, proposal)
            made = refuse(proposal, actor, reason, now=now)
            uow.proposals.refuse(made.refusal)
            return self._committed(uow, made.facts, proposal, actor, now)

    def undo(self, actor: Actor, id: ProposalId) -> ProposalView:
        """Take an approval back before anything of it has gone out: all of it or nothing."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            proposal, _, _ = admit_to_proposal(uow, actor, Command.UNDO, now, id)
            approval = uow.proposals.approval(id)
            if approval is None:
                raise ApprovalRefused("There is no approval to take back.")
            made = undo(proposal, approval, uow.outbox.of(id), actor, now=now)
            for entry in made.cancel:
                if not uow.outbox.move(
                    entry, expect=OutboxState.WAITING, to=OutboxState.CANCELLED, now=now
                ):
                    raise ApprovalRefused(_UNDERWAY)
            return self._committed(uow, made.facts, proposal, actor, now)

    def _committed(
        self,
        uow: UnitOfWork,
        facts: Iterable[Fact],
        proposal: Proposal,
        actor: Actor,
        now: datetime,
    ) -> ProposalView:
        for fact in facts:
            uow.audit.append(fact)
        uow.commit()
        return proposal_view(uow, proposal, actor, now, user_names(uow))


def _require_open(uow: UnitOfWork, proposal: Proposal) -> None:
    if all(other.id != proposal.id for other in uow.proposals.open_of(proposal.application_id)):
        raise ApprovalRefused(_CLOSED)
