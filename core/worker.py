"""The process that pulls, scores and writes: jobs by kind, due writes, and the clock's work."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from core.bootstrap import App, get_app
from core.domain.budget import lane_of
from core.domain.ids import ApplicationId, PersonId, RequisitionId
from core.domain.jobs import Job, JobKind, Priority
from core.errors import CopilotError, InvalidInput
from core.flow.write import write_next
from core.ports import Trigger
from core.queue.broker import KEEP, Broker
from core.queue.loop import Runner, WorkerLoop
from core.queue.relay import Relay
from core.queue.running import JobRunner

log = structlog.get_logger(__name__)

_LOOK_EVERY = timedelta(seconds=30)


def runners(app: App) -> Mapping[JobKind, Runner]:
    """Say which use case does which kind of job."""
    return {
        JobKind.RECONCILE: lambda job: _ignore(app.reconciliation.poll(_trigger(job))),
        JobKind.SWEEP: lambda job: _ignore(
            app.sweeping.sweep(datetime.fromisoformat(job.payload["at"]), _trigger(job))
        ),
        JobKind.HOUSEKEEPING: lambda _: app.housekeeping.tidy(),
        JobKind.SYNC_APPLICATIONS: lambda job: _ignore(
            app.sync.applications(_requisition(job), _trigger(job))
        ),
        JobKind.REFRESH_REQUISITION: lambda job: app.sync.refresh_requisition(
            _requisition(job), _trigger(job)
        ),
        JobKind.REFRESH_PERSON: lambda job: app.sync.person(
            PersonId(job.payload["person"]), _trigger(job)
        ),
        JobKind.FIND_APPLICATION: lambda job: app.sync.find(
            PersonId(job.payload["person"]), _requisition(job), _trigger(job)
        ),
        JobKind.FETCH_PEOPLE: lambda job: app.intake.people(_requisition(job), _trigger(job)),
        JobKind.REFRESH_APPLICATION: lambda job: _refresh(app, job),
        JobKind.READ_HIDDEN: lambda job: app.sync.refresh(
            _application(job), _trigger(job), _requisition(job) or None
        ),
        JobKind.SCREEN: lambda job: _ignore(app.screening.screen(_application(job), _trigger(job))),
        JobKind.GATHER_BASELINE: lambda job: _ignore(
            app.baseline.gather(_requisition(job), _trigger(job))
        ),
        JobKind.SCORE_BASELINE: lambda job: app.baseline.score(
            _requisition(job), _application(job), _trigger(job)
        ),
        JobKind.EVALUATE_PROMPT: lambda job: app.evaluating.carry_out(
            job.payload["evaluation"], job.stopping
        ),
        JobKind.TRY_PROMPT: lambda job: app.trying.carry_out(job.payload["trial"], job.stopping),
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
        short=lambda: app.ats.quota().plan(app.clock.now()).short,
    )


@dataclass(slots=True)
class Schedule:
    """Looks at the timetable until stopped."""

    app: App
    stopped: threading.Event

    def run(self) -> None:
        """Queue what is due, now and then every half minute."""
        while True:
            try:
                self.app.timetable.queue()
            except CopilotError as error:
                # The database may be away for a while; the next round must still come.
                log.warning("schedule.not_queued", error=type(error).__name__)
            if self.stopped.wait(_LOOK_EVERY.total_seconds()):
                return


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


def _refresh(app: App, job: Job) -> None:
    """Read a record again that was written to; what waited for that write follows from it."""
    app.sync.refresh(_application(job), _trigger(job))
    app.following.renew(_application(job))


def relay() -> None:
    """Tell the broker of due jobs, queue by the clock and do due writes, until SIGTERM."""
    app = get_app()
    app.check()
    broker = _broker(app)
    stopped = threading.Event()
    relay = Relay(
        unit_of_work=app.store.unit_of_work,
        clock=app.clock,
        publish=broker.publish,
        window=app.settings.broker_window,
        again=KEEP,
    )
    beside = [
        threading.Thread(target=relay.run, args=(stopped,)),
        threading.Thread(target=Schedule(app, stopped).run),
    ]
    for each in beside:
        each.start()
    try:
        build_loop(app, threads=0).run()
    finally:
        stopped.set()
        for each in beside:
            each.join()
        broker.close()
        app.close()


def broker_worker(processes: int, only: Sequence[Priority]) -> int:
    """Run the jobs that the broker tells of until SIGTERM; return the exit code."""
    app = get_app()
    app.check()
    # The processes are forked: each makes connections of its own.
    app.close()
    get_app.cache_clear()
    return _broker(app).consume(_job_runner, processes=processes, only=only)


def _job_runner(stopping: Callable[[], bool]) -> JobRunner:
    app = get_app()
    return JobRunner(app.store.unit_of_work, app.clock, runners(app), stopping=stopping)


def _broker(app: App) -> Broker:
    settings = app.settings
    if settings.database_url.startswith("sqlite"):
        raise InvalidInput(
            "Workers on a broker need PostgreSQL: set COPILOT_DATABASE_URL, or use"
            " `python -m core worker`."
        )
    return Broker(settings.broker_url.get_secret_value(), app.tenant, settings.broker_options)


def _trigger(job: Job) -> Trigger:
    by = job.payload.get("by", "")
    return Trigger(
        reason=f"{job.kind.value} {job.id}",
        actor=by or "service:worker",
        person_waiting=bool(by),
        background=lane_of(job.kind, job.priority),
        stopping=job.stopping,
    )


def _requisition(job: Job) -> RequisitionId:
    return RequisitionId(job.payload["requisition"])


def _application(job: Job) -> ApplicationId:
    return ApplicationId(job.payload["application"])


def _ignore(_: object) -> None:
    """Drop a use case's answer: what matters is in the store."""
