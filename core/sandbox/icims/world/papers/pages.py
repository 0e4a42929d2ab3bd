"""Paper sizes and the run of a PDF document; the same flow gives the same bytes."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate
from reportlab.platypus.flowables import Flowable

from core.sandbox.icims.world.papers.style import Style

_KEY = "only the applicant knows"

Size = tuple[float, float]
Painter = Callable[[Canvas, Any], None]


def page_size(country: str) -> Size:
    """Give the paper that is usual in a country."""
    width, height = LETTER if country == "us" else A4
    return float(width), float(height)


def build(flow: list[Flowable], style: Style, size: Size, *, locked: bool = False) -> bytes:
    """Run a flow through pages with one frame; ``locked`` asks for a password nobody gave us."""
    lock = StandardEncryption(_KEY, canPrint=1, strength=128) if locked else None
    page = PageTemplate(frames=[frame(style.margin, size[0] - 2 * style.margin, style, size)])
    return run([page], flow, size, encrypt=lock)


def run(pages: list[PageTemplate], flow: list[Flowable], size: Size, **options: Any) -> bytes:
    """Run a flow through page templates, without a date or an author."""
    buffer = BytesIO()
    document = BaseDocTemplate(
        buffer, pagesize=size, invariant=1, title="Resume", author="", **options
    )
    document.addPageTemplates(pages)
    document.build(flow)
    return buffer.getvalue()


def frame(left: float, width: float, style: Style, size: Size) -> Frame:
    """Make a frame as high as the page's margins allow."""
    padding = dict.fromkeys(("leftPadding", "rightPadding", "topPadding", "bottomPadding"), 0)
    return Frame(left, style.margin, width, size[1] - 2 * style.margin, **padding)
