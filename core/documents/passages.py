"""Find a passage that one program read from a page in what another read from the same page.

The two agree on letters and mostly on their order, but not on white space, hyphens at line ends,
ligatures or how an accent is put on a letter. So only what is neither is compared. A passage is
found exactly or not at all: a reader trusts what is lit. Where one program garbled a dash or an
accent, a passage is still the same if it is long and all its plain letters, digits and signs agree.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile
from operator import eq

from core.domain.document import Span

# pdfium writes U+0002 or U+FFFE where a hyphen ends a line.
_HYPHENS = frozenset("-\u00ad\u2010\u2011\u0002\ufffe")
_ACCENTS = range(0x300, 0x370)
# Letters of context that are compared on each side of a passage found in several places.
_CONTEXT = 80
# So many letters that follow alike show that a word ends here and only the space was lost.
_GOES_ON = 4
# Plain characters that a passage must have, and among how many at most.
_PLAIN, _OF = 10, 14
_SEVERAL = 2
_BREAK = re.compile(r"\n+")

Standing = tuple[bool, int, float]
"""Whether words end where they should, how much around it is the same, how near in order."""


class Letters:
    """A text reduced to what is compared: ``places[i]`` is where the i-th letter stands in it.

    ``plain`` keeps ASCII only.
    """

    __slots__ = ("letters", "places", "text")

    def __init__(self, text: str, *, plain: bool = False) -> None:
        self.text = text
        reduced = _plain if plain else _compared
        kept = [(c, place) for place, char in enumerate(text) for c in reduced(char)]
        self.letters = "".join(c for c, _ in kept)
        self.places = [place for _, place in kept]

    def within(self, span: Span) -> Span:
        """Give the range of letters that stand in ``span`` of the text."""
        return Span(bisect_left(self.places, span.start), bisect_left(self.places, span.end))

    def around(self, letters: Span) -> Span:
        """Give the range of the text from the first to the last of these letters."""
        return Span(self.places[letters.start], self.places[letters.end - 1] + 1)


class Comparison:
    """What was read from a page beside what is painted on it."""

    def __init__(self, read: str, painted: str) -> None:
        self._exact = Letters(read), Letters(painted)
        self._plain = Letters(read, plain=True), Letters(painted, plain=True)

    def find(self, passage: Span) -> Sequence[Span]:
        """Find a span of the text that was read in the text painted: its parts, or nothing.

        Of several places the one with the same surroundings is taken, then the one nearest in
        order. One that is only inside longer words is none. Where the programs disagree on the
        order of lines, each line must be there once and no more.
        """
        places = _places(passage, *self._exact)
        if not places and _says_enough(passage, self._plain[0]):
            places = _places(passage, *self._plain)
        return [max(places)[1]] if places else self._by_line(passage)

    def _by_line(self, passage: Span) -> list[Span]:
        lines = _lines(self._exact[0].text, passage)
        found = [_places(line, *self._exact) for line in lines]
        if len(lines) < _SEVERAL or any(len(places) != 1 for places in found):
            return []
        return [place for ((_, place),) in found]


def _lines(text: str, passage: Span) -> list[Span]:
    starts = [passage.start, *(m.end() for m in _BREAK.finditer(text, passage.start, passage.end))]
    spans = map(Span, starts, [*starts[1:], passage.end])
    return [span for span in spans if span.of(text).strip()]


def _says_enough(passage: Span, plain: Letters) -> bool:
    """Say whether its plain characters alone tell the passage from any other."""
    wanted = plain.within(passage)
    count = wanted.end - wanted.start
    return count >= _PLAIN and count * _OF >= len("".join(passage.of(plain.text).split())) * _PLAIN


def _places(passage: Span, read: Letters, painted: Letters) -> list[tuple[Standing, Span]]:
    """List where the passage stands in the text painted, each with how well it fits."""
    wanted = read.within(passage)
    if wanted.start == wanted.end:
        return []
    edges = _edges(read.text, read.around(wanted))
    found = []
    for at in _occurrences(wanted.of(read.letters), painted.letters):
        place = painted.around(at)
        alike = tuple(map(eq, edges, _edges(painted.text, place)))
        shared = _shared(read.letters, wanted, painted.letters, at)
        drift = abs(wanted.start / len(read.letters) - at.start / len(painted.letters))
        if _sure(alike, shared):
            found.append(((all(alike), sum(shared), -drift), place))
    return found


def _sure(alike: Sequence[bool], shared: Sequence[int]) -> bool:
    """Say whether it is no part of a longer word, be it that spaces were lost around it."""
    return all(same or more >= _GOES_ON for same, more in zip(alike, shared, strict=True))


def _plain(char: str) -> str:
    return char if "!" <= char <= "~" and char not in _HYPHENS else ""


@cache
def _compared(char: str) -> str:
    if char in _HYPHENS:
        return ""
    return "".join(
        c
        for c in unicodedata.normalize("NFKD", char)
        if not (c.isspace() or ord(c) in _ACCENTS or unicodedata.category(c) in ("Cc", "Cf"))
    )


def _occurrences(needle: str, letters: str) -> Iterator[Span]:
    start = letters.find(needle)
    while start >= 0:
        yield Span(start, start + len(needle))
        start = letters.find(needle, start + 1)


def _shared(read: str, wanted: Span, painted: str, place: Span) -> tuple[int, int]:
    """Count the letters before and after that are the same in both."""
    before = (
        reversed(read[max(wanted.start - _CONTEXT, 0) : wanted.start]),
        reversed(painted[max(place.start - _CONTEXT, 0) : place.start]),
    )
    after = read[wanted.end : wanted.end + _CONTEXT], painted[place.end : place.end + _CONTEXT]
    return sum(takewhile(bool, map(eq, *before))), sum(takewhile(bool, map(eq, *after)))


def _edges(text: str, span: Span) -> tuple[bool, bool]:
    """Say whether a word goes on beyond the start and beyond the end."""
    return (
        text[max(span.start - 1, 0) : span.start + 1].isalnum() and span.start > 0,
        text[span.end - 1 : span.end + 1].isalnum() and span.end < len(text),
    )
