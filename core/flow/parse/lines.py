"""A text as lines with offsets."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from core.domain.document import Span

_LINE = re.compile(r"[^\n]+")
_BULLET = re.compile(r"\s*(?:[•●▪■◦‣∙·*►▶➢➤✓✔–—-]|[oO](?=\s))\s*(?=\S)")


@dataclass(frozen=True)
class Line:
    """One line that holds more than spaces, without the spaces around it."""

    number: int
    start: int
    text: str

    @property
    def end(self) -> int:
        """Offset after the last character."""
        return self.start + len(self.text)

    @property
    def span(self) -> Span:
        """Where the line stands in the document."""
        return Span(self.start, self.end)

    @cached_property
    def bulleted(self) -> bool:
        """Say whether the line begins with a list mark."""
        return bool(_BULLET.match(self.text))


class Lines:
    """All lines of a text, found by number or by offset."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.all: list[Line] = []
        for match in _LINE.finditer(text):
            bare = match[0].strip()
            if bare:
                start = match.start() + match[0].index(bare[0])
                self.all.append(Line(len(self.all), start, bare))
        self._starts = [line.start for line in self.all]

    def at(self, offset: int) -> Line:
        """Give the line that holds ``offset`` or, between lines, the one before it."""
        return self.all[max(bisect_right(self._starts, offset) - 1, 0)]

    def between(self, span: Span) -> list[Line]:
        """List the lines that begin inside ``span``."""
        first = bisect_right(self._starts, span.start - 1)
        return self.all[first : bisect_right(self._starts, span.end - 1)]
