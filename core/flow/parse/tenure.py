"""How long positions lasted, alone and together."""

from collections.abc import Iterable

from core.domain.document import Month, Position

Interval = tuple[int, int]
"""Months since year 0, half open."""


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
