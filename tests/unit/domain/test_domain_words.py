"""What a full-text question finds in a resume, and how it is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.folding import fold, laid_out, origin
from core.domain.words import question

RESUME = (
    "Senior C++ / C# developer (ASP.NET, .NET Core), R&D. Java+Spring; Müller, straße, Øresund."
    " Full-stack, e-mail, 10+ years, C++11, résumé, logistics."
)


def hits(typed: str, text: str = RESUME) -> list[str] | None:
    """Say what is lit in the passage; None when nothing is found."""
    found = question(typed).find(text)
    return None if found is None else [span.of(found.passage) for span in found.hits]


@pytest.mark.parametrize(
    ("typed", "lit"),
    [
        ("java spring", ["Java", "Spring"]),
        ("java AND spring", ["Java", "Spring"]),
        ("java php", None),
        ("php OR java", ["Java"]),
        ("(php OR java) spring", ["Java", "Spring"]),
        ("(java spring) OR php", ["Java", "Spring"]),
        ("php OR java cobol", None),
        ("java -php", ["Java"]),
        ("java NOT spring", None),
        ("-php", []),
        ("NOT (php OR java)", None),
        ("NOT -java", ["Java"]),
        ('-"java spring"', []),
        ('"java spring"', None),
        ('"full stack"', ["Full-stack"]),
        ("full-stack", ["Full-stack"]),
        ('"senior c++"', ["Senior C++"]),
        ("“senior c++”", ["Senior C++"]),
        ("java,", ["Java"]),
    ],
)
def test_a_question_finds_what_its_parts_ask_for(typed: str, lit: list[str] | None) -> None:
    assert hits(typed) == lit


@pytest.mark.parametrize(
    ("typed", "lit"),
    [
        ("c++", ["C++", "C++"]),
        ("c#", ["C#"]),
        ("c", None),
        ("r", None),
        ("r&d", ["R&D"]),
        (".net", [".NET"]),
        ("asp.net", ["ASP.NET"]),
        ("net", ["NET", "NET"]),
        ("10", ["10"]),
        ("jav", None),
        ("jav*", ["Java"]),
        ("ava", None),
    ],
)
def test_a_word_is_found_as_a_whole(typed: str, lit: list[str] | None) -> None:
    assert hits(typed) == lit


@pytest.mark.parametrize(
    ("typed", "lit"),
    [
        ("muller", ["Müller"]),
        ("MÜLLER", ["Müller"]),
        ("mu\u0308ller", ["Müller"]),
        ("strasse", ["straße"]),
        ("oresund", ["Øresund"]),
        ("resume", ["résumé"]),
    ],
)
def test_case_and_accents_make_no_difference(typed: str, lit: list[str]) -> None:
    assert hits(typed) == lit


@pytest.mark.parametrize(
    ("typed", "text", "lit"),
    [
        ("开发", "精通Java开发五年", ["开发"]),
        ("java", "精通Java开发五年", ["Java"]),
        ("김", "기업", None),
        ("자바", "자바를 씁니다", ["자바"]),
        ("Москва", "г. МОСКВА", ["МОСКВА"]),
        ("ελλας", "ΕΛΛΆΣ", ["ΕΛΛΆΣ"]),
        ("pass", "Pa\u00adss und Pass\u200b", ["Pa\u00adss", "Pass"]),
    ],
    ids=["han", "latin in han", "other syllable", "particle", "cyrillic", "sigma", "invisible"],
)
def test_other_scripts_are_found_in_their_way(typed: str, text: str, lit: list[str]) -> None:
    assert hits(typed, text) == lit


@pytest.mark.parametrize("typed", ["", " ", "-", "*", '"', '""', "()", "((", "NOT", "OR AND", "-("])
def test_what_asks_nothing_is_empty_and_finds_nobody(typed: str) -> None:
    assert question(typed).is_empty
    assert question(typed).find(RESUME) is None


@pytest.mark.parametrize("typed", ['"java', "(java", "java)", "OR java", "java OR", "))) java (("])
def test_what_is_not_closed_is_read_as_far_as_it_goes(typed: str) -> None:
    assert hits(typed) == ["Java"]


_TYPED = st.text(st.sampled_from(list('abé開"()-*OR NTAD+#.ß ')), max_size=60) | st.text(
    max_size=60
)
_TEXTS = st.text(st.sampled_from(list("abé開ßİ\u0301\n\u202e-+#. ")), max_size=300) | st.text(
    max_size=300
)


@given(_TYPED, _TEXTS)
def test_nothing_that_is_typed_raises_and_every_passage_is_fit_to_show(
    typed: str, text: str
) -> None:
    found = question(typed).find(text)
    if found is None:
        return
    assert len(found.passage) <= 160
    assert not set("\n\r\t\u202e\u2066\x00") & set(found.passage)
    ends = [0]
    for span in found.hits:
        assert ends[-1] <= span.start < span.end <= len(found.passage)
        ends.append(span.end)


def test_brackets_without_end_are_read_without_exhausting_anything() -> None:
    assert hits("(" * 390 + "java") == ["Java"]
    assert question("NOT (" * 60 + "java").find(RESUME) is not None


def test_a_passage_shows_the_first_hit_in_a_long_text() -> None:
    text = "wörd – " * 900 + "the\nneedle stands here " + "more " * 90
    found = question("needle").find(text)
    assert found is not None
    assert [span.of(found.passage) for span in found.hits] == ["needle"]
    assert "the needle stands here" in found.passage


def test_only_without_shows_how_the_resume_begins() -> None:
    found = question("-php").find(RESUME)
    assert found is not None
    assert RESUME.startswith(found.passage)
    assert found.hits == ()


@given(st.text(max_size=80))
def test_what_is_found_of_a_text_is_found_where_it_stands(text: str) -> None:
    folded, origins = laid_out(text)
    assert len(origins) == len(folded)
    assert origins == sorted(origins)
    for place in range(len(fold(text))):
        assert 0 <= origin(text, place) <= len(text)


@given(st.text(st.sampled_from(list("abcéßøœ–ﬁ 日本")), max_size=60), st.data())
def test_a_place_of_the_folded_text_maps_to_the_character_it_came_from(
    text: str, data: st.DataObject
) -> None:
    folded = fold(text)
    assert laid_out(text)[0] == folded
    if folded:
        place = data.draw(st.integers(0, len(folded) - 1))
        assert folded[place] in fold(text[origin(text, place)])
