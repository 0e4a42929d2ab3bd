"""Open files in processes of their own, which a hostile file may kill without harm."""

import queue
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType
from typing import Self, TypeVar

from pydantic import ValidationError

from core.documents import limits
from core.documents.keeper import Answer, Keeper
from core.documents.limits import Limits, check_size
from core.documents.wire import (
    DOCUMENT,
    DOCUMENTS,
    PAGES,
    PAINT,
    PICTURE,
    PICTURES,
    READ,
    PageAsked,
)
from core.domain.document import ExtractedDocument, PagePicture, Span, TextSource

T = TypeVar("T")


class IsolatedReader:
    """A pool of reading processes, started when first needed and replaced when lost.

    They read files and paint their pages. Usable from several threads; more threads than
    ``workers`` wait for one another. Close it, or use it in a ``with`` statement; processes also
    end when this one does.
    """

    def __init__(self, bounds: Limits | None = None, *, workers: int = 2, ocr: bool = True) -> None:
        self._limits = bounds or Limits()
        self._ocr = ocr
        # Last in, first out: one caller at a time keeps one process warm and starts no second.
        self._idle: queue.LifoQueue[Keeper | None] = queue.LifoQueue()
        for _ in range(workers):
            self._idle.put(None)
        self._workers = workers

    def read(self, name: str, content: bytes) -> ExtractedDocument:
        """Extract; raises ``DocumentRefused`` also when the process had to be killed."""
        return self._asked(READ, name.encode("utf-8", "replace"), content, document_in)

    def picture(
        self, document: ExtractedDocument, content: bytes, number: int, passages: Sequence[Span]
    ) -> PagePicture:
        """Paint page ``number`` with the boxes of ``passages``; raises like ``read``.

        The text of scanned pages is recognised anew for its boxes, which takes seconds.
        """
        page = page_asked(document, number, passages)
        about = PAGES.dump_json(page)
        return self._asked(PAINT, about, content, lambda answer: picture_in(answer, page))

    def close(self) -> None:
        """End every process, after waiting for those at work."""
        for _ in range(self._workers):
            if keeper := self._idle.get():
                keeper.close()
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

    def _asked(
        self, kind: bytes, about: bytes, content: bytes, understood: Callable[[Answer], T | None]
    ) -> T:
        """Ask a process and take its answer, unless it is none that an honest one gives."""
        check_size(content, self._limits)
        with self._borrowed() as keeper:
            answer = understood(keeper.ask(kind, about, content))
            if answer is None:
                raise keeper.lost(limits.BROKEN)
            return answer

    @contextmanager
    def _borrowed(self) -> Iterator[Keeper]:
        keeper = self._idle.get()
        try:
            if keeper is not None and not keeper.alive:
                keeper.close()
                keeper = None
            keeper = keeper or Keeper(self._limits, ocr=self._ocr)
            yield keeper
        finally:
            if keeper is not None and not keeper.alive:
                keeper.close()
                keeper = None
            self._idle.put(keeper)


def page_asked(document: ExtractedDocument, number: int, passages: Sequence[Span]) -> PageAsked:
    """Cut out what was read from one page, with the parts of ``passages`` that stand on it."""
    page = next((page.span for page in document.pages if page.number == number), Span(0, 0))
    here = (
        (index, Span(max(p.start, page.start) - page.start, min(p.end, page.end) - page.start))
        for index, p in enumerate(passages)
        if p.overlaps(page)
    )
    scanned = document.source is TextSource.OCR
    return PageAsked(number, scanned, page.of(document.text), tuple(here))


def document_in(answer: Answer) -> ExtractedDocument | None:
    """Take the document out of an answer; None when no honest process answers so."""
    try:
        return DOCUMENTS.validate_json(answer.first) if answer.kind == DOCUMENT else None
    except ValidationError:
        return None


def picture_in(answer: Answer, asked: PageAsked) -> PagePicture | None:
    """Take the picture out of an answer; None when no honest process answers so."""
    try:
        described = PICTURES.validate_json(answer.first) if answer.kind == PICTURE else None
    except ValidationError:
        return None
    if described is None or not _is_png(answer.second, described.width, described.height):
        return None
    named = {*described.missing, *(box.passage for box in described.boxes)}
    if described.number != asked.number or not named <= {index for index, _ in asked.passages}:
        return None
    return replace(described, png=answer.second)


def _is_png(content: bytes, width: int, height: int) -> bool:
    """Say whether it is a PNG of that size and no larger than we paint; it goes to a browser."""
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", width, height)
    return content.startswith(head) and max(width, height) <= limits.HIGHEST_PICTURE + 1
