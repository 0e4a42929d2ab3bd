"""A real TCP reset, for applications that must break their own connection."""

import asyncio
import socket
import struct

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_KEY = "icims.connection"
_RESET = struct.pack("ii", 1, 0)


class ResettableProtocol(H11Protocol):
    """HTTP/1.1 whose requests can reach the connection they came on."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Hand the transport to every request; uvicorn narrows the argument in the same way."""
        super().connection_made(transport)
        self.app = _with_connection(self.app, transport)


def _with_connection(app: ASGIApp, transport: asyncio.Transport) -> ASGIApp:
    async def connected(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {})[_KEY] = transport
        await app(scope, receive, send)

    return connected


async def reset(scope: Scope, receive: Receive) -> None:
    """Send RST instead of an answer and return when the connection is gone.

    The request must have been read: a client that is still sending may miss the reset.
    """
    transport: asyncio.Transport = scope["extensions"][_KEY]
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
