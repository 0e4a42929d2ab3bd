"""Degrees with level, subject, institution and year."""

import re
from collections.abc import Iterator
from functools import cache

from core.domain.document import DegreeLevel, Education, Section, SectionKind, Span
from core.flow.parse.lines import Line, Lines
from core.flow.parse.lists import table

_INSTITUTION = re.compile(
    r"[^,;|\n\t•·()]*\b(?:university|college|school|institute|academy|polytechnic|hochschule|"
    r"universität|universitaet|fachhochschule|akademie|gymnasium|realschule|gesamtschule|berufsschule|berufskolleg|"
    r"université|école|lycée|universidad|instituto|università|universiteit|tu|eth|iit|mit|vidyalaya|vidyapeeth)\b[^,;|\n\t•·()]*"
    r"|[^,;|\n\t•·()]*(?:universität|hochschule|akademie|schule)\b[^,;|\n\t•·()]*",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19[5-9]\d|20[0-4]\d)(?!\d)")
_SUBJECT = re.compile(
    r"\s*(?:degree|diploma)?\s*[.,:)]*\s*(?:(?:in|of|en|für|der|des|:|-|–|—)\s+)?"
    r"(?P<subject>[A-ZÄÖÜ][^,;:|\n\t•·()\d]{2,60})"
)
# "Bachelor of Science in Nursing": what stands before the subject proper.
_FACULTY = re.compile(
    r"(?:(?:of|in)\s+)?(?:Applied\s+)?(?:Science|Arts|Technology|Philosophy|Fine Arts)s?\b"
    r"(?:\s+degree)?(?:\s*\([^)]*\))?\s*[:,-]?\s*",
    re.IGNORECASE,
)
_PIECES = re.compile(r"\s{2,}|\s[-–—/|]{1,2}\s|\s*－\s*|\s+from\s+")
_AROUND = re.compile(r"^[\s.:–—-]+|[\s.:–—-]*(?:\b(?:19|20)\d\d)?[\s.:–—-]*$")
_NO_NAME = re.compile(r"(?:high|trade|secondary) school(?: diploma| graduate)?", re.IGNORECASE)
_PLACEHOLDERS = frozenset({"City", "State"})
_NEAR = 2
_AWAY = frozenset({SectionKind.EXPERIENCE, SectionKind.SKILLS, SectionKind.LANGUAGES,
                   SectionKind.PROJECTS})  # fmt: skip


@cache
def _degrees() -> re.Pattern[str]:
    """All levels in one expression; the highest level wins where two begin together."""
    parts = []
    for level in reversed(DegreeLevel):
        entry = table("resumes/degrees.toml")[level.value]
        either = f"(?i:{'|'.join(entry['any'])})"
        parts.append(rf"(?P<{level.value}>{either}|{'|'.join(entry['exact'])})")
    return re.compile(rf"(?<![\w.-])(?:{'|'.join(parts)})(?!\w)")


def find_education(lines: Lines, sections: tuple[Section, ...]) -> tuple[Education, ...]:
    """Read the degrees under education headings, or without any there, outside other rooms."""
    named = [s.span for s in sections if s.kind is SectionKind.EDUCATION]
    rest = [s.span for s in sections if s.kind not in _AWAY]
    for rooms in (named, rest or [Span(0, len(lines.text))]):
        if found := [entry for room in rooms for entry in _in_room(lines, room)]:
            return tuple(found)
    return ()


def _in_room(lines: Lines, room: Span) -> Iterator[Education]:
    block = lines.between(room)
    marks = [(line, match) for line in block if (match := _best(line))]
    for index, (line, match) in enumerate(marks):
        stop = marks[index + 1][0].number if index + 1 < len(marks) else block[-1].number + 1
        floor = marks[index - 1][0].number if index else block[0].number - 1
        yield _entry(lines, line, match, range(floor + 1, stop))


def _best(line: Line) -> re.Match[str] | None:
    """The highest degree named in the line; "high school" beside "B.A." is the school's name."""
    matches = list(_degrees().finditer(line.text))
    return max(matches, key=lambda m: _level(m).rank, default=None)


def _level(match: re.Match[str]) -> DegreeLevel:
    return DegreeLevel(match.lastgroup or "")


def _entry(lines: Lines, line: Line, match: re.Match[str], room: range) -> Education:
    below = [lines.all[n] for n in range(line.number, min(line.number + _NEAR + 1, room.stop))]
    above = [lines.all[n] for n in range(max(line.number - _NEAR, room.start), line.number)]
    near = [*below, *reversed(above)]
    span = Span(line.start, below[-1].end if _year(below) else line.end)
    level = _level(match)
    return Education(
        span=span,
        level=level,
        subject="" if level is DegreeLevel.SECONDARY else _subject(line, match, below),
        institution=_institution(near),
        year=_year(below) or _year(above[::-1]),
    )


def _subject(line: Line, match: re.Match[str], below: list[Line]) -> str:
    after = _PIECES.split(line.text[match.end() :].strip(" \t:,"))
    rest = next(
        (r for piece in after if len(r := _FACULTY.sub("", piece, count=1).strip()) > 2), ""
    )
    if len(rest) < 3 and len(below) > 1:
        rest = below[1].text
    found = _SUBJECT.match(" " + rest)
    subject = found["subject"].strip(" .-–—") if found else ""
    return "" if _INSTITUTION.fullmatch(subject) or subject in _PLACEHOLDERS else subject


def _institution(near: list[Line]) -> str:
    pieces = (piece for line in near for piece in _PIECES.split(line.text))
    found = (_AROUND.sub("", match[0]) for p in pieces for match in _INSTITUTION.finditer(p))
    return next((name for name in found if not _NO_NAME.fullmatch(name)), "")


def _year(some: list[Line]) -> int | None:
    """The last year of the first line that names one."""
    for line in some:
        if years := _YEAR.findall(line.text):
            return max(map(int, years))
    return None
