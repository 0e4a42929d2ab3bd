"""Writing text without case and accents, so that a search finds what people mean."""

import re
import unicodedata

_RUN = re.compile(r"[^\x00-\x7f]+")
# Accents of Latin, Greek, Cyrillic, Hebrew and Arabic, and characters nobody sees. The marks of
# other scripts are letters of theirs and stay.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    "\ufe00-\ufe2f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
)
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "þ": "th", "æ": "ae", "œ": "oe"}
    | dict.fromkeys("‘’‛ʼ", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
)


def fold(text: str) -> str:
    """Write ``text`` without case, accents and invisible characters."""
    return text.lower() if text.isascii() else _RUN.sub(_folded, text).lower()


def origin(text: str, place: int) -> int:
    """Say where in ``text`` the character at ``place`` of ``fold(text)`` comes from."""
    shift = 0
    for run in _RUN.finditer(text):
        inside = place + shift - run.start()
        if inside < 0:
            break
        width = len(_folded(run))
        if inside < width:
            return run.start() + _within(run[0], inside)
        shift += len(run[0]) - width
    return min(place + shift, len(text))


def laid_out(text: str) -> tuple[str, list[int]]:
    """Fold a short ``text`` and say of each character of the outcome where it comes from."""
    pieces = [(at, _SINGLE[c] if c > "\x7f" else c.lower()) for at, c in enumerate(text)]
    return "".join(piece for _, piece in pieces), [at for at, piece in pieces for _ in piece]


def _within(run: str, place: int) -> int:
    width = 0
    for at, character in enumerate(run):
        width += len(_SINGLE[character])
        if width > place:
            return at
    return len(run)


def _fold_run(run: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", run).casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", plain).translate(_LETTERS)).lower()


class _Singles(dict[str, str]):
    """Single characters, folded once: few of a resume's are not ASCII, and those are frequent."""

    def __missing__(self, character: str) -> str:
        folded = self[character] = _fold_run(character)
        return folded


_SINGLE = _Singles()


def _folded(run: re.Match[str]) -> str:
    return _SINGLE[run[0]] if len(run[0]) == 1 else _fold_run(run[0])
