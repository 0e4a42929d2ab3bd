"""A relay that the fault tests kill; ``main`` has its arguments."""

import sys
import threading

from core.queue.relay import Relay
from tests.queue_bench import RealClock, broker_at
from tests.store_bench import open_for


def main(database: str, url: str, tenant: str) -> None:
    """Relay until killed; what the broker lost is told again after two seconds."""
    clock = RealClock()
    store = open_for(database, clock, tenant)
    with broker_at(url, tenant) as broker:
        Relay(
            unit_of_work=store.unit_of_work,
            clock=clock,
            publish=broker.publish,
            window=20,
            again=2.0,
            idle=0.05,
            first_wait=0.2,
            longest_wait=0.5,
        ).run(threading.Event())


if __name__ == "__main__":
    main(*sys.argv[1:])
