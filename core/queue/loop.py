"""The worker loop: claims jobs and due writes, runs them in threads, stops when told to."""

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from core.queue.running import JobRunner, Pace, Runner

__all__ = ["Pace", "Runner", "WorkerLoop"]

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class WorkerLoop(JobRunner):
    """Runs jobs by kind in ``threads`` threads, and ``write_next`` in one more.

    ``write_next`` does one due write and says whether there was one.
    """

    write_next: Callable[[], bool]
    threads: int = 2
    _stop: threading.Event = field(default_factory=threading.Event, init=False)

    def __post_init__(self) -> None:
        """Let running jobs see that this loop is to stop."""
        self.stopping = self._stop.is_set

    def run(self) -> None:
        """Work until ``stop``, SIGTERM or SIGINT, let jobs come to a good place, then return."""
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
        """Ask every thread to stop after what it is doing, and long jobs at the next record."""
        self._stop.set()

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
