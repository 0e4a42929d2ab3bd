"""Put the pieces that a format's reader found together into one clean text with offsets."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from core.documents.mojibake import repair
from core.domain.document import Flag, FlagKind, Page, Span


class Concealment(NamedTuple):
    """Why a reader of the page would not see a run."""

    kind: FlagKind
    reason: str


class Run(NamedTuple):
    """A piece of text that is wholly visible or wholly concealed for one reason."""

    text: str
    concealed: Concealment | None = None


class Aside(NamedTuple):
    """Text that the file carries and no page shows; ``place`` names where, in the plural."""

    place: str
    text: str


PROPERTIES = "The file's properties"
COMMENTS = "Comments in the file"
DESCRIPTIONS = "Descriptions of pictures"
DELETED = "Deleted passages"
CODES = "Codes behind the text"
FIELDS = "Form fields"


@dataclass(slots=True)
class Draft:
    """What a format's reader found: runs by page, and remarks that have no place in the text.

    ``asides`` never become part of the text; they are only searched for orders to a computer.
    """

    pages: list[list[Run]] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    ocr: bool = False
    illustrated: bool = False


SMUGGLED = Concealment(
    FlagKind.HIDDEN_TEXT, "Text written in invisible Unicode characters was made readable here."
)
_CONTROL = dict.fromkeys((*range(32), *range(0x7F, 0xA0)), " ")
_SPACES = dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_BREAKS = dict.fromkeys((0x0B, 0x0C, 0x85, 0x2028, 0x2029, 0x0D), "\n")
# Characters that only steer layout; where they carry a message, ``marks`` has flagged them.
_UNSEEN = dict.fromkeys(
    (0xAD, 0x115F, 0x1160, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x3164, 0xFEFF, 0x180E,
     *range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x206A),
     *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
)  # fmt: skip
_CLEAN = _CONTROL | _SPACES | _BREAKS | _UNSEEN | {0x09: "\t", 0x0A: "\n"}
_SURROGATE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_TAGS = re.compile("([\U000e0020-\U000e007e]{4,})")
_STRAY_TAGS = re.compile("[\U000e0000-\U000e007f]")
_TRAILING = re.compile(r"[ \t]+(?=\n)")
_WIDE = re.compile(r" {3,}")
_GAPS = re.compile(r"\n{3,}")
# Enough letters to say something; dots, bullets and icons are often white or tiny for layout.
_TELLS = 4


def compose(pages: Iterable[Sequence[Run]], limit: int) -> tuple[str, list[Page], list[Flag]]:
    r"""Join runs to NFC text with ``\n`` line ends, at most ``limit`` characters long."""
    parts: list[str] = []
    placed: list[Page] = []
    flags: list[Flag] = []
    length = 0
    for number, runs in enumerate(pages, start=1):
        if number > 1:
            parts.append("\n")
            length += 1
        start = length
        for text, concealed in _cleaned(runs):
            parts.append(text)
            if concealed and sum(map(str.isalnum, text)) >= _TELLS:
                flags.append(Flag(*concealed, Span(length, length + len(text))))
            length += len(text)
        placed.append(Page(number, Span(start, length)))
        if length > limit:
            break
    return _cut("".join(parts), placed, flags, limit)


def _cleaned(runs: Sequence[Run]) -> Iterator[Run]:
    for concealed, group in groupby(_unmasked(runs), key=lambda run: run.concealed):
        text = clean("".join(run.text for run in group))
        if text:
            yield Run(text, concealed)


def _unmasked(runs: Sequence[Run]) -> Iterator[Run]:
    for run in runs:
        if not _STRAY_TAGS.search(run.text):
            yield run
            continue
        for piece in _TAGS.split(run.text):
            smuggled = bool(_TAGS.fullmatch(piece))
            # Blanks keep its words apart from those it was placed between.
            plain = f" {_spelled(piece)} " if smuggled else piece
            yield Run(_STRAY_TAGS.sub("", plain), SMUGGLED if smuggled else run.concealed)


def _spelled(tags: str) -> str:
    return "".join(chr(ord(c) - 0xE0000) for c in tags)


def clean(text: str) -> str:
    r"""Make NFC text of printable characters, ``\n`` and tabs; repair mojibake."""
    text = _SURROGATE.sub("\ufffd", repair(text.replace("\r\n", "\n")))
    text = unicodedata.normalize("NFC", text.translate(_CLEAN))
    return _GAPS.sub("\n\n", _TRAILING.sub("", _WIDE.sub("  ", text)))


def _cut(
    text: str, pages: list[Page], flags: list[Flag], limit: int
) -> tuple[str, list[Page], list[Flag]]:
    if len(text) <= limit:
        return text, pages, flags
    kept = [Page(p.number, _within(p.span, limit)) for p in pages if p.span.start <= limit]
    seen = [
        Flag(f.kind, f.reason, _within(f.span, limit))
        for f in flags
        if f.span and f.span.start < limit
    ]
    words = f"Only the first {limit:,} characters were read; the file is longer."
    return text[:limit], kept, [*seen, Flag(FlagKind.TRUNCATED, words)]


def _within(span: Span, limit: int) -> Span:
    return Span(min(span.start, limit), min(span.end, limit))
