"""How one person's PDF looks: typeface, colour, sizes, heading habit."""

from dataclasses import dataclass
from html import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_CENTER, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import HRFlowable, Paragraph, Spacer
from reportlab.platypus.flowables import Flowable

from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.papers.fonts import FAMILIES, Face, face
from core.sandbox.icims.world.resume import Entry, Resume, Section

_COLOURS = ("#1f3a5f", "#000000", "#222222", "#7a1f2b", "#20603d", "#4b3f72", "#33526b", "#8a4b08")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """One look. Sizes and margins in points."""

    face: Face
    accent: Color
    size: float
    margin: float
    centred: bool
    ruled: bool
    capitals: bool
    dates_right: bool
    bullet: str

    def text(self, *, size: float = 0, bold: bool = False, **more: object) -> ParagraphStyle:
        """Make a paragraph style; ``size`` is added to the body size."""
        points = self.size + size
        font = self.face.bold if bold else self.face.regular
        base = {"fontName": font, "fontSize": points, "leading": points * 1.28, "spaceAfter": 1.5}
        return ParagraphStyle("text", **{**base, **more})


def draw_style(text: str, draw: Draw) -> Style:
    """Choose a look that can print every letter of ``text``."""
    return Style(
        face=face(draw.pick(FAMILIES), text),
        accent=HexColor(draw.pick(_COLOURS)),
        size=draw.pick((9.2, 9.6, 10, 10.4, 11)),
        margin=draw.pick((42, 50, 56, 64)),
        centred=draw.chance(0.35),
        ruled=draw.chance(0.6),
        capitals=draw.chance(0.45),
        dates_right=draw.chance(0.6),
        bullet=draw.pick(("•", "–", "•", "·")),
    )


def letters(resume: Resume) -> str:
    """Collect everything a resume prints, to choose a typeface for it."""
    parts = [resume.name, resume.headline, *resume.contact]
    for section in resume.sections:
        parts += [section.title, *section.lines]
        for entry in section.entries:
            parts += [entry.title, entry.place, entry.dates, *entry.bullets]
    return "".join(parts)


def heading(title: str, style: Style, colour: Color | None = None) -> list[Flowable]:
    """Set a section heading."""
    shown = title.upper() if style.capitals else title
    ink = colour or style.accent
    look = style.text(size=1.5, bold=True, textColor=ink, spaceBefore=7, keepWithNext=1)
    made: list[Flowable] = [Paragraph(escape(shown), look)]
    if style.ruled:
        rule = HRFlowable(width="100%", thickness=0.7, color=ink, spaceBefore=0, spaceAfter=3)
        rule.keepWithNext = 1
        made.append(rule)
    return made


def letterhead(resume: Resume, style: Style) -> list[Flowable]:
    """Set name, headline and contact line."""
    align = TA_CENTER if style.centred else TA_LEFT
    name = style.text(size=9, bold=True, alignment=align, textColor=style.accent)
    plain = style.text(size=-0.4, alignment=align)
    made: list[Flowable] = [Paragraph(escape(resume.name), name)]
    if resume.headline:
        made.append(Paragraph(escape(resume.headline), style.text(size=1, alignment=align)))
    made.append(Paragraph(escape("  |  ".join(resume.contact)), plain))
    made.append(Spacer(1, 4))
    return made


def section(part: Section, style: Style) -> list[Flowable]:
    """Set a section in one column."""
    made = heading(part.title, style)
    made += [Paragraph(escape(line), style.text()) for line in part.lines]
    for item in part.entries:
        made += entry(item, style)
    return made


def entry(item: Entry, style: Style, *, dated: bool = True) -> list[Flowable]:
    """Set one job or school, without its dates where they stand elsewhere."""
    head = _entry_head(item, style) if dated else _bold(item.title, style)
    made: list[Flowable] = [Paragraph(head, style.text(spaceBefore=3, keepWithNext=1))]
    if item.place and (style.dates_right or not dated):
        place = f'<font name="{style.face.italic}">{escape(item.place)}</font>'
        made.append(Paragraph(place, style.text()))
    look = style.text(leftIndent=12, bulletIndent=2)
    made += [Paragraph(escape(text), look, bulletText=style.bullet) for text in item.bullets]
    return made


def _entry_head(item: Entry, style: Style) -> str:
    title = _bold(item.title, style)
    if style.dates_right:
        return f"{title} &nbsp; ({escape(item.dates)})"
    place = f", {escape(item.place)}" if item.place else ""
    return f"{title}{place}<br/>{escape(item.dates)}"


def _bold(text: str, style: Style) -> str:
    return f'<font name="{style.face.bold}">{escape(text)}</font>'
