"""A printed resume put on an office scanner: no text, only a picture, a little askew."""

from io import BytesIO

import pypdfium2  # type: ignore[import-untyped]  # ships no types
from PIL import Image, ImageDraw, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from core.sandbox.icims.world.draw import Draw

_DPI = 150


def scanned(pdf: bytes, size: tuple[float, float], draw: Draw) -> bytes:
    """Turn every page of ``pdf`` into a skewed grey picture of it."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=1)
    document = pypdfium2.PdfDocument(pdf)
    for number in range(len(document)):
        page = document[number]
        picture = page.render(scale=_DPI / 72, grayscale=True).to_pil()
        page.close()
        canvas.drawImage(ImageReader(_copied(picture, draw)), 0, 0, *size)
        canvas.showPage()
    document.close()
    canvas.save()
    return buffer.getvalue()


def _copied(picture: Image.Image, draw: Draw) -> BytesIO:
    paper = 236 + draw.between(0, 14)
    skewed = picture.convert("L").rotate(
        draw.uniform(-1.4, 1.4), Image.Resampling.BICUBIC, fillcolor=255
    )
    worn = skewed.point([min(paper, 18 + level) for level in range(256)])
    pen = ImageDraw.Draw(worn)
    for _ in range(draw.between(20, 90)):
        x, y = draw.between(0, worn.width), draw.between(0, worn.height)
        pen.point((x, y), fill=draw.between(90, 190))
    if draw.chance(0.4):  # the edge of the lid
        pen.rectangle((0, 0, draw.between(4, 14), worn.height), fill=150)
    out = BytesIO()
    worn.filter(ImageFilter.GaussianBlur(0.6)).save(out, "JPEG", quality=62)
    out.seek(0)
    return out
