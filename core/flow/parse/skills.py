"""Skills by a gazetteer, with the places they are written."""

import re
from collections import defaultdict
from functools import cache

import ahocorasick

from core.domain.document import Position, Skill, Span
from core.flow.parse.lists import skill_terms, table, words
from core.flow.parse.tenure import Interval, years

_JOINTS = frozenset(" ,;/|•·\n\t()[]:&+")
_LIST = frozenset(",;/|•·\n\t:")
_SHORT = 3
_LONGEST_PHRASE = 60


@cache
def automaton() -> ahocorasick.Automaton:
    """Build the matcher once: about 31,000 terms to the names shown for them."""
    generic = words("skills/generic.txt")
    names = {alias: name for name, aliases in table("skills/aliases.toml")["names"].items()
             for alias in aliases}  # fmt: skip
    machine = ahocorasick.Automaton()
    for term in skill_terms():
        written = term.lower().strip()
        if written and written not in generic and len(written) <= _LONGEST_PHRASE:
            machine.add_word(written, (len(written), names.get(written, written)))
    for alias, name in names.items():
        machine.add_word(alias, (len(alias), name))
        machine.add_word(name, (len(name), name))
    machine.make_automaton()
    return machine


def is_skill(text: str) -> bool:
    """Say whether the whole of ``text`` is a term of the list or a generic word."""
    small = text.lower()
    return small in automaton() or small in words("skills/generic.txt")


def lowered(text: str) -> str:
    """Lower-case without moving an offset: a few letters grow when lowered and are kept."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def find_skills(
    text: str, positions: tuple[Position, ...], intervals: dict[Position, Interval]
) -> tuple[Skill, ...]:
    """Find every skill; its years are those of the dated positions that mention it."""
    places: dict[str, list[Span]] = defaultdict(list)
    for start, end, name in _matches(text):
        places[name].append(Span(start, end))
    return tuple(
        Skill(name=name, spans=tuple(spans), years=_years(spans, positions, intervals))
        for name, spans in sorted(places.items())
    )


def _matches(text: str) -> list[tuple[int, int, str]]:
    """Longest terms first come, first served: no two share a character."""
    small = re.sub(r"\s", " ", lowered(text))
    found = []
    for last, (length, name) in automaton().iter(small):
        start, end = last - length + 1, last + 1
        if _bounded(small, start, end) and (length > _SHORT or _meant(text, start, end)):
            found.append((start, -end, name))
    found.sort()
    kept, reached = [], 0
    for start, negative_end, name in found:
        if start >= reached:
            kept.append((start, -negative_end, name))
            reached = -negative_end
    return kept


def _bounded(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if before.isalnum() or after.isalnum() or before in "@#_" or after in "@_":
        return False
    # "c" is not in "c++", "net" not in ".net", nor any term in an address.
    return not (after in "+#" or (after == "." and text[end + 1 : end + 3].isalpha()))


def _meant(text: str, start: int, end: int) -> bool:
    """Decide short terms by how they are written and what surrounds them."""
    written = text[start:end]
    before = text[start - 1] if start else "\n"
    after = text[end] if end < len(text) else "\n"
    if len(written) == 1:
        return written.isupper() and after in ",;/|)\n" and before in " ,;/|(\n\t"
    if written.lower() in words("skills/small.txt"):
        return True
    if written.isupper():
        # Whole lines in capitals say nothing about a single word in them.
        around = text[max(start - 25, 0) : end + 25]
        return not around.isupper() or any(map(str.isdigit, written))
    return written[:1].isupper() and _listed(text, start, end)


def _listed(text: str, start: int, end: int) -> bool:
    left = text[max(start - 2, 0) : start].strip(" ")
    right = text[end : end + 2].strip(" ")
    return (not left or left[-1] in _LIST) and (not right or right[0] in _LIST)


def _years(
    spans: list[Span], positions: tuple[Position, ...], intervals: dict[Position, Interval]
) -> float | None:
    told = [p for p in positions if p in intervals and any(p.span.overlaps(s) for s in spans)]
    return years(intervals[p] for p in told)
