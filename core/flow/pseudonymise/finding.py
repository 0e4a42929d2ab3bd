"""What a recogniser reports, and the wordings recognisers share."""

import re
from dataclasses import dataclass
from typing import Final

from core.domain.identity import IdentityKind

CAPITALISED: Final = r"(?:[A-ZÀ-ÖØ-ÞĀ-ſΑ-ΩА-ЯƏȘȚ][\w'’´\-]*)"
"""A word that starts with a capital, as a pattern."""

_NON_EMPTY_LINE = re.compile(r"[^\n]*\S[^\n]*")
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


def head_end(text: str) -> int:
    """Offset where the first dozen non-empty lines end: the usual place of contact details."""
    end = 0
    for count, line in enumerate(_NON_EMPTY_LINE.finditer(text), 1):
        end = line.end()
        if count == _HEAD_LINES:
            break
    return end
