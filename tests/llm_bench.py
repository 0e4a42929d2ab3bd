"""A language-model service on loopback that answers as prepared, however hostile."""

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from email.message import Message
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from typing import Any

from core.domain.model_runs import ModelCall

GOOD = '{"answer": "yes"}'
EVENTS = "text/event-stream; charset=utf-8"
JSON = "application/json"


class Ending(Enum):
    """What the service does after the last byte it was told to send."""

    DONE = auto()
    BREAK_OFF = auto()
    RESET = auto()
    SILENCE = auto()
    DRIP = auto()
    FLOOD = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """One answer: status, headers, pieces of the body, and how it ends.

    ``pause`` is seconds between two pieces.
    """

    status: int = 200
    kind: str = EVENTS
    headers: tuple[tuple[str, str], ...] = ()
    pieces: tuple[bytes, ...] = ()
    ending: Ending = Ending.DONE
    drop: bytes = b": still here\n\n"
    pause: float = 0.0


@dataclass
class Provider:
    """A chat-completions server: gives ``replies`` in order, keeps what it was sent.

    ``bodies`` are raw request bodies, ``headers`` their headers. ``always`` answers when no
    reply is prepared.
    """

    url: str = ""
    replies: list[Prepared] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[Message] = field(default_factory=list)
    always: Callable[[dict[str, Any]], Prepared] | None = None
    released: threading.Event = field(default_factory=threading.Event)
    hung_up: threading.Event = field(default_factory=threading.Event)

    @property
    def requests(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies]

    def next_reply(self, body: bytes) -> Prepared:
        if self.replies:
            return self.replies.pop(0)
        if self.always is not None:
            return self.always(json.loads(body))
        return refusing(400, "no reply is prepared")

    def forget(self) -> None:
        """Be as new, for the next test."""
        self.replies.clear()
        self.bodies.clear()
        self.headers.clear()
        self.hung_up.clear()
        self.always = None


@dataclass
class KeptWatch:
    """A watch that keeps what it is told; ``stop`` says when the work is to end."""

    stop: Callable[[], bool] = lambda: False
    spent: Exception | None = None
    admitted: list[tuple[int, int | None]] = field(default_factory=list)
    calls: list[ModelCall] = field(default_factory=list)

    def admit(self, call: ModelCall) -> None:
        if self.spent is not None:
            raise self.spent
        self.admitted.append((len(call.sent), call.tokens_out))

    def called(self, call: ModelCall) -> None:
        self.calls.append(call)

    def stopping(self) -> bool:
        return self.stop()


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Provider]:
    """Serve a ``Provider`` on a free port of this machine, over TLS if a context is given."""
    provider = Provider()
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = False
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    scheme = "https" if tls else "http"
    provider.url = f"{scheme}://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield provider
    finally:
        provider.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


# --- Answers --------------------------------------------------------------------------------


def event(value: object) -> bytes:
    """Write one event of a stream."""
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def chunk(delta: object, finish: str | None = None, **more: Any) -> dict[str, Any]:
    """Build a piece of a streamed reply."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c1", "object": "chat.completion.chunk", "choices": [choice], **more}


def said(content: str = GOOD, finish: str | None = "stop") -> Prepared:
    """Stream ``content`` a few characters at a time, counting tokens at the end as asked."""
    deltas = [content[i : i + 5] for i in range(0, len(content), 5)]
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    return streamed(
        chunk({"role": "assistant", "content": ""}),
        *(chunk({"content": delta}) for delta in deltas),
        chunk({}, finish),
        {"id": "c1", "object": "chat.completion.chunk", "choices": [], "usage": usage},
    )


def finding_nothing(request: dict[str, Any]) -> Prepared:
    """Answer as a stern model: no criterion is shown in any resume."""
    return _judging(request, "not_shown", ())


def quoting(request: dict[str, Any]) -> Prepared:
    """Answer as a friendly model: every criterion is met, by the document's longest line."""
    lines = request["messages"][1]["content"].splitlines()[1:-1]
    plain = [line.strip() for line in lines if "[" not in line]
    return _judging(request, "met", (max(plain, key=len, default="")[:200].strip(),))


def _judging(request: dict[str, Any], standing: str, quotes: Iterable[str]) -> Prepared:
    schema = request["response_format"]["json_schema"]["schema"]
    ids = schema["properties"]["verdicts"]["items"]["properties"]["criterion"]["enum"]
    verdicts = [
        {"criterion": id, "standing": standing, "quotes": list(quotes), "reason": "As it stands."}
        for id in ids
    ]
    return said(json.dumps({"verdicts": verdicts}))


def streamed(*values: object) -> Prepared:
    """Stream ``values`` as events, and the mark that ends a stream."""
    return Prepared(pieces=(*map(event, values), b"data: [DONE]\n\n"))


def whole(content: str | None = GOOD, finish: str | None = "stop", **message: Any) -> Prepared:
    """Answer at once, as a service that does not stream."""
    said = {"role": "assistant", "content": content, **message}
    choice = {"index": 0, "message": said, "finish_reason": finish}
    return plain({"id": "c1", "object": "chat.completion", "choices": [choice]})


def plain(value: object, status: int = 200, **headers: str) -> Prepared:
    """Answer with a JSON value."""
    named = tuple((name.replace("_", "-"), text) for name, text in headers.items())
    return Prepared(status=status, kind=JSON, pieces=(json.dumps(value).encode(),), headers=named)


def refusing(status: int, message: str = "no", **headers: str) -> Prepared:
    """Turn a request down in OpenAI's form."""
    return plain({"error": {"message": message, "type": "t"}}, status, **headers)


def raw(*pieces: bytes, kind: str = EVENTS) -> Prepared:
    """Send bytes as they are."""
    return Prepared(pieces=pieces, kind=kind)


def begun(ending: Ending, drop: bytes = b": still here\n\n") -> Prepared:
    """Begin a good reply and end it badly."""
    first = said().pieces[:3]
    return replace(said(), pieces=first, ending=ending, drop=drop)


# --- The wire -------------------------------------------------------------------------------


class _Handler(BaseHTTPRequestHandler):
    provider: Provider
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.provider.headers.append(self.headers)
        self.provider.bodies.append(body)
        self.close_connection = True
        with suppress(ConnectionError):
            self._answer(self.provider.next_reply(body))
            return
        self.provider.hung_up.set()

    def _answer(self, reply: Prepared) -> None:
        self.send_response(reply.status)
        for name, value in (
            ("content-type", reply.kind),
            ("transfer-encoding", "chunked"),
            ("connection", "close"),
            *reply.headers,
        ):
            self.send_header(name, value)
        self.end_headers()
        for piece in chain(reply.pieces, self._tail(reply)):
            self.provider.released.wait(reply.pause)
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        if reply.ending is Ending.RESET:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        elif reply.ending is Ending.DONE:
            self.wfile.write(b"0\r\n\r\n")

    def _tail(self, reply: Prepared) -> Iterable[bytes]:
        match reply.ending:
            case Ending.SILENCE:
                self._wait_for_the_end()
            case Ending.DRIP:
                while not self.provider.released.wait(0.02):
                    yield reply.drop
            case Ending.FLOOD:
                while not self.provider.released.is_set():
                    yield reply.drop

    def _wait_for_the_end(self) -> None:
        """Say nothing until the other side hangs up."""
        self.connection.settimeout(0.02)
        while not self.provider.released.is_set():
            with suppress(TimeoutError):
                if not self.connection.recv(1):
                    raise ConnectionAbortedError

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output clean."""
