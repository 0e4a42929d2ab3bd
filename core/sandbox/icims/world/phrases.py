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
