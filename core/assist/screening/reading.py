"""A pseudonymised resume made ready for judging: quotable passages and the words in them."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from math import log1p, sqrt

from core.assist.screening.passages import Passage, breaks_of, passages_of, pieces
from core.assist.screening.phrases import pattern
from core.assist.screening.quoting import LONGEST_QUOTE, MOST_QUOTES, around, worth_showing
from core.assist.screening.wording import stems, weight
from core.domain.assessment import AssessmentRequest, Evidence, locate
from core.domain.criteria import Criterion
from core.domain.document import Month, Position, ResumeFacts, Span
from core.domain.identity import PseudonymisedText


class Reading:
    """The passages of one resume and which words they share; built once per assessment."""

    def __init__(self, request: AssessmentRequest) -> None:
        self.text: PseudonymisedText = request.text
        self.facts: ResumeFacts = request.facts
        self.criteria: tuple[Criterion, ...] = request.criteria.criteria
        self.as_of: Month | None = request.as_of or _latest(request.facts)
        self._breaks = breaks_of(request.text.text, request.name_like)
        self.passages: tuple[Passage, ...] = tuple(passages_of(request.text.text, self._breaks))

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
        return self.finding(pattern(phrases)) if phrases else ()

    def finding(self, wanted: re.Pattern[str]) -> tuple[Passage, ...]:
        """List the passages in which ``wanted`` is written, cut to quotes that hold it."""
        found: dict[Span, Passage] = {}
        for hit in wanted.finditer(self.text.text):
            passage = self._around(Span(*hit.span()))
            if passage:
                found.setdefault(passage.span, around(passage, Span(*hit.span())))
        return tuple(found.values())

    def _around(self, span: Span) -> Passage | None:
        """The passage that holds ``span``, or the two it crosses as one."""
        number = bisect_right(self._starts, span.start) - 1
        if number < 0:
            return None
        both = self.passages[number : number + 2]
        if span.end <= both[0].span.end:
            return both[0]
        joined = self.joined(both[0], both[-1])
        return joined[0] if len(joined) == 1 and span.end <= joined[0].span.end else None

    @cached_property
    def _starts(self) -> list[int]:
        return [p.span.start for p in self.passages]

    def line_at(self, offset: int) -> Passage | None:
        """Give the part of the line around ``offset`` that can be quoted, telling or not."""
        text = self.text.text
        end = text.find("\n", offset)
        line = Span(text.rfind("\n", 0, offset) + 1, end if end >= 0 else len(text))
        parts = pieces(text, line, self._breaks)
        span = next((p for p in parts if p.start <= offset < p.end), None)
        return Passage(span, span.of(text), frozenset()) if span else None

    def passages_at(self, span: Span) -> tuple[Passage, ...]:
        """List the passages that overlap ``span``."""
        return tuple(p for p in self.passages if p.span.overlaps(span))

    def joined(self, one: Passage, other: Passage) -> list[Passage]:
        """Make one passage of two if what lies between them is short and names nobody."""
        start = min(one.span.start, other.span.start)
        span = Span(start, max(one.span.end, other.span.end))
        text = span.of(self.text.text)
        if len(text) > LONGEST_QUOTE or any(span.overlaps(gap) for gap in self._breaks):
            return list(dict.fromkeys((one, other)))
        return [Passage(span, text, one.words | other.words)]

    def quote(self, passages: Iterable[Passage]) -> tuple[Evidence, ...]:
        """Make verified quotes of the first passages, in the order given.

        Fragments and what another quote says already are left out where there is better.
        """
        found = worth_showing([around(p, p.span) for p in passages])
        quotes = (locate(self.text, p.text, p.span.start) for p in found)
        return tuple(e for e in quotes if e)[:MOST_QUOTES]

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
