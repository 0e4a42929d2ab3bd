"""Streamlit servers in processes of their own, as the supervisor starts them."""

import os
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it is and what it uses."""

    address: str
    pid: int

    @property
    def resident_mb(self) -> float:
        """Memory it holds now, in MB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 1e6

    @property
    def cpu_seconds(self) -> float:
        """Processor time it has used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serve(script: str, settings: Mapping[str, str]) -> Iterator[Server]:
    """Run ``script`` under Streamlit until the block ends; gives it once it listens."""
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", script]
    where = ["--server.address", "127.0.0.1", "--server.port", str(port)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COPILOT_")}
    with subprocess.Popen(
        [*command, *where],
        cwd=ROOT,
        env={**kept, **settings, "PYTHONUNBUFFERED": "1", "HF_HUB_OFFLINE": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Server(_address(process), process.pid)
        finally:
            # Not terminate: the server would wait for browsers to hang up.
            process.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _address(process: subprocess.Popen[str]) -> str:
    for line in process.stdout or ():
        if "http://" in line:
            return line[line.index("http://") :].strip()
    raise SystemExit("The server did not start.")
