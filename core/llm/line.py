"""The line to a language model: one request, exactly as it leaves, given up when it must be."""

import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpcore2
import httpx2

from core.domain.model_runs import Outcome, Watch
from core.llm.bounds import TICK, Bounds, go_on
from core.llm.endings import NoReply

CONNECT_SECONDS = 10.0
WRITE_SECONDS = 30.0


class Line(httpx2.HTTPTransport):
    """Carries one request over a connection of its own, so that ending it is closing that.

    ``admit`` is given the body before its first byte leaves; ``left`` says whether one did,
    ``sent`` is the body byte for byte, ``received`` the answer's as far as it came. Raises
    ``WorkStopped`` when the work is to end, ``NoReply`` for silence, an answer without end or a
    compressed one, which could swell.
    """

    def __init__(
        self, bounds: Bounds, watch: Watch, admit: Callable[[bytes], None], proxy: str | None
    ) -> None:
        super().__init__(verify=trusted(), proxy=proxy)
        # httpx2 passes no backend on; without one a wait for bytes can be neither cut nor asked.
        self._pool._network_backend = _Wire(self)  # noqa: SLF001
        self._bounds, self._watch, self._admit = bounds, watch, admit
        self._begun = self._looked = time.monotonic()
        self.sent, self.received, self.left = b"", bytearray(), False

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send ``request`` and give its answer as it comes."""
        self.sent = request.content
        response = super().handle_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            raise NoReply("the AI model's service sent a compressed answer, unasked")
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=_Counted(self, response.stream),
            extensions=response.extensions,
        )

    def take(self, chunk: bytes) -> None:
        """Keep a piece of the answer's body."""
        self.received += chunk
        if len(self.received) > self._bounds.max_bytes:
            raise NoReply("the AI model's answer did not come to an end", Outcome.CUT)

    def leave(self) -> None:
        """Ask for leave before the first byte goes."""
        if not self.left:
            self._admit(self.sent)
            self.left = True

    def waiting(self, heard: float) -> None:
        """Raise when nothing was heard since ``heard`` for too long, or it is time to end."""
        now = time.monotonic()
        if now - heard > self._bounds.silence:
            words = f"the AI model was silent for {self._bounds.silence:g} seconds"
            raise NoReply(words, Outcome.SILENT)
        if now - self._begun > self._bounds.overall:
            words = f"the AI model took longer than {self._bounds.overall:g} seconds"
            raise NoReply(words, Outcome.CUT)
        if now - self._looked >= TICK:
            self._looked = now
            go_on(self._watch)


class _Counted(httpx2.SyncByteStream):
    def __init__(self, line: Line, inner: Any) -> None:
        self._line, self._inner = line, inner

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._inner:
            self._line.take(chunk)
            yield chunk

    def close(self) -> None:
        self._inner.close()


class _Wire(httpcore2.SyncBackend):
    """Opens connections whose reads are short waits with a look between them."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        stream = super().connect_tcp(host, port, timeout, local_address, socket_options)
        return _Heard(self._line, stream)


class _Heard(httpcore2.NetworkStream):
    def __init__(self, line: Line, inner: httpcore2.NetworkStream) -> None:
        self._line, self._inner = line, inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        heard = time.monotonic()
        while True:
            self._line.waiting(heard)
            try:
                return self._inner.read(max_bytes, TICK)
            except httpcore2.ReadTimeout:
                continue

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._line.leave()
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        return _Heard(self._line, self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def proxy_for(url: httpx2.URL) -> str | None:
    """Name the proxy that the environment sets for ``url``."""
    return None if proxy_bypass(url.host) else getproxies().get(url.scheme)


@cache
def trusted() -> ssl.SSLContext:
    """Read once whom the environment trusts; it takes 30 ms."""
    return httpx2.create_ssl_context()
