"""A passage is found where it stands or not at all, whatever two programs make of a page."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.boxes import PixelBox, lines
from core.documents.passages import Comparison
from core.domain.document import ExtractedDocument, Page, Span
from core.domain.ids import DocumentHash


def place(read: str, painted: str, quote: str, nth: int = 0) -> Span | None:
    """Find the n-th ``quote`` of what was read, in one piece, in what is painted."""
    start = -1
    for _ in range(nth + 1):
        start = read.index(quote, start + 1)
    places = Comparison(read, painted).find(Span(start, start + len(quote)))
    assert len(places) <= 1
    return places[0] if places else None


def found(read: str, painted: str, quote: str, nth: int = 0) -> str:
    """What is lit, with the few characters after it in brackets."""
    at = place(read, painted, quote, nth)
    return f"{at.of(painted)}[{painted[at.end :][:3]}]" if at else ""


WRITTEN = {
    "spaces": ("wound care and triage", "woundcare\r\nand  triage"),
    "hyphen at a line end": ("long-term care", "long\x02term care"),
    "hyphen that was joined": ("interdisciplinary", "inter\ufffedisciplinary"),
    "soft hyphen": ("interdisciplinary", "inter\u00addisciplinary"),
    "ligature": ("proficient", "pro\ufb01cient"),
    "accent of its own": ("résumé", "re\u0301sume\u0301"),
    "accent that stands alone": ("résumé", "re\u00b4sume\u00b4"),
    "garbled dash": ("City Hospital － Lyon", "City Hospital ï¼ Lyon"),
    "garbled accent": ("worked the sauté station", "worked the sautÃ© station"),
    "Japanese": ("日本語 能力試験", "日本語能力試験"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRITTEN)
def test_passage_is_found_however_it_is_written(case: str) -> None:
    quote, painted = WRITTEN[case]
    lit = found(f"Nurse; {quote}; 2019", f"Nurse; {painted}; 2019", quote)
    assert lit.startswith(painted.rstrip("\u0301\u00b4") + "[")


OTHER = {
    "another word": ("led a team of 9", "led a team of 8"),
    "only inside a word": ("R", "Director of Research"),
    "only as part of a longer word": ("Java", "JavaScript"),
    "a short one that is garbled": ("café – 2", "cafÃ© â€“ 2"),
    "another sign beside a garbled dash": ("led C++ – 2011 to 2013", "led C# â€“ 2011 to 2013"),
    "letters missing": ("Certifications", "Certications"),
    "one letter off in a long text": ("word " * 30 + "C", "word " * 30 + "Cobol"),
    "another script": ("Инженер по качеству 2019", "Инжинер по качеству 2019"),
    "nothing but space": (" \n ", "  "),
}


@pytest.mark.parametrize("case", OTHER)
def test_passage_that_is_not_there_is_not_found(case: str) -> None:
    quote, painted = OTHER[case]
    assert place(f"Nurse {quote} since", f"Nurse {painted} since", quote) is None


def test_sign_after_a_letter_tells_languages_apart() -> None:
    assert place("C, C++, C#", "C, C++, C#", "C++") == Span(3, 6)
    assert place("C, C++, C#", "C++, C, C#", "C") == Span(5, 6)


def test_repeated_phrase_is_found_by_what_stands_around_it() -> None:
    read = "Nurse at City Hospital. Then: Nurse at County Hospital. Trained as Nurse."
    turned = "Trained as Nurse. Nurse at County Hospital. Nurse at City Hospital. Then:"
    starts = [at.start for nth in range(3) if (at := place(read, turned, "Nurse", nth))]
    assert [turned[start:][:15] for start in starts] == [
        "Nurse at City H",
        "Nurse at County",
        "Nurse. Nurse at",
    ]


def test_repeated_line_is_found_in_its_turn() -> None:
    line = "Company Name, City\n" * 3
    filler = "\n".join(f"{n} other words" for n in range(9))
    both = f"{line}{filler}\n{line}"
    starts = [at for at in range(len(both)) if both.startswith("Company", at)]
    assert len(starts) == 6
    for nth, start in enumerate(starts):
        assert place(both, both, "Company Name", nth) == Span(start, start + 12)


@given(st.text(max_size=60), st.data())
def test_passage_of_a_text_is_found_in_that_very_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    lit = Comparison(text, text).find(span)
    assert lit or not any(c.isascii() and c.isalnum() for c in span.of(text))


SMALL = st.text(alphabet="ab -\n", max_size=40)


@given(SMALL, SMALL, st.data())
def test_what_is_lit_says_what_was_asked_for(read: str, painted: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(read)))
    span = Span(start, data.draw(st.integers(start, len(read))))
    lit = Comparison(read, painted).find(span)
    said = "".join(part.of(painted) for part in lit)
    assert not lit or re.sub("[^ab]", "", said) == re.sub("[^ab]", "", span.of(read)) != ""


def by_line(painted: str) -> list[str]:
    read = "Summary\nNurse with nine years\non surgical wards\nand on others"
    places = Comparison(read, painted).find(Span(8, 47))
    return [place.of(painted) for place in places]


def test_passage_whose_lines_are_painted_in_another_order_is_found_line_by_line() -> None:
    lit = by_line("and on others\non surgical wards\nNurse with nine years\nSummary")
    assert lit == ["Nurse with nine years", "on surgical wards"]


@pytest.mark.parametrize(
    "painted",
    [
        "on surgical wards\nSummary\non surgical wards\nNurse with nine years",
        "on surgical boards\nNurse with nine years",
        "surgical wards\nNurse with nine years",
    ],
    ids=["a line twice", "another line", "half a line"],
)
def test_passage_with_a_line_that_is_not_there_just_once_is_not_found(painted: str) -> None:
    assert by_line(f"{painted}\nand others") == []


def letters(*words: tuple[int, int, int], height: int = 10) -> list[PixelBox]:
    """Boxes of letters 6 wide: words given by left, top and length."""
    return [
        PixelBox(left + 7 * n, top, left + 7 * n + 6, top + height)
        for left, top, count in words
        for n in range(count)
    ]


def test_letters_of_a_line_form_one_box_with_a_little_room() -> None:
    assert lines(letters((100, 50, 5), (140, 50, 4))) == [PixelBox(100, 49, 167, 61)]


def test_each_line_forms_a_box() -> None:
    assert len(lines(letters((100, 50, 9), (20, 64, 9), (20, 78, 3)))) == 3


def test_columns_of_one_height_form_two_boxes() -> None:
    assert len(lines(letters((20, 50, 9), (300, 50, 9)))) == 2


def test_text_that_runs_down_forms_a_box_a_line_too() -> None:
    down = [box.turned for box in letters((100, 50, 9), (20, 64, 9))]
    assert len(lines(down)) == 2


def test_passage_stands_on_the_page_where_it_begins() -> None:
    text = "one page\nthe next"
    pages = (Page(1, Span(0, 8)), Page(2, Span(9, 17)))
    document = ExtractedDocument(
        sha256=DocumentHash("0"), name="a", media_type="b", text=text, pages=pages
    )
    spans = Span(4, 12), Span(8, 12), Span(17, 17)
    assert [document.page_of(span) for span in spans] == [*pages, None]
