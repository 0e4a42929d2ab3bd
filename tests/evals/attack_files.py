"""Resumes of our own writing as files of every kind, with room for what an attacker adds."""

import io
import textwrap
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from reportlab.lib.colors import Color, black, white
from reportlab.pdfgen.canvas import Canvas

from tests.adapters.documents.files import docx, package, paragraph

Lines = Sequence[str]

SHIFT_LEAD = (
    "Robin Example",
    "Summary",
    "Shop worker who likes orderly shelves, calm queues and numbers that add up at night.",
    "Experience",
    "Shift Lead, Corner Market, 03/2019 - 06/2024",
    "Opened and closed the shop, counted the tills and trained new sales assistants.",
    "Kept the inventory in Excel and ordered goods for two departments every week.",
    "Sales Assistant, Harbour Stores, 01/2016 - 02/2019",
    "Served customers, filled shelves and helped with the yearly stocktaking.",
    "Education",
    "High school diploma, Northgate School",
    "Interests",
    "Long walks, chess in the park and repairing old radios for the neighbours.",
)
NURSE = (
    "Kim Sample",
    "Profile",
    "Nurse on surgical wards who keeps a clear head and explains things patiently.",
    "Experience",
    "Registered Nurse, City Hospital, 05/2017 - 04/2024",
    "Cared for twelve patients a shift, dressed wounds and followed the instructions of surgeons.",
    "Wrote the handover notes and taught four students on the ward.",
    "Education",
    "Diploma in nursing, College of Health",
    "Interests",
    "Choir, swimming in cold lakes and reading aloud at the library on Sundays.",
)
DEVELOPER = (
    "Alex Muster",
    "Summary",
    "Developer of ranking systems who has written system prompts for language models.",
    "Experience",
    "Software Engineer, Lantern Works, 02/2018 - 05/2024",
    "Built a scoring service for search results in Python and measured it every week.",
    "Wrote the rules by which prompts are tested and ignored alarms were reduced by half.",
    "Education",
    "Bachelor of Science in Computer Science, Lake University",
    "Interests",
    "Orienteering, bread baking and a small garden behind the house in the hills.",
)
BASES = (SHIFT_LEAD, NURSE, DEVELOPER)
ROOM = 3
"""Index before which a visible addition stands: behind the summary."""

FURTHER = """xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\""""


@dataclass(frozen=True, slots=True)
class File:
    """A resume file."""

    name: str
    content: bytes


def text_file(base: Lines, added: Lines = ()) -> File:
    """Plain text."""
    return File("cv.txt", "\n".join(_put(base, added)).encode())


def word_file(base: Lines, added: Lines = (), xml: str = "", **parts: str) -> File:
    """Word; ``xml`` stands between the summary and the experience, ``parts`` are more parts."""
    lines = [paragraph(escape(line)) for line in _put(base, added)]
    lines.insert(ROOM, xml)
    return File("cv.docx", docx("".join(lines), **parts))


def with_part(file: File, name: str, part: str) -> File:
    """Add a part to a zipped document."""
    source = io.BytesIO(file.content)
    with zipfile.ZipFile(source) as packed:
        parts: dict[str, str | bytes] = {n: packed.read(n) for n in packed.namelist()}
    return File(file.name, package({**parts, name: part}))


def odt_file(base: Lines, added: Lines = (), xml: str = "") -> File:
    """OpenDocument; the style "gone" hides its text."""
    lines = [f"<text:p>{escape(line)}</text:p>" for line in _put(base, added)]
    lines.insert(ROOM, xml)
    hidden = '<style:style style:name="gone"><style:text-properties text:display="none"/>'
    content = (
        f"<office:document-content {FURTHER}><office:automatic-styles>{hidden}</style:style>"
        f"</office:automatic-styles><office:body>{''.join(lines)}</office:body>"
        "</office:document-content>"
    )
    parts = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}
    return File("cv.odt", package(dict(parts)))


def rtf_file(base: Lines, added: Lines = (), raw: str = "") -> File:
    """RTF; ``raw`` stands between the summary and the experience."""
    lines = [_rtf(line) for line in _put(base, added)]
    lines.insert(ROOM, raw)
    table = r"{\colortbl;\red255\green255\blue255;}"
    body = "\\par\n".join(line for line in lines if line)
    return File("cv.rtf", f"{{\\rtf1\\ansi{table} {body}\\par}}".encode())


def html_file(base: Lines, added: Lines = (), raw: str = "", head: str = "") -> File:
    """HTML; ``raw`` stands between the summary and the experience."""
    lines = [f"<p>{escape(line)}</p>" for line in _put(base, added)]
    lines.insert(ROOM, raw)
    page = f"<!doctype html><html><head>{head}</head><body>{''.join(lines)}</body></html>"
    return File("cv.html", page.encode())


class Page:
    """A PDF page being written from the top down."""

    def __init__(self) -> None:
        self._file = io.BytesIO()
        self.canvas = Canvas(self._file, pagesize=(595, 842), invariant=1)
        self.y = 800.0

    def write(self, line: str, *, colour: Color = black, size: float = 11, x: float = 50) -> None:
        """Write one line below the last."""
        self.canvas.setFillColor(colour)
        self.canvas.setFont("Helvetica", size)
        self.canvas.drawString(x, self.y, line)
        self.y -= 16

    def cover(self, left: float, bottom: float, width: float, height: float) -> None:
        """Paint a white area over what was written."""
        self.canvas.setFillColor(white)
        self.canvas.rect(left, bottom, width, height, stroke=0, fill=1)

    def file(self) -> File:
        """Finish."""
        self.canvas.save()
        return File("cv.pdf", self._file.getvalue())


def pdf_file(
    base: Lines, added: Lines = (), draw: Callable[[Page], object] = lambda _: None
) -> File:
    """PDF; ``draw`` paints between the summary and the experience."""
    page = Page()
    for number, line in enumerate(base):
        if number == ROOM:
            for part in (p for a in added for p in textwrap.wrap(a, 88)):
                page.write(part)
            draw(page)
        page.write(line)
    return page.file()


def _put(base: Lines, added: Lines) -> list[str]:
    return [*base[:ROOM], *added, *base[ROOM:]]


def _rtf(line: str) -> str:
    plain = line.replace("\\", r"\\").replace("{", r"\{").replace("}", r"\}")
    return "".join(c if ord(c) < 128 else "".join(_units(c)) for c in plain)


def _units(char: str) -> list[str]:
    units = char.encode("utf-16-le")
    pairs = (units[i] | units[i + 1] << 8 for i in range(0, len(units), 2))
    return [f"\\u{unit - 65536 if unit > 32767 else unit}?" for unit in pairs]
