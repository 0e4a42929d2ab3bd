"""Another name in the same resume gives the byte-identical text, so the identical score."""

import pytest

from core.domain.identity import IdentityKind, KnownIdentity
from core.flow.pseudonymise import Policy, name_like, pseudonymise

LAYOUT = """\
{header}
{email} | (212) 555-0147 | linkedin.com/in/{handle}

Summary
{first} is a nurse with ten years in intensive care. {first}'s patients recover.

Experience
Charge Nurse, Mercy Hospital, Jackson, MS, 2012 - 2019
Wrote the handbook with {initial}. {last}. Branch opened in May; will travel.
Bank of America, Washington - Banks and branches

References of {first} {last} on request. Signed, {last}, {first}
"""
NAMES = (
    *("Kelly Branch", "May Zhang", "Will Baker", "Grace Banks", "Jackson Washington", "Amy Li"),
    *("Van Lu", "Angel Rivers", "Jose Alvarez", "José Álvarez", "Mary-Kate O'Neil", "Ng Vo"),
    *("Thandiwe Mokoena", "Charles Mack", "Chen Wu", "Deja Harris", "Aaron Yu", "Mercy Hall"),
    *("Björn Åkesson", "Siobhán O’Connor", "Xi Du", "Christian Young", "Chase Bishop"),
)


def swapped(name: str, *, known: bool, upper: bool) -> str:
    first, last = name.split(" ")
    handle = "".join(c for c in name.lower() if c.isalnum())
    document = LAYOUT.format(
        header=name.upper() if upper else name,
        email=f"{first}.{last}@mail.example".lower().replace("’", "").replace("'", ""),
        handle=handle,
        first=first,
        last=last,
        initial=first[0],
    )
    identities = [KnownIdentity(IdentityKind.NAME, name)] if known else []
    return pseudonymise(document, identities, Policy()).text.text


@pytest.mark.parametrize("upper", [False, True], ids=["as-is", "upper-case header"])
@pytest.mark.parametrize("known", [True, False], ids=["told", "header only"])
@pytest.mark.parametrize("name", NAMES)
def test_a_swapped_name_leaves_no_trace(name: str, known: bool, upper: bool) -> None:
    expected = swapped("Zyxwa Qvortex", known=True, upper=False)
    assert swapped(name, known=known, upper=upper) == expected


@pytest.mark.parametrize(
    "form",
    [
        *("Martin Luther Kingsley Jr.", "Dr. Martin Kingsley, PhD", "Kingsley, Martin"),
        *("MARTIN L. KINGSLEY", "Kingsley Martin", "M. L. Kingsley", "MartinKingsley"),
        *("M A R T I N  K I N G S L E Y", "Martin\nKingsley", "martin kingsley"),
    ],
)
def test_every_form_of_a_known_name_is_removed(form: str) -> None:
    known = [KnownIdentity(IdentityKind.NAME, "Martin Luther Kingsley")]
    text = pseudonymise(f"Resume\n{form}\nBuilt ships", known, Policy()).text.text
    assert "ingsley" not in text.lower()
    assert "k i n g" not in text.lower()


def test_words_that_could_be_names_are_found_whoever_the_candidate_is() -> None:
    text = "Worked with MR Carter LLC and at Molly's House. Python, Oracle and May were busy."
    assert [span.of(text) for span in name_like(text)] == ["Carter", "Molly"]
