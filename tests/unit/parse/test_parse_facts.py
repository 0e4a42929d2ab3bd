"""Skills, degrees, certificates, languages and the contact block."""

import pytest

from core.domain.document import DegreeLevel
from core.flow.parse.resume import read_facts


def skills(text: str) -> dict[str, list[str]]:
    return {s.name: [span.of(text) for span in s.spans] for s in read_facts(text).skills}


def test_longest_skill_wins_and_aliases_share_a_name() -> None:
    found = skills("Skills: SQL Server, MS Excel, React.js and JS")
    assert found["sql server"] == ["SQL Server"]
    assert found["microsoft excel"] == ["MS Excel"]
    assert {"react", "javascript"} <= found.keys()
    assert "sql" not in found


@pytest.mark.parametrize(
    "text", ["C++", "C#", ".NET", "Node.js", "R, SAS, SPSS", "Go, Rust", "CI/CD"]
)
def test_short_and_odd_skills_are_found(text: str) -> None:
    assert skills(f"Languages and tools:\n{text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "I go to work and can do it all",
        "Managed R&D for C. Smith, plan B",
        "mail me at python@example.org",
        "Our team had a good plan and strong communication with management",
    ],
)
def test_everyday_words_are_no_skills(text: str) -> None:
    assert (
        not {"go", "r", "c", "b", "python", "team", "plan", "management", "it"}
        & skills(text).keys()
    )


def test_letters_that_grow_when_lowered_move_no_offset() -> None:
    text = "İİİ İstanbul, Python, İ, Kubernetes"
    assert skills(text)["python"] == ["Python"]
    assert skills(text)["kubernetes"] == ["Kubernetes"]


@pytest.mark.parametrize(
    ("line", "degree"),
    [
        (
            "Bachelor of Science in Nursing, Ohio State University, 2014",
            ("bachelor", "Nursing", "Ohio State University", 2014),
        ),
        (
            "B.A. in Economics - Boston College 2009",
            ("bachelor", "Economics", "Boston College", 2009),
        ),
        (
            "MBA, Finance, Harvard Business School (2012)",
            ("master", "Finance", "Harvard Business School", 2012),
        ),
        (
            "Ph.D. in Physics, University of Leeds",
            ("doctorate", "Physics", "University of Leeds", None),
        ),
        (
            "High School Diploma, Lincoln High School, 2001",
            ("secondary", "", "Lincoln High School", 2001),
        ),
        (
            "Associate of Applied Science in Welding, Austin Community College",
            ("associate", "Welding", "Austin Community College", None),
        ),
        (
            "Abitur, Goethe-Gymnasium Berlin, 2008",
            ("secondary", "", "Goethe-Gymnasium Berlin", 2008),
        ),
        (
            "Ausbildung zur Kauffrau im Einzelhandel, Berufsschule Köln, 2011",
            ("vocational", "Kauffrau im Einzelhandel", "Berufsschule Köln", 2011),
        ),
        (
            "Master of Science Informatik, Technische Universität München, 2016",
            ("master", "Informatik", "Technische Universität München", 2016),
        ),
    ],
)
def test_degrees_are_read(line: str, degree: tuple[str, str, str, int | None]) -> None:
    (found,) = read_facts(f"Education\n{line}\n").education
    assert (found.level, found.subject, found.institution, found.year) == degree


def test_levels_rank_across_countries() -> None:
    assert DegreeLevel.SECONDARY.rank < DegreeLevel.BACHELOR.rank < DegreeLevel.DOCTORATE.rank


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Licensed RN in Texas", "Registered Nurse"),
        ("CPA, New York", "Certified Public Accountant"),
        ("PMP® certified", "Project Management Professional"),
        ("Gabelstaplerschein vorhanden", "Forklift Licence"),
        ("forklift certified since 2018", "Forklift Licence"),
        ("valid SIA licence", "SIA Licence"),
        ("CDL Class A", "Commercial Driver's License"),
        ("Führerschein Klasse B", "Driving Licence"),
        ("BLS and ACLS", "Basic Life Support"),
        ("AWS Certified Solutions Architect", "AWS Certified"),
    ],
)
def test_certificates_are_found_by_any_writing(text: str, name: str) -> None:
    mentions = read_facts(text).certificates
    assert name in {m.name for m in mentions}
    assert all(m.span.of(text) in text for m in mentions)


@pytest.mark.parametrize(
    "text", ["learn more", "preparing for the CPA", "cap and pals", "not a registered nurse"]
)
def test_words_and_wishes_are_no_certificates(text: str) -> None:
    assert read_facts(text).certificates == ()


def test_spoken_languages_are_found_with_their_level() -> None:
    text = "Languages\nGerman (native), English C1\nSpanish: conversational\nDutch\n"
    found = {(skill.code, skill.level) for skill in read_facts(text).languages}
    assert found == {("de", "native"), ("en", "C1"), ("es", "conversational"), ("nl", "")}


def test_a_language_outside_its_room_needs_a_level() -> None:
    facts = read_facts("Summary\nFluent in Spanish. Taught English literature; German customers.")
    assert [(s.code, s.level) for s in facts.languages] == [("es", "Fluent")]


HEADER = """Jane Q. Example, RN
12 Long Street, Springfield, IL 62704
jane.example@mail.example.org | +1 (217) 555-0143 | linkedin.com/in/jane-example
Summary
Worked 2015 - 2018 and 03/2019 - 04/2020 with 1,500 patients.
"""


def test_contact_block_is_pointed_at() -> None:
    contact = read_facts(HEADER).contact
    assert contact.name is not None
    assert contact.name.of(HEADER) == "Jane Q. Example"
    assert [s.of(HEADER) for s in contact.emails] == ["jane.example@mail.example.org"]
    assert [s.of(HEADER) for s in contact.phones] == ["+1 (217) 555-0143"]
    assert [s.of(HEADER) for s in contact.urls] == ["linkedin.com/in/jane-example"]
    assert contact.addresses
    assert contact.addresses[0].of(HEADER).startswith("12 Long Street")


@pytest.mark.parametrize(
    ("top", "name"),
    [
        ("JANE EXAMPLE\nRegistered Nurse", "JANE EXAMPLE"),
        ("Lebenslauf\nMax von der Heide\nBerlin", "Max von der Heide"),
        ("Resume\nName: Ana María López\n", "Ana María López"),
        ("Contact\njane_ex@example.org\nSkills\nTriage\nCare Plans\nJane Roe\nNurse", "Jane Roe"),
        ("Lebenslauf\nName Deniz Öztürk\n", "Deniz Öztürk"),
        ("Jane\nExample\nNurse", "Jane\nExample"),
        ("Accountant\nProfessional Summary\n", None),
        ("SOFTWARE ENGINEER\nSummary", None),
        ("Microsoft Office\nSummary", None),
    ],
)
def test_name_is_the_first_line_that_reads_like_one(top: str, name: str | None) -> None:
    span = read_facts(top).contact.name
    assert (span.of(top) if span else None) == name


@pytest.mark.parametrize(
    "address",
    ["Musterstraße 12, 10115 Berlin", "221 Baker St", "4 Privet Drive, Little Town", "10115 Berlin",
     "Austin, TX 78701", "London SW1A 1AA"],
)  # fmt: skip
def test_addresses_are_pointed_at(address: str) -> None:
    text = f"Jane Example\n{address}\n"
    (span,) = read_facts(text).contact.addresses
    assert span.of(text) in address


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Experienced nurse with a wide knowledge of surgical care and patients.", "en"),
        ("Erfahrene Pflegekraft mit breitem Wissen über die chirurgische Versorgung.", "de"),
        ("Infirmière expérimentée avec une large connaissance des soins chirurgicaux.", "fr"),
        ("12", ""),
    ],
)
def test_language_is_detected_offline(text: str, code: str) -> None:
    assert read_facts(text).language == code
