"""A proposal that waited for an earlier write, made anew on what that write left in iCIMS."""

from dataclasses import dataclass

from core.domain.actor import service_actor
from core.domain.ids import ApplicationId
from core.domain.proposal import record_basis
from core.ports import UnitOfWorkFactory
from core.services.decisions.proposing import Proposer
from core.services.review.judged import latest_judged


@dataclass(frozen=True, slots=True)
class Following:
    """Keeps open proposals fit to be approved after our own writes; run by the worker."""

    unit_of_work: UnitOfWorkFactory
    proposer: Proposer

    def renew(self, id: ApplicationId) -> bool:
        """Make the open proposal of a score anew where the record has moved under it.

        To be called when the record was read again after a write; says whether there was one to
        make. While a later step is still to go out the next reading does it.
        """
        with self.unit_of_work() as uow:
            cached = uow.applications.get(id)
            if cached is None or uow.outbox.under_way((id,)):
                return False
            record = cached.application
            moved = any(
                each.brings_score and record_basis(record, each.changes) != each.basis
                for each in uow.proposals.open_of(id)
            )
            given = latest_judged(uow, record.requisition_id, id) if moved else None
            if given is None:
                return False
            maker = service_actor("following", record.tenant)
            made = self.proposer.renew(uow, maker, given)
            uow.commit()
            return made is not None
