"""Runs one claimed job: keeps its lease, settles how it ended, tells it when to leave off."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog

from core.domain.ids import JobId
from core.domain.jobs import Job, JobKind, never
from core.domain.pacing import backoff
from core.errors import CopilotError, QuotaExhausted, WorkStopped
from core.ports import Clock, UnitOfWorkFactory

log = structlog.get_logger(__name__)

Runner = Callable[[Job], None]
"""Does one job; it may run twice for the same job and raises to be tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Times in seconds; a job's lease is renewed three times before it would end.

    ``look`` is how often at most a running job learns that it was cancelled. ``attempts`` bounds
    errors nobody foresaw and dead workers, ``patience`` outages elsewhere, which end by
    themselves: 50 attempts are about eight hours.
    """

    lease: float = 60.0
    look: float = 5.0
    idle: float = 0.5
    first_wait: float = 5.0
    longest_wait: float = 600.0
    attempts: int = 6
    patience: int = 50


@dataclass(slots=True)
class JobRunner:
    """Claims jobs and runs them, in as many threads as call.

    Every runner must be safe to repeat: a job whose worker dies is run again when its lease ends.
    ``stopping`` says whether this process is to end, ``short`` whether there is not enough for
    all, so that the newest of a group go first.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    runners: Mapping[JobKind, Runner]
    pace: Pace = field(default_factory=Pace, kw_only=True)
    stopping: Callable[[], bool] = field(default=never, kw_only=True)
    short: Callable[[], bool] = field(default=never, kw_only=True)

    def run_next_job(self) -> bool:
        """Claim and run the most urgent job; False when none is due."""
        kinds = tuple(kind.value for kind in self.runners)
        newest = self.short()
        with self.unit_of_work() as uow:
            job = uow.jobs.claim(self.clock.now(), self.pace.lease, kinds, newest=newest)
            uow.commit()
        return self._run(job)

    def run_job(self, id: JobId) -> bool:
        """Claim and run that job; False when it is not due or somebody has it."""
        with self.unit_of_work() as uow:
            job = uow.jobs.claim_one(id, self.clock.now(), self.pace.lease)
            uow.commit()
        return self._run(job)

    def _run(self, job: Job | None) -> bool:
        if job is None:
            return False
        if job.abandoned and job.counted > self.pace.attempts:
            self._settle(job, None, "it ended its worker every time")
            return True
        try:
            with _Renewal(self, job) as watched:
                self.runners[job.kind](watched)
        except Exception as error:
            self._failed(job, error)
        else:
            self._done(job)
        return True

    def _done(self, job: Job) -> None:
        with self.unit_of_work() as uow:
            uow.jobs.complete(job, self.clock.now())
            uow.commit()
        log.info("job.done", job=job.id, kind=job.kind.value, attempts=job.attempts)

    def _failed(self, job: Job, error: Exception) -> None:
        """Try again later what may pass; bury what will not, or has been tried often enough."""
        # Our own messages hold no values; others are not looked into, and may pass.
        text, most = type(error).__name__, self.pace.attempts
        if isinstance(error, CopilotError):
            text, most = str(error), self.pace.patience if error.retryable else 0
        if isinstance(error, WorkStopped):
            self._settle(job, 0, "", spared=True)
        elif isinstance(error, QuotaExhausted):
            self._settle(job, error.resets_in, text, spared=True)
        elif job.counted >= most:
            self._settle(job, None, text)
        else:
            pace = self.pace
            wait = backoff(job.counted, job.id, first=pace.first_wait, longest=pace.longest_wait)
            self._settle(job, wait, text)

    def _settle(self, job: Job, wait: float | None, error: str, *, spared: bool = False) -> None:
        now = self.clock.now()
        with self.unit_of_work() as uow:
            if wait is None:
                uow.jobs.bury(job, now, error)
            else:
                uow.jobs.retry(job, now + timedelta(seconds=wait), error, spared=spared)
            uow.commit()
        event = "job.buried" if wait is None else "job.delayed"
        log.warning(event, job=job.id, kind=job.kind.value, attempts=job.attempts)


class _Renewal:
    """Keeps a job's lease while its runner works, from a thread of its own."""

    def __init__(self, runner: JobRunner, job: Job) -> None:
        self._runner = runner
        self._job = job
        self._over = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> Job:
        self._thread.start()
        return replace(self._job, stopping=self._is_to_stop)

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _is_to_stop(self) -> bool:
        return self._lost.is_set() or self._runner.stopping()

    def _renew(self) -> None:
        runner, lease = self._runner, self._runner.pace.lease
        while not self._over.wait(min(lease / 3, runner.pace.look)):
            try:
                with runner.unit_of_work() as uow:
                    held = uow.jobs.extend(self._job, runner.clock.now() + timedelta(seconds=lease))
                    uow.commit()
            except CopilotError as error:
                log.warning("job.lease_not_renewed", job=self._job.id, error=type(error).__name__)
                continue
            if not held:
                log.warning("job.lease_lost", job=self._job.id)
                self._lost.set()
                return
