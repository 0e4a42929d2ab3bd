"""Resumes as PDF in one column, and tables."""

from html import escape
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, Spacer, Table
from reportlab.platypus.flowables import Flowable

from core.sandbox.icims.world.papers.pages import Size, build
from core.sandbox.icims.world.papers.portrait import portrait
from core.sandbox.icims.world.papers.style import Style, entry, heading, letterhead, section
from core.sandbox.icims.world.resume import Resume, Section


def classic(resume: Resume, style: Style, size: Size, *, locked: bool = False) -> bytes:
    """Set everything in one column; ``locked`` asks for a password nobody gave us."""
    return build(_single_column(resume, style), style, size, locked=locked)


def with_footnote(
    resume: Resume, style: Style, size: Size, text: str, look: ParagraphStyle
) -> bytes:
    """Set one column and, at its end, ``text`` in a look that may hide it."""
    flow = [*_single_column(resume, style), Paragraph(escape(text), look)]
    return build(flow, style, size)


def with_photo(resume: Resume, style: Style, size: Size, features: int) -> bytes:
    """Set one column under a header with a portrait."""
    head = Table(
        [[letterhead(resume, style), portrait(features)]],
        colWidths=[size[0] - 2 * style.margin - 88, 88],
        style=[("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)],
    )
    body = [part for item in resume.sections for part in section(item, style)]
    return build([head, *body], style, size)


def table(resume: Resume, style: Style, size: Size) -> bytes:
    """Set dates left and text right, in ruled tables."""
    flow = letterhead(resume, style)
    width = size[0] - 2 * style.margin
    for item in resume.sections:
        flow += heading(item.title, style)
        flow.append(dated(item, style, width, lines=True))
        flow.append(Spacer(1, 3))
    return build(flow, style, size)


def dated(item: Section, style: Style, width: float, *, lines: bool) -> Table:
    """Set a section with its dates in a left column."""
    rows: list[list[Any]] = [
        [Paragraph(escape(e.dates), style.text(size=-0.4)), entry(e, style, dated=False)]
        for e in item.entries
    ]
    rows += [["", Paragraph(escape(line), style.text())] for line in item.lines]
    look: list[Any] = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0)]
    if lines:
        look.append(("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor("#bbbbbb")))
    return Table(rows, colWidths=[width * 0.23, width * 0.77], style=look)


def _single_column(resume: Resume, style: Style) -> list[Flowable]:
    flow = letterhead(resume, style)
    for item in resume.sections:
        flow += section(item, style)
    return flow
