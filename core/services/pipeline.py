"""The ranked pipeline of a requisition, from cache and at once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.domain.access import Command, may
from core.domain.actor import Actor
from core.domain.audit import fact_by
from core.domain.ids import RequisitionId
from core.domain.jobs import JobKind, JobRequest, Priority
from core.domain.records import Requisition
from core.domain.views import PipelineView, Progress
from core.ports import Clock, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit_to_requisition
from core.services.criteria import criteria_versions
from core.services.intake import people_cursor
from core.services.progress import (
    hidden_problem,
    screening_group,
    screening_problem,
    screening_progress,
)
from core.services.ranking import Ranking
from core.services.sync import applications_cursor, sync_problem

_PEOPLE_AGAIN = timedelta(minutes=15)
"""Somebody whom iCIMS hides is not asked for again at every look."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Open a requisition's pipeline, watch and stop its scoring."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ranking: Ranking

    def open(self, actor: Actor, id: RequisitionId) -> PipelineView:
        """Show every application of a requisition, ranked, with the age of the data.

        Where people are still without a name, reading them is queued.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            requisition = admit_to_requisition(uow, actor, Command.SEE_REQUISITION, now, id)
            applications = uow.applications.of(id)
            view = PipelineView(
                requisition=requisition,
                fetched_at=uow.requisitions.cursor(applications_cursor(id)),
                criteria=uow.criteria.frozen(id),
                rows=self.ranking.rows(uow, applications, criteria_versions(uow, id), now),
                progress=screening_progress(uow, id, now),
                may_screen=may(actor, Command.SCREEN, requisition),
                may_edit_criteria=may(actor, Command.EDIT_CRITERIA, requisition),
                problem=sync_problem(uow, id)
                or screening_problem(uow, id)
                or hidden_problem(uow, id),
            )
            if any(cached.candidate is None for cached in applications):
                self._fetch_people(uow, requisition, now)
            return replace(view, reading_names=_is_reading_names(uow, id))

    def reading_names(self, actor: Actor, id: RequisitionId) -> bool:
        """Say whether people's names are still on their way from iCIMS."""
        with self.unit_of_work() as uow:
            now = self.clock.now()
            admit_to_requisition(uow, actor, Command.SEE_REQUISITION, now, id)
            return _is_reading_names(uow, id)

    def _fetch_people(self, uow: UnitOfWork, requisition: Requisition, now: datetime) -> None:
        last = uow.requisitions.cursor(people_cursor(requisition.id))
        if last is not None and now - last < _PEOPLE_AGAIN:
            return
        request = JobRequest(
            kind=JobKind.FETCH_PEOPLE,
            tenant=requisition.tenant,
            dedupe_key=_names_key(requisition.id),
            payload={"requisition": requisition.id},
            priority=Priority.FRESH,
        )
        if uow.jobs.enqueue(request, now) is not None:
            uow.commit()

    def progress(self, actor: Actor, id: RequisitionId) -> Progress | None:
        """Say how far the scoring is; None when it was never started."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit_to_requisition(uow, actor, Command.SEE_REQUISITION, now, id)
            return screening_progress(uow, id, now)

    def cancel(self, actor: Actor, id: RequisitionId) -> int:
        """Stop what is not yet scored; return how many applications that leaves."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit_to_requisition(uow, actor, Command.SCREEN, now, id)
            stopped = uow.jobs.cancel(screening_group(id), now)
            uow.audit.append(
                fact_by(actor, now, "screening.cancelled", f"requisition:{id}", count=stopped)
            )
            uow.commit()
        return stopped


def _names_key(id: RequisitionId) -> str:
    return f"{JobKind.FETCH_PEOPLE}:{id}"


def _is_reading_names(uow: UnitOfWork, id: RequisitionId) -> bool:
    return uow.jobs.pending(_names_key(id)) > 0
