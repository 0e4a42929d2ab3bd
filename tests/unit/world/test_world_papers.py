"""Every file opens with the libraries we read files with, and is what its layout says."""

import io
import re
from functools import cache

import pytest
from docx import Document
from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError
from striprtf.striprtf import rtf_to_text

from core.sandbox.icims.world import DemoWorld
from core.sandbox.icims.world.applications import application_record
from core.sandbox.icims.world.papers import Layout, layout_of, resume_file
from core.sandbox.icims.world.population import Population

UNREADABLE = {Layout.SCANNED_PDF, Layout.EMPTY, Layout.ENCRYPTED_PDF, Layout.MOJIBAKE}
READABLE = [layout for layout in Layout if layout not in UNREADABLE]


def text_of(name: str, content: bytes) -> str:
    match name.rpartition(".")[2]:
        case "pdf":
            return "\n".join(p.extract_text() for p in PdfReader(io.BytesIO(content)).pages)
        case "docx":
            return "".join(Document(io.BytesIO(content)).element.itertext())
        case "rtf":
            return str(rtf_to_text(content.decode("ascii")))  # type: ignore[no-untyped-call]  # ships no types
    return content.decode("utf-8")


@cache
def german(population: Population) -> int:
    return next(
        person
        for person in range(300, population.plan.people)
        if population.life(person).career.german and population.life(person).career.positions
    )


def person_for(population: Population, layout: Layout) -> int:
    return german(population) if layout.value.startswith("lebenslauf") else 300


@pytest.mark.parametrize("layout", READABLE, ids=lambda layout: layout.value)
def test_every_layout_opens_and_holds_the_person(world: DemoWorld, layout: Layout) -> None:
    population = world.population("4711")
    person = person_for(population, layout)
    file = resume_file(population, person, layout)
    life = population.life(person)
    text = re.sub(r"\s+", "", text_of(file.name, file.content)).lower()
    for wanted in (life.who.last, life.who.email, life.career.positions[0].employer):
        assert re.sub(r"\s+", "", wanted).lower() in text, wanted


@pytest.mark.parametrize("layout", list(Layout), ids=lambda layout: layout.value)
def test_a_resume_is_the_same_bytes_each_time(world: DemoWorld, layout: Layout) -> None:
    population = world.population("4711")
    person = person_for(population, layout)
    first = resume_file(population, person, layout)
    resume_file(population, person + 1, Layout.SIDEBAR_PDF)
    assert resume_file(population, person, layout) == first


def test_a_scan_is_a_picture_without_text(world: DemoWorld) -> None:
    page = PdfReader(io.BytesIO(made(world, Layout.SCANNED_PDF))).pages[0]
    assert not page.extract_text().strip()
    assert len(page.images) == 1


def test_an_encrypted_resume_stays_shut(world: DemoWorld) -> None:
    reader = PdfReader(io.BytesIO(made(world, Layout.ENCRYPTED_PDF)))
    with pytest.raises(FileNotDecryptedError):
        reader.pages[0].extract_text()


def test_an_empty_resume_has_no_byte(world: DemoWorld) -> None:
    assert made(world, Layout.EMPTY) == b""


def test_mojibake_is_utf8_that_was_read_as_windows_1252(world: DemoWorld) -> None:
    text = made(world, Layout.MOJIBAKE, german(world.population("4711"))).decode("utf-8")
    assert "Ã" in text
    assert "ü" not in text


def test_hidden_text_repeats_the_posting(world: DemoWorld) -> None:
    population = world.population("4711")
    plain = text_of("a.pdf", made(world, Layout.CLASSIC_PDF))
    stuffed = text_of("a.pdf", made(world, Layout.HIDDEN_TEXT_PDF))
    asked = population.plan.job_of(300).opening.required[0].text
    assert len(stuffed) > len(plain) + 200
    assert re.sub(r"\s+", " ", stuffed).count(asked) >= 2


@pytest.mark.parametrize("layout", [Layout.INJECTION_PDF, Layout.INJECTION_DOCX])
def test_an_injection_is_in_the_text(world: DemoWorld, layout: Layout) -> None:
    population = world.population("4711")
    for person in range(300, 308):
        file = resume_file(population, person, layout)
        text = re.sub(r"\s+", " ", text_of(file.name, file.content))
        assert any(order in text for order in population.library.orders)


def test_text_boxes_are_outside_the_paragraphs(world: DemoWorld) -> None:
    document = Document(io.BytesIO(made(world, Layout.TEXTBOX_DOCX)))
    name = world.population("4711").identity(300).name
    assert all(name not in paragraph.text for paragraph in document.paragraphs)
    assert name in "".join(document.element.itertext())


def test_a_lebenslauf_tells_what_german_ones_tell(world: DemoWorld) -> None:
    population = world.population("4711")
    file = resume_file(population, german(population), Layout.LEBENSLAUF_PDF)
    text = text_of(file.name, file.content)
    assert "Lebenslauf" in text
    assert re.search(r"Gebor?e?n|Geburtsdatum", text)


def test_the_first_requisition_shows_eight_layouts_most_of_them_ordinary(
    world: DemoWorld,
) -> None:
    population = world.population("4711")
    layouts = [
        layout_of(population, person)
        for person in range(population.plan.people)
        if population.plan.job_of(person) is population.plan.open_jobs[0]
    ]
    odd = UNREADABLE | {Layout.HIDDEN_TEXT_PDF, Layout.INJECTION_PDF, Layout.INJECTION_DOCX}
    assert len(set(layouts)) >= 8
    assert 0 < sum(layout in odd for layout in layouts) < 0.12 * len(layouts)


def test_the_world_serves_resumes_offers_and_reports_by_their_fields(world: DemoWorld) -> None:
    population = world.population("4711")
    offered = next(
        candidacy
        for person in range(population.plan.people)
        for candidacy in population.candidacies(person)
        if candidacy.status == "Hired"
    )
    resume = world.file("4711", "people", population.id_of(0), "resume")
    letter = world.file("4711", "offers", 3_000_000 + offered.id, "signed")
    assert resume is not None
    assert letter is not None
    assert population.identity(offered.person).last in text_of(letter.name, letter.content)
    assert world.file("4711", "people", population.id_of(0), "photo") is None
    assert world.file("4711", "people", 1, "resume") is None
    assert world.file("9999", "people", population.id_of(0), "resume") is None


def test_a_background_report_belongs_to_applications_that_name_one(world: DemoWorld) -> None:
    population = world.population("4711")
    field = population.tenant.field_ids["background_report"]
    applications = (
        (candidacy.id, application_record(population, candidacy))
        for person in range(population.plan.people)
        for candidacy in population.candidacies(person)
    )
    id = next(id for id, record in applications if field in record.body)
    file = world.file("4711", "applicantworkflows", id, field)
    assert file is not None
    assert "Criminal record search" in text_of(file.name, file.content)
    without = population.tenant.first_application + 2 * (population.plan.people - 1)
    assert world.file("4711", "applicantworkflows", without, field) is None


def test_merged_people_have_no_resume_of_their_own(world: DemoWorld) -> None:
    population = world.population("4711")
    merged = next(p for p in range(300) if population.merged_into(p) is not None)
    assert world.file("4711", "people", population.id_of(merged), "resume") is None


def made(world: DemoWorld, layout: Layout, person: int = 300) -> bytes:
    return resume_file(world.population("4711"), person, layout).content
