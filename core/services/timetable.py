"""What is to be done by the clock: comparisons with iCIMS, and housekeeping."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.ids import TenantId
from core.domain.jobs import JobKind, JobRequest, Priority
from core.ports import Clock, UnitOfWork, UnitOfWorkFactory


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """Queues the regular jobs; any number of processes may ask, each turn is queued once.

    ``quiet_hour`` (UTC) is when the daily ones are due; a night that was missed is made up for.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    tenant: TenantId
    poll_every: timedelta
    quiet_hour: int

    def queue(self) -> None:
        """Queue what is due; ask at least once a minute."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            self._queue(uow, JobKind.RECONCILE, now - self.poll_every, now)
            for kind in (JobKind.SWEEP, JobKind.HOUSEKEEPING):
                self._queue(uow, kind, last_quiet(now, self.quiet_hour), now)
            uow.commit()

    def _queue(self, uow: UnitOfWork, kind: JobKind, due: datetime, now: datetime) -> None:
        """Queue a turn if the last one was before ``due``; the daily ones wait for a first night.

        On the first day everything is being pulled anyway.
        """
        name = f"queued:{kind}"
        last = uow.requisitions.cursor(name)
        if last is not None and last > due:
            return
        if not uow.requisitions.move_cursor(name, last, now):
            return
        if last is None and kind is not JobKind.RECONCILE:
            return
        request = JobRequest(
            kind=kind,
            tenant=self.tenant,
            dedupe_key=kind.value,
            payload={"at": now.isoformat()},
            # What changed is asked for however much old work there is.
            priority=Priority.FRESH if kind is JobKind.RECONCILE else Priority.BACKLOG,
        )
        uow.jobs.enqueue(request, now)


def last_quiet(now: datetime, hour: int) -> datetime:
    """Give the last time it was ``hour`` o'clock UTC."""
    today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)
