"""Character recognition of scans with tesseract, where it is installed."""

import csv
import io
import shutil
import subprocess
import time
from collections.abc import Iterator
from functools import cache
from typing import Literal

import pypdfium2  # type: ignore[import-untyped]  # ships no types
from PIL import Image, ImageOps

from core.documents import limits
from core.documents.boxes import PixelBox
from core.documents.composed import Draft, Run
from core.documents.glyphs import Word
from core.documents.limits import NO_OCR, Limits, passed_on
from core.documents.pdfium import opened
from core.domain.document import Flag, FlagKind
from core.errors import DocumentRefused

READ_BY_OCR = (
    "The file is a picture of text; it was read by character recognition and may hold errors."
)
_OUT_OF_TIME = "Only the first {count} pages were recognised in the time allowed."
_DPI = 200
_MOST_PIXELS = 40_000_000
_LONGEST_SIDE = 5_000
# Share of a file's time that recognition may use; the rest is for opening and rendering.
_SHARE = 0.7


@cache
def languages() -> str:
    """Name the installed languages we ask tesseract for; empty when there is no tesseract."""
    program = shutil.which("tesseract")
    if program is None:
        return ""
    listed = subprocess.run(  # noqa: S603 - fixed arguments, no shell
        [program, "--list-langs"], capture_output=True, text=True, timeout=20, check=False
    ).stdout.split()
    return "+".join(lang for lang in ("eng", "deu") if lang in listed)


def read_scan(content: bytes, bounds: Limits, *, pages: int | None = None) -> Draft:
    """Recognise a picture, or a PDF of ``pages`` pages; without tesseract the text is empty."""
    if not languages():
        return Draft(pages=[[Run("")]], flags=[Flag(FlagKind.SCANNED, NO_OCR)])
    deadline = time.monotonic() + bounds.seconds * _SHARE
    draft = Draft(flags=[Flag(FlagKind.SCANNED, READ_BY_OCR)], ocr=True)
    for picture in _rendered(content, pages) if pages else [grey_picture(content)]:
        left = deadline - time.monotonic()
        text = _recognised(picture, "txt", left) if left > 0 else None
        if text is None:
            words = _OUT_OF_TIME.format(count=len(draft.pages))
            draft.flags.append(Flag(FlagKind.TRUNCATED, words))
            break
        draft.pages.append([Run(text)])
    return draft


def recognised_words(picture: Image.Image, bounds: Limits) -> list[Word]:
    """Recognise words with their boxes in pixels of ``picture``; none when time runs out."""
    table = _recognised(picture, "tsv", bounds.seconds * _SHARE) or ""
    rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [Word(row["text"], _box(row)) for row in rows if (row["text"] or "").strip()]


def _box(row: dict[str, str]) -> PixelBox:
    left, top, width, height = (int(row[name]) for name in ("left", "top", "width", "height"))
    return PixelBox(left, top, left + width, top + height)


def _rendered(content: bytes, pages: int) -> Iterator[Image.Image]:
    for number in range(pages):
        with opened(content) as document:
            picture = grey_page(document[number])
        yield picture


def grey_page(page: pypdfium2.PdfPage) -> Image.Image:
    """Paint a page as recognition likes it."""
    scale = min(_DPI / 72, _LONGEST_SIDE / (max(page.get_size()) or 1.0))
    picture: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    return picture


def grey_picture(content: bytes) -> Image.Image:
    """Open a picture file, upright and no larger than recognition needs."""
    try:
        grey = _grey(content)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, EOFError) as error:
        raise DocumentRefused(limits.BROKEN) from error
    if grey is None:
        raise DocumentRefused(limits.EXPANDS)
    grey.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    return grey


def _grey(content: bytes) -> Image.Image | None:
    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "TIFF")) as picture:
        if picture.width * picture.height > _MOST_PIXELS:
            return None
        return ImageOps.exif_transpose(picture).convert("L")


def _recognised(picture: Image.Image, form: Literal["txt", "tsv"], seconds: float) -> str | None:
    """Return what tesseract writes, empty where nothing was found; None when time ran out."""
    page = io.BytesIO()
    picture.save(page, "PNG", compress_level=1)
    program = shutil.which("tesseract") or "tesseract"
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments, no shell
            [program, "-", "-", "-l", languages(), "--dpi", str(_DPI), form],
            input=page.getvalue(),
            capture_output=True,
            timeout=seconds,
            check=False,
            env={**passed_on(), "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout.decode("utf-8", "replace")
