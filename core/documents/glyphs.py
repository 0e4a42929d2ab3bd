"""Where the letters of a page stand on its picture, and with them the passages asked for."""

import ctypes
from collections.abc import Callable, Iterable
from typing import NamedTuple

import pypdfium2  # type: ignore[import-untyped]  # ships no types
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from core.documents.boxes import PixelBox, lines
from core.documents.passages import Comparison
from core.documents.wire import PageAsked

Size = tuple[int, int]
"""Width and height in pixels."""


class Word(NamedTuple):
    """A word that character recognition saw, and its box on what it looked at."""

    text: str
    box: PixelBox


class Glyphs(NamedTuple):
    """Text as painted, one character a glyph, and where each stands; None where nowhere."""

    text: str
    box: Callable[[int], PixelBox | None]


def text_layer(page: pypdfium2.PdfPage, size: Size) -> Glyphs:
    """Give the glyphs of a PDF page painted at ``size``; valid as long as the page is open."""
    layer = page.get_textpage()
    codes = (pdfium.FPDFText_GetUnicode(layer, index) for index in range(layer.count_chars()))
    text = "".join(chr(code) if code <= 0x10FFFF else "\ufffd" for code in codes)
    rectangle = pdfium.FS_RECTF()

    def box(index: int) -> PixelBox | None:
        if not pdfium.FPDFText_GetLooseCharBox(layer, index, rectangle):
            return None
        one = _on_picture(page, size, rectangle.left, rectangle.top)
        other = _on_picture(page, size, rectangle.right, rectangle.bottom)
        return PixelBox(*map(min, one, other), *map(max, one, other))

    return Glyphs(text, box)


def recognised(words: Iterable[Word], scale: float) -> Glyphs:
    """Give every letter the box of its word, ``scale`` times as large."""
    text, boxes = "", list[PixelBox | None]()
    for word in words:
        text += word.text + " "
        boxes += [word.box.scaled(scale)] * len(word.text) + [None]
    return Glyphs(text, boxes.__getitem__)


def located(asked: PageAsked, glyphs: Glyphs, size: Size) -> dict[int, list[PixelBox]]:
    """Give the boxes, a line each, of every passage that is found and stands on the picture."""
    if not asked.passages:
        return {}
    comparison = Comparison(asked.text, glyphs.text)
    found = {}
    for index, passage in asked.passages:
        places = comparison.find(passage)
        boxes = (glyphs.box(at) for place in places for at in range(place.start, place.end))
        seen = [box for box in boxes if box and not box.within(*size).empty]
        found[index] = [line.within(*size) for line in lines(seen)]
    return {index: boxes for index, boxes in found.items() if boxes}


def _on_picture(page: pypdfium2.PdfPage, size: Size, x: float, y: float) -> tuple[int, int]:
    """Turn a place on the page into pixels; pdfium knows of crop box and rotation."""
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
    return across.value, down.value
