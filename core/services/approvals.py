"""Decisions on proposals: the only place where an approval comes to be."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.access import Command, may
from core.domain.actor import Actor
from core.domain.ids import ContentHash, ProposalId
from core.domain.proposal import Proposal, record_basis
from core.domain.records import Application
from core.domain.views import ProposalView
from core.errors import ApprovalRefused, InvalidInput
from core.flow.approve import approve, refuse, undo
from core.ports import Clock, IdSource, ProposalState, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit_signed_in, admit_to_proposal
from core.services.names import user_names
from core.services.wording import change_line, maker, write_line

LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Approvals:
    """Approve, refuse and undo, as one signed-in person."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: IdSource
    undo_window: timedelta

    def tray(self, actor: Actor) -> tuple[ProposalView, ...]:
        """List every open proposal this person may decide, oldest first."""
        with self.unit_of_work() as uow:
            admit_signed_in(uow, actor, self.clock.now())
            proposals = [
                proposal
                for requisition in uow.requisitions.all()
                if may(actor, Command.APPROVE, requisition)
                for proposal in uow.proposals.open_by_requisition(requisition.id)
            ]
            views = [self.view(uow, proposal) for proposal in proposals]
        return tuple(sorted(views, key=lambda view: view.proposal.made_at))
