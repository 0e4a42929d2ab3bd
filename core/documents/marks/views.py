"""A text read in another way, with the way back to where each character came from."""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import NamedTuple

from core.domain.document import Span


class Piece(NamedTuple):
    """Characters from ``at`` stand for ``source``: one for one where ``kept``, else as a whole."""

    at: int
    source: Span
    kept: bool


class View:
    """``text`` as it reads after a change; ``origin`` leads back through every change made."""

    __slots__ = ("_below", "_pieces", "_turned", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._below: View | None = None
        self._pieces: list[Piece] = []
        self._turned = False

    def translated(self, table: Mapping[int, str] | Mapping[int, int]) -> "View":
        """Replace characters one for one."""
        return self._above(self.text.translate(table))

    def turned(self) -> "View":
        """Read from the end to the beginning."""
        return self._above(self.text[::-1], turned=True)

    def within(self, start: int, end: int) -> "View":
        """Cut a part out."""
        return self._above(self.text[start:end], [Piece(0, Span(start, end), kept=True)])

    def rewritten(
        self, pattern: re.Pattern[str], write: Callable[[re.Match[str]], str | None]
    ) -> "View":
        """Replace what ``pattern`` finds, None leaving it; the same view where nothing changes."""
        parts: list[str] = []
        pieces: list[Piece] = []
        done = length = 0
        for match in pattern.finditer(self.text):
            written = write(match)
            if written is None:
                continue
            start, end = match.span()
            parts += [self.text[done:start], written]
            pieces += [Piece(length, Span(done, start), kept=True)]
            length += start - done
            pieces += [Piece(length, Span(start, end), kept=False)]
            length, done = length + len(written), end
        if not pieces:
            return self
        pieces.append(Piece(length, Span(done, len(self.text)), kept=True))
        return self._above("".join((*parts, self.text[done:])), pieces)

    def origin(self, span: Span) -> Span:
        """Say where in the source a span of this view was written."""
        if self._below is None:
            return span
        if self._turned:
            span = Span(len(self.text) - span.end, len(self.text) - span.start)
        elif self._pieces:
            span = Span(self._source(span.start).start, self._source(span.end - 1).end)
        return self._below.origin(span)

    def _source(self, at: int) -> Span:
        # Of several pieces at one place the last has characters; the others were emptied.
        piece = self._pieces[bisect_right(self._pieces, at, key=lambda each: each.at) - 1]
        if not piece.kept:
            return piece.source
        start = piece.source.start + at - piece.at
        return Span(start, start + 1)

    def _above(
        self, text: str, pieces: list[Piece] | None = None, *, turned: bool = False
    ) -> "View":
        view = View(text)
        view._below, view._pieces, view._turned = self, pieces or [], turned
        return view
