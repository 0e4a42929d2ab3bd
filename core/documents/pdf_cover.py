"""Which text of a page lies behind something painted over it later."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.documents.pdf_space import Box

# Share of the letter height that an average letter is wide.
_WIDTH = 0.5
# Shares of the letter height between which small letters stand: a cover hides all of that.
_FOOT, _HEAD = 0.1, 0.6


class Mark(NamedTuple):
    """A run of text: which, where its baseline starts, how high and how many letters."""

    run: int
    x: float
    y: float
    height: float
    letters: int


class Cover(NamedTuple):
    """An opaque area, painted when ``before`` runs had been written."""

    box: Box
    before: int


def covered(marks: Sequence[Mark], covers: Sequence[Cover]) -> Iterator[int]:
    """Yield the index of each run that a later cover hides from its first letter to its middle."""
    by_height = sorted(marks, key=lambda mark: mark.y)
    heights = [mark.y for mark in by_height]
    for box, before in covers:
        lines = slice(bisect_left(heights, box.bottom - 1), bisect_right(heights, box.top))
        for mark in by_height[lines]:
            if mark.run < before and _hides(box, mark):
                yield mark.run


def _hides(box: Box, mark: Mark) -> bool:
    foot, head = mark.y + _FOOT * mark.height, mark.y + _HEAD * mark.height
    half = mark.letters * mark.height * _WIDTH / 2
    return box.holds(mark.x + 0.1, foot) and box.holds(mark.x + half, head)
