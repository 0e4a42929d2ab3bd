"""Warnings that need no grammar: characters nobody sees, words repeated beyond measure."""

import re
from collections import Counter

from core.domain.document import Flag, FlagKind, Span

_INVISIBLE = "Invisible characters were placed inside the text and removed."
_REVERSED = "Characters that reverse the reading direction were placed in the text and removed."
_STUFFED = "The same words are repeated far more often than prose or lists need."

_ZERO_WIDTH = re.compile(
    "[\u200b\u200c\u200d\u2060-\u2064\ufeff\u3164\u115f\u1160\ufe00-\ufe0f\U000e0100-\U000e01ef]{8,}"
    "|(?:[a-z][\u200b\u200c\u200d\u2060-\u2064\u00ad]){6,}",
    re.I,
)
_BIDI = re.compile("[\u202d\u202e]")
_WORD = re.compile(r"[^\W\d_]{3,}")
_BLOCK = 60


def invisible(raw: str) -> list[Flag]:
    """Look for zero-width and direction characters in the text before it is cleaned."""
    if raw.isascii():
        return []
    flags = []
    if _ZERO_WIDTH.search(raw):
        flags.append(Flag(FlagKind.HIDDEN_TEXT, _INVISIBLE))
    if _BIDI.search(raw):
        flags.append(Flag(FlagKind.HIDDEN_TEXT, _REVERSED))
    return flags


def stuffing(text: str) -> list[Flag]:
    """Find a stretch in which a few words fill everything, as prose and skill lists never do."""
    words = list(_WORD.finditer(text))
    for start in range(0, max(len(words) - _BLOCK + 1, 0), _BLOCK // 2):
        block = words[start : start + _BLOCK]
        distinct = Counter(word[0].casefold() for word in block)
        if len(distinct) <= _BLOCK // 5:
            span = Span(block[0].start(), block[-1].end())
            return [Flag(FlagKind.KEYWORD_STUFFING, _STUFFED, span)]
    return []
