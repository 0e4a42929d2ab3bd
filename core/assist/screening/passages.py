"""Cut a text into passages that can be quoted: lines and sentences without identity tokens.

Words that could be somebody's name break a passage just as a token does. Whether such a word is the
candidate's own name, and so a token, then makes no difference to what counts.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.assist.screening.wording import stems, weight
from core.domain.document import Span

LONGEST_PASSAGE = 240

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


def breaks_of(text: str, name_like: Sequence[Span] = ()) -> tuple[Span, ...]:
    """List what no passage may hold, in order: tokens and words that could be names."""
    tokens = (Span(*token.span()) for token in TOKEN.finditer(text))
    return tuple(sorted((*tokens, *name_like)))


def passages_of(text: str, breaks: Sequence[Span]) -> Iterator[Passage]:
    """Yield the passages of ``text`` that tell anything, in order."""
    for unit in _units(text):
        for span in pieces(text, unit, breaks):
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


def pieces(text: str, within: Span, breaks: Sequence[Span]) -> Iterator[Span]:
    """Yield the parts of ``within`` that can be quoted; ``breaks`` are in order."""
    at = within.start
    first = bisect_left(breaks, within.start, key=lambda each: each.end)
    last = bisect_left(breaks, within.end, key=lambda each: each.start)
    for gap in breaks[first:last]:
        yield from _sized(text, at, max(at, gap.start))
        at = max(at, gap.end)
    yield from _sized(text, at, within.end)


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
