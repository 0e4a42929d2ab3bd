"""Dated positions: when, as what and where, and how many years they add up to."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from core.domain.document import Month, Position, Section, SectionKind, Span
from core.flow.parse.dates import DateRange
from core.flow.parse.lines import Line, Lines
from core.flow.parse.lists import words

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
Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Head:
    """A position's opening lines."""

    dates: DateRange
    lines: tuple[Line, ...]

    @property
    def start(self) -> int:
        return min(self.lines[0].start, self.dates.span.start)


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
    heads = [_head(lines, field, ranges, i) for i in range(len(ranges))]
    ends = [*(head.start for head in heads[1:]), field.end][: len(heads)]
    for head, end in zip(heads, ends, strict=True):
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


def _head(lines: Lines, field: Span, ranges: Sequence[DateRange], index: int) -> _Head:
    dates = ranges[index]
    first, last = lines.at(dates.span.start), lines.at(max(dates.span.end - 1, dates.span.start))
    own = lines.all[first.number : last.number + 1]
    floor = lines.at(ranges[index - 1].span.end - 1).number if index else -1
    ceiling = lines.at(ranges[index + 1].span.start).number if index + 1 < len(ranges) else None
    before = _above(lines, field, first, floor)
    if _bare(" ".join(line.text for line in own), dates):
        after = lines.all[last.number + 1 : last.number + 5][: _room(last, ceiling)]
        after = [line for line in after if line.end <= field.end]
        if not before or (not _titled(before) and _titled(after[:3])):
            return _Head(dates, (*own, *_heading_lines(after)))
        return _Head(dates, (*before, *own, *_heading_lines(after[:1])))
    if before and not _titled(own):
        return _Head(dates, (*before, *own))
    if not _titled(own) and (below := lines.all[last.number + 1 : last.number + 2]):
        return _Head(dates, (*own, *_heading_lines(below)))
    return _Head(dates, tuple(own))


def _room(last: Line, ceiling: int | None) -> int | None:
    return None if ceiling is None else max(ceiling - last.number - 1, 0)


def _above(lines: Lines, field: Span, first: Line, floor: int) -> list[Line]:
    """Up to two short lines before the date that may be title and employer."""
    found: list[Line] = []
    for number in (first.number - 1, first.number - 2, first.number - 3):
        if number <= max(floor, lines.at(field.start).number) and not (
            field.start == 0 and number == 0 and floor < 0
        ):
            break
        line = lines.all[number]
        if not _opens(line) or (found and not _titled(found) and len(found) > 1):
            break
        found.insert(0, line)
        if len(found) == 2 and _titled(found):
            break
    return found


def _heading_lines(following: Sequence[Line]) -> list[Line]:
    head: list[Line] = []
    for line in following:
        if not _opens(line):
            break
        head.append(line)
    return head


def _opens(line: Line) -> bool:
    text = line.text
    return (
        len(text) <= _HEAD
        and not line.bulleted
        and (not text.endswith((".", ";", ":")) or bool(_ABBREVIATED.search(text)))
        and not text[:1].islower()
        and len(text.split()) <= 14
    )


def _bare(own: str, dates: DateRange) -> bool:
    """Say whether the date stands alone in its line."""
    letters = sum(map(str.isalpha, own))
    return letters - (dates.span.end - dates.span.start) < 4


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
        cut = [text[line.start : line.end]]
        if line.start < end and start < line.end:
            cut = [text[line.start : max(start, line.start)], text[min(end, line.end) : line.end]]
        for part in cut:
            found += [p.strip(_EDGES) for p in _SPLIT.split(part)]
    return [p for p in found if len(p) > 1 and any(map(str.isalpha, p)) and p.count(" ") < _WORDY]


# --- Lengths ------------------------------------------------------------------------------------


def interval(position: Position, latest: Month | None) -> Interval | None:
    """Months of a position, half open; a current one ends with ``latest``.

    Bare years count from January to January, half a year when both are the same.
    """
    end = latest if position.current else position.end
    if position.start is None or end is None:
        return None
    start, stop = position.start.index, end.index + (0 if end.approximate else 1)
    if stop <= start and end.approximate and end.year == position.start.year:
        stop = start + 6
    return (start, stop) if stop > start else None


def years(intervals: Iterable[Interval]) -> float | None:
    """Length of the union in years, to a tenth; None for no interval at all."""
    total, reached = 0, -1
    some = False
    for start, stop in sorted(intervals):
        some = True
        total += max(stop - max(start, reached), 0)
        reached = max(reached, stop)
    return round(total / 12, 1) if some else None
