"""What in a text is worth a warning: orders to a model, invisible characters, stuffed keywords."""

import base64
import binascii
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from core.domain.document import Flag, FlagKind, Span

_PATTERNS = Path(__file__).resolve().parents[2] / "data" / "documents" / "instructions.toml"
_ORDER = "This passage addresses a computer, not a reader. It is shown to you and has no effect."
_ENCODED = "This passage is encoded and holds an order to a computer. It has no effect."
_INVISIBLE = "Invisible characters were placed inside the text and removed."
_REVERSED = "Characters that reverse the reading direction were placed in the text and removed."
_STUFFED = "The same words are repeated far more often than prose or lists need."

# Words that nearly every pattern needs; most resumes hold none and cost one scan.
_HINT = re.compile(
    r"instru|prompt|ignor|disregard|forget|overrid|bypass|anweis|vorgab|kriteri|consigne|directive"
    r"|criteria|regel|regol|regra|règle|indica|istruz|orient|opdracht|aanwijz|polec|criterion"
    r"|\bai\b|\ba\.i\.|\bki\b|\bia\b|\bllm|gpt|language model|sprachmodell|modèle de|modelo de"
    r"|intelligen[cz]|<\||\[/?inst|\[/?assist|\[/?user|</?|\boutput\b|\bmode\b|system|<<sys|highest|maximum|perfect|score|rate|rank|grade"
    r"|punktzahl|bewert|puntua|califica|punteggio|pontua|\bnota\b|recommend|advance"
    r"|shortlist|qualified candidate|best candidate",
    re.IGNORECASE,
)
_WIDE = re.compile(r"\s+")
_NEAR = 260
_BLOB = re.compile(
    r"(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/]{4}){9,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
)
_ZERO_WIDTH = re.compile(
    "[\u200b\u200c\u200d\u2060\ufeff]{8,}|(?:[a-z][\u200b\u200c\u200d\u2060]){6,}", re.I
)
_BIDI = re.compile("[\u202d\u202e]")
_WORD = re.compile(r"[^\W\d_]{3,}")
_BLOCK = 60


@cache
def _orders() -> re.Pattern[str]:
    languages = tomllib.loads(_PATTERNS.read_text("utf-8"))
    patterns = [
        p for table in languages.values() if isinstance(table, dict) for p in table["patterns"]
    ]
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


def orders(text: str) -> list[Flag]:
    """Find passages that order a model about, in the clear or base64-encoded; spans into text."""
    found = [Flag(FlagKind.INSTRUCTION, _ORDER, span) for span in _spans(text)]
    blobs = (b for b in _BLOB.finditer(text) if any(True for _ in _spans(_decoded(b[0]))))
    return found + [Flag(FlagKind.INSTRUCTION, _ENCODED, Span(*b.span())) for b in blobs]


def _decoded(blob: str) -> str:
    try:
        return base64.b64decode(blob, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _spans(text: str) -> Iterator[Span]:
    """Search only near a hint, with line breaks as spaces so that no offset moves."""
    if not text:
        return
    flat = text.replace("\n", " ").replace("\t", " ")
    reached = 0
    for hint in _HINT.finditer(flat):
        if hint.start() < reached:
            continue
        start = max(reached, hint.start() - 60)
        for match in _orders().finditer(flat, start, min(len(flat), hint.end() + _NEAR)):
            yield Span(*match.span())
            reached = match.end()


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
