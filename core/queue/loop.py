"""The worker loop: claims jobs and due writes, runs them in threads, stops when told to."""

import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from core.domain.jobs import Job, JobKind
from core.domain.pacing import backoff
from core.errors import CopilotError, QuotaExhausted
from core.ports import Clock, UnitOfWorkFactory

log = structlog.get_logger(__name__)

Runner = Callable[[Job], None]
"""Does one job; it may run twice for the same job and raises to be tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Times in seconds; a job's lease is renewed three times before it would end.

    ``attempts`` bounds errors nobody foresaw and dead workers, ``patience`` outages elsewhere,
    which end by themselves: 50 attempts are about eight hours.
    """

    lease: float = 60.0
    idle: float = 0.5
    first_wait: float = 5.0
    longest_wait: float = 600.0
    attempts: int = 6
    patience: int = 50


@dataclass(slots=True)
class WorkerLoop:
    """Runs jobs by kind in ``threads`` threads, and ``write_next`` in one more.

    ``write_next`` does one due write and says whether there was one. Every runner must be safe
    to repeat: a job whose worker dies is run again when its lease ends.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    runners: Mapping[JobKind, Runner]
    write_next: Callable[[], bool]
    threads: int = 2
    pace: Pace = field(default_factory=Pace)
    _stop: threading.Event = field(default_factory=threading.Event, init=False)

    def run(self) -> None:
        """Work until ``stop``, SIGTERM or SIGINT, then finish what is under way and return."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: self.stop())
        steps = [self.run_next_job] * self.threads + [self.write_next]
        workers = [threading.Thread(target=self._repeat, args=(step,)) for step in steps]
        for worker in workers:
            worker.start()
        log.info("worker.started", threads=len(workers))
        for worker in workers:
            worker.join()
        log.info("worker.stopped")

    def stop(self) -> None:
        """Ask every thread to stop after what it is doing."""
        self._stop.set()

    def run_next_job(self) -> bool:
        """Claim and run one job; False when none is due."""
        with self.unit_of_work() as uow:
            kinds = tuple(kind.value for kind in self.runners)
            job = uow.jobs.claim(self.clock.now(), self.pace.lease, kinds)
            uow.commit()
        if job is None:
            return False
        if job.abandoned and job.attempts > self.pace.attempts:
            self._settle(job, None, "it ended its worker every time")
            return True
        try:
            with _Renewal(self, job):
                self.runners[job.kind](job)
        except Exception as error:
            self._failed(job, error)
        else:
            self._done(job)
        return True

    def _repeat(self, step: Callable[[], bool]) -> None:
        try:
            self._until_stopped(step)
        finally:
            # A thread that ends for any other reason takes the rest along: better a worker that
            # is started anew than one that quietly does half its work.
            self.stop()

    def _until_stopped(self, step: Callable[[], bool]) -> None:
        while not self._stop.is_set():
            try:
                busy = step()
            except Exception as error:
                # Say what kind of error only: a message of unknown origin may hold a value.
                log.exception("worker.step_failed", error=type(error).__name__, exc_info=False)
                busy = False
            if not busy:
                self._stop.wait(self.pace.idle)

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
        if isinstance(error, QuotaExhausted):
            self._settle(job, error.resets_in, text)
        elif job.attempts >= most:
            self._settle(job, None, text)
        else:
            pace = self.pace
            wait = backoff(job.attempts, job.id, first=pace.first_wait, longest=pace.longest_wait)
            self._settle(job, wait, text)

    def _settle(self, job: Job, wait: float | None, error: str) -> None:
        now = self.clock.now()
        with self.unit_of_work() as uow:
            if wait is None:
                uow.jobs.bury(job, now, error)
            else:
                uow.jobs.retry(job, now + timedelta(seconds=wait), error)
            uow.commit()
        event = "job.buried" if wait is None else "job.delayed"
        log.warning(event, job=job.id, kind=job.kind.value, attempts=job.attempts)


class _Renewal:
    """Keeps a job's lease while its runner works, from a thread of its own."""

    def __init__(self, loop: WorkerLoop, job: Job) -> None:
        self._loop = loop
        self._job = job
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _renew(self) -> None:
        loop, lease = self._loop, self._loop.pace.lease
        while not self._over.wait(lease / 3):
            try:
                with loop.unit_of_work() as uow:
                    held = uow.jobs.extend(self._job, loop.clock.now() + timedelta(seconds=lease))
                    uow.commit()
            except CopilotError as error:
                log.warning("job.lease_not_renewed", job=self._job.id, error=type(error).__name__)
                continue
            if not held:
                log.warning("job.lease_lost", job=self._job.id)
                return
