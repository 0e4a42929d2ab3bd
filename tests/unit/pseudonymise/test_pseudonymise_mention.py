"""One matching rule for removal and leak check: which spellings of a value count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.identity import IdentityKind, KnownIdentity, PseudonymisedText
from core.domain.mention import Forms
from core.errors import LeakDetected


def found(value: str, text: str) -> list[str]:
    return [text[m.start : m.end] for m in Forms([value]).mentions(text)]


@pytest.mark.parametrize(
    "text",
    [
        "SEÁN O'BRIEN",
        "sean  obrien",
        "Sean O’Brien",
        "sean_o-brien",
        "Sea\u0301n\nO'Brien",
        "S E A N  O B R I E N",
        "SeanOBrien",
        "Se\u00adan O\u200bBrien",
    ],
)
def test_case_accents_spacing_and_punctuation_do_not_hide_a_name(text: str) -> None:
    assert found("Seán O'Brien", f"by {text}, 2020") == [text]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Ana", "Manager, banana, Anatole"),
        ("Al Li", "all I need, alli"),
        ("An Do", "and others"),
        ("Mark", "marketing, Denmark"),
        ("Li", "Li-ion cells"),
    ],
)
def test_a_name_is_not_found_inside_or_across_other_words(value: str, text: str) -> None:
    assert found(value, text) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Jürgen Müller", "Juergen Mueller"),
        ("Juergen Mueller", "Jürgen Müller"),
        ("Jürgen Müller", "JURGEN MULLER"),
        ("Søren Østergård", "Soren Ostergard"),
        ("Łukasz Wałęsa", "Lukasz Walesa"),
        ("Franz Weiß", "FRANZ WEISS"),
        ("王小明", "姓名王小明电话"),
    ],
)
def test_umlauts_strokes_and_scripts_are_read_either_way(value: str, text: str) -> None:
    assert len(found(value, text)) == 1


@pytest.mark.parametrize(
    "text", ["(415) 555-2671", "415.555.2671", "+1 415 555 2671", "14155552671", "4155552671"]
)
def test_a_phone_number_is_found_however_it_is_punctuated(text: str) -> None:
    phone = KnownIdentity(IdentityKind.PHONE, "415-555-2671")
    with pytest.raises(LeakDetected):
        PseudonymisedText(f"Call {text} now", (), (phone,))


def test_a_text_with_a_leak_cannot_be_built_and_the_error_names_no_value() -> None:
    known = (
        KnownIdentity(IdentityKind.NAME, "Kelly Branch"),
        KnownIdentity(IdentityKind.EMAIL, "kb@mail.example"),
    )
    with pytest.raises(LeakDetected) as leak:
        PseudonymisedText("KELLY BRANCH, kb@mail.example", (), known)
    assert str(leak.value) == "text still holds: email, name"


def test_an_ordinary_word_that_contains_a_name_is_no_leak() -> None:
    PseudonymisedText("Manager", (), (KnownIdentity(IdentityKind.NAME, "Ana"),))


def test_a_trait_counts_only_where_it_was_labelled() -> None:
    single = KnownIdentity(IdentityKind.MARITAL_STATUS, "single")
    PseudonymisedText("single point of contact", (), (single,))


def test_tokens_are_never_searched_for_names() -> None:
    names = (KnownIdentity(IdentityKind.NAME, "Name"), KnownIdentity(IdentityKind.NAME, "Phone"))
    PseudonymisedText("[NAME_1] [PHONE_1]", (), names)


_names = st.text(
    st.characters(categories=("Lu", "Ll"), max_codepoint=0x17F), min_size=3, max_size=9
)


@given(_names, _names, st.sampled_from([" ", "  ", "\n", "-", "_", ". ", ", "]))
def test_any_two_part_name_is_found_in_any_case_and_spacing(
    first: str, last: str, gap: str
) -> None:
    text = f"of {first.upper()}{gap}{last.lower()} at"
    if any(len(part.upper()) != len(part) for part in (first, last)):
        return
    assert found(f"{first} {last}", text)
