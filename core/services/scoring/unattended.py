"""Scoring without a person at the screen, for the command line and the demo's first run.

Nothing can be approved from here: a service reads, scores and proposes, people decide.
"""

from dataclasses import dataclass

from core.domain.actor import Actor
from core.domain.ids import ApplicationId, RequisitionId
from core.domain.jobs import Priority
from core.errors import CriteriaRefused, NotFound
from core.ports import Clock, Trigger, UnitOfWorkFactory
from core.services.scoring.criteria import CriteriaDesk
from core.services.scoring.screening import Screening
from core.services.sync import Sync


@dataclass(frozen=True, slots=True)
class Unattended:
    """Pull a requisition and queue its scoring."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    sync: Sync
    criteria: CriteriaDesk
    screening: Screening

    def start(
        self, actor: Actor, id: RequisitionId, trigger: Trigger, *, accept_draft: bool = False
    ) -> tuple[ApplicationId, ...]:
        """Pull, queue every application not yet scored, return the ids of all.

        ``accept_draft`` freezes criteria drafted from the posting where a person froze none;
        without it that raises ``CriteriaRefused``.
        """
        self.sync.requisition(id, trigger)
        self.sync.applications(id, trigger)
        with self.unit_of_work() as uow:
            requisition = uow.requisitions.get(id)
            if requisition is None:
                raise NotFound(f"requisition {id} does not exist")
            if uow.criteria.frozen(id) is None:
                if not accept_draft:
                    raise CriteriaRefused(
                        f"Requisition {id} has no frozen criteria. Freeze them on its criteria"
                        " page, or accept the draft made from its posting (--accept-draft)."
                    )
                now = self.clock.now()
                draft = uow.criteria.latest(id) or self.criteria.draft(requisition, now, actor.id)
                self.criteria.freeze_draft(uow, actor, requisition, draft, now)
            self.screening.enqueue(uow, actor, id, Priority.FRESH)
            return tuple(cached.application.id for cached in uow.applications.of(id))
