"""A burst of applications from iCIMS's event to the proposal, with events that come badly.

    python -m bench.burst [APPLICATIONS] [--workers N]

The sandbox lets people apply as fast as it can and sends an event for each: 5 % twice, 5 % out of
order, 1 % never. A gateway process takes them in, a worker process reads and scores them; with
``--workers`` on PostgreSQL, with a relay and N broker workers, both with their regular comparison
with iCIMS. When the queue is empty iCIMS is asked once more what changed, and the queue drains
again. Then everything is counted: every application must be cached, scored and proposed exactly
once.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.domain.ids import ApplicationId
from core.sandbox.icims.events import EventFaults, EventTarget
from core.sandbox.icims.world import DemoWorld
from core.services.progress import screening_group
from tests.gateway_process import EVENTS, KEY, USER, Gateway, free_port, wait_for
from tests.queue_bench import RABBIT
from tests.store_bench import database
from tests.whole import CUSTOMER, POLL, SUPPORT, TODAY, Whole, start_whole

ROOT = Path(__file__).resolve().parents[1]
FAULTS = EventFaults(lost=0.01, duplicate=0.05, out_of_order=0.05)


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of the applications of a burst."""

    cached: int
    scored: int
    twice: int
    proposed: int

    @classmethod
    def of(cls, whole: Whole, ids: Sequence[ApplicationId]) -> "Counted":
        """Count what stands in the store."""
        with whole.app.store.unit_of_work() as uow:
            made = [len(uow.assessments.of(id)) for id in ids]
            proposals = [len(uow.proposals.of(id)) for id in ids]
            cached = len(uow.applications.among(ids))
        return cls(
            cached=cached,
            scored=sum(number > 0 for number in made),
            twice=sum(number > 1 for number in made) + sum(number > 1 for number in proposals),
            proposed=sum(number > 0 for number in proposals),
        )


@contextmanager
def processes(whole: Whole, port: int, workers: int) -> Iterator[None]:
    """Run the gateway and what does the work, until left."""
    given = {
        **{name: v for name, v in os.environ.items() if not name.startswith("COPILOT_")},
        **whole.environment,
        "COPILOT_GATEWAY_PORT": str(port),
        "COPILOT_EVENTS_AUTH": "hmac",
        "COPILOT_EVENTS_USER": USER,
        "COPILOT_EVENTS_SECRET": KEY,
        "COPILOT_BROKER_URL": RABBIT if workers else "",
        "COPILOT_LOG_LEVEL": "WARNING",
        "HF_HUB_OFFLINE": "1",
    }
    commands = [["gateway"], ["worker"]]
    if workers:
        commands = [["gateway"], ["relay"], *[["broker-worker", "--processes", "1"]] * workers]
    with ExitStack() as running:
        for command in commands:
            process = subprocess.Popen(
                [sys.executable, "-m", "core", *command], cwd=ROOT, env=given
            )
            running.callback(process.wait)
            running.callback(process.terminate)
            if command == ["gateway"]:
                wait_for(Gateway(port, process))
        yield


def drained(whole: Whole) -> float:
    """Wait until no job is left; return seconds."""
    start = time.perf_counter()
    while True:
        with whole.app.store.unit_of_work() as uow:
            left = sum(
                depth.due + depth.running for depth in uow.jobs.depths(whole.app.clock.now())
            )
        if not left:
            return time.perf_counter() - start
        time.sleep(0.5)


def measure(whole: Whole, number: int) -> None:
    """Let people apply and print what came of it."""
    app, admin = whole.app, whole.sandbox.admin
    before = set(whole.sandbox.records(CUSTOMER, "applicantworkflows"))
    began, start = app.clock.now(), time.perf_counter()
    burst = {"job": int(SUPPORT), "applications": number, "per_second": 100_000}
    admin.request("POST", f"customers/{CUSTOMER}/burst", burst)
    log = admin.flush_events()
    told = time.perf_counter() - start
    fates = Counter(str(entry["fate"]) for entry in log)
    kept = sum(entry["status"] == 200 for entry in log)
    after = drained(whole)
    made = set(whole.sandbox.records(CUSTOMER, "applicantworkflows")) - before
    ids = [ApplicationId(str(id)) for id in made]
    by_events = Counted.of(whole, ids)
    found = app.reconciliation.poll(POLL)
    again = drained(whole)
    total = Counted.of(whole, ids)
    with app.store.unit_of_work() as uow:
        progress = uow.jobs.progress(screening_group(SUPPORT))
        refused = sum(each.refused for each in uow.calls.latencies(app.clock.now().replace(hour=0)))
        compared = sum(each.missed for each in uow.sweeps.since(began))
    pace = len(ids) / (told + after)
    print(
        f"{len(ids):,} applied; {len(log):,} events ({dict(fates)}), {kept:,} answered 200 in"
        f" {told:.1f} s ({kept / told:.0f}/s); queue empty {after:.1f} s later ({pace:.1f}"
        f" applications/s from event to proposal)\nthen {by_events}\none more question to iCIMS"
        f" found {found.missed:,}, done {again:.1f} s later: {total}; comparisons found"
        f" {compared:,} that no event told of; failed jobs {progress.failed}, 429s"
        f" {refused}, iCIMS requests {admin.requests(CUSTOMER):,}",
        flush=True,
    )


def main() -> None:
    """Measure one form."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("applications", nargs="?", type=int, default=2_000)
    parser.add_argument("--workers", type=int, default=0)
    given = parser.parse_args()
    port = free_port()
    target = EventTarget(
        customer_id=CUSTOMER, url=f"http://127.0.0.1:{port}{EVENTS}", user=USER, key=KEY
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = database("postgresql", folder) if given.workers else nullcontext("")
        world = DemoWorld(7, given.applications * 2, TODAY)
        options: dict[str, Any] = {
            "event_targets": (target,),
            "event_faults": FAULTS,
            "daily_limit": 10_000_000,
        }
        with (
            engine as url,
            start_whole(folder, world=world, database_url=url, **options) as whole,
        ):
            whole.app.reconciliation.poll(POLL)
            whole.pull(SUPPORT)
            whole.freeze(SUPPORT)
            whole.score(SUPPORT)
            with processes(whole, port, given.workers):
                measure(whole, given.applications)


if __name__ == "__main__":
    main()
