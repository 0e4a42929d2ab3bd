"""Let go of what nobody needs any more; once a day."""

from dataclasses import dataclass
from datetime import timedelta

from core.domain.actor import service_actor
from core.domain.audit import fact_by
from core.domain.ids import TenantId
from core.ports import Clock, UnitOfWorkFactory

_JOBS, _CALLS, _SESSIONS = timedelta(days=30), timedelta(days=90), timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Housekeeping:
    """Deletes what is old, and records how much: events, jobs, calls, sessions, models' texts."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    tenant: TenantId
    events_kept: timedelta
    runs_kept: timedelta

    def tidy(self) -> None:
        """Delete and record in one commit; safe to repeat."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            events = uow.events.purge(now - self.events_kept)
            jobs = uow.jobs.purge(now - _JOBS)
            calls = uow.calls.purge(now - _CALLS)
            sessions = uow.accounts.purge_sessions(now - _SESSIONS)
            bodies = uow.model_runs.purge_bodies(now - self.runs_kept)
            keeper = service_actor("housekeeping", self.tenant)
            uow.audit.append(
                fact_by(
                    keeper, now, "housekeeping.done", "store",
                    events=events, jobs=jobs, calls=calls, old_sessions=sessions, bodies=bodies,
                )
            )  # fmt: skip
            uow.commit()
