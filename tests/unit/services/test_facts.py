"""Profile against resume: a difference is only what two people would call one."""

from dataclasses import replace
from datetime import date

import pytest

from core.domain.document import (
    Contact,
    DegreeLevel,
    Education,
    ExtractedDocument,
    LanguageSkill,
    Mention,
    Month,
    Page,
    ParsedResume,
    ParseHealth,
    Position,
    ResumeFacts,
    Skill,
    Span,
)
from core.domain.ids import DocumentHash
from core.domain.records import Candidate, EducationEntry, Location, WorkEntry
from core.domain.views import FactLine
from core.services.review.facts import fact_lines
from tests.desk import TENANT
from tests.store_bench import candidate

SPAN = Span(0, 0)
EMAIL, PHONE, PLACE = "E-mail", "Phone", "Place"


def profile(**more: object) -> Candidate:
    return replace(candidate(TENANT), **more)  # type: ignore[arg-type]  # names are checked


def resume(text: str = "", **facts: object) -> ParsedResume:
    document = ExtractedDocument(
        sha256=DocumentHash("d0c"),
        name="cv.pdf",
        media_type="application/pdf",
        text=text,
        pages=(Page(1, Span(0, len(text))),),
    )
    found = ResumeFacts(**facts)  # type: ignore[arg-type]
    return ParsedResume(
        document=document, facts=found, health=ParseHealth(1.0), parser_version="test"
    )


def spelled(kind: str, *values: str) -> ParsedResume:
    """A resume that holds the values, one a line, each found as contact data of a kind."""
    text = "\n".join(values)
    starts = [text.index(value) for value in values]
    spans = tuple(Span(s, s + len(v)) for s, v in zip(starts, values, strict=True))
    return resume(text, contact=Contact(**{kind: spans}))  # type: ignore[arg-type]


def line(what: str, person: Candidate, paper: ParsedResume) -> FactLine:
    return next(each for each in fact_lines(person, paper) if each.what == what)


@pytest.mark.parametrize(
    ("ours", "theirs", "differs"),
    [
        ("anna@example.com", "Anna@Example.com", False),
        ("anna@example.com", "anna.berg@example.org", True),
        ("", "anna@example.com", False),
    ],
)
def test_an_address_differs_when_both_give_one_and_none_is_the_same(
    ours: str, theirs: str, differs: bool
) -> None:
    assert line(EMAIL, profile(email=ours), spelled("emails", theirs)).differs is differs


@pytest.mark.parametrize(
    ("ours", "theirs", "country", "differs"),
    [
        ("+1 212 555 0123", "(212) 555-0123", "United States", False),
        ("030 1234567", "+49 30 1234567", "Germany", False),
        ("+49 (0)30 1234567", "0049 30 1234567", "DE", False),
        ("+1 212 555 0123", "212.555.0199", "US", True),
        ("n/a", "212 555 0123", "US", False),
    ],
)
def test_a_number_is_the_same_however_it_is_written(
    ours: str, theirs: str, country: str, differs: bool
) -> None:
    person = profile(phones=(ours,), location=Location(country=country))
    assert line(PHONE, person, spelled("phones", theirs)).differs is differs


def test_one_number_in_common_is_enough() -> None:
    person = profile(phones=("+1 212 555 0123", "+1 212 555 0124"))
    assert not line(PHONE, person, spelled("phones", "212 555 0124", "212 555 9999")).differs


@pytest.mark.parametrize(
    ("city", "address", "differs"),
    [
        ("Köln", "Domstr. 1, 50667 KOELN, Köln", False),
        ("San Antonio", "12 Main St, San Antonio, TX 78201", False),
        ("Boston", "12 Main St, San Antonio, TX 78201", True),
        ("", "12 Main St", False),
    ],
)
def test_a_place_differs_when_the_city_is_not_in_the_address(
    city: str, address: str, differs: bool
) -> None:
    person = profile(location=Location(city=city, country="US"))
    assert line(PLACE, person, spelled("addresses", address)).differs is differs


def position(title: str, employer: str, start: int, end: int | None = None) -> Position:
    return Position(
        title=title,
        employer=employer,
        span=SPAN,
        start=Month(start, 1),
        end=Month(end, 1) if end else None,
        current=end is None,
    )


@pytest.mark.parametrize(
    ("ours", "theirs", "differs"),
    [
        ("Nordlager", "NORDLAGER GmbH", False),
        ("Senior Warehouse Lead", "Warehouse Lead", False),
        ("Société Générale", "Societe Generale", False),
        ("Nordlager", "Southbank Care", True),
    ],
)
def test_a_name_that_holds_the_other_is_no_difference(
    ours: str, theirs: str, differs: bool
) -> None:
    work = (WorkEntry(employer=ours, title=ours, start=date(2019, 1, 1)),)
    paper = resume(positions=(position(theirs, theirs, 2019),))
    for what in ("Current or last title", "Current or last employer"):
        assert line(what, profile(work=work), paper).differs is differs


def test_the_current_position_is_compared_else_the_one_that_ended_last() -> None:
    work = (
        WorkEntry(employer="Old", start=date(2010, 1, 1), end=date(2015, 1, 1)),
        WorkEntry(employer="Now", start=date(2015, 1, 1)),
    )
    paper = resume(positions=(position("Lead", "Now", 2015), position("Aid", "Old", 2010, 2015)))
    found = line("Current or last employer", profile(work=work), paper)
    assert (found.profile, found.resume, found.differs) == ("Now", "Now", False)
    ended = tuple(replace(entry, end=entry.end or date(2020, 1, 1)) for entry in work)
    past = resume(
        positions=(position("Aid", "Old", 2010, 2015), position("Lead", "Now", 2015, 2020))
    )
    found = line("Current or last employer", profile(work=ended), past)
    assert (found.profile, found.resume) == ("Now", "Now")


@pytest.mark.parametrize(
    ("years", "differs"), [(9.4, False), (10.0, False), (12.0, False), (4.0, True), (15.0, True)]
)
def test_years_differ_by_more_than_rounding_and_overlaps_explain(
    years: float, differs: bool
) -> None:
    work = (
        WorkEntry(start=date(2010, 1, 1), end=date(2016, 1, 1)),
        WorkEntry(start=date(2014, 1, 1), end=date(2020, 1, 1)),
    )
    found = line("Years of work", profile(work=work), resume(total_years=years))
    assert (found.profile, found.differs) == ("10.0", differs)


def test_years_of_an_open_ended_profile_are_not_guessed() -> None:
    work = (WorkEntry(start=date(2010, 1, 1)),)
    found = line("Years of work", profile(work=work), resume(total_years=3.0))
    assert (found.profile, found.resume, found.differs) == ("", "3.0", False)


@pytest.mark.parametrize(
    ("degree", "level", "differs"),
    [
        ("BSc", DegreeLevel.BACHELOR, False),
        ("Bachelor of Science", DegreeLevel.BACHELOR, False),
        ("Master of Arts", DegreeLevel.BACHELOR, True),
        ("Some diploma nobody knows", DegreeLevel.BACHELOR, False),
    ],
)
def test_degrees_are_compared_by_level(degree: str, level: DegreeLevel, differs: bool) -> None:
    person = profile(education=(EducationEntry(degree=degree),))
    paper = resume(education=(Education(span=SPAN, level=level),))
    found = line("Highest degree", person, paper)
    assert (found.profile, found.differs) == (degree, differs)


def test_skills_show_what_only_one_side_names() -> None:
    person = profile(skills=("Excel", "Forklift", "C++"))
    paper = resume(skills=(Skill(name="excel", spans=()), Skill(name="Inventory", spans=())))
    found = line("Skills", person, paper)
    assert found.profile == "Only in the profile: Forklift, C++"
    assert found.resume == "Only in the resume: Inventory"
    assert found.differs


def test_a_resume_that_names_more_than_the_profile_is_no_difference() -> None:
    person = profile(licences=("Forklift",))
    paper = resume(certificates=(Mention("forklift", SPAN), Mention("OSHA 10", SPAN)))
    found = line("Licences and certificates", person, paper)
    assert found.profile == "All of these are in the resume."
    assert not found.differs


def test_long_lists_are_counted_instead_of_shown() -> None:
    found = line("Skills", profile(skills=tuple(f"Skill{n}" for n in range(40))), resume())
    assert found.profile.endswith("and 28 more")
    assert not found.differs


def test_what_neither_knows_is_not_shown_and_languages_have_their_names() -> None:
    paper = resume(languages=(LanguageSkill("de", "fluent", SPAN), LanguageSkill("xx", "", SPAN)))
    lines = fact_lines(profile(), paper)
    assert [(each.what, each.resume, each.differs) for each in lines] == [
        ("Languages", "German, xx", False)
    ]
