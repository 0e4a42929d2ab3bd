"""Resumes as Word files; the same resume gives the same bytes."""

import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.papers.lebenslauf import personal_rows
from core.sandbox.icims.world.resume import Entry, Resume, Section

_FONTS = ("Calibri", "Arial", "Cambria", "Times New Roman", "Garamond", "Verdana")
_COLOURS = ("1F3A5F", "000000", "7A1F2B", "20603D", "33526B")
_SAVED = datetime(2026, 1, 5, 9, tzinfo=UTC)
_VML = 'xmlns:v="urn:schemas-microsoft-com:vml"'
Holder = Doc | _Cell


class _Look:
    """Font and heading habit of one file."""

    def __init__(self, draw: Draw) -> None:
        self.font, self.colour = draw.pick(_FONTS), draw.pick(_COLOURS)
        self.size = Pt(draw.pick((10, 10.5, 11)))
        self.capitals, self.centred = draw.chance(0.5), draw.chance(0.4)


def classic(resume: Resume, draw: Draw) -> bytes:
    """Set everything in one column."""
    document, look = _start(draw)
    _letterhead(document, resume, look)
    for section in resume.sections:
        _section(document, section, look)
    return _saved(document)


def table(resume: Resume, draw: Draw) -> bytes:
    """Set headings and dates left, text right, in a table without lines."""
    document, look = _start(draw)
    _letterhead(document, resume, look)
    grid = document.add_table(rows=0, cols=2)
    for section in resume.sections:
        row = grid.add_row().cells
        _heading(row[0].paragraphs[0], section.title, look)
        for entry in section.entries:
            row = grid.add_row().cells
            row[0].paragraphs[0].add_run(entry.dates).italic = True
            row[1].paragraphs[0].add_run(entry.title).bold = True
            _entry_body(row[1], entry)
        for line in section.lines:
            grid.add_row().cells[1].paragraphs[0].add_run(line)
    _widths(grid, (Cm(4.2), Cm(12.3)))
    return _saved(document)


def lebenslauf(resume: Resume, draw: Draw) -> bytes:
    """Set a German tabular resume."""
    document, look = _start(draw)
    document.add_heading("Lebenslauf", 0)
    rows = [("Persönliche Daten", ""), *personal_rows(resume)]
    grid = document.add_table(rows=0, cols=2)
    for label, value in rows:
        cells = grid.add_row().cells
        cells[0].text, cells[1].text = label, value
    for section in resume.sections:
        _heading(grid.add_row().cells[0].paragraphs[0], section.title, look)
        for entry in section.entries:
            cells = grid.add_row().cells
            cells[0].text = entry.dates
            cells[1].paragraphs[0].add_run(entry.title).bold = True
            _entry_body(cells[1], entry)
        for line in section.lines:
            grid.add_row().cells[1].text = line
    _widths(grid, (Cm(4.6), Cm(11.9)))
    document.add_paragraph()
    document.add_paragraph(resume.signed)
    return _saved(document)


def textboxes(resume: Resume, draw: Draw) -> bytes:
    """Put contact and skills into floating text boxes beside the text."""
    document, look = _start(draw)
    aside = [s for s in resume.sections if s.kind in ("skills", "languages", "certificates")]
    lines = [resume.name, resume.headline, *resume.contact]
    head = [line for line in lines if line]
    boxes = [_textbox(head, left=0, width=460, height=74)]
    top = 90
    for section in aside:
        words = [part for line in section.lines for part in line.split(", ")]
        height = 26 + 14 * (len(words) + 1)
        lines = [section.title, *words]
        boxes.append(_textbox(lines, left=330, width=150, height=height, top=top))
        top += height + 10
    document.element.body.insert(0, _anchor(boxes))
    document.sections[0].right_margin = Cm(7.2)
    document.add_paragraph().paragraph_format.space_after = Pt(64)
    for section in resume.sections:
        if section not in aside:
            _section(document, section, look)
    return _saved(document)


def with_hidden_run(resume: Resume, text: str, draw: Draw) -> bytes:
    """Set one column and hide ``text`` in it: white, tiny or marked as hidden."""
    document, look = _start(draw)
    _letterhead(document, resume, look)
    for section in resume.sections:
        _section(document, section, look)
    run = document.add_paragraph().add_run(text)
    match draw.between(0, 2):
        case 0:
            run.font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
        case 1:
            run.font.size = Pt(1)
        case _:
            run.font.hidden = True
    return _saved(document)


def _start(draw: Draw) -> tuple[Doc, _Look]:
    document, look = Document(), _Look(draw)
    style = document.styles["Normal"]
    style.font.name, style.font.size = look.font, look.size
    style.paragraph_format.space_after = Pt(2)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(document.sections[0], side, Cm(draw.pick((1.8, 2.0, 2.3))))
    return document, look


def _letterhead(document: Doc, resume: Resume, look: _Look) -> None:
    name = document.add_paragraph()
    run = name.add_run(resume.name)
    run.bold, run.font.size = True, Pt(18)
    run.font.color.rgb = RGBColor.from_string(look.colour)
    lines = [name]
    if resume.headline:
        lines.append(document.add_paragraph(resume.headline))
    lines.append(document.add_paragraph(" | ".join(resume.contact)))
    if look.centred:
        for line in lines:
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _heading(paragraph: Paragraph, title: str, look: _Look) -> None:
    run = paragraph.add_run(title.upper() if look.capitals else title)
    run.bold, run.font.size = True, Pt(12)
    run.font.color.rgb = RGBColor.from_string(look.colour)
    paragraph.paragraph_format.space_before = Pt(8)
    paragraph.paragraph_format.keep_with_next = True


def _section(document: Doc, section: Section, look: _Look) -> None:
    _heading(document.add_paragraph(), section.title, look)
    for line in section.lines:
        document.add_paragraph(line)
    for entry in section.entries:
        head = document.add_paragraph()
        head.add_run(entry.title).bold = True
        head.add_run(f"\t{entry.dates}")
        head.paragraph_format.tab_stops.add_tab_stop(Cm(12))
        _entry_body(document, entry)


def _entry_body(holder: Holder, entry: Entry) -> None:
    if entry.place:
        holder.add_paragraph().add_run(entry.place).italic = True
    for text in entry.bullets:
        holder.add_paragraph(text, style="List Bullet")


def _widths(grid: Any, widths: tuple[Cm, Cm]) -> None:
    grid.autofit = False
    for row in grid.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _anchor(boxes: Iterable[str]) -> Any:
    runs = "".join(f"<w:r>{box}</w:r>" for box in boxes)
    return parse_xml(f"<w:p {nsdecls('w')} {_VML}>{runs}</w:p>")


def _textbox(lines: Iterable[str], *, left: int, width: int, height: int, top: int = 0) -> str:
    style = (
        f"position:absolute;margin-left:{left}pt;margin-top:{top}pt;"
        f"width:{width}pt;height:{height}pt;z-index:1"
    )
    paragraphs = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in lines
    )
    return (
        f'<w:pict><v:shape style="{style}" stroked="f"><v:textbox><w:txbxContent>{paragraphs}'
        "</w:txbxContent></v:textbox></v:shape></w:pict>"
    )


def _saved(document: Doc) -> bytes:
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "", "Resume", ""
    properties.created = properties.modified = _SAVED
    raw, fixed = BytesIO(), BytesIO()
    document.save(raw)
    # python-docx stamps each part with the clock.
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            stamp = zipfile.ZipInfo(name, _SAVED.timetuple()[:6])
            stamp.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(stamp, old.read(name))
    return fixed.getvalue()
