"""The worker that the fault tests kill: real loop, real client, real database, short waits.

Run as a script it imports everything once, then for every line on its input forks a worker and
answers with its process id, so that fifty workers start in the time of one.
"""

import os
import signal
import sys
from datetime import UTC, datetime

from core.domain.budget import Reserves
from core.domain.ids import TenantId
from core.flow.write import Pace, write_next
from core.icims import BasicCredentials, IcimsClient, parse_field_map
from core.queue.loop import Pace as LoopPace
from core.queue.loop import WorkerLoop
from core.store import open_store
from tests import small_world as world
from tests.store_bench import SECRET

CUSTOMER = "4711"
WRITES = Pace(lease=4.0, settle=1.5, first_wait=0.1, longest_wait=0.5)


class RealClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def work(database_url: str, sandbox_url: str) -> None:
    """Write what is due until told to stop."""
    clock = RealClock()
    store = open_store(database_url, tenant=TenantId(CUSTOMER), secret_key=SECRET, clock=clock)
    ats = IcimsClient(
        base_url=sandbox_url,
        customer_id=CUSTOMER,
        credentials=BasicCredentials(username="api4711", password="password-4711"),
        field_map=parse_field_map(world.field_map(CUSTOMER)),
        call_log=store.call_log,
        clock=clock,
        reserves=Reserves(),
        places=store.places(4),
        timeout=1.2,
    )
    WorkerLoop(
        unit_of_work=store.unit_of_work,
        clock=clock,
        runners={},
        write_next=lambda: write_next(store.unit_of_work, ats, clock, WRITES) is not None,
        threads=0,
        pace=LoopPace(idle=0.05),
    ).run()
    ats.close()
    store.close()


def main(database_url: str, sandbox_url: str) -> None:
    """Fork a worker for every line of input; end them all when the input ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    started = []
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            # Its log must not be read as a process id.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            work(database_url, sandbox_url)
            os._exit(0)
        started.append(pid)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
