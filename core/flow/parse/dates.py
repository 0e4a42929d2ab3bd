"""Dates and date ranges as resumes write them, in any of the usual orders and languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from core.domain.document import Month, Span
from core.flow.parse.lists import alternatives, table

_EARLIEST, _LATEST = 1940, 2060
_YEAR = r"(?:19[4-9]\d|20[0-5]\d)"


@dataclass(frozen=True, slots=True)
class DateRange:
    """From ``start`` to ``end``; ``current`` when it says so; a lone date has no end."""

    span: Span
    start: Month | None
    end: Month | None
    current: bool = False


@cache
def _month_numbers() -> dict[str, int]:
    dates = table("resumes/dates.toml")
    named: dict[str, int] = {
        name: n for n, names in enumerate(dates["months"], start=1) for name in names
    }
    named.update(dates["seasons"])
    return named


@cache
def _moment() -> str:
    """One date, without groups: month names, numeric months, full dates, bare years."""
    names = alternatives(_month_numbers())
    return (
        rf"(?:(?:\d{{1,2}}\.?\s*)?\b(?:{names})\b\.?,?\s*(?:of\s+)?(?:\d{{1,2}},\s*)?(?:{_YEAR}|['’]\d\d)\b"
        rf"|\b\d{{1,2}}[./-]\d{{1,2}}[./-]{_YEAR}\b"
        rf"|\b(?:0?[1-9]|1[0-2])\s?[./-]\s?{_YEAR}\b"
        rf"|\b{_YEAR}\s?[./-]\s?(?:1[0-2]|0[1-9])\b(?![./-]?\d)"
        rf"|\b(?:0[1-9]|1[0-2])/\d\d\b(?!/)"
        rf"|\b{_YEAR}\b)"
    )


@cache
def _range() -> re.Pattern[str]:
    dates = table("resumes/dates.toml")
    present, to = alternatives(dates["present"]), alternatives(dates["to"])
    since = alternatives(dates["since"])
    moment = _moment()
    dash = r"[-‐‑‒–—―−~～－]"
    return re.compile(
        rf"(?P<start>{moment})\s*(?:{dash}+|\b(?:{to})\b|/)\s*"
        rf"(?:(?P<end>{moment})|(?P<present>(?:{present})\b))"
        rf"|\b(?:{since})\s+(?P<since>{moment})(?!\s*(?:{dash}|\b(?:{to})\b))"
        rf"|(?P<bare>{_YEAR})\s*{dash}\s*(?P<short>\d\d)\b(?![./\d])"
        rf"|(?P<lone>{moment})",
        re.IGNORECASE,
    )


def find_dates(text: str) -> list[DateRange]:
    """Find every range and lone date in order; spans do not overlap."""
    return list(_found(text))


def _found(text: str) -> Iterator[DateRange]:
    for match in _range().finditer(text):
        span = Span(*match.span())
        if match["start"]:
            start, end = _month(match["start"]), _month(match["end"] or "")
            current = bool(match["present"])
            if start and (current or (end and end.index >= start.index)):
                yield DateRange(span, start, end, current)
        elif match["since"]:
            start = _month(match["since"])
            # "from" also opens a range whose end is not a date; only "since" says it goes on.
            goes_on = text[span.start].casefold() in "sd"
            yield DateRange(span, start, None, current=goes_on and start is not None)
        elif match["bare"]:
            yield _short_range(span, int(match["bare"]), int(match["short"]))
        elif lone := _month(match["lone"]):
            yield DateRange(span, lone, None)


def _short_range(span: Span, year: int, short: int) -> DateRange:
    """Read "2014-16"; a number that cannot end the range leaves a lone year."""
    until = year // 100 * 100 + short
    end = Month(until, 1, approximate=True) if year <= until <= year + 40 else None
    return DateRange(span, Month(year, 1, approximate=True), end)


_NUMBERS = re.compile(r"\d+")


def _month(text: str) -> Month | None:
    numbers = [int(n) for n in _NUMBERS.findall(text)]
    if not numbers:
        return None
    name = re.search(r"[^\W\d_]{3,}", text.casefold())
    if name and (number := _month_numbers().get(name[0])):
        seasonal = name[0] in table("resumes/dates.toml")["seasons"]
        return _valid(_full_year(numbers[-1]), number, approximate=seasonal)
    return _numeric(text, numbers)


def _numeric(text: str, numbers: list[int]) -> Month | None:
    match numbers:
        case [year]:
            return _valid(year, 1, approximate=True)
        case [first, second] if first > 12:
            return _valid(first, second)
        case [first, second]:
            return _valid(_full_year(second), first)
        case [first, second, year]:
            # Dots and a first number over twelve put the day first; slashes the month.
            day_first = "." in text or first > 12
            return _valid(year, second if day_first else first)
    return None


def _full_year(year: int) -> int:
    if year >= 100:
        return year
    return 2000 + year if year < 60 else 1900 + year


def _valid(year: int, month: int, *, approximate: bool = False) -> Month | None:
    if _EARLIEST <= year <= _LATEST and 1 <= month <= 12:
        return Month(year, month, approximate)
    return None
