"""Papers the employer's side makes: offer letters and background reports."""

from datetime import date, timedelta
from html import escape
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.platypus import Paragraph, Spacer, Table
from reportlab.platypus.flowables import Flowable

from core.sandbox.icims.world.careers import Life
from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.library import Opening
from core.sandbox.icims.world.papers.fonts import face
from core.sandbox.icims.world.papers.pages import build, page_size
from core.sandbox.icims.world.papers.style import Style, heading

_RECORDS = (
    "Petty theft, misdemeanor, disposition: fine and probation completed",
    "Driving under the influence, misdemeanor, disposition: probation completed",
    "Possession of a controlled substance, misdemeanor, disposition: dismissed after diversion",
    "Disorderly conduct, violation, disposition: community service completed",
)


def offer_pdf(
    employer: str,
    life: Life,
    opening: Opening,
    terms: list[tuple[str, str]],
    signer: str,
    day: date,
    *,
    signed: bool,
) -> bytes:
    """Write an offer letter; ``signed`` adds the candidate's name at the end."""
    style = _style(life.who.name)
    flow: list[Flowable] = [
        Paragraph(escape(employer), style.text(size=6, bold=True, textColor=style.accent)),
        Spacer(1, 18),
        Paragraph(escape(life.who.name), style.text()),
        Paragraph(escape(f"{life.who.street}, {life.who.town} {life.who.postcode}"), style.text()),
        Spacer(1, 12),
        Paragraph(f"{day:%d %B %Y}", style.text()),
        Spacer(1, 12),
        Paragraph(f"Offer of employment: {escape(opening.title)}", style.text(size=2, bold=True)),
        Paragraph(
            f"Dear {escape(life.who.first)}, we are pleased to offer you the position below."
            " It depends on your right to work and on the checks named in your application.",
            style.text(spaceBefore=6, spaceAfter=8),
        ),
        _grid(terms, style),
        Spacer(1, 16),
        Paragraph(f"For {escape(employer)}: {escape(signer)}", style.text()),
    ]
    if signed:
        hand = style.text(size=3, fontName=style.face.italic, spaceBefore=24)
        flow.append(Paragraph(f"Accepted: {escape(life.who.name)}, {day:%d %B %Y}", hand))
    return build(flow, style, page_size(life.who.country))


def background_pdf(employer: str, life: Life, ordered: date, draw: Draw) -> bytes:
    """Write a screening firm's report: identity, record search, employment, education."""
    style = _style(life.who.name)
    rows = [
        ("Subject", life.who.name),
        ("Ordered by", employer),
        ("Ordered", ordered.isoformat()),
        ("Completed", (ordered + timedelta(days=draw.between(2, 9))).isoformat()),
    ]
    flow: list[Flowable] = [
        Paragraph("Clearwell Screening – Consumer Report", style.text(size=5, bold=True)),
        _grid(rows, style),
        *heading("Criminal record search", style),
        _grid(_records(life, ordered, draw), style),
        *heading("Employment verification", style),
        _grid([_checked(p.employer, draw) for p in life.career.positions[:3]], style),
        *heading("Education verification", style),
        _grid([_checked(s.school, draw) for s in life.career.schooling[:1]], style),
        Spacer(1, 14),
        Paragraph(
            "The subject of this report may ask for a copy and dispute what is wrong in it.",
            style.text(size=-1, textColor=HexColor("#666666")),
        ),
    ]
    return build(flow, style, page_size(life.who.country))


def _records(life: Life, ordered: date, draw: Draw) -> list[tuple[str, str]]:
    area = f"{life.who.region}, 7 years"
    if not draw.chance(0.16):
        return [(area, "No records found")]
    year = ordered.year - draw.between(1, 7)
    return [(area, f"1 record: {draw.pick(_RECORDS)} ({year})")]


def _checked(name: str, draw: Draw) -> tuple[str, str]:
    results = {"Verified": 80.0, "Verified, dates differ by two months": 9.0, "No reply": 11.0}
    return name, draw.weighted(results)


def _style(text: str) -> Style:
    return Style(
        face=face("SourceSans", text),
        accent=HexColor("#1f3a5f"),
        size=10,
        margin=64,
        centred=False,
        ruled=True,
        capitals=False,
        dates_right=True,
        bullet="•",
    )


def _grid(rows: list[tuple[str, str]], style: Style) -> Flowable:
    if not rows:
        return Paragraph("Nothing to verify.", style.text())
    cells: list[list[Any]] = [
        [Paragraph(escape(label), style.text(bold=True)), Paragraph(escape(value), style.text())]
        for label, value in rows
    ]
    return Table(
        cells,
        colWidths=[150, 310],
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.3, HexColor("#cccccc")),
        ],
        hAlign="LEFT",
    )
