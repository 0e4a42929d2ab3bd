"""Which words make an order together: classes of words per language, found in one pass.

The words of all languages are one automaton, so a text is read once however many there are. Of
every order only the latest chance to go on is kept, so the work grows with the words found and
never with what lies between them.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any, NamedTuple

import ahocorasick

from core.documents.marks.letters import FOLDED
from core.domain.document import Span

_TABLE = Path(__file__).resolve().parents[3] / "data" / "documents" / "instructions.toml"
_SHARED = "any"
_REACH, _NEXT, _NEXT_LETTERS = 30, 12, 6
"""Characters that may lie between two words of an order, and where they are to adjoin."""
_SHORTEST_JOINED = 4
"""Letters of a word that can be told from a part of another word."""
_STEP = re.compile(r"[^\s+]+|\+")

Class = tuple[str, str]
Begins = Callable[[int], bool]
"""Says whether a sentence begins at an offset."""


class _Word(NamedTuple):
    """One entry: where its word must begin and end, and what it counts as."""

    length: int
    opens: bool
    closes: bool
    kinds: tuple[Class, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """Step ``place`` of order ``order``: at most ``reach`` characters after the step before."""

    order: int
    place: int
    reach: int
    last: bool
    opening: bool


class Grammar:
    """Orders in every language of the table; ``joined`` reads words without blanks between."""

    def __init__(self, table: Mapping[str, Any], *, joined: bool = False) -> None:
        self._joined = joined
        self._steps: dict[Class, list[_Step]] = defaultdict(list)
        self._count = 0
        for language, about in table.items():
            for order in about.get("orders", table[_SHARED]["orders"]) if "words" in about else ():
                self._learn(language, about["words"], order)
        self._words = _automaton(table, joined=joined)

    def orders(self, text: str, begins: Begins = lambda _: True) -> Iterator[Span]:
        """Yield where ``text``, folded, gives an order; ``begins`` is asked for "^"."""
        reached: dict[tuple[int, int], Span] = {}
        for place, kinds in self._found(text):
            for step in (s for kind in kinds for s in self._steps.get(kind, ())):
                if step.place == 0:
                    whole = place if not step.opening or begins(place.start) else None
                else:
                    whole = _continued(reached.get((step.order, step.place - 1)), place, step.reach)
                if whole is None:
                    continue
                if step.last:
                    yield whole
                reached[step.order, step.place] = whole

    def _found(self, text: str) -> Iterator[tuple[Span, tuple[Class, ...]]]:
        for last, words in self._words.iter(text):
            end = last + 1
            for word in words:
                start = end - word.length
                if word.opens and start and text[start - 1].isalnum():
                    continue
                if word.closes and end < len(text) and text[end].isalnum():
                    continue
                yield Span(start, end), word.kinds

    def _learn(self, language: str, words: Mapping[str, str], order: str) -> None:
        for steps in _spelled_out(order):
            names = [name for name in steps if name != "+"]
            if not all(name.lstrip("^") in words for name in names):
                continue
            for place, name in enumerate(names):
                self._steps[language, name.lstrip("^")].append(
                    _Step(
                        self._count,
                        place,
                        self._reach(steps, place),
                        place == len(names) - 1,
                        name.startswith("^"),
                    )
                )
            self._count += 1

    def _reach(self, steps: Sequence[str], place: int) -> int:
        names_before = [i for i, name in enumerate(steps) if name != "+"][place] - 1
        adjoining = place > 0 and steps[names_before] == "+"
        if self._joined:
            return _NEXT_LETTERS if adjoining else _NEXT
        return _NEXT if adjoining else _REACH


def _continued(before: Span | None, place: Span, reach: int) -> Span | None:
    if before is None or not 0 <= place.start - before.end <= reach:
        return None
    return Span(before.start, place.end)


def _spelled_out(order: str) -> list[list[str]]:
    """List the steps of an order, once for each arrangement of "{a b c}"."""
    if order.startswith("{"):
        return [list(names) for names in permutations(order.strip("{}").split())]
    return [_STEP.findall(order)]


def _automaton(table: Mapping[str, Any], *, joined: bool) -> ahocorasick.Automaton:
    entries: dict[str, dict[tuple[bool, bool], list[Class]]] = defaultdict(dict)
    for language, about in table.items():
        for name, words in about.get("words", {}).items() if isinstance(about, dict) else ():
            for word in filter(None, (each.strip() for each in words.split(","))):
                bare, open_, close = _entry(word, free=joined or about.get("joint", False))
                bare = bare.replace(" ", "") if joined else bare
                if joined and bare.isalpha() and len(bare) < _SHORTEST_JOINED:
                    continue
                entries[bare].setdefault((open_, close), []).append((language, name))
    machine = ahocorasick.Automaton()
    for word, kinds in entries.items():
        machine.add_word(
            word, tuple(_Word(len(word), o, c, tuple(which)) for (o, c), which in kinds.items())
        )
    machine.make_automaton()
    return machine


def _entry(word: str, *, free: bool) -> tuple[str, bool, bool]:
    """Fold an entry; say whether its word must begin and end with it."""
    bare = word.strip("*").translate(FOLDED)
    opens = not free and not word.startswith("*") and bare[0].isalnum()
    closes = not free and not word.endswith("*") and bare[-1].isalnum()
    return bare, opens, closes


@cache
def grammar(*, joined: bool = False) -> Grammar:
    """Read the table once."""
    table = tomllib.loads(_TABLE.read_text("utf-8"))
    return Grammar({k: v for k, v in table.items() if isinstance(v, dict)}, joined=joined)
