"""The German tabular resume, with portrait, personal data and signature."""

from html import escape
from typing import Any

from reportlab.platypus import Paragraph, Spacer, Table
from reportlab.platypus.flowables import Flowable

from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.papers.pages import Size, build
from core.sandbox.icims.world.papers.pdf import dated
from core.sandbox.icims.world.papers.portrait import portrait
from core.sandbox.icims.world.papers.style import Style, heading
from core.sandbox.icims.world.resume import Resume

_LABELS = ("Anschrift", "Telefon", "E-Mail")


def lebenslauf(resume: Resume, style: Style, size: Size, draw: Draw) -> bytes:
    """Set a Lebenslauf."""
    width = size[0] - 2 * style.margin
    flow: list[Flowable] = [
        Paragraph("Lebenslauf", style.text(size=11, bold=True, textColor=style.accent)),
        Spacer(1, 8),
        *heading("Persönliche Daten", style),
        _personal(resume, style, width, draw),
    ]
    for item in resume.sections:
        flow += heading(item.title, style)
        flow.append(dated(item, style, width, lines=False))
    flow += [Spacer(1, 22), Paragraph(escape(resume.signed), style.text())]
    if draw.chance(0.6):
        hand = style.text(size=4, textColor=style.accent, fontName=style.face.italic)
        flow.append(Paragraph(escape(resume.name), hand))
    return build(flow, style, size)


def personal_rows(resume: Resume) -> list[tuple[str, str]]:
    """List the personal data as label and value."""
    links = [("Profil", line) for line in resume.contact[3:]]
    contact = list(zip(_LABELS, resume.contact, strict=False))
    return [("Name", resume.name), *contact, *links, *resume.personal]


def _personal(resume: Resume, style: Style, width: float, draw: Draw) -> Table:
    rows: list[list[Any]] = [
        [Paragraph(escape(label), style.text(size=-0.4)), Paragraph(escape(value), style.text())]
        for label, value in personal_rows(resume)
    ]
    look: list[Any] = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0)]
    look += [("BOTTOMPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 1)]
    if not draw.chance(0.55):
        return Table(rows, colWidths=[width * 0.23, width * 0.77], style=look)
    data = Table(rows, colWidths=[width * 0.23, width * 0.77 - 96], style=look)
    photo = portrait(draw.getrandbits(24))
    return Table(
        [[data, photo]],
        colWidths=[width - 96, 96],
        style=[("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)],
    )
