"""Read a resume file of any kind into text with offsets."""

import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from core.documents import limits
from core.documents.composed import PROPERTIES, Aside, Draft, clean, compose
from core.documents.docx import read_docx
from core.documents.kinds import Kind, kind_of
from core.documents.limits import NO_OCR, Limits, check_size
from core.documents.marks import invisible, orders, stuffing
from core.documents.odt import read_odt
from core.documents.pdf import read_pdf
from core.documents.plain import encoding_flags, read_html, read_text
from core.documents.rtf import read_rtf
from core.domain.document import ExtractedDocument, Flag, FlagKind, TextSource
from core.domain.ids import DocumentHash
from core.errors import DocumentRefused

# A page of text has hundreds of letters; a scan with a stray page number has a few.
_SOME_LETTERS = 20
_ORDERING = "hold an order to a computer. They are not read and have no effect."
_REPEATING = "repeat the same words over and over. They are not read."


class Reader:
    """Reads in this very process: for bulk work in processes that may be lost.

    ``ocr`` allows character recognition of scanned pages where tesseract is installed.
    """

    def __init__(self, bounds: Limits | None = None, *, ocr: bool = True) -> None:
        self._limits = bounds or Limits()
        self._ocr = ocr

    def read(self, name: str, content: bytes) -> ExtractedDocument:
        """Extract the text; raises ``DocumentRefused`` in the recruiter's words."""
        check_size(content, self._limits)
        kind = kind_of(content)
        try:
            with _undisturbed():
                draft = self._drafted(kind, content)
        except MemoryError as error:
            raise DocumentRefused(limits.TOO_HEAVY) from error
        except RecursionError as error:
            raise DocumentRefused(limits.TOO_DEEP) from error
        text, pages, flags = compose(draft.pages, self._limits.max_text)
        return ExtractedDocument(
            sha256=DocumentHash(hashlib.sha256(content).hexdigest()),
            name=name,
            media_type=kind.value,
            text=text,
            pages=tuple(pages),
            source=TextSource.OCR if draft.ocr else TextSource.TEXT_LAYER,
            flags=(*flags, *draft.flags, *_remarks(draft, text)),
        )

    def _drafted(self, kind: Kind, content: bytes) -> Draft:
        match kind:
            case Kind.PDF:
                draft = read_pdf(content, self._limits)
                return draft if _has_words(draft) else self._scan(content, len(draft.pages), draft)
            case Kind.DOCX:
                return read_docx(content, self._limits)
            case Kind.ODT:
                return read_odt(content, self._limits)
            case Kind.RTF:
                return read_rtf(content, self._limits)
            case Kind.HTML:
                return read_html(content)
            case Kind.TEXT:
                return read_text(content)
        return self._scan(content, None, Draft())

    def _scan(self, content: bytes, pages: int | None, seen: Draft) -> Draft:
        if not self._ocr:
            seen.pages = seen.pages or [[]]
            seen.flags.append(Flag(FlagKind.SCANNED, NO_OCR))
            return seen
        # Imported here: pictures are few, and their libraries cost more than all the rest.
        from core.documents.ocr import read_scan

        draft = read_scan(content, self._limits, pages=pages)
        draft.flags = seen.flags + draft.flags
        return draft if _letters(draft) > _letters(seen) else replace(draft, pages=seen.pages)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the garbage collector out: a page is a million small live objects, searched in vain.

    It takes a tenth of the time of reading a PDF.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _has_words(draft: Draft) -> bool:
    """Say whether the text layer is the page's text, rather than a scan's page number."""
    enough = _SOME_LETTERS * len(draft.pages) if draft.illustrated else 1
    return _letters(draft) >= enough


def _letters(draft: Draft) -> int:
    return sum(c.isalnum() for page in draft.pages for run in page for c in run.text)


def _remarks(draft: Draft, text: str) -> list[Flag]:
    raw = "".join(run.text for page in draft.pages for run in page)
    marks = [*invisible(raw), *encoding_flags(raw, text), *orders(text), *stuffing(text)]
    return [*marks, *_beside(draft.asides)]


def _beside(asides: Sequence[Aside]) -> Iterator[Flag]:
    """Warn of what stands where no reader looks; it is no part of the text, so it has no span."""
    places: dict[str, list[str]] = {}
    for aside in asides:
        places.setdefault(aside.place, []).append(aside.text)
    for place, texts in places.items():
        text = clean("\n".join(texts))
        if orders(text):
            yield Flag(FlagKind.INSTRUCTION, f"{place} {_ORDERING}")
        # Links repeat their descriptions; only properties are where keywords are stuffed.
        if place == PROPERTIES and stuffing(text):
            yield Flag(FlagKind.KEYWORD_STUFFING, f"{place} {_REPEATING}")
