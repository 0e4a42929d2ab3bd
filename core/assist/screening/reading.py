"""A pseudonymised resume made ready for judging: quotable passages and the words in them."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log1p, sqrt

from core.assist.screening.phrases import pattern
from core.assist.screening.wording import stems, weight
from core.domain.assessment import AssessmentRequest, Evidence, locate
from core.domain.criteria import Criterion
from core.domain.document import Month, Position, ResumeFacts, Span
from core.domain.identity import PseudonymisedText

LONGEST_PASSAGE = 240
LONGEST_QUOTE = 160
FULL_WORDS = 3
"""A quote of fewer words is a fragment, shown only where there is nothing fuller."""
MOST_QUOTES = 3
LIST_COMMAS = 4
"""Commas that make a list of a quote; sentences are shown before lists."""

TOKEN = re.compile(r"\[[A-Z][A-Z_]*_\d+\]")
_WRAPPED = 40
_GOES_ON = re.compile(r"\s*(?!o\s)[a-zäöüß]")
_OPEN = re.compile(r"[\w,&/)-]\s*$")
_LISTS_ON = re.compile(r"(?:,|&|\b(?:and|und|or|oder))\s*$")
_LONGEST_STUB = 26
_STUB = re.compile(r"\s*\([^()\n]*\Z")
"""A bracket that an identity token or the line's end left open."""
_LOOSE_END = " \t\n\r\f\v\u00a0([{|,;:–—•·-"
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
        self.criteria: tuple[Criterion, ...] = request.criteria.criteria
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
        pieces = _pieces(text, text.rfind("\n", 0, offset) + 1, end if end >= 0 else len(text))
        span = next((p for p in pieces if p.start <= offset < p.end), None)
        return Passage(span, span.of(text), frozenset()) if span else None

    def passages_at(self, span: Span) -> tuple[Passage, ...]:
        """List the passages that overlap ``span``."""
        return tuple(p for p in self.passages if p.span.overlaps(span))

    def joined(self, one: Passage, other: Passage) -> list[Passage]:
        """Make one passage of two if what lies between them is short and names nobody."""
        start = min(one.span.start, other.span.start)
        span = Span(start, max(one.span.end, other.span.end))
        text = span.of(self.text.text)
        if len(text) > LONGEST_QUOTE or TOKEN.search(text):
            return list(dict.fromkeys((one, other)))
        return [Passage(span, text, one.words | other.words)]

    def quote(self, passages: Iterable[Passage]) -> tuple[Evidence, ...]:
        """Make verified quotes of the first passages, in the order given.

        Fragments and what another quote says already are left out where there is better.
        """
        found = _telling([around(p, p.span) for p in passages])
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


def around(passage: Passage, span: Span) -> Passage:
    """Cut ``passage`` to a readable quote between words that holds the beginning of ``span``."""
    if len(passage.text) <= LONGEST_QUOTE:
        return passage
    at = span.start - passage.span.start
    start = 0 if at < LONGEST_QUOTE * 0.6 else _boundary(passage.text, at)
    cut = passage.text[start : start + LONGEST_QUOTE + 1]
    text = (cut if len(cut) <= LONGEST_QUOTE else cut[: _last_space(cut)]).rstrip(" ,;\n")
    first = passage.span.start + start
    return Passage(Span(first, first + len(text)), text, passage.words)


def _boundary(text: str, at: int) -> int:
    """Where the list item or word begins that is some way before ``at``."""
    earliest = at - LONGEST_QUOTE // 3
    comma = text.find(", ", earliest, at)
    space = text.find(" ", earliest, at)
    return comma + 2 if comma >= 0 else space + 1 if space >= 0 else at


def _last_space(text: str) -> int:
    spaces = [m.start() for m in re.finditer(r"\s", text)]
    return spaces[-1] if spaces else LONGEST_QUOTE


def _telling(passages: Sequence[Passage]) -> list[Passage]:
    fuller = [p for p in passages if p.text.count(" ") + 1 >= FULL_WORDS] or passages
    fuller = sorted(fuller, key=lambda p: p.text.count(",") >= LIST_COMMAS)
    kept: list[Passage] = []
    for passage in fuller:
        said = " ".join(passage.text.lower().split())
        if not any(said in " ".join(k.text.lower().split()) for k in kept):
            kept.append(passage)
    return kept


def _latest(facts: ResumeFacts) -> Month | None:
    months = [m for p in facts.positions for m in (p.start, p.end) if m]
    return max(months, default=None)


def _passages(text: str) -> Iterator[Passage]:
    for unit in _units(text):
        for span in _pieces(text, unit.start, unit.end):
            quote = span.of(text)
            words = frozenset(s for s in stems(quote) if weight(s) > 0)
            if words:
                yield Passage(span, quote, words)


def _units(text: str) -> Iterator[Span]:
    """Lines, with those the paper's edge cut in two put together again."""
    start = at = 0
    before = ""
    for line in text.splitlines(keepends=True):
        if before and not _continues(before, line):
            yield Span(start, at)
            start = at
        at += len(line)
        before = line
    if before:
        yield Span(start, at)


def _continues(before: str, line: str) -> bool:
    if _LISTS_ON.search(before):
        return line.lstrip()[:1].isalnum()
    return bool(len(before) >= _WRAPPED and _GOES_ON.match(line) and _OPEN.search(before))


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    at = start
    for token in (*TOKEN.finditer(text, start, end), None):
        stop = token.start() if token else end
        yield from _sized(text, at, stop)
        at = token.end() if token else end


def _sized(text: str, start: int, end: int) -> Iterator[Span]:
    """Trim, and cut what is too long to read at sentence ends, else between words."""
    while end > start and text[end - 1] in _LOOSE_END:
        end -= 1
    stub = _STUB.search(text, max(start, end - _LONGEST_STUB), end)
    end = stub.start() if stub else end
    while start < end:
        while start < end and not text[start].isalnum():
            start += 1
        cut = end if end - start <= LONGEST_PASSAGE else _cut(text, start)
        stop = start + len(text[start:cut].rstrip())
        if start < stop:
            yield Span(start, stop)
        start = cut


def _cut(text: str, start: int) -> int:
    limit = start + LONGEST_PASSAGE
    ends = [m.start() for m in _SENTENCE_END.finditer(text, start, limit)]
    space = text.rfind(" ", start + 1, limit)
    return ends[-1] if ends else space if space > start else limit
