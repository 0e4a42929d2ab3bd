"""The reading process: takes files on standard input, answers on standard output.

It runs with an empty environment and hard limits of memory, processor time and file size. What it
answers is JSON, never pickle: a taken-over reader can lie about a text but not run code outside.
"""

import resource
import sys
from typing import BinaryIO

from core.documents.limits import Limits
from core.documents.reader import Reader
from core.documents.wire import DOCUMENT, DOCUMENTS, HEADER, LIMITS, READY, REFUSED
from core.errors import DocumentRefused


def serve(requests: BinaryIO, answers: BinaryIO, bounds: Limits, *, ocr: bool) -> None:
    """Answer requests until standard input ends."""
    reader = Reader(bounds, ocr=ocr)
    _answer(answers, READY, b"")
    while header := requests.read(HEADER.size):
        _, name, content = HEADER.unpack(header)
        _allow_seconds(bounds.seconds)
        try:
            document = reader.read(requests.read(name).decode(), requests.read(content))
            _answer(answers, DOCUMENT, DOCUMENTS.dump_json(document))
        except DocumentRefused as refusal:
            _answer(answers, REFUSED, str(refusal).encode())


def _answer(answers: BinaryIO, kind: bytes, body: bytes) -> None:
    answers.write(HEADER.pack(kind, len(body), 0))
    answers.write(body)
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
