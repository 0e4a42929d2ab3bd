"""Papers: resumes, offer letters and background reports as files."""

from core.sandbox.icims.seed import StoredFile
from core.sandbox.icims.world.papers import pdf, plain
from core.sandbox.icims.world.papers.layouts import Layout, draw_layout
from core.sandbox.icims.world.papers.style import draw_style, letters
from core.sandbox.icims.world.people import plain as ascii_name
from core.sandbox.icims.world.population import Candidacy, Population
from core.sandbox.icims.world.resume import Resume, write_resume

_MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "rtf": "application/rtf",
    "txt": "text/plain; charset=utf-8",
}


def layout_of(population: Population, person: int) -> Layout:
    """Say in which layout a person's resume comes."""
    german = population.life(person).career.german
    return draw_layout(german, population.draw("layout", person))


def resume_name(population: Population, person: int) -> str:
    """Give the file name a person chose."""
    who, draw = population.identity(person), population.draw("file name", person)
    first, last = ascii_name(who.first), ascii_name(who.last)
    patterns = ("{f}_{l}_resume", "Resume {f} {l}", "{l}{f}CV", "resume", "{f}-{l}-2026", "CV_{l}")
    stem = draw.pick(patterns).format(f=first.title(), l=last.title())
    return f"{stem}.{layout_of(population, person).suffix}"


def resume_file(population: Population, person: int) -> StoredFile:
    """Make a person's resume."""
    life = population.life(person)
    resume = write_resume(population.library, life, population.draw("resume", person))
    layout = layout_of(population, person)
    content = render(resume, layout, life.who.country, population, person)
    return StoredFile(resume_name(population, person), _MEDIA[layout.suffix], content)


def render(
    resume: Resume, layout: Layout, country: str, population: Population, person: int
) -> bytes:
    """Lay a resume out."""
    draw = population.draw("look", person)
    style = draw_style(letters(resume), draw)
    if layout.suffix == "txt":
        return plain.plain_text(resume, draw).encode()
    return pdf.classic(resume, style, pdf.page_size(country))


def offer_letter(population: Population, candidacy: Candidacy, *, signed: bool) -> StoredFile:
    """Make an offer letter."""
    return StoredFile("offer.txt", "text/plain", b"")


def report(population: Population, candidacy: Candidacy) -> StoredFile:
    """Make a background report."""
    return StoredFile("report.txt", "text/plain", b"")
