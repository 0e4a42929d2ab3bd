"""Runs the sandbox on a port."""

import socket
import sys
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from core.sandbox.icims.connection import ResettableProtocol


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


def run(app: Callable[[], ASGIApp], host: str, port: int) -> None:
    """Serve until interrupted; prints the address when ready, exits 1 when the port is taken."""
    try:
        listener = listen(host, port)
    except OSError as error:
        sys.exit(f"sandbox: cannot listen on {host}:{port}: {error.strerror}")
    url = address(listener)
    server = SandboxServer(app(), lambda: _say(f"iCIMS sandbox ready at {url}"))
    server.run(sockets=[listener])


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
