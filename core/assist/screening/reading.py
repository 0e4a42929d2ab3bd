"""A pseudonymised resume made ready for judging: quotable passages and the words in them."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log1p, sqrt

from core.assist.screening.phrases import pattern
from core.assist.screening.wording import stems, weight
from core.domain.assessment import AssessmentRequest, Evidence, locate
from core.domain.document import Month, Position, ResumeFacts, Span
from core.domain.identity import PseudonymisedText

LONGEST_QUOTE = 240
MOST_QUOTES = 3

TOKEN = re.compile(r"\[[A-Z][A-Z_]*_\d+\]")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A line or sentence that can be quoted: no identity token in it, readable length."""

    span: Span
    text: str
    words: frozenset[str]
    """Stems that tell something."""


class Reading:
    """The passages of one resume and which words they share; built once per assessment."""

    def __init__(self, request: AssessmentRequest) -> None:
        self.text: PseudonymisedText = request.text
        self.facts: ResumeFacts = request.facts
        self.as_of: Month | None = request.as_of or _latest(request.facts)
        self.passages: tuple[Passage, ...] = tuple(_passages(request.text.text))

    @cached_property
    def use(self) -> dict[str, float]:
        """Telling stems with their weight times log(1 + how often they occur)."""
        counts = Counter(s for p in self.passages for s in stems(p.text))
        return {s: w * log1p(n) for s, n in counts.items() if (w := weight(s)) > 0}

    @cached_property
    def size(self) -> float:
        """Length of ``use`` as a vector."""
        return sqrt(sum(value * value for value in self.use.values()))

    @cached_property
    def by_word(self) -> dict[str, list[int]]:
        """Indices of the passages that hold a stem."""
        index: dict[str, list[int]] = {}
        for number, passage in enumerate(self.passages):
            for word in passage.words:
                index.setdefault(word, []).append(number)
        return index

    def ranked(self, asked: Mapping[str, float], most: int = MOST_QUOTES) -> list[Passage]:
        """List the passages that share most of the weight of ``asked``, shorter ones first."""
        scores: dict[int, float] = {}
        for word, value in asked.items():
            for number in self.by_word.get(word, ()):
                scores[number] = scores.get(number, 0.0) + value
        order = sorted(scores, key=lambda n: (-scores[n], len(self.passages[n].text), n))
        return [self.passages[n] for n in order[:most]]

    def naming(self, phrases: Iterable[str]) -> tuple[Passage, ...]:
        """List the passages in which one of ``phrases`` is written, in order."""
        phrases = tuple(phrases)
        if not phrases:
            return ()
        hits = pattern(phrases).finditer(self.text.text)
        found = (self._around(Span(*hit.span())) for hit in hits)
        return tuple(dict.fromkeys(p for p in found if p))

    def _around(self, span: Span) -> Passage | None:
        number = bisect_right(self._starts, span.start) - 1
        passage = self.passages[number] if number >= 0 else None
        return passage if passage and span.end <= passage.span.end else None

    @cached_property
    def _starts(self) -> list[int]:
        return [p.span.start for p in self.passages]

    def passages_at(self, span: Span) -> tuple[Passage, ...]:
        """List the passages that overlap ``span``."""
        return tuple(p for p in self.passages if p.span.overlaps(span))

    def quote(self, passages: Iterable[Passage]) -> tuple[Evidence, ...]:
        """Make verified quotes of the first passages, in the order given."""
        found = (locate(self.text, p.text, p.span.start) for p in passages)
        return tuple(dict.fromkeys(e for e in found if e))[:MOST_QUOTES]

    def months(self, positions: Iterable[Position]) -> int:
        """Count the calendar months that ``positions`` cover together."""
        covered: set[int] = set()
        for p in positions:
            end = self.as_of if p.current else p.end
            if p.start and end:
                covered.update(range(p.start.index, end.index + (not end.approximate)))
        return len(covered)


def _latest(facts: ResumeFacts) -> Month | None:
    months = [m for p in facts.positions for m in (p.start, p.end) if m]
    return max(months, default=None)


def _passages(text: str) -> Iterator[Passage]:
    start = 0
    for line in text.splitlines(keepends=True):
        for span in _pieces(text, start, start + len(line)):
            quote = span.of(text)
            words = frozenset(s for s in stems(quote) if weight(s) > 0)
            if words:
                yield Passage(span, quote, words)
        start += len(line)


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    at = start
    for token in (*TOKEN.finditer(text, start, end), None):
        stop = token.start() if token else end
        yield from _sized(text, at, stop)
        at = token.end() if token else end


def _sized(text: str, start: int, end: int) -> Iterator[Span]:
    """Trim, and cut what is too long to read at sentence ends, else between words."""
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end:
        while start < end and not text[start].isalnum():
            start += 1
        cut = end if end - start <= LONGEST_QUOTE else _cut(text, start)
        stop = start + len(text[start:cut].rstrip())
        if start < stop:
            yield Span(start, stop)
        start = cut


def _cut(text: str, start: int) -> int:
    limit = start + LONGEST_QUOTE
    ends = [m.start() for m in _SENTENCE_END.finditer(text, start, limit)]
    space = text.rfind(" ", start + 1, limit)
    return ends[-1] if ends else space if space > start else limit
