"""Runs the sandbox on a port."""

import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from core.sandbox.icims.app import create_app
from core.sandbox.icims.connection import ResettableProtocol
from core.sandbox.icims.seed import World
from core.sandbox.icims.store import StateMismatch
from core.sandbox.icims.world import DEFAULT_PEOPLE, DemoWorld


class SandboxServer(uvicorn.Server):
    """Uvicorn that says when it is ready; HTTP/1.1 only, connections can be reset."""

    def __init__(self, app: ASGIApp, ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=ResettableProtocol,
                ws="none",
                loop="asyncio",
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=1,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()


def listen(host: str, port: int) -> socket.socket:
    """Bind and listen; port 0 takes a free one. Raises ``OSError`` when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns off Nagle's 40 ms delay only where TCP is named as the protocol.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(256)
    except OSError:
        listener.close()
        raise
    return listener


def address(listener: socket.socket) -> str:
    """Write the URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(host: str, port: int, *, world: World, **options: Any) -> None:
    """Serve ``world`` until interrupted; ``options`` as for ``create_app``.

    Prints the address when ready. Exits with status 1 and one line on standard error when the
    port is taken or the state file belongs to another seed.
    """
    try:
        listener = listen(host, port)
    except OSError as error:
        sys.exit(f"sandbox: cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}")
    try:
        app = create_app(world, **options)
    except StateMismatch as error:
        sys.exit(f"sandbox: {error}; give another file or seed")
    url = address(listener)
    server = SandboxServer(app, lambda: _say(f"iCIMS sandbox ready at {url}"))
    # Uvicorn closes everything first and raises the interrupt again afterwards.
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listener])


def serve_demo(
    host: str,
    port: int,
    *,
    people: int = DEFAULT_PEOPLE,
    seed: int = 1,
    folder: Path | None = None,
    today: date | None = None,
    **options: Any,
) -> None:
    """Serve the generated demo world; as ``serve``.

    ``folder`` keeps the state between starts, one file per seed and size; None forgets it. The
    world stays as of the day its file was first made, ``today`` (UTC) unless there is one.
    """
    as_of, state = today or datetime.now(UTC).date(), None
    if folder is not None:
        name = f"sandbox-{seed}-{people}-"
        kept = max(folder.glob(f"{name}*.db"), default=None)
        as_of = date.fromisoformat(kept.stem.removeprefix(name)) if kept else as_of
        state = folder / f"{name}{as_of}.db"
    world = DemoWorld(seed, people, as_of)
    serve(host, port, world=world, seed=seed, state=state, **options)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
