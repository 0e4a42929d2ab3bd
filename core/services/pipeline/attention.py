"""Applications that wait for a person's eyes, over all of that person's jobs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.domain.actor import Actor
from core.domain.records import Requisition
from core.domain.rows import PipelineRow, WorkState
from core.domain.views import QueueRow
from core.ports import Clock, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit_signed_in
from core.services.pipeline.ranking import Ranking
from core.services.pipeline.requisitions import open_jobs

_DECIDED = {WorkState.APPROVED, WorkState.WRITTEN, WorkState.REFUSED}
"""A person has looked and decided; what went wrong afterwards is told elsewhere."""


@dataclass(frozen=True, slots=True)
class Attention:
    """The queue of scores that should not be taken at their word."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ranking: Ranking

    def open(self, actor: Actor) -> tuple[QueueRow, ...]:
        """List undecided applications with a reason to look, first those ``actor`` has not seen.

        Of these, who has waited longest comes first. One whose score is hidden is here only for
        what its document holds.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit_signed_in(uow, actor, now)
            found = [
                QueueRow(row=row, requisition_id=job.id, job=job.title)
                for job in open_jobs(uow, actor)
                for row in self._waiting(uow, actor, job, now)
            ]
        return tuple(sorted(found, key=_order))

    def _waiting(
        self, uow: UnitOfWork, actor: Actor, job: Requisition, now: datetime
    ) -> Iterator[PipelineRow]:
        rows = self.ranking.rows(uow, actor, job, now)
        return (row for row in rows if row.reasons and row.state not in _DECIDED)


def _order(line: QueueRow) -> tuple[bool, int, str]:
    return line.row.looked, -(line.row.days_waiting or 0), line.row.application_id
