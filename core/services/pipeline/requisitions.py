"""The requisitions screen: what is there, how fresh it is and what waits for this person."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.access import Command, may
from core.domain.actor import Actor
from core.domain.ids import RequisitionId
from core.domain.jobs import Priority
from core.domain.policy import Capability
from core.domain.records import Requisition
from core.domain.views import RequisitionCard
from core.ports import Clock, RequisitionCounts, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit_signed_in, admit_to_requisition
from core.services.choices import stop_words
from core.services.keeping import sync_request
from core.services.progress import screening_progress
from core.services.sync import data_as_of, sync_problem

_SOON = timedelta(hours=48)
"""Proposals that end within this time are counted as ending."""


@dataclass(frozen=True, slots=True)
class Requisitions:
    """Requisitions as one signed-in person may see them."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def list(self, actor: Actor) -> tuple[RequisitionCard, ...]:
        """List open requisitions that name ``actor`` as recruiter or hiring manager, by title."""
        with self.unit_of_work() as uow:
            now = self.clock.now()
            admit_signed_in(uow, actor, now)
            counts = uow.overview.counts(now + _SOON)
            cards = [
                self._card(uow, actor, job, counts.get(job.id, RequisitionCounts()), now)
                for job in open_jobs(uow, actor)
            ]
        return tuple(sorted(cards, key=lambda card: card.requisition.title.casefold()))

    def refresh(self, actor: Actor, id: RequisitionId) -> None:
        """Ask for the newest iCIMS data of a requisition ahead of all background work."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            requisition = admit_to_requisition(uow, actor, Command.REFRESH_REQUISITION, now, id)
            uow.jobs.enqueue(sync_request(requisition, Priority.CLICK, by=actor.id), now)
            uow.commit()

    def _card(
        self,
        uow: UnitOfWork,
        actor: Actor,
        requisition: Requisition,
        counts: RequisitionCounts,
        now: datetime,
    ) -> RequisitionCard:
        decides = may(actor, Command.APPROVE, requisition)
        return RequisitionCard(
            requisition=requisition,
            fetched_at=data_as_of(uow, requisition.id),
            applications=counts.applications,
            new=counts.applications - counts.assessed,
            assessed=counts.assessed,
            proposals_open=counts.proposals_open if decides else 0,
            criteria_frozen=uow.criteria.frozen(requisition.id) is not None,
            progress=screening_progress(uow, requisition.id, now),
            unseen=counts.unseen,
            expiring=counts.expiring if decides else 0,
            problem=sync_problem(uow, requisition.id),
            stopped=stop_here(uow, requisition),
            may_decide=decides,
        )


def open_jobs(uow: UnitOfWork, actor: Actor) -> tuple[Requisition, ...]:
    """List the open requisitions that ``actor`` may see."""
    every = uow.requisitions.all()
    return tuple(r for r in every if r.is_open and may(actor, Command.SEE_REQUISITION, r))


def stop_here(uow: UnitOfWork, requisition: Requisition) -> str:
    """Say that scoring, or else writing, is switched off for a requisition; empty when neither."""
    return stop_words(uow, Capability.SCREENING, requisition) or stop_words(
        uow, Capability.WRITING, requisition
    )
