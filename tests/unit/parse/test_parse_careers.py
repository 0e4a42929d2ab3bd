"""Sections, positions, and how long they lasted together."""

from collections.abc import Callable

import pytest

from core.domain.document import Month, ParsedResume, Position, SectionKind
from core.flow.parse.resume import read_facts
from core.flow.parse.tenure import years

Read = Callable[..., ParsedResume]

ENGLISH = """Jane Example
12 Long Street, Springfield, IL 62704 | jane@example.org | (217) 555-0143

PROFESSIONAL SUMMARY
Surgical nurse.

WORK HISTORY
Registered Nurse, City Hospital, 03/2015 - 04/2018
• Wound care and customer service on a surgical ward.
Charge Nurse | Lakeside Clinic | May 2018 to Present
• Led a team of six; taught wound care.

EDUCATION
Bachelor of Science in Nursing, Ohio State University, 2014
"""
GERMAN = """Lebenslauf
Max Beispiel

Berufserfahrung
09/2019 – heute
Lagerleiter
Muster Logistik GmbH, Berlin
- Leitung von 12 Mitarbeitern
08/2015 – 08/2019
Fachkraft für Lagerlogistik
Beispiel AG

Ausbildung
2012 – 2015 Ausbildung zur Fachkraft für Lagerlogistik, Berufsschule Berlin

Sprachen
Deutsch (Muttersprache), Englisch B1
"""


def jobs(text: str) -> list[tuple[str, str]]:
    return [(p.title, p.employer) for p in read_facts(text).positions]


def test_english_and_german_headings_make_sections(read: Read) -> None:
    kinds = [s.kind for s in read(ENGLISH).facts.sections]
    assert kinds == [
        SectionKind.CONTACT,
        SectionKind.SUMMARY,
        SectionKind.EXPERIENCE,
        SectionKind.EDUCATION,
    ]
    german = {s.heading: s.kind for s in read(GERMAN).facts.sections}
    assert german["Berufserfahrung"] is SectionKind.EXPERIENCE
    assert german["Sprachen"] is SectionKind.LANGUAGES


@pytest.mark.parametrize(
    "heading",
    ["EXPERIENCE", "E X P E R I E N C E", "Work Experience:", "WorkExperience", "Experience______"],
)
def test_headings_are_known_however_they_are_set(heading: str) -> None:
    (section,) = read_facts(f"{heading}\nNurse 2015 - 2018").sections
    assert section.kind is SectionKind.EXPERIENCE


def test_a_sentence_that_begins_like_a_heading_is_none() -> None:
    text = "Experience with wound care and education of families.\nskills\nEducation, mostly,"
    assert read_facts(text).sections == ()


def test_title_and_employer_are_read_from_one_line() -> None:
    assert jobs(ENGLISH) == [
        ("Registered Nurse", "City Hospital"),
        ("Charge Nurse", "Lakeside Clinic"),
    ]


def test_title_and_employer_are_read_below_a_date_line() -> None:
    assert jobs(GERMAN) == [
        ("Lagerleiter", "Muster Logistik GmbH"),
        ("Fachkraft für Lagerlogistik", "Beispiel AG"),
    ]


def test_title_and_employer_are_read_above_a_date_line() -> None:
    text = (
        "Experience\nForklift Operator\nAcme Storage Inc.\nJan 2019 - Mar 2021\n• Loaded trucks\n"
    )
    assert jobs(text) == [("Forklift Operator", "Acme Storage Inc.")]


def test_employer_is_read_from_the_line_below_title_and_date() -> None:
    text = (
        "Experience\nOrder Picker\tJune 2023 to present\nAxle & Crate Logistics, Dallas, TX\n"
        "Sat on the safety committee\nCashier 2020 - 2022\nMarket Hall, Dallas, TX\nRang up sales"
    )
    assert jobs(text) == [("Order Picker", "Axle & Crate Logistics"), ("Cashier", "Market Hall")]


def test_each_position_spans_to_the_next(read: Read) -> None:
    resume = read(ENGLISH)
    first, second = resume.facts.positions
    assert "Wound care and customer" in first.span.of(ENGLISH)
    assert "Charge Nurse" not in first.span.of(ENGLISH)
    assert "taught wound care" in second.span.of(ENGLISH)


def test_schooling_is_no_position() -> None:
    assert len(read_facts(GERMAN).positions) == 2


def test_current_position_ends_with_the_month_asked_for_or_the_last_one_named() -> None:
    text = "Experience\nNurse, City Hospital, 01/2020 - present"
    assert read_facts(text, Month(2021, 12)).total_years == 2.0
    assert read_facts(text + "\nUpdated 06/2020").total_years == 0.5


def test_overlapping_positions_are_counted_once() -> None:
    assert years([(0, 24), (12, 36), (48, 60)]) == 4.0
    assert years([]) is None


def test_years_of_a_skill_are_those_of_the_positions_that_mention_it(read: Read) -> None:
    facts = read_facts(ENGLISH, Month(2020, 4))
    by_name = {skill.name: skill for skill in facts.skills}
    assert by_name["wound care"].years == 5.2 == facts.total_years
    assert by_name["customer service"].years == 3.2


def test_headings_without_content_do_not_lose_the_positions() -> None:
    text = "EXPERIENCE\nEDUCATION\nSKILLS\nPYTHON\nNurse, City Hospital\n2015 - 2018\nCaring"
    assert [p.title for p in read_facts(text).positions] == ["Nurse"]


def test_every_position_holds_its_dates() -> None:
    for text in (ENGLISH, GERMAN):
        for position in read_facts(text).positions:
            assert isinstance(position, Position)
            assert position.start is not None
            assert str(position.start.year) in position.span.of(text)
