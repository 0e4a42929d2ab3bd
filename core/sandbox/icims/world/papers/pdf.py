"""Resumes as PDF, one function a layout; the same resume gives the same bytes."""

import re
from collections.abc import Callable
from html import escape
from io import BytesIO
from typing import Any

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)
from reportlab.platypus.flowables import Flowable

from core.sandbox.icims.world.papers.portrait import portrait
from core.sandbox.icims.world.papers.style import (
    Style,
    entry,
    heading,
    letterhead,
    section,
)
from core.sandbox.icims.world.resume import Resume, Section

_KEY = "only the applicant knows"
_DIGITS = re.compile(r" ?[0-9]{4,}")

Size = tuple[float, float]
Painter = Callable[[Canvas, Any], None]


def page_size(country: str) -> Size:
    """Give the paper that is usual in a country."""
    width, height = LETTER if country == "us" else A4
    return float(width), float(height)


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


def sidebar(resume: Resume, style: Style, size: Size) -> bytes:
    """Set contact, skills and languages in a coloured side column, the rest beside it."""
    main = ("summary", "experience", "education", "interests")
    side = [*_on_colour(Section("contact", _contact_title(resume), lines=resume.contact), style)]
    for item in resume.sections:
        if item.kind not in main:
            side += _on_colour(_one_per_line(item), style)
    name = style.text(size=10, bold=True, textColor=style.accent)
    flow: list[Flowable] = [Paragraph(escape(resume.name), name)]
    if resume.headline:
        flow.append(Paragraph(escape(resume.headline), style.text(size=1.5)))
    for item in resume.sections:
        if item.kind in main:
            flow += section(item, style)
    return _two_columns(side, flow, style, size)


def profile_export(resume: Resume, style: Style, size: Size) -> bytes:
    """Imitate the PDF a career network exports: small side column, employer above title."""
    pages = _export(resume, style, size, 0)
    count = max(1, pages.count(b"/Type /Page\n"))
    return _export(resume, style, size, count)


def build(
    flow: list[Flowable],
    style: Style,
    size: Size,
    *,
    paint: Painter | None = None,
    locked: bool = False,
) -> bytes:
    """Run a flow through pages with one frame."""
    buffer = BytesIO()
    document = _document(buffer, size, locked=locked)
    page = PageTemplate(frames=[_frame(style.margin, size[0] - 2 * style.margin, style, size)])
    if paint:
        page.onPage = paint
    document.addPageTemplates([page])
    document.build(flow)
    return buffer.getvalue()


def _document(buffer: BytesIO, size: Size, *, locked: bool = False) -> BaseDocTemplate:
    lock = StandardEncryption(_KEY, canPrint=1, strength=128) if locked else None
    return BaseDocTemplate(
        buffer, pagesize=size, invariant=1, title="Resume", author="", encrypt=lock
    )


def _frame(left: float, width: float, style: Style, size: Size) -> Frame:
    padding = dict.fromkeys(("leftPadding", "rightPadding", "topPadding", "bottomPadding"), 0)
    return Frame(left, style.margin, width, size[1] - 2 * style.margin, **padding)


def _single_column(resume: Resume, style: Style) -> list[Flowable]:
    flow = letterhead(resume, style)
    for item in resume.sections:
        flow += section(item, style)
    return flow


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


def _one_per_line(item: Section) -> Section:
    lines = tuple(part for line in item.lines for part in line.split(", "))
    return Section(item.kind, item.title, item.entries, lines)


def _contact_title(resume: Resume) -> str:
    return "Kontakt" if resume.german else "Contact"


def _on_colour(item: Section, style: Style) -> list[Flowable]:
    look = style.text(size=-0.8, textColor=white)
    made = heading(item.title, style, white)
    made += [Paragraph(escape(line), look) for line in item.lines]
    return [*made, Spacer(1, 6)]


def _two_columns(side: list[Flowable], flow: list[Flowable], style: Style, size: Size) -> bytes:
    buffer = BytesIO()
    document = _document(buffer, size)
    edge = size[0] * 0.31

    def paint(canvas: Canvas, _: Any) -> None:
        canvas.setFillColor(style.accent)
        canvas.rect(0, 0, edge, size[1], stroke=0, fill=1)

    main = size[0] - edge - 52
    first = PageTemplate(
        "first",
        [_frame(20, edge - 36, style, size), _frame(edge + 22, main, style, size)],
        onPage=paint,
    )
    later = PageTemplate("later", [_frame(edge + 22, main, style, size)], onPage=paint)
    document.addPageTemplates([first, later])
    document.build([NextPageTemplate("later"), *side, FrameBreak(), *flow])
    return buffer.getvalue()


def _export(resume: Resume, style: Style, size: Size, pages: int) -> bytes:
    grey, edge = HexColor("#293e49"), size[0] * 0.33
    side: list[Flowable] = []
    contact = Section("contact", _contact_title(resume), lines=resume.contact[1:])
    skills = [_one_per_line(s) for s in resume.sections if s.kind == "skills"]
    tops = [Section("skills", "Top Skills", lines=s.lines[:3]) for s in skills]
    rest = [_one_per_line(s) for s in resume.sections if s.kind in ("languages", "certificates")]
    for item in (contact, *tops, *rest):
        side += _on_colour(item, style)
    flow: list[Flowable] = [Paragraph(escape(resume.name), style.text(size=14))]
    if resume.headline:
        flow.append(Paragraph(escape(resume.headline), style.text(size=1)))
    place = _DIGITS.sub("", ", ".join(resume.contact[0].split(", ")[-2:])).strip()
    flow += [Paragraph(escape(place), style.text(textColor=HexColor("#666666"))), Spacer(1, 10)]
    for item in resume.sections:
        if item.kind in ("summary", "experience", "education"):
            flow += _export_section(item, style)
    buffer = BytesIO()
    document = _document(buffer, size)

    def paint(canvas: Canvas, _: Any) -> None:
        if canvas.getPageNumber() == 1:
            canvas.setFillColor(grey)
            canvas.rect(0, 0, edge, size[1], stroke=0, fill=1)
        canvas.setFillColor(HexColor("#888888"))
        canvas.setFont(style.face.regular, 8)
        canvas.drawCentredString(
            (size[0] + edge) / 2, 20, f"Page {canvas.getPageNumber()} of {pages}"
        )

    main = _frame(edge + 24, size[0] - edge - 60, style, size)
    first = PageTemplate("first", [_frame(22, edge - 40, style, size), main], onPage=paint)
    later = PageTemplate("later", [main], onPage=paint)
    document.addPageTemplates([first, later])
    document.build([NextPageTemplate("later"), *side, FrameBreak(), *flow])
    return buffer.getvalue()


def _export_section(item: Section, style: Style) -> list[Flowable]:
    made: list[Flowable] = [Paragraph(escape(item.title), style.text(size=5, spaceBefore=10))]
    made += [Paragraph(escape(line), style.text()) for line in item.lines]
    grey = style.text(size=-0.5, textColor=HexColor("#666666"))
    for e in item.entries:
        employer, _, place = e.place.partition(", ")
        made.append(
            Paragraph(escape(employer or e.title), style.text(size=1, bold=True, spaceBefore=6))
        )
        made += [Paragraph(escape(e.title), style.text()), Paragraph(escape(e.dates), grey)]
        made += [Paragraph(escape(place), grey)] if place else []
        made += [Paragraph(escape(text), style.text()) for text in e.bullets]
    return made
