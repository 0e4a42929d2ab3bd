"""Words as the assessor compares them: stems, and how much a shared stem says."""

import re
from functools import cache, lru_cache

from core.assist.screening.tables import table

_BLAND = ("everyday", "work", "paper")

BLAND = 0.15
"""Weight of a word that almost any resume holds; a telling word weighs 1."""

_WORD = re.compile(r"[^\W\d_]+[+#]*")
_ENDING = re.compile(
    r"(?<=\w{4})(?:izations?|isations?|ations?|ments?|ungen|ings?|ance|ence|ness|ists?|ions?|ers|ors"
    r"|ies|ied|ung|ern|ed|es|er|or|ly|al|en|em|s|e|y|n)$"
)
"""The leftmost match is the longest ending that leaves four letters."""


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Cut inflection off a lower-case English or German word: reports, reporting → report."""
    if len(word) == 4 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    for _ in range(3):
        word, cut = _ENDING.subn("", word)
        if not cut:
            break
    return word


def stems(text: str) -> list[str]:
    """List the stems of ``text`` in order, repeats and all."""
    return [stem(word) for word in _WORD.findall(text.lower())]


def weight(stem: str) -> float:
    """Say how much sharing ``stem`` tells about a person's work: 0, ``BLAND`` or 1."""
    silent, bland = _common()
    if len(stem) < 2 or stem in silent:
        return 0.0
    return BLAND if stem in bland else 1.0


def telling(text: str) -> dict[str, float]:
    """Map the stems of ``text`` that tell anything to their weights."""
    return {s: w for s in stems(text) if (w := weight(s)) > 0}


@cache
def _common() -> tuple[frozenset[str], frozenset[str]]:
    raw = table("criteria/common_words")
    silent = [s for lang in ("en", "de") for s in stems(raw[lang]["function"])]
    bland = [s for lang in ("en", "de") for key in _BLAND for s in stems(raw[lang][key])]
    return frozenset(silent), frozenset(bland)
