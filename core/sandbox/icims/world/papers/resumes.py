"""A person's resume as a file, in the layout that person chose."""

from dataclasses import replace
from threading import Lock

from core.sandbox.icims.seed import StoredFile
from core.sandbox.icims.world.careers import Life
from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.papers import columns, pdf, plain, rich, tricks, word
from core.sandbox.icims.world.papers.boxes import boxed
from core.sandbox.icims.world.papers.layouts import Layout, draw_layout
from core.sandbox.icims.world.papers.lebenslauf import lebenslauf
from core.sandbox.icims.world.papers.pages import Size, page_size
from core.sandbox.icims.world.papers.scan import scanned
from core.sandbox.icims.world.papers.style import Style, draw_style, letters
from core.sandbox.icims.world.people import plain as ascii_name
from core.sandbox.icims.world.population import Population
from core.sandbox.icims.world.resume import Resume, Section, write_resume

_MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "rtf": "application/rtf",
    "txt": "text/plain; charset=utf-8",
}
_NAMES = ("{f}_{l}_resume", "Resume {f} {l}", "{l}{f}CV", "resume", "{f}-{l}-2026", "CV_{l}")
# pdfium is not thread-safe, and reportlab's typefaces are shared by all threads.
_PRESS = Lock()


def layout_of(population: Population, person: int) -> Layout:
    """Say in which layout a person's resume comes."""
    german = population.life(person).career.german
    return draw_layout(german, population.draw("layout", person))


def resume_name(population: Population, person: int, layout: Layout | None = None) -> str:
    """Give the file name a person chose."""
    who, draw = population.identity(person), population.draw("file name", person)
    first, last = ascii_name(who.first).title(), ascii_name(who.last).title()
    stem = draw.pick(_NAMES).format(f=first, l=last)
    return f"{stem}.{(layout or layout_of(population, person)).suffix}"


def resume_file(population: Population, person: int, layout: Layout | None = None) -> StoredFile:
    """Make a person's resume, in ``layout`` where one is asked for."""
    life = population.life(person)
    resume = write_resume(population.library, life, population.draw("resume", person))
    chosen = layout or layout_of(population, person)
    tricked = _tricked_text(population, life, chosen, population.draw("trick", person))
    with _PRESS:
        content = _printed(resume, chosen, life, tricked, population.draw("look", person))
    return StoredFile(resume_name(population, person, chosen), _MEDIA[chosen.suffix], content)


def _tricked_text(population: Population, life: Life, layout: Layout, draw: Draw) -> str:
    if layout is Layout.HIDDEN_TEXT_PDF:
        return tricks.keywords(population.library, life.opening, draw)
    return tricks.instruction(population.library, draw)


def _printed(resume: Resume, layout: Layout, life: Life, tricked: str, draw: Draw) -> bytes:
    match layout.suffix:
        case "docx":
            return _word(resume, layout, tricked, draw)
        case "rtf":
            return rich.rich_text(resume, draw)
        case "txt":
            text = plain.plain_text(resume, draw)
            return plain.mojibake(text) if layout is Layout.MOJIBAKE else text.encode()
    style = draw_style(letters(resume), draw)
    size = page_size(life.who.country)
    return _odd_pdf(resume, layout, style, size, tricked, draw)


def _odd_pdf(
    resume: Resume, layout: Layout, style: Style, size: Size, tricked: str, draw: Draw
) -> bytes:
    match layout:
        case Layout.EMPTY:
            return b""
        case Layout.SCANNED_PDF:
            return scanned(pdf.classic(resume, style, size), size, draw)
        case Layout.HIDDEN_TEXT_PDF:
            return pdf.with_footnote(resume, style, size, tricked, tricks.disguise(style, draw))
        case Layout.INJECTION_PDF:
            return _ordering_pdf(resume, style, size, tricked, draw)
        case Layout.ENCRYPTED_PDF:
            return pdf.classic(resume, style, size, locked=True)
        case _:
            return _ordinary_pdf(resume, layout, style, size, draw)


def _ordering_pdf(resume: Resume, style: Style, size: Size, order: str, draw: Draw) -> bytes:
    """Put an order to the model in small print, out of sight, or among the rows of a table."""
    match draw.between(0, 2):
        case 0:
            return pdf.with_footnote(resume, style, size, order, tricks.unhidden(style))
        case 1:
            return pdf.with_footnote(resume, style, size, order, tricks.disguise(style, draw))
        case _:
            extra = Section("other", tricks.TITLE, lines=(order,))
            sections = (*resume.sections[:-1], extra, *resume.sections[-1:])
            return pdf.table(replace(resume, sections=sections), style, size)


def _ordinary_pdf(resume: Resume, layout: Layout, style: Style, size: Size, draw: Draw) -> bytes:
    match layout:
        case Layout.SIDEBAR_PDF:
            return columns.sidebar(resume, style, size)
        case Layout.TABLE_PDF:
            return pdf.table(resume, style, size)
        case Layout.FRAMES_PDF:
            return boxed(resume, style, size, draw)
        case Layout.PHOTO_PDF:
            return pdf.with_photo(resume, style, size, draw.getrandbits(24))
        case Layout.PROFILE_EXPORT_PDF:
            return columns.profile_export(resume, style, size)
        case Layout.LEBENSLAUF_PDF:
            return lebenslauf(resume, style, size, draw)
        case _:
            return pdf.classic(resume, style, size)


def _word(resume: Resume, layout: Layout, tricked: str, draw: Draw) -> bytes:
    match layout:
        case Layout.TABLE_DOCX:
            return word.table(resume, draw)
        case Layout.TEXTBOX_DOCX:
            return word.textboxes(resume, draw)
        case Layout.LEBENSLAUF_DOCX:
            return word.lebenslauf(resume, draw)
        case Layout.INJECTION_DOCX:
            return word.with_hidden_run(resume, tricked, draw)
        case _:
            return word.classic(resume, draw)
