"""The reading process: takes questions about files on standard input, answers on standard output.

It runs with an empty environment and hard limits of memory, processor time and file size. What it
answers is JSON and a picture, never pickle: a taken-over reader can lie about a file but not run
code outside.
"""

import resource
import sys
from dataclasses import replace
from typing import BinaryIO

from core.documents.limits import Limits
from core.documents.reader import Reader
from core.documents.wire import (
    DOCUMENT,
    DOCUMENTS,
    HEADER,
    LIMITS,
    PAGES,
    PAINT,
    PICTURE,
    PICTURES,
    READY,
    REFUSED,
)
from core.errors import DocumentRefused

Answer = tuple[bytes, bytes, bytes]
"""Its kind and its two bodies."""


class Desk:
    """Answers one question at a time."""

    def __init__(self, bounds: Limits, *, ocr: bool) -> None:
        self._limits = bounds
        self._ocr = ocr
        self._reader = Reader(bounds, ocr=ocr)

    def answer(self, kind: bytes, about: bytes, content: bytes) -> Answer:
        """Read or paint; a refusal is an answer too."""
        try:
            return self._paint(about, content) if kind == PAINT else self._read(about, content)
        except DocumentRefused as refusal:
            return REFUSED, str(refusal).encode(), b""

    def _read(self, name: bytes, content: bytes) -> Answer:
        document = self._reader.read(name.decode(), content)
        return DOCUMENT, DOCUMENTS.dump_json(document), b""

    def _paint(self, page: bytes, content: bytes) -> Answer:
        # Imported here: processes that only read never need it.
        from core.documents.pictures import Painter

        painter = Painter(self._limits, ocr=self._ocr)
        picture = painter.picture(content, PAGES.validate_json(page))
        return PICTURE, PICTURES.dump_json(replace(picture, png=b"")), picture.png


def serve(requests: BinaryIO, answers: BinaryIO, bounds: Limits, *, ocr: bool) -> None:
    """Answer requests until standard input ends."""
    desk = Desk(bounds, ocr=ocr)
    _send(answers, (READY, b"", b""))
    while header := requests.read(HEADER.size):
        kind, about, content = HEADER.unpack(header)
        _allow_seconds(bounds.seconds)
        _send(answers, desk.answer(kind, requests.read(about), requests.read(content)))


def _send(answers: BinaryIO, answer: Answer) -> None:
    kind, first, second = answer
    answers.write(HEADER.pack(kind, len(first), len(second)) + first + second)
    answers.flush()


def _allow_seconds(seconds: float) -> None:
    """Let this process compute ``seconds`` more before the kernel ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _confine(bounds: Limits) -> None:
    memory = bounds.memory_mb * 1_048_576
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (bounds.max_unpacked, bounds.max_unpacked))


def main() -> None:
    """Read the limits from the command line, confine the process, serve."""
    bounds = LIMITS.validate_json(sys.argv[1])
    _confine(bounds)
    serve(sys.stdin.buffer, sys.stdout.buffer, bounds, ocr=sys.argv[2] == "ocr")


if __name__ == "__main__":
    main()
