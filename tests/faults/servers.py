"""Servers of the tests' own, to be killed, stopped and starved: PostgreSQL and RabbitMQ."""

import os
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import kombu
import psycopg
import pytest

_POSTGRES = Path("/usr/lib/postgresql")
_TRUSTING = ("-U", "postgres", "-A", "trust", "--no-sync")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class OwnPostgres:
    """A cluster in a folder; ``as_user`` is put before commands that refuse to run as root."""

    bin: Path
    folder: Path
    port: int
    as_user: list[str]

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def control(self, *words: str) -> None:
        command = [*self.as_user, str(self.bin / "pg_ctl"), "-w", "-D", str(self.folder), *words]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)

    def restart(self) -> None:
        """Throw everybody out and come back."""
        self.control("restart", "-m", "fast", "-l", str(self.folder / "log"))


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    found = sorted(_POSTGRES.glob("*/bin"))
    if not found:
        pytest.skip("skipped: no PostgreSQL to start")
    folder = Path("/tmp") / f"copilot-pg-{uuid.uuid4().hex[:8]}"
    folder.mkdir(mode=0o700)
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    server = OwnPostgres(found[-1], folder, free_port(), as_user)
    try:
        subprocess.run(
            [*as_user, str(server.bin / "initdb"), "-D", str(folder), *_TRUSTING],
            check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        options = f"-p {server.port} -h 127.0.0.1 -k {folder}"
        server.control("start", "-l", str(folder / "log"), "-o", options)
        with psycopg.connect(server.url) as connection:
            connection.execute("SELECT 1")
        yield server
        server.control("stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class OwnRabbit:
    """A node of its own name, port and folder."""

    name: str
    port: int
    folder: Path
    env: dict[str, str]

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def control(self, *words: str) -> None:
        """Run a command of rabbitmqctl against this node only."""
        subprocess.run(
            [*_as_rabbit(), "/usr/lib/rabbitmq/bin/rabbitmqctl", "-n", self.name, *words],
            check=True, cwd="/", env=self.env,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


def _as_rabbit() -> list[str]:
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=rabbitmq", "--regid=rabbitmq", "--clear-groups"]


@contextmanager
def own_rabbit() -> Iterator[OwnRabbit]:
    program = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    if not program.exists():
        pytest.skip("skipped: no RabbitMQ to start")
    folder = Path("/tmp") / f"copilot-mq-{uuid.uuid4().hex[:8]}"
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, "rabbitmq")
    name, port = f"{folder.name}@localhost", free_port()
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "RABBITMQ_NODENAME": name,
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(folder),
        "RABBITMQ_LOG_BASE": str(folder),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        "RABBITMQ_CONFIG_FILE": str(folder / "none"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-setcookie {folder.name}",
        "RABBITMQ_CTL_ERL_ARGS": f"-setcookie {folder.name}",
    }
    node = OwnRabbit(name, port, folder, env)
    with subprocess.Popen(
        [*_as_rabbit(), str(program)], cwd="/", env=env,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            _await(node)
            yield node
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
            shutil.rmtree(folder, ignore_errors=True)


def _await(node: OwnRabbit) -> None:
    for _ in range(300):
        try:
            with kombu.Connection(node.url, connect_timeout=1) as connection:
                connection.connect()
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("RabbitMQ did not start")
