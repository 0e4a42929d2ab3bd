"""The sandbox as a process: ready, refused, killed."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from core.sandbox.icims.seed import Record, TenantSpec
from core.sandbox.icims.serve import listen
from core.sandbox.icims.store import StateMismatch, Store
from tests.small_world import ANNA_APPLICATION, NORTH, SmallWorld

ROOT = Path(__file__).parents[3]
SERVE = """
import sys
from pathlib import Path
from core.sandbox.icims.serve import serve
from tests.small_world import SmallWorld
state = Path(sys.argv[2]) if sys.argv[2] else None
serve("127.0.0.1", int(sys.argv[1]), world=SmallWorld(), state=state, seed=int(sys.argv[3]))
"""


@contextmanager
def process(
    port: int = 0, state: Path | str = "", seed: int = 1
) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SERVE, str(port), str(state), str(seed)]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def url(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline().rpartition(" ")[2].strip()


def record(at: str) -> str:
    return f"{at}/customers/4711/applicantworkflows/{ANNA_APPLICATION}"


def auth() -> tuple[str, str]:
    return NORTH.basic_user, NORTH.basic_password


def test_address_is_printed_when_ready_and_interrupt_ends_it_quietly() -> None:
    with process() as running:
        assert httpx.get(record(url(running)), auth=auth()).status_code == 200
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate()
    assert "Traceback" not in errors


def test_taken_port_is_one_clear_line_and_status_1() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with process(port) as running:
            output, errors = running.communicate()
    assert (running.returncode, output) == (1, "")
    assert errors == f"sandbox: cannot listen on 127.0.0.1:{port}: Address already in use\n"


def test_writes_survive_a_kill(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    with process(state=state) as running:
        address = record(url(running))
        httpx.patch(address, json={"field19001": 87}, auth=auth()).raise_for_status()
        os.kill(running.pid, signal.SIGKILL)
    with process(state=state) as running:
        assert httpx.get(record(url(running)), auth=auth()).json()["field19001"] == 87


def test_state_of_another_seed_is_refused(tmp_path: Path) -> None:
    Store(SmallWorld(), tmp_path / "state.db", seed=1).close()
    with process(state=tmp_path / "state.db", seed=2) as running:
        _, errors = running.communicate()
    assert (running.returncode, errors.count("\n")) == (1, 1)
    assert "seed 1, not 2" in errors


class BrokenWorld(SmallWorld):
    """Stops in the middle of its records."""

    def records(self, customer_id: str) -> Iterator[Record]:
        records = super().records(customer_id)
        yield next(records)
        raise InterruptedError


def test_fill_that_was_interrupted_starts_again(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    with pytest.raises(InterruptedError):
        Store(BrokenWorld(), state, seed=1)
    store = Store(SmallWorld(), state, seed=1)
    assert store.counts()["4711"]["jobs"] == 3
    store.close()


def test_store_reads_the_world_only_once(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    Store(SmallWorld(), state, seed=1).close()
    again = Store(BrokenWorld(), state, seed=1)
    assert again.counts()["4711"]["jobs"] == 3
    again.close()
    with pytest.raises(StateMismatch):
        Store(SmallWorld(), state, seed=2)


def test_http_2_is_answered_in_http_1_1() -> None:
    with process() as running:
        host, _, port = url(running).removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            assert connection.recv(64).startswith(b"HTTP/1.1 4")


def test_world_keeps_its_tenants_apart() -> None:
    def secrets(tenant: TenantSpec) -> set[str]:
        return {tenant.client_secret, tenant.basic_password, tenant.hmac_key}

    one, other = SmallWorld().tenants
    assert not secrets(one) & secrets(other)


DEMO = """
import sys
from datetime import date
from pathlib import Path
from core.sandbox.icims.serve import serve_demo
today = date.fromisoformat(sys.argv[2])
serve_demo("127.0.0.1", 0, people=60, folder=Path(sys.argv[1]), today=today)
"""


def test_demo_world_stays_as_of_the_day_it_was_made(tmp_path: Path) -> None:
    for today in ("2026-03-02", "2026-03-09"):
        with subprocess.Popen(
            [sys.executable, "-c", DEMO, str(tmp_path), today],
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
        ) as running:
            assert url(running)
            running.send_signal(signal.SIGINT)
    assert [path.name for path in tmp_path.glob("*.db")] == ["sandbox-1-60-2026-03-02.db"]
