"""The relay: tells the broker of due jobs in order of urgency, again when it seems to forget."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from core.domain.pacing import backoff
from core.errors import BrokerUnavailable, CopilotError
from core.ports import Clock, Published, UnitOfWorkFactory

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Relay:
    """Moves jobs from the table to a broker; any number of relays may run.

    ``window`` is how many jobs of one priority the broker holds at most, ``again`` after how many
    seconds it is told of one once more. Times in seconds.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    publish: Callable[[Sequence[Published]], None]
    window: int = 100
    again: float = 60.0
    idle: float = 0.2
    first_wait: float = 1.0
    longest_wait: float = 30.0

    def run(self, stopped: threading.Event) -> None:
        """Relay until stopped; while broker or database are away the jobs wait in the table."""
        failed = 0
        while not stopped.is_set():
            try:
                busy = self.relay() > 0
                failed, wait = 0, 0.0 if busy else self.idle
            except CopilotError as error:
                failed += 1
                wait = backoff(failed, "relay", first=self.first_wait, longest=self.longest_wait)
                log.warning("relay.waits", error=type(error).__name__, seconds=round(wait, 1))
            stopped.wait(wait)

    def relay(self) -> int:
        """Tell the broker of what is due; return how many jobs that were.

        They count as told before they are: a worker may be quicker than our commit. Should this
        process die in between, they are told after ``again`` seconds.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            due = uow.jobs.to_publish(now, now - timedelta(seconds=self.again), self.window)
            uow.commit()
        if not due:
            return 0
        try:
            self.publish(due)
        except BrokerUnavailable:
            with self.unit_of_work() as uow:
                uow.jobs.not_told([each.id for each in due])
                uow.commit()
            raise
        log.info("relay.told", jobs=len(due))
        return len(due)
