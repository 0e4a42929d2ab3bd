"""Paint a page of the original file and say where passages of its text stand on the picture."""

import io
import math

import pypdfium2  # type: ignore[import-untyped]  # ships no types
from PIL import Image

from core.documents import limits
from core.documents.boxes import PixelBox
from core.documents.glyphs import Size, located, recognised, text_layer
from core.documents.kinds import PICTURES, Kind, kind_of
from core.documents.limits import HIGHEST_PICTURE, PICTURE_WIDTH, Limits, check_size
from core.documents.ocr import grey_page, grey_picture, languages, recognised_words
from core.documents.pdfium import opened
from core.documents.wire import PageAsked
from core.domain.document import PagePicture, PassageBox
from core.errors import DocumentRefused

# With fewer pixels across, a page is a line, whatever it is called.
_LEAST = 100
# Text, rules and a photo look the same in so few colours, at a third of the bytes.
_COLOURS = 256

Found = dict[int, list[PixelBox]]
"""The boxes of each passage that was found, by its index."""


class Painter:
    """Paints in this very process: for processes that may be lost.

    ``ocr`` allows character recognition of scanned pages where tesseract is installed.
    """

    def __init__(self, bounds: Limits | None = None, *, ocr: bool = True) -> None:
        self._limits = bounds or Limits()
        self._ocr = ocr

    def picture(self, content: bytes, asked: PageAsked) -> PagePicture:
        """Paint one page; raises ``DocumentRefused`` in the recruiter's words."""
        check_size(content, self._limits)
        kind = kind_of(content)
        try:
            if kind is Kind.PDF:
                return self._pdf_page(content, asked)
            if kind in PICTURES:
                return self._picture_file(content, asked)
        except MemoryError as error:
            raise DocumentRefused(limits.TOO_HEAVY) from error
        raise DocumentRefused(limits.NO_PAGES)

    def _pdf_page(self, content: bytes, asked: PageAsked) -> PagePicture:
        scan = None
        with opened(content) as document:
            count = len(document)
            _check_number(asked.number, count, self._limits)
            document.init_forms()
            page = document[asked.number - 1]
            image = _painted(page)
            found = located(asked, text_layer(page, image.size), image.size)
            if asked.scanned and len(found) < len(asked.passages):
                scan = grey_page(page)
        if scan:
            found = self._recognised(asked, scan, image.size) | found
        return _answer(asked, count, image, found)

    def _picture_file(self, content: bytes, asked: PageAsked) -> PagePicture:
        _check_number(asked.number, 1, self._limits)
        scan = grey_picture(content)
        image = scan.resize(_fitted(scan.size))
        return _answer(asked, 1, image, self._recognised(asked, scan, image.size))

    def _recognised(self, asked: PageAsked, scan: Image.Image, size: Size) -> Found:
        """Find passages by the words that character recognition sees."""
        if not (self._ocr and asked.passages and languages()):
            return {}
        words = recognised_words(scan, self._limits)
        return located(asked, recognised(words, size[0] / scan.width), size)


def _check_number(number: int, count: int, bounds: Limits) -> None:
    if count > bounds.max_pages:
        raise limits.too_many_pages(count, bounds)
    if not 1 <= number <= count:
        raise limits.no_such_page(number, count)


def _painted(page: pypdfium2.PdfPage) -> Image.Image:
    width, height = page.get_size()
    scale = _fitted((width, height))[0] / width
    image: Image.Image = page.render(scale=scale).to_pil()
    return image.convert("RGB")


def _fitted(size: tuple[float, float]) -> Size:
    """Scale to our width, or to less where a page is very long; refuse what is but a line."""
    width, height = size
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise DocumentRefused(limits.ODD_PAGE)
    scale = min(PICTURE_WIDTH / width, HIGHEST_PICTURE / height)
    fitted = int(width * scale), int(height * scale)
    if min(fitted) < _LEAST:
        raise DocumentRefused(limits.ODD_PAGE)
    return fitted


def _answer(asked: PageAsked, count: int, image: Image.Image, found: Found) -> PagePicture:
    file = io.BytesIO()
    few = image.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(file, "PNG", compress_level=6)
    return PagePicture(
        number=asked.number,
        count=count,
        png=file.getvalue(),
        width=image.width,
        height=image.height,
        boxes=tuple(PassageBox(index, *box) for index in sorted(found) for box in found[index]),
        missing=tuple(index for index, _ in asked.passages if index not in found),
    )
