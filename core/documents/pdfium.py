"""Open a PDF with pdfium, which paints pages; ``pdf`` reads their text."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Lock

import pypdfium2  # type: ignore[import-untyped]  # ships no types
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from core.documents import limits
from core.errors import DocumentRefused

_turn = Lock()  # pdfium may be called by one thread at a time
_CLOSED = frozenset({pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY})


@contextmanager
def opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """Open the file and keep other threads out; pdfium's errors become ``DocumentRefused``."""
    with _turn:
        try:
            with closing(pypdfium2.PdfDocument(content)) as document:
                yield document
        except pypdfium2.PdfiumError as error:
            locked = error.err_code in _CLOSED
            raise DocumentRefused(limits.LOCKED if locked else limits.BROKEN) from error
