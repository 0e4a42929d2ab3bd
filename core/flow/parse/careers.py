"""Dated positions: when, as what and where, and how many years they add up to."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from core.domain.document import Position, Section, SectionKind, Span
from core.flow.parse.dates import DateRange
from core.flow.parse.lines import Line, Lines
from core.flow.parse.lists import words
from core.flow.parse.sections import is_heading

# Longer lines are sentences, not the head of a position.
_HEAD = 110
_SPLIT = re.compile(
    r"\s*(?:\||•|·|\t|\s[-–—]\s|\s{2,}|－|＋)\s*|,\s+(?=[A-ZÄÖÜ])"
    r"|\s+(?:at|bei|chez|@)\s+(?=[A-ZÄÖÜ])"
)
# A title or an employer has fewer words than this; a sentence has more.
_WORDY = 9
_EDGES = " \t,;:|•·–—-()[]－/"
_WORD = re.compile(r"[^\W\d_][\w&'’-]*")
_COMPANY = re.compile(
    r"\b(?:inc|llc|ltd|gmbh|corp|corporation|company|co|plc|group|hospital|university|school|clinic|"
    r"bank|college|department|center|centre|services|solutions|systems|technologies|ag|kg|se|"
    r"klinik|klinikum|krankenhaus|universität|stadt|store|hotel|restaurant|associates)\b\.?",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"\b(?:Inc|Ltd|Co|Corp|Bros|St|Sr|Jr|e\. ?V)\.$")
# More dated jobs than any career holds: a table of dates, or a file made to keep us busy.
_MOST = 80
_AWAY = frozenset({SectionKind.EDUCATION, SectionKind.CERTIFICATES, SectionKind.LANGUAGES,
                   SectionKind.SKILLS, SectionKind.SUMMARY, SectionKind.OTHER,
                   SectionKind.PROJECTS})  # fmt: skip
_SCHOOLING = frozenset({SectionKind.EDUCATION, SectionKind.CERTIFICATES, SectionKind.PROJECTS,
                        SectionKind.OTHER})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Head:
    """A position's opening lines, within the ``room`` between the dates around its own."""

    dates: DateRange
    lines: tuple[Line, ...]
    room: Span

    @property
    def start(self) -> int:
        return max(min(self.lines[0].start, self.dates.span.start), self.room.start)

    @property
    def end(self) -> int:
        return min(max(self.lines[-1].end, self.dates.span.end), self.room.end)


def find_positions(
    lines: Lines, sections: tuple[Section, ...], dates: Sequence[DateRange]
) -> tuple[Position, ...]:
    """Read the positions in document order; each spans from its head to the next one's."""
    ranges = [d for d in dates if d.current or d.end is not None][:_MOST]
    return tuple(
        position
        for field, held in _fields(lines, sections, ranges)
        for position in _in_field(lines, field, held)
    )


def _in_field(lines: Lines, field: Span, ranges: list[DateRange]) -> Iterator[Position]:
    heads: list[_Head] = []
    limits = [*(r.span.start for r in ranges[1:]), field.end]
    low = field.start
    for dates, high in zip(ranges, limits, strict=False):
        room = Span(low, max(high, dates.span.end))
        heads.append(_Head(dates, _head_lines(lines, dates, room), room))
        low = heads[-1].end
    ends = [*(head.start for head in heads[1:]), field.end]
    for head, end in zip(heads, ends, strict=False):
        yield _position(lines, head, max(end, head.dates.span.end))


def _fields(
    lines: Lines, sections: tuple[Section, ...], ranges: Sequence[DateRange]
) -> list[tuple[Span, list[DateRange]]]:
    """Where positions stand: under experience headings, else outside the other rooms.

    In some layouts all headings come first and the rooms are empty; then only ranges in a room
    for schooling or projects are left out.
    """
    named = [s.span for s in sections if s.kind is SectionKind.EXPERIENCE]
    rest = [s.span for s in sections if s.kind not in _AWAY]
    school = [s.span for s in sections if s.kind in _SCHOOLING]
    outside = [d for d in ranges if not any(room.overlaps(d.span) for room in school)]
    whole = Span(0, len(lines.text))
    for rooms, held in ((named, ranges), (rest, ranges), ([whole], outside)):
        told = [(room, [d for d in held if room.overlaps(d.span)]) for room in rooms]
        if any(inside for _, inside in told):
            return told
    return []


def _head_lines(lines: Lines, dates: DateRange, room: Span) -> tuple[Line, ...]:
    """Find the lines that may name title and employer: around the date or its own."""
    first, last = lines.at(dates.span.start), lines.at(dates.span.end - 1)
    own = lines.all[first.number : last.number + 1]
    before = _above(lines, first, room)
    after = _heading_lines(
        line for line in lines.all[last.number + 1 : last.number + 5] if line.end <= room.end
    )
    if _bare(own, dates):
        if not before or (not _titled(before) and _titled(after[:3])):
            return (*own, *after)
        return (*before, *own, *(line for line in after[:1] if not _titled([line])))
    if _titled(own):
        beside = [line for line in (*after[:1], *before[-1:]) if _employs(line)]
        return (*own, *beside[:1])
    return (*before, *own) if before else (*own, *after[:1])


def _above(lines: Lines, first: Line, room: Span) -> list[Line]:
    """Up to two short lines before the date that may be title and employer."""
    found: list[Line] = []
    for line in reversed(lines.all[max(first.number - 2, 0) : first.number]):
        if line.start < room.start or not _opens(line) or is_heading(line):
            break
        found.insert(0, line)
    return found


def _heading_lines(following: Iterable[Line]) -> list[Line]:
    return list(takewhile(_opens, following))


def _opens(line: Line) -> bool:
    text = line.text
    return (
        len(text) <= _HEAD
        and not line.bulleted
        and (not text.endswith((".", ";", ":")) or bool(_ABBREVIATED.search(text)))
        and not text[:1].islower()
        and len(text.split()) <= 14
    )


def _bare(own: Sequence[Line], dates: DateRange) -> bool:
    """Say whether the date stands alone in its line."""
    return sum(len(line.text) for line in own) - (dates.span.end - dates.span.start) < 4


def _employs(line: Line) -> bool:
    """Say whether the line may be an employer with its place: mostly capitalised, or a company."""
    words = _WORD.findall(line.text)
    capitals = sum(word[0].isupper() for word in words)
    return not _titled([line]) and (
        bool(_COMPANY.search(line.text)) or capitals * 3 > len(words) * 2
    )


def _titled(some: Sequence[Line]) -> bool:
    return any(_title_words(line.text) for line in some)


@cache
def _title_ends() -> tuple[str, ...]:
    return tuple(word[1:] for word in words("resumes/titles.txt") if word.startswith("-"))


def _title_words(text: str) -> int:
    known, ends = words("resumes/titles.txt"), _title_ends()
    return sum(w in known or w.endswith(ends) for w in _WORD.findall(text.casefold()))


def is_title(text: str) -> bool:
    """Say whether ``text`` holds a word that job titles are made of."""
    return _title_words(text) > 0


def _position(lines: Lines, head: _Head, end: int) -> Position:
    pieces = _pieces(lines.text, head)
    title = next((p for p in pieces if is_title(p) and not _COMPANY.search(p)), "")
    title = title or next((p for p in pieces if is_title(p)), "")
    others = [p for p in pieces if p != title]
    employer = next((p for p in others if _COMPANY.search(p)), others[0] if others else "")
    if not title and len(others) > 1:
        title = next(p for p in others if p != employer) if len(set(others)) > 1 else ""
    dates = head.dates
    return Position(
        title=title,
        employer=employer,
        span=Span(head.start, end),
        start=dates.start,
        end=dates.end,
        current=dates.current,
    )


def _pieces(text: str, head: _Head) -> list[str]:
    start, end = head.dates.span.start, head.dates.span.end
    found: list[str] = []
    for line in head.lines:
        low, high = max(line.start, head.room.start), min(line.end, head.room.end)
        for part in (text[low : min(high, max(low, start))], text[max(low, end) : high]):
            found += [p.strip(_EDGES) for p in _SPLIT.split(part)]
    return [p for p in found if len(p) > 1 and any(map(str.isalpha, p)) and p.count(" ") < _WORDY]
