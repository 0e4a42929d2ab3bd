"""RTF: striprtf for the text, a small scan of our own for what is formatted as hidden."""

import re
from collections.abc import Callable
from typing import NamedTuple

from striprtf import striprtf

from core.documents import limits
from core.documents.composed import COMMENTS, PROPERTIES, Aside, Concealment, Draft, Run
from core.documents.limits import Limits
from core.domain.document import FlagKind
from core.errors import DocumentRefused

HIDDEN = Concealment(FlagKind.HIDDEN_TEXT, "Text formatted as hidden, white or tiny.")
# Private-use characters that mark where hidden text begins and ends on the way through striprtf.
_BEGIN, _END = "\ue0f0", "\ue0f1"
_MARK = {True: "\\uc0\\u-7952 ", False: "\\uc0\\u-7951 "}
_TOKEN = re.compile(r"\\([a-z]{1,32})(-?\d{1,10})? ?|\\[^a-z]|([{}])|([^\\{}\r\n]+)|[\r\n]+")
_COLOURS = re.compile(r"\{\\colortbl([^}]*)\}")
_CHANNEL = re.compile(r"\\(?:red|green|blue)(\d+)")
_INFO = re.compile(r"\{\\(?:title|subject|keywords|doccomm|comment|author) ([^{}]*)\}")
_NOTE = re.compile(r"\{\\\*\\annotation([^{}]*(?:\{[^{}]*\}[^{}]*){0,20})\}")
_WORDS = re.compile(r"\\[a-z]+-?\d* ?|[{}]")
_TINY_HALF_POINTS = 6
_FAINT = 0xE1


# The library ships no types.
_to_text: Callable[..., str] = striprtf.rtf_to_text


class _Look(NamedTuple):
    vanish: bool = False
    colour: int = 0
    half_points: int = 24


def read_rtf(content: bytes, bounds: Limits) -> Draft:
    """Read the text; groups nested deeper than the limit are refused."""
    source = content.decode("latin-1")
    marked = _marked(source, bounds.max_depth)
    try:
        text = _to_text(marked, encoding="cp1252", errors="replace")
    except (ValueError, LookupError, IndexError, KeyError, TypeError, OverflowError) as error:
        raise DocumentRefused(limits.BROKEN) from error
    asides = [Aside(PROPERTIES, match[1]) for match in _INFO.finditer(source)]
    asides += [Aside(COMMENTS, _WORDS.sub(" ", match[1])) for match in _NOTE.finditer(source)]
    return Draft(pages=[_split(text)], asides=asides)


def _split(text: str) -> list[Run]:
    runs: list[Run] = []
    for number, piece in enumerate(re.split(f"[{_BEGIN}{_END}]", text)):
        runs.append(Run(piece, HIDDEN if number % 2 else None))
    return runs


def _marked(source: str, deepest: int) -> str:
    """Put a mark before and after text that is hidden, white or tiny."""
    faint = _faint_colours(source)
    looks = [_Look()]
    parts: list[str] = []
    hidden = False
    for token in _TOKEN.finditer(source):
        word, number, brace, words = token.groups()
        if brace == "{":
            looks.append(looks[-1])
        elif brace and len(looks) > 1:
            looks.pop()
        elif word:
            looks[-1] = _changed(looks[-1], word, int(number) if number else None)
        if len(looks) > deepest:
            raise DocumentRefused(limits.TOO_DEEP)
        now = _is_hidden(looks[-1], faint)
        if words and now != hidden and len(looks) > 1:
            parts.append(_MARK[now])
            hidden = now
        parts.append(token[0])
    return "".join(parts)


def _changed(look: _Look, word: str, number: int | None) -> _Look:
    match word:
        case "plain":
            return _Look()
        case "v":
            return look._replace(vanish=number != 0)
        case "cf":
            return look._replace(colour=number or 0)
        case "fs":
            return look._replace(half_points=24 if number is None else number)
    return look


def _is_hidden(look: _Look, faint: frozenset[int]) -> bool:
    return look.vanish or look.colour in faint or look.half_points < _TINY_HALF_POINTS


def _faint_colours(source: str) -> frozenset[int]:
    table = _COLOURS.search(source)
    entries = table[1].split(";") if table else []
    channels = [[int(n) for n in _CHANNEL.findall(entry)] for entry in entries]
    return frozenset(i for i, rgb in enumerate(channels) if len(rgb) == 3 and min(rgb) >= _FAINT)
