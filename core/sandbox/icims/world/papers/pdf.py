"""Resumes as PDF: each function a layout. The bytes are the same every time."""

from io import BytesIO

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate
from reportlab.platypus.flowables import Flowable

from core.sandbox.icims.world.papers.style import Style, letterhead, section
from core.sandbox.icims.world.resume import Resume

Size = tuple[float, float]


def classic(resume: Resume, style: Style, size: Size) -> bytes:
    """Set everything in one column."""
    flow = letterhead(resume, style)
    for part in resume.sections:
        flow += section(part, style)
    return build(flow, style, size)


def build(flow: list[Flowable], style: Style, size: Size) -> bytes:
    """Run a flow through pages with one frame."""
    buffer = BytesIO()
    document = BaseDocTemplate(buffer, pagesize=size, invariant=1, title="Resume", author="")
    width, height = size
    frame = Frame(
        style.margin,
        style.margin,
        width - 2 * style.margin,
        height - 2 * style.margin,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    document.addPageTemplates([PageTemplate(frames=[frame])])
    document.build(flow)
    return buffer.getvalue()


def page_size(country: str) -> Size:
    """Give the paper that is usual in a country."""
    return LETTER if country == "us" else A4
