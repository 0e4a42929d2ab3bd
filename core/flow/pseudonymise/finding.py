"""What a recogniser reports, and what recognisers share."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.domain.identity import IdentityKind

CAPITALISED: Final = r"(?:[A-ZÀ-ÖØ-ÞĀ-ſΑ-ΩА-ЯƏȘȚ](?<!\w.)[\w'’´\-]{0,40})"
"""A word that starts with a capital, as a pattern; bounded, so that no text makes it slow."""

_LINE = re.compile(r"[^\n]+")
_HEAD_LINES = 12


@dataclass(frozen=True, slots=True)
class Finding:
    """An identifier at ``[start, end)``; equal ``key`` within a kind means the same token.

    ``searched`` says whether the same value is to be looked for in the rest of the text.
    """

    kind: IdentityKind
    start: int
    end: int
    key: str
    searched: bool = True


class Cued:
    """A pattern that is only tried on texts holding one of its cues.

    Cues are in lower case. Looking for them costs a hundredth of trying the pattern.
    """

    def __init__(self, pattern: str, cues: str, *, flags: int = re.IGNORECASE) -> None:
        self.pattern = re.compile(pattern, flags)
        self.cues = tuple(cues.split("|"))

    def finditer(self, text: str, lower: str, end: int | None = None) -> Iterator[re.Match[str]]:
        """Find all matches in ``text[:end]``; ``lower`` is ``text.lower()``."""
        if any(cue in lower for cue in self.cues):
            yield from self.pattern.finditer(text, 0, len(text) if end is None else end)


def head_end(text: str) -> int:
    """Offset where the first dozen non-empty lines end: the usual place of contact details."""
    end = 0
    for count, line in enumerate(lines_of(text), 1):
        end = line.end()
        if count == _HEAD_LINES:
            break
    return end


def lines_of(text: str) -> Iterator[re.Match[str]]:
    """Iterate over the lines that hold more than blanks."""
    return (line for line in _LINE.finditer(text) if not line[0].isspace())
