"""A gateway in a process of its own, for tests that kill it and benches that load it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.store_bench import SECRET

ROOT = Path(__file__).resolve().parents[1]
EVENTS = "/icims/events"
CUSTOMER, USER, KEY = "4711", "icims", "a secret of both"


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway that listens on ``port`` of this machine."""

    port: int
    process: subprocess.Popen[bytes]

    def connection(self) -> HTTPConnection:
        """Open a connection of one's own."""
        return HTTPConnection("127.0.0.1", self.port, timeout=30)


def free_port() -> int:
    """Find a port that nobody uses at the moment."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def start_gateway(
    database_url: str, command: Sequence[str] = ("core", "gateway"), auth: str = "basic"
) -> Iterator[Gateway]:
    """Start ``python -m command`` on a migrated database and wait until it is ready."""
    port = free_port()
    given = {
        "COPILOT_GATEWAY_PORT": str(port),
        "COPILOT_ICIMS_CUSTOMER_ID": CUSTOMER,
        "COPILOT_ICIMS_CLIENT_ID": "not asked for",
        "COPILOT_ICIMS_CLIENT_SECRET": "not asked for",
        "COPILOT_DATABASE_URL": database_url,
        "COPILOT_SECRET_KEY": SECRET,
        "COPILOT_EVENTS_AUTH": auth,
        "COPILOT_EVENTS_USER": USER,
        "COPILOT_EVENTS_SECRET": KEY,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**_without_settings(os.environ), **given},
        stderr=subprocess.DEVNULL,
    )
    started = Gateway(port, process)
    try:
        wait_for(started)
        yield started
    finally:
        process.kill()
        process.wait()


def _without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: v for name, v in environment.items() if not name.startswith("COPILOT_")}


def wait_for(gateway: Gateway) -> None:
    """Wait until it is ready."""
    until = time.monotonic() + 40
    while time.monotonic() < until and gateway.process.poll() is None:
        try:
            with closing(gateway.connection()) as connection:
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
        except (OSError, HTTPException):
            time.sleep(0.05)
    raise AssertionError("the gateway did not start")
