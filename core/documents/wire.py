"""How a reading process and its keeper talk: a header, then the two bodies it announces."""

import struct
from dataclasses import dataclass

from pydantic import TypeAdapter

from core.documents.limits import Limits
from core.domain.document import ExtractedDocument, PagePicture, Span


@dataclass(frozen=True, slots=True)
class PageAsked:
    """Which page to paint, what was read from it and which passages of that to find.

    ``passages`` are spans of ``text``, each with the number by which the answer is to name it.
    """

    number: int
    scanned: bool
    text: str
    passages: tuple[tuple[int, Span], ...]


HEADER = struct.Struct(">cII")
"""A kind and the lengths of the two bodies.

READ: name, content. PAINT: the page asked for, content. DOCUMENT: the document, nothing.
PICTURE: the picture without its bytes, its bytes. REFUSED: the words, nothing. READY: nothing.
"""
READ, PAINT = b"R", b"P"
DOCUMENT, PICTURE, REFUSED, READY = b"D", b"I", b"X", b"!"
DOCUMENTS = TypeAdapter(ExtractedDocument)
PAGES = TypeAdapter(PageAsked)
PICTURES = TypeAdapter(PagePicture)
LIMITS = TypeAdapter(Limits)
