"""The word lists under ``data/identity``, read once and folded."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel import Locale

from core.domain.mention import folded

_FOLDER = Path(__file__).resolve().parents[3] / "data" / "identity"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Folded words; ``ordinary`` are those that are names only in a name-like context.

    ``strong_given`` are given names that are nothing else; ``leading_given`` may also be companies
    or towns, so a family name must follow.
    """

    given: frozenset[str]
    family: frozenset[str]
    words: frozenset[str]
    ordinary: frozenset[str]
    strong_given: frozenset[str]
    leading_given: frozenset[str]
    strong_family: frozenset[str]
    places: frozenset[str]
    not_in_names: frozenset[str]
    job_words: frozenset[str]
    organisation_words: frozenset[str]


def _read(name: str) -> frozenset[str]:
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(
        word for line in lines if not line.startswith("#") for word in folded(line).split()
    )


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Read the lists; about 80,000 words, 30 ms, once per process."""
    given, family, words = _read("given_names"), _read("family_names"), _read("ordinary_words")
    things, places = _read("named_things"), _read("place_names")
    jobs, headings = _read("job_words"), _read("heading_words")
    organisations = _read("organisation_words")
    languages = {folded(name) for name in Locale("en").languages.values()}
    ordinary = words | things | places | jobs | headings | organisations | languages
    return Lexicon(
        given=given,
        family=family,
        words=words,
        ordinary=ordinary,
        strong_given=given - ordinary,
        leading_given=given - words - jobs - headings - organisations,
        strong_family=family - ordinary,
        places=places,
        not_in_names=jobs | headings | organisations,
        job_words=jobs,
        organisation_words=organisations,
    )
