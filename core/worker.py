"""The process that pulls, scores and writes: jobs by kind, due writes, and the clock's work."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from core.bootstrap import App, get_app
from core.domain.ids import ApplicationId, RequisitionId
from core.domain.jobs import Job, JobKind, JobRequest
from core.errors import CopilotError
from core.flow.write import write_next
from core.ports import Trigger
from core.queue.loop import Runner, WorkerLoop

log = structlog.get_logger(__name__)

_SYNC_EVERY = timedelta(minutes=15)


def runners(app: App) -> Mapping[JobKind, Runner]:
    """Say which use case does which kind of job."""
    return {
        JobKind.SYNC_REQUISITIONS: lambda job: _ignore(app.sync.requisitions(_trigger(job))),
        JobKind.SYNC_APPLICATIONS: lambda job: _ignore(
            app.sync.applications(_requisition(job), _trigger(job))
        ),
        JobKind.SYNC_PEOPLE: lambda job: _ignore(app.sync.people(_trigger(job))),
        JobKind.FETCH_PEOPLE: lambda job: app.intake.people(_requisition(job), _trigger(job)),
        JobKind.REFRESH_APPLICATION: lambda job: app.sync.application(
            _application(job), _trigger(job)
        ),
        JobKind.READ_HIDDEN: lambda job: app.sync.hidden(
            _requisition(job), _application(job), _trigger(job)
        ),
        JobKind.SCREEN: lambda job: _ignore(app.screening.screen(_application(job), _trigger(job))),
        JobKind.GATHER_BASELINE: lambda job: _ignore(
            app.baseline.gather(_requisition(job), _trigger(job))
        ),
        JobKind.SCORE_BASELINE: lambda job: app.baseline.score(
            _requisition(job), _application(job), _trigger(job)
        ),
    }


def build_loop(app: App, *, threads: int = 3) -> WorkerLoop:
    """Build the loop of this process.

    Three threads for jobs: while one waits for iCIMS and one for a reading process, one scores.
    """
    return WorkerLoop(
        unit_of_work=app.store.unit_of_work,
        clock=app.clock,
        runners=runners(app),
        write_next=lambda: write_next(app.store.unit_of_work, app.ats, app.clock) is not None,
        threads=threads,
    )


@dataclass(slots=True)
class Schedule:
    """Queues the regular pulls; a pull that still waits is not queued twice."""

    app: App
    stopped: threading.Event

    def run(self) -> None:
        """Queue now and then every quarter of an hour until stopped."""
        while True:
            try:
                self.queue()
            except CopilotError as error:
                # The database may be away for a while; the next round must still come.
                log.warning("schedule.not_queued", error=type(error).__name__)
            if self.stopped.wait(_SYNC_EVERY.total_seconds()):
                return

    def queue(self) -> None:
        """Queue one round of pulls."""
        now = self.app.clock.now()
        with self.app.store.unit_of_work() as uow:
            for kind in (JobKind.SYNC_REQUISITIONS, JobKind.SYNC_PEOPLE):
                request = JobRequest(kind=kind, tenant=self.app.tenant, dedupe_key=kind.value)
                uow.jobs.enqueue(request, now)
            uow.commit()


def main() -> None:
    """Run until SIGTERM or SIGINT; raises at once when a setting cannot be worked with."""
    app = get_app()
    app.check()
    stopped = threading.Event()
    schedule = threading.Thread(target=Schedule(app, stopped).run)
    schedule.start()
    try:
        build_loop(app).run()
    finally:
        stopped.set()
        schedule.join()
        app.close()


def _trigger(job: Job) -> Trigger:
    by = job.payload.get("by", "")
    return Trigger(
        reason=f"{job.kind.value} {job.id}", actor=by or "service:worker", person_waiting=bool(by)
    )


def _requisition(job: Job) -> RequisitionId:
    return RequisitionId(job.payload["requisition"])


def _application(job: Job) -> ApplicationId:
    return ApplicationId(job.payload["application"])


def _ignore(_: object) -> None:
    """Drop a use case's answer: what matters is in the store."""
