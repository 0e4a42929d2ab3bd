"""Keep one reading process: start it, ask it, and kill it when it is too slow or talks nonsense."""

import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple, cast

from core.documents import limits
from core.documents.limits import Limits, passed_on
from core.documents.wire import HEADER, LIMITS, REFUSED
from core.errors import DocumentRefused, ReadingStopped

_ROOT = Path(__file__).resolve().parents[2]
# Starting Python and importing the libraries on a busy machine.
_START_SECONDS = 60.0
# JSON of the longest text, its pages and flags, with every character escaped; or a picture.
_MOST_ANSWER = 64_000_000


class Answer(NamedTuple):
    """An answer's kind and its two bodies."""

    kind: bytes
    first: bytes
    second: bytes


class Keeper:
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
        """Say whether the process can take another question."""
        return self._process.poll() is None

    def ask(self, kind: bytes, about: bytes, content: bytes) -> Answer:
        """Ask about one file and wait no longer than the limit; raises ``DocumentRefused``."""
        request = HEADER.pack(kind, len(about), len(content)) + about + content
        answer = self._exchange(request, self._limits.seconds)
        if answer.kind == REFUSED:
            raise DocumentRefused(answer.first.decode("utf-8", "replace"))
        return answer

    def lost(self, words: str) -> DocumentRefused:
        """End the process and word the refusal; its own time limit counts as too slow."""
        self.close()
        if words == limits.TOO_SLOW or self._process.returncode == -signal.SIGXCPU:
            return ReadingStopped(limits.TOO_SLOW)
        return DocumentRefused(words)

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

    def _exchange(self, request: bytes, seconds: float) -> Answer:
        """Write ``request`` and read one answer within ``seconds``."""
        deadline = time.monotonic() + seconds
        unsent, answer = memoryview(request), bytearray()
        with selectors.DefaultSelector() as watch:
            watch.register(self._answers, selectors.EVENT_READ)
            if unsent:
                watch.register(self._requests, selectors.EVENT_WRITE)
            while len(answer) < (length := _announced(answer)):
                if length > _MOST_ANSWER:
                    raise self.lost(limits.TOO_HEAVY)
                ready = watch.select(max(deadline - time.monotonic(), 0))
                if not ready:
                    raise self.lost(limits.TOO_SLOW)
                for key, _ in ready:
                    if key.fileobj is self._answers:
                        answer += self._received()
                        continue
                    unsent = unsent[self._sent(unsent) :]
                    if not unsent:
                        watch.unregister(self._requests)
        return _parted(bytes(answer))

    def _received(self) -> bytes:
        chunk = os.read(self._answers.fileno(), 1 << 20)
        if not chunk:
            raise self.lost(limits.BROKEN)
        return chunk

    def _sent(self, unsent: memoryview) -> int:
        try:
            return os.write(self._requests.fileno(), unsent[: 1 << 20])
        except BlockingIOError:
            return 0
        except BrokenPipeError as error:
            raise self.lost(limits.BROKEN) from error


def _announced(answer: bytearray) -> int:
    """Length of the whole answer, of its header alone before that is there."""
    if len(answer) < HEADER.size:
        return HEADER.size
    _, first, second = HEADER.unpack_from(answer)
    return HEADER.size + int(first) + int(second)


def _parted(answer: bytes) -> Answer:
    kind, first, _ = HEADER.unpack_from(answer)
    bodies = answer[HEADER.size :]
    return Answer(kind, bodies[:first], bodies[first:])
