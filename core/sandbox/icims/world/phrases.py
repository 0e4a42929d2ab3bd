"""Turns phrase patterns of the occupation files into sentences.

Braces hold a range ``{4-6}`` (with step ``{50-90/10}``), alternatives ``{a|b}`` or a slot
``{unit}`` whose values the occupation lists; ``{^unit}`` capitalises each word.
"""

import re
from collections.abc import Mapping, Sequence

from core.sandbox.icims.world.draw import Draw

_BRACES = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"(\d+)-(\d+)(?:/(\d+))?")
_START = re.compile(r"(?:^|(?<=[a-z0-9%)][a-z0-9%)][.!?] ))[a-zäöü]")
_NUMBERS = ("", "", "two", "three", "four", "five", "six")
_PERIODS = {
    "years": (12, "a year"),
    "quarters": (3, "a quarter"),
    "seasons": (6, "a season"),
    "Jahren": (12, "einem Jahr"),
}
_CLAIM = re.compile(r"\b(\d{1,2}|two|three|four|five|six) (years|quarters|seasons|Jahren)\b")
_AN = re.compile(r"\b([Aa]) (?=(?:8\d?|11|18)[ -])")


def sentence(pattern: str, slots: Mapping[str, Sequence[str]], draw: Draw) -> str:
    """Fill every brace of ``pattern``; a slot used twice gives two different values."""
    if "{" not in pattern:
        return pattern
    used: set[str] = set()

    def fill(match: re.Match[str]) -> str:
        value = _value(match.group(1), slots, draw, used)
        return _BRACES.sub(fill, value) if "{" in value else value

    filled = _AN.sub(r"\1n ", _BRACES.sub(fill, pattern))
    return _START.sub(lambda start: start.group().upper(), filled)


def within(months: int, text: str) -> str:
    """Shorten the periods a sentence claims to the ``months`` its job lasted.

    ``in 6 years`` of a job of 20 months becomes ``in a year``; words up to six count as numbers.
    """

    def cap(match: re.Match[str]) -> str:
        claimed, unit = match.groups()
        length, one = _PERIODS[unit]
        most = months // length
        number = _NUMBERS.index(claimed) if claimed in _NUMBERS else int(claimed)
        if number <= most:
            return match.group()
        return f"{most} {unit}" if most > 1 else one

    return _CLAIM.sub(cap, text)


def _value(inner: str, slots: Mapping[str, Sequence[str]], draw: Draw, used: set[str]) -> str:
    if number := _RANGE.fullmatch(inner):
        low, high, step = int(number[1]), int(number[2]), int(number[3] or 1)
        return str(low + step * draw.between(0, (high - low) // step))
    if "|" in inner:
        return draw.pick(inner.split("|"))
    name = inner.lstrip("^")
    choices = slots[name]
    value = draw.pick([c for c in choices if c not in used] or choices)
    used.add(value)
    return _capitalised(value) if inner.startswith("^") else value


def _capitalised(text: str) -> str:
    return " ".join(
        word if word.isupper() else "-".join(part.capitalize() for part in word.split("-"))
        for word in text.split(" ")
    )
