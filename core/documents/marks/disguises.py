"""The ways in which an order can be written so that a model reads it and a search does not."""

import re
from collections.abc import Iterator

from core.documents.marks.codes import decoded
from core.documents.marks.letters import DIGITS_FOR_LETTERS, FOLDED, LOOK_ALIKE, ROT13
from core.documents.marks.views import View

# Marks drawn over or between letters: struck out, vowelled, stretched.
_OVERLAID = re.compile("[\u0300-\u036f\u0640\u064b-\u0652\u20d0-\u20ff]+")
_BROKEN_WORD = re.compile(r"(?<=\w)[-\u2010]\s*\n\s*(?=\w)")
_WIDE = re.compile(r" {2,}")
_FOREIGN = re.compile("[\u0250-\u03ff\u0400-\u058f\u1d00-\u1dbf\ua730-\ua7ff]")
_MIXED_WORD = re.compile(r"[a-z][0134578@$!|][a-z]|[0134578@$!|][a-z][0134578@$!|]")
_WORD = re.compile(r"[^\s,;:()]+")
_SPACED = re.compile(r"(?<![^\W_])[^\W_](?:[ .\-_*·|/~\n]{1,3}[^\W_](?![^\W_])){9,}")
_BETWEEN = re.compile(r"[^\w]+|_+")
_RUN_TOGETHER = re.compile(r"[^\W\d_]{24,}")


def readings(text: str) -> Iterator[View]:
    """Yield ``text`` as its words can be meant, the plain reading first."""
    given = View(text)
    for view in (given, *decoded(given)):
        plain = _plain(view)
        yield plain
        yield plain.translated(ROT13)
        yield plain.turned()
        if _FOREIGN.search(plain.text):
            yield plain.translated(LOOK_ALIKE)
        if _MIXED_WORD.search(plain.text):
            yield plain.rewritten(_WORD, _without_digits)


def run_together(text: str) -> Iterator[View]:
    """Yield words written without blanks, or letter by letter, as one run each."""
    given = View(text)
    for run in _SPACED.finditer(text):
        letters = given.within(*run.span()).rewritten(_BETWEEN, lambda _: "")
        yield letters.translated(FOLDED)
        yield letters.translated(FOLDED).translated(LOOK_ALIKE)
    for run in _RUN_TOGETHER.finditer(text):
        yield given.within(*run.span()).translated(FOLDED)


def _plain(view: View) -> View:
    """Without marks, broken words, capitals and accents; one blank between two words."""
    view = view.rewritten(_OVERLAID, lambda _: "").rewritten(_BROKEN_WORD, lambda _: "")
    return view.translated(FOLDED).rewritten(_WIDE, lambda _: " ")


def _without_digits(word: re.Match[str]) -> str | None:
    return word[0].translate(DIGITS_FOR_LETTERS) if _MIXED_WORD.search(word[0]) else None
