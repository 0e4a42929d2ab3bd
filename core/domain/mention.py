"""One rule for "this value stands in this text", shared by removal and leak check.

Text and value are cut into tokens (letters, digits, single CJK characters), folded (case,
accents, ligatures) and joined; what stands between the tokens does not count. So ``Seán O'Brien``
is found in ``SEAN  OBRIEN``, ``sean-o’brien@…`` and ``S E A N O B R I E N``, and never inside a
longer word.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

_CJK = "\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W\d_{_CJK}]+|\d+")
_INVISIBLE = "\u00ad\u034f\u200b-\u200f\u2060\ufeff"
_MARKS = re.compile(f"[\u00b7\u0300-\u036f{_INVISIBLE}]")
_INSIDE_WORD = re.compile(f"['’‘`´\u0300-\u036f{_INVISIBLE}]*")
_SEPARATOR = re.compile(rf"[\W_]{{0,4}}(?:[ \t\n{_INVISIBLE}]*)")
_STROKES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
# Shorter values must be cut into tokens as the value itself is: "Al Li" is not in "all I".
_SURE_LENGTH = 7
_PHONE_LENGTH = 7


class Mention(NamedTuple):
    """``value`` stands, in whatever spelling, at ``[start, end)``."""

    start: int
    end: int
    value: str


class _Token(NamedTuple):
    text: str
    start: int
    end: int


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """Lower the case and take accents, ligatures and strokes off ``text``."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _MARKS.sub("", plain).translate(_STROKES)


def compact(text: str) -> str:
    """Reduce ``text`` to its folded letters and digits."""
    return "".join(token.text for token in _tokens(text))


def spellings(value: str) -> frozenset[str]:
    """List the folded spellings of ``value``: as written and with umlauts as ue/u either way."""
    nfc = unicodedata.normalize("NFC", value).casefold()
    plain = folded(nfc)
    expanded = folded(nfc.translate(_UMLAUTS))
    collapsed = re.sub(r"(?<=\w)([aou])e(?=\w\w)", r"\1", plain)
    return frozenset((plain, expanded, collapsed))


def _tokens(text: str) -> list[_Token]:
    if text.isascii():
        low = text.lower()
        return [_Token(m[0], m.start(), m.end()) for m in _TOKEN.finditer(low)]
    return [_Token(folded(m[0]), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def _with_marks(text: str, end: int) -> int:
    """Move ``end`` past the combining accents of the last letter."""
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


class Forms:
    """Values to look for, prepared once and searched in one pass over a text's tokens."""

    def __init__(self, values: Iterable[str]) -> None:
        self._cuts: dict[str, frozenset[int]] = {}
        self._value: dict[str, str] = {}
        self._prefixes: set[str] = set()
        self._digits: dict[str, str] = {}
        for value in sorted(set(values)):
            for spelling in spellings(value):
                self._add(spelling, value)

    def _add(self, spelling: str, value: str) -> None:
        form, end = "", 0
        cuts: list[int] = []
        for token in _tokens(spelling):
            if form and _INSIDE_WORD.fullmatch(spelling, end, token.start):
                cuts.pop()
            form, end = form + token.text, token.end
            cuts.append(len(form))
        if len(form) < (3 if form.isascii() else 2) or form in self._value:
            return
        self._cuts[form] = frozenset(cuts)
        self._value[form] = value
        self._prefixes.update(form[:n] for n in range(1, len(form) + 1))
        if form.isdigit() and len(form) >= _PHONE_LENGTH:
            self._digits[form] = value

    def mentions(self, text: str) -> list[Mention]:
        """Find every value, longest first at each place, in order, without overlaps."""
        if not self._value:
            return []
        found: list[Mention] = []
        at = 0
        read = text.lower() if text.isascii() else text
        for match in _TOKEN.finditer(read):
            if match.start() < at:
                continue
            mention = None
            if folded(match[0]) in self._prefixes:
                mention = self._longest(read, match)
            elif self._digits and len(match[0]) > _PHONE_LENGTH:
                mention = self._number_tail(match)
            if mention is not None:
                at = _with_marks(text, mention.end)
                found.append(mention._replace(end=at))
        return found

    def _longest(self, text: str, first: re.Match[str]) -> Mention | None:
        joined, end = folded(first[0]), first.end()
        cuts = [len(joined)]
        best: Mention | None = None
        while True:
            if joined in self._value and self._fits(joined, cuts):
                best = Mention(first.start(), end, self._value[joined])
            gap = _SEPARATOR.match(text, end)
            token = _TOKEN.match(text, gap.end()) if gap else None
            if token is None or joined + folded(token[0]) not in self._prefixes:
                return best
            if _INSIDE_WORD.fullmatch(text, end, token.start()):
                cuts.pop()
            joined, end = joined + folded(token[0]), token.end()
            cuts.append(len(joined))

    def _fits(self, form: str, cuts: list[int]) -> bool:
        """Long values may be cut anywhere; short ones only, and wholly, where the value is."""
        spelled_out = len(cuts) == len(form) > 2
        return len(form) >= _SURE_LENGTH or spelled_out or frozenset(cuts) == self._cuts[form]

    def _number_tail(self, token: re.Match[str]) -> Mention | None:
        """A phone number written in one with its country code still counts."""
        for form, value in self._digits.items():
            if token[0].isdigit() and token[0].endswith(form):
                return Mention(token.start(), token.end(), value)
        return None
