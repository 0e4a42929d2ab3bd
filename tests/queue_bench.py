"""A worker on a broker for tests and measurements: real Celery, real database, countable work.

Run as a script it consumes until SIGTERM; ``main`` has its arguments. Every job adds a line to the
file of its id in the folder, so that a second run of it would show.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from core.domain.ids import TenantId
from core.domain.jobs import Job, JobKind
from core.queue.broker import Broker
from core.queue.running import JobRunner, Pace
from tests.store_bench import open_for

RABBIT = os.environ.get("COPILOT_TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")
PACE = Pace(lease=3.0, first_wait=0.2, longest_wait=1.0)


class RealClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def work(folder: Path, job: Job) -> None:
    """Note the attempt, spend processor time and then ``seconds``, note the end."""
    place = folder / job.id
    _note(place, f"begin {job.attempts} {os.getpid()}")
    spin(int(job.payload.get("rounds", "0")))
    time.sleep(float(job.payload.get("seconds", "0")))
    _note(place, "end")


def spin(rounds: int) -> int:
    """Keep a processor busy, as scoring does."""
    number = 1
    for _ in range(rounds):
        number = number * 31 + 7 & 0xFFFFFFFF
    return number


def _note(place: Path, line: str) -> None:
    with place.open("a") as stream:
        stream.write(f"{line}\n")


def runner_on(url: str, tenant: str, folder: Path) -> Callable[[Callable[[], bool]], JobRunner]:
    """Make what builds a process's runner."""

    def build(stopping: Callable[[], bool]) -> JobRunner:
        clock = RealClock()
        store = open_for(url, clock, tenant)
        return JobRunner(
            store.unit_of_work,
            clock,
            {JobKind.SCREEN: lambda job: work(folder, job)},
            pace=PACE,
            stopping=stopping,
        )

    return build


@contextmanager
def broker_at(url: str, tenant: str, options: dict[str, object] | None = None) -> Iterator[Broker]:
    """Open a broker and let go of it."""
    broker = Broker(url, TenantId(tenant), options)
    yield broker
    broker.close()


def main(
    database: str, broker: str, tenant: str, folder: str, processes: str = "1", options: str = "{}"
) -> int:
    """Consume until SIGTERM."""
    with broker_at(broker, tenant, json.loads(options)) as opened:
        build = runner_on(database, tenant, Path(folder))
        return opened.consume(build, processes=int(processes))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
