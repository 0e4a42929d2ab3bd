"""The whole step: health, spans, determinism, JSON."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from core.domain.document import (
    Flag,
    FlagKind,
    ParsedResume,
    ResumeFacts,
    Span,
    TextSource,
)
from core.flow.parse import PARSER_VERSION
from core.flow.parse.resume import read_facts

Read = Callable[..., ParsedResume]

BODY = "Cared for surgical patients, wrote reports and taught younger colleagues. " * 15
RESUME = f"Jane Example\nExperience\nRegistered Nurse, City Hospital, 2015 - 2018\n{BODY}\n"


def spans(facts: ResumeFacts) -> Iterator[Span]:
    yield from (s.span for s in facts.sections)
    yield from (p.span for p in facts.positions)
    yield from (span for skill in facts.skills for span in skill.spans)
    yield from (e.span for e in facts.education)
    yield from (m.span for m in facts.certificates)
    yield from (s.span for s in facts.languages)
    contact = facts.contact
    yield from (*contact.emails, *contact.phones, *contact.addresses, *contact.urls)
    if contact.name:
        yield contact.name


def test_a_good_resume_is_in_full_health(read: Read) -> None:
    assert read(RESUME).health.score == 1.0


HIDDEN = Flag(FlagKind.HIDDEN_TEXT, "hidden", Span(0, len(RESUME)))
TRUNCATED = Flag(FlagKind.TRUNCATED, "cut")


@pytest.mark.parametrize(
    ("text", "flags", "reason"),
    [
        ("", (), "almost no text"),
        ("", (Flag(FlagKind.SCANNED, "scan"),), "scan in which no text"),
        ("Jane Example, nurse, worked at a hospital for years and years." * 2, (), "very little"),
        (BODY, (), "headings"),
        (BODY, (), "No dated positions"),
        (RESUME, (HIDDEN,), "hidden from a human"),
        (RESUME, (TRUNCATED,), "could not be read"),
        (RESUME.replace("e", "\ufffd"), (), "fonts are broken"),
        (RESUME + ("Ledservicemeshtechnologyresearch " * 40), (), "run together"),
        (RESUME.replace("", " "), (), "single letters"),
    ],
)  # fmt: skip
def test_health_falls_with_a_reason(
    read: Read, text: str, flags: tuple[Flag, ...], reason: str
) -> None:
    health = read(text, *flags).health
    assert health.score < 1.0
    assert any(reason in r for r in health.reasons)


def test_recognised_text_is_trusted_less_and_noise_less_still(read: Read) -> None:
    clean = read(RESUME, source=TextSource.OCR).health.score
    noisy = read(RESUME + "|| ~~ == _- " * 80, source=TextSource.OCR).health.score
    assert noisy < clean < 1.0


def test_the_same_text_gives_the_same_answer(read: Read) -> None:
    assert read(RESUME) == read(RESUME)
    assert read(RESUME).parser_version == PARSER_VERSION


def test_everything_survives_json(read: Read) -> None:
    adapter = TypeAdapter(ParsedResume)
    resume = read(RESUME)
    assert adapter.validate_json(adapter.dump_json(resume)) == resume


PIECES = st.sampled_from(
    ["Experience", "\n", " ", "2015 - 2018", "03/2019", "heute", "Nurse", "University of X",
     "B.Sc.", "Skills:", "python", "a@b.co", "+49 30 1234567", "German B2", "•", "İ", "ß", "－",
     "\t", "CPA", ","]
)  # fmt: skip


@settings(max_examples=150)
@given(st.text(max_size=200) | st.lists(PIECES, max_size=40).map("".join))
def test_any_text_is_parsed_and_every_span_lies_in_it(text: str) -> None:
    facts = read_facts(text)
    assert all(span.start < span.end <= len(text) for span in spans(facts))
    assert facts == read_facts(text)


@settings(max_examples=100)
@given(st.lists(PIECES, max_size=40).map(" ".join))
def test_facts_point_at_what_they_claim(text: str) -> None:
    facts = read_facts(text)
    for section in facts.sections:
        assert section.span.of(text).lstrip(" _\t").startswith(section.heading)
    for span in facts.contact.emails:
        assert "@" in span.of(text)
    for position in facts.positions:
        assert position.title in " ".join(position.span.of(text).split()) or not position.title


@pytest.mark.parametrize(
    "text",
    ["a" * 200_000, "2019-" * 20_000, "Nurse at " * 10_000, "1 " * 50_000, "a@" * 50_000,
     "A " * 50_000, "fluent German, " * 5_000, "Experience\n" * 10_000, "2015 - 2018\n" * 3_000,
     "12 A B C D " * 10_000],
)  # fmt: skip
def test_no_text_makes_parsing_explode(text: str) -> None:
    read_facts(text)
