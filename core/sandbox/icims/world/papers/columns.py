"""Resumes as PDF with a side column."""

import re
from html import escape
from typing import Any

from reportlab.lib.colors import HexColor, white
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import FrameBreak, NextPageTemplate, PageTemplate, Paragraph, Spacer
from reportlab.platypus.flowables import Flowable

from core.sandbox.icims.world.papers.pages import Painter, Size, frame, run
from core.sandbox.icims.world.papers.style import Style, heading, section
from core.sandbox.icims.world.resume import Resume, Section

_ZIP = re.compile(r" ?[0-9]{4,}")
_GREY, _FOOT, _EXPORT = HexColor("#666666"), HexColor("#888888"), HexColor("#293e49")
_MAIN = ("summary", "experience", "education", "interests")


def sidebar(resume: Resume, style: Style, size: Size) -> bytes:
    """Set contact, skills and languages in a coloured side column, the rest beside it."""
    side = _on_colour(Section("contact", _contact_title(resume), lines=resume.contact), style)
    name = style.text(size=10, bold=True, textColor=style.accent)
    flow: list[Flowable] = [Paragraph(escape(resume.name), name)]
    if resume.headline:
        flow.append(Paragraph(escape(resume.headline), style.text(size=1.5)))
    for item in resume.sections:
        if item.kind in _MAIN:
            flow += section(item, style)
        else:
            side += _on_colour(_one_per_line(item), style)
    edge = size[0] * 0.31

    def paint(canvas: Canvas, _: Any) -> None:
        canvas.setFillColor(style.accent)
        canvas.rect(0, 0, edge, size[1], stroke=0, fill=1)

    return _two_columns(side, flow, style, size, edge, paint)


def profile_export(resume: Resume, style: Style, size: Size) -> bytes:
    """Imitate the PDF a career network exports: small side column, employer above title."""
    draft = _export(resume, style, size, 0)
    return _export(resume, style, size, draft.count(b"/Type /Page\n") or 1)


def _export(resume: Resume, style: Style, size: Size, pages: int) -> bytes:
    edge = size[0] * 0.33

    def paint(canvas: Canvas, _: Any) -> None:
        number = canvas.getPageNumber()
        if number == 1:
            canvas.setFillColor(_EXPORT)
            canvas.rect(0, 0, edge, size[1], stroke=0, fill=1)
        canvas.setFillColor(_FOOT)
        canvas.setFont(style.face.regular, 8)
        canvas.drawCentredString((size[0] + edge) / 2, 20, f"Page {number} of {pages}")

    side, flow = _export_side(resume, style), _export_main(resume, style)
    return _two_columns(side, flow, style, size, edge, paint)


def _export_side(resume: Resume, style: Style) -> list[Flowable]:
    shown = [Section("contact", _contact_title(resume), lines=resume.contact[1:])]
    skills = resume.section("skills")
    if skills:
        shown.append(Section("skills", "Top Skills", lines=_one_per_line(skills).lines[:3]))
    rest = (resume.section(kind) for kind in ("languages", "certificates"))
    shown += [_one_per_line(item) for item in rest if item]
    return [part for item in shown for part in _on_colour(item, style)]


def _export_main(resume: Resume, style: Style) -> list[Flowable]:
    place = _ZIP.sub("", ", ".join(resume.contact[0].split(", ")[-2:])).strip()
    flow: list[Flowable] = [Paragraph(escape(resume.name), style.text(size=14))]
    if resume.headline:
        flow.append(Paragraph(escape(resume.headline), style.text(size=1)))
    flow += [Paragraph(escape(place), style.text(textColor=_GREY)), Spacer(1, 10)]
    for item in resume.sections:
        if item.kind in ("summary", "experience", "education"):
            flow += _export_section(item, style)
    return flow


def _export_section(item: Section, style: Style) -> list[Flowable]:
    plain, grey = style.text(), style.text(size=-0.5, textColor=_GREY)
    made: list[Flowable] = [Paragraph(escape(item.title), style.text(size=5, spaceBefore=10))]
    made += [Paragraph(escape(line), plain) for line in item.lines]
    for e in item.entries:
        employer, _, place = e.place.partition(", ")
        head = style.text(size=1, bold=True, spaceBefore=6)
        made.append(Paragraph(escape(employer or e.title), head))
        made += [Paragraph(escape(e.title), plain), Paragraph(escape(e.dates), grey)]
        made += [Paragraph(escape(place), grey)] if place else []
        made += [Paragraph(escape(text), plain) for text in e.bullets]
    return made


def _two_columns(
    side: list[Flowable],
    flow: list[Flowable],
    style: Style,
    size: Size,
    edge: float,
    paint: Painter,
) -> bytes:
    """Fill the side column, then the wide one; later pages have the wide one only."""
    main = frame(edge + 23, size[0] - edge - 56, style, size)
    first = PageTemplate("first", [frame(21, edge - 38, style, size), main], onPage=paint)
    later = PageTemplate("later", [main], onPage=paint)
    return run([first, later], [NextPageTemplate("later"), *side, FrameBreak(), *flow], size)


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
