"""The requisitions screen: what is there, how fresh it is and what waits for this person."""

from dataclasses import dataclass

from core.domain.access import Command, may
from core.domain.actor import Actor
from core.domain.ids import RequisitionId
from core.domain.jobs import Priority
from core.domain.records import Requisition
from core.domain.views import RequisitionCard
from core.ports import Clock, RequisitionCounts, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit_signed_in, admit_to_requisition
from core.services.progress import screening_progress
from core.services.sync import applications_cursor, sync_request


@dataclass(frozen=True, slots=True)
class Requisitions:
    """Requisitions as one signed-in person may see them."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def list(self, actor: Actor) -> tuple[RequisitionCard, ...]:
        """List open requisitions that name ``actor`` as recruiter or hiring manager, by title."""
        with self.unit_of_work() as uow:
            admit_signed_in(uow, actor, self.clock.now())
            counts = uow.overview.counts()
            cards = [
                self._card(uow, requisition, counts.get(requisition.id, RequisitionCounts()))
                for requisition in self._of(uow, actor)
            ]
        return tuple(sorted(cards, key=lambda card: card.requisition.title.casefold()))

    def refresh(self, actor: Actor, id: RequisitionId) -> None:
        """Ask for the newest iCIMS data of a requisition ahead of all background work."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            requisition = admit_to_requisition(uow, actor, Command.REFRESH_REQUISITION, now, id)
            uow.jobs.enqueue(sync_request(requisition, Priority.CLICK, by=actor.id), now)
            uow.commit()

    def _of(self, uow: UnitOfWork, actor: Actor) -> tuple[Requisition, ...]:
        every = uow.requisitions.all()
        return tuple(r for r in every if r.is_open and may(actor, Command.SEE_REQUISITION, r))

    def _card(
        self, uow: UnitOfWork, requisition: Requisition, counts: RequisitionCounts
    ) -> RequisitionCard:
        return RequisitionCard(
            requisition=requisition,
            fetched_at=uow.requisitions.cursor(applications_cursor(requisition.id)),
            applications=counts.applications,
            new=counts.applications - counts.assessed,
            assessed=counts.assessed,
            proposals_open=counts.proposals_open,
            criteria_frozen=uow.criteria.frozen(requisition.id) is not None,
            progress=screening_progress(uow, requisition.id, self.clock.now()),
        )
