"""Read files in processes of their own, which a hostile file may kill without harm."""

import os
import queue
import selectors
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

from pydantic import ValidationError

from core.documents import limits
from core.documents.limits import Limits, check_size, passed_on
from core.documents.wire import DOCUMENT, DOCUMENTS, HEADER, LIMITS, READ, REFUSED
from core.domain.document import ExtractedDocument
from core.errors import DocumentRefused, ReadingStopped

_ROOT = Path(__file__).resolve().parents[2]
# Starting Python and importing the libraries on a busy machine.
_START_SECONDS = 60.0
# JSON of the longest text, its pages and flags, with every character escaped.
_MOST_ANSWER = 64_000_000


class IsolatedReader:
    """A pool of reading processes, started when first needed and replaced when lost.

    Usable from several threads; more threads than ``workers`` wait for one another. Close it, or
    use it in a ``with`` statement; processes also end when this one does.
    """

    def __init__(self, bounds: Limits | None = None, *, workers: int = 2, ocr: bool = True) -> None:
        self._limits = bounds or Limits()
        self._ocr = ocr
        # Last in, first out: one caller at a time keeps one process warm and starts no second.
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(workers):
            self._idle.put(None)
        self._workers = workers

    def read(self, name: str, content: bytes) -> ExtractedDocument:
        """Extract; raises ``DocumentRefused`` also when the process had to be killed."""
        check_size(content, self._limits)
        child = self._idle.get()
        try:
            if child is None or not child.alive:
                child = _Child(self._limits, ocr=self._ocr)
            return child.read(name, content)
        finally:
            if child is not None and not child.alive:
                child.close()
                child = None
            self._idle.put(child)

    def close(self) -> None:
        """End every process, after waiting for those at work."""
        for _ in range(self._workers):
            if child := self._idle.get():
                child.close()
        for _ in range(self._workers):
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Child:
    """One reading process and the pipes to it."""

    def __init__(self, bounds: Limits, *, ocr: bool) -> None:
        self._limits = bounds
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [
                sys.executable,
                "-m",
                "core.documents.child",
                LIMITS.dump_json(bounds).decode(),
                "ocr" if ocr else "plain",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            # No secret of ours reaches the process that opens strangers' files.
            env={**passed_on(), "PYTHONPATH": str(_ROOT), "LANG": "C.UTF-8"},
            start_new_session=True,
        )
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        os.set_blocking(self._requests.fileno(), False)
        self._exchange(b"", _START_SECONDS)

    @property
    def alive(self) -> bool:
        """Say whether the process can take another file."""
        return self._process.poll() is None

    def read(self, name: str, content: bytes) -> ExtractedDocument:
        """Send one file and wait for the answer, no longer than the limit."""
        title = name.encode("utf-8", "replace")
        request = HEADER.pack(READ, len(title), len(content)) + title + content
        kind, body = self._exchange(request, self._limits.seconds)
        if kind == REFUSED:
            raise DocumentRefused(body.decode("utf-8", "replace"))
        try:
            if kind == DOCUMENT:
                return DOCUMENTS.validate_json(body)
        except ValidationError:
            pass
        raise self._lost(limits.BROKEN)

    def close(self) -> None:
        """Kill the process with everything it started."""
        if self.alive:
            # Its own group, so that a tesseract at work ends with it.
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        with suppress(OSError):
            self._requests.close()
        self._answers.close()

    def _exchange(self, request: bytes, seconds: float) -> tuple[bytes, bytes]:
        """Write ``request`` and read one answer, its kind and body, within ``seconds``."""
        deadline = time.monotonic() + seconds
        unsent, answer = memoryview(request), bytearray()
        with selectors.DefaultSelector() as watch:
            watch.register(self._answers, selectors.EVENT_READ)
            if unsent:
                watch.register(self._requests, selectors.EVENT_WRITE)
            while (length := _announced(answer)) is None or len(answer) < length:
                ready = watch.select(max(deadline - time.monotonic(), 0))
                if not ready:
                    raise self._lost(limits.TOO_SLOW)
                for key, _ in ready:
                    if key.fileobj is self._answers:
                        answer += self._received()
                        continue
                    unsent = unsent[self._sent(unsent) :]
                    if not unsent:
                        watch.unregister(self._requests)
        return bytes(answer[:1]), bytes(answer[HEADER.size :])

    def _received(self) -> bytes:
        chunk = os.read(self._answers.fileno(), 1 << 20)
        if not chunk:
            raise self._lost(limits.BROKEN)
        return chunk

    def _sent(self, unsent: memoryview) -> int:
        try:
            return os.write(self._requests.fileno(), unsent[: 1 << 20])
        except BlockingIOError:
            return 0
        except BrokenPipeError as error:
            raise self._lost(limits.BROKEN) from error

    def _lost(self, words: str) -> DocumentRefused:
        """End the process and word the refusal; its own time limit counts as too slow."""
        self.close()
        if words == limits.TOO_SLOW or self._process.returncode == -signal.SIGXCPU:
            return ReadingStopped(limits.TOO_SLOW)
        return DocumentRefused(words)


def _announced(answer: bytearray) -> int | None:
    """Length of the whole answer once its header is there."""
    if len(answer) < HEADER.size:
        return None
    length = HEADER.size + int(HEADER.unpack_from(answer)[1])
    if length > _MOST_ANSWER:
        raise DocumentRefused(limits.TOO_HEAVY)
    return length
