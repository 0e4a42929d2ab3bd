"""The rooms of a resume, found by their headings."""

import re
from functools import cache

from core.domain.document import Section, SectionKind, Span
from core.flow.parse.lines import Line, Lines
from core.flow.parse.lists import table

_LONGEST = 60
_MOST_WORDS = 6
_NOT_LETTERS = re.compile(r"[^\w&'/ -]|_|\d")
_SPACED = re.compile(r"(?:\w ){2,}\w(?: |$)")
_COMMON = frozenset({"and", "und", "et", "y", "of"})


@cache
def _headings() -> dict[str, SectionKind]:
    return {
        _key(heading): SectionKind(kind)
        for kind, headings in table("resumes/headings.toml").items()
        if isinstance(headings, list)
        for heading in headings
    }


def _key(heading: str) -> str:
    """Drop what headings vary in: case, marks, spaces and the word "and"."""
    bare = _NOT_LETTERS.sub(" ", heading.casefold()).replace("&", " ").replace("/", " ")
    return "".join(word for word in bare.split() if word not in _COMMON).replace("-", "")


def find_sections(lines: Lines) -> tuple[Section, ...]:
    """Cut the text at its headings; what stands before the first is the contact block."""
    heads = [(line, found) for line in lines.all if (found := _heading(line))]
    sections = []
    first = heads[0][0].start if heads else 0
    if heads and lines.text[:first].strip():
        sections.append(Section(SectionKind.CONTACT, "", Span(0, first)))
    ends = [*(line.start for line, _ in heads[1:]), len(lines.text)][: len(heads)]
    for (line, (kind, heading)), end in zip(heads, ends, strict=True):
        sections.append(Section(kind, heading, Span(line.start, end)))
    return tuple(sections)


def _heading(line: Line) -> tuple[SectionKind, str] | None:
    text = line.text.strip("_ ")
    before, colon, after = text.partition(":")
    if colon and after.strip() and len(before) <= _LONGEST:
        # "Languages: English, German": a heading with its content on the same line.
        kind = _known(before) if before[:1].isupper() else None
        inline = kind in (SectionKind.SKILLS, SectionKind.LANGUAGES, SectionKind.EDUCATION,
                          SectionKind.CERTIFICATES)  # fmt: skip
        return (kind, before) if kind and inline else None
    if len(text) > _LONGEST or text[:1].islower() or text.endswith((".", ",", ";")):
        return None
    kind = _known(text)
    return (kind, text.rstrip(":_ ")) if kind else None


def _known(text: str) -> SectionKind | None:
    spaced = bool(_SPACED.match(text))
    if len(text.split()) > _MOST_WORDS and not spaced:
        return None
    return _headings().get(_key(text))


def is_heading(line: Line) -> bool:
    """Say whether the line is one of the usual headings."""
    return _heading(line) is not None
