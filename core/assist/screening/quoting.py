"""Choose and cut what is shown as evidence, so that it convinces a reader at a glance."""

import re
from collections.abc import Sequence

from core.assist.screening.passages import Passage
from core.domain.document import Span

LONGEST_QUOTE = 160
MOST_QUOTES = 3
FULL_WORDS = 3
"""A quote of fewer words is a fragment, shown only where there is nothing fuller."""

LIST_COMMAS = 4
"""Commas that make a list of a quote; sentences are shown before lists."""


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


def worth_showing(passages: Sequence[Passage]) -> list[Passage]:
    """Leave out fragments and repetitions where there is better; sentences before lists."""
    fuller = [p for p in passages if p.text.count(" ") + 1 >= FULL_WORDS] or passages
    fuller = sorted(fuller, key=lambda p: p.text.count(",") >= LIST_COMMAS)
    kept: list[Passage] = []
    for passage in fuller:
        said = " ".join(passage.text.lower().split())
        if not any(said in " ".join(k.text.lower().split()) for k in kept):
            kept.append(passage)
    return kept
