"""Rectangles on a picture, in pixels from its left and top edge, and the lines they form."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

# Spaces between words are narrower than this many line heights, gaps between columns wider.
_SPACE = 1.5
# Fonts' own word on how tall their letters are is often short: share of the height to add.
_MARGIN = 0.08


class PixelBox(NamedTuple):
    """A rectangle with its edges in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def turned(self) -> "PixelBox":
        """Exchange across and down."""
        return PixelBox(self.top, self.left, self.bottom, self.right)

    @property
    def empty(self) -> bool:
        """Say whether nothing of it can be seen."""
        return self.right <= self.left or self.bottom <= self.top

    def scaled(self, by: float) -> "PixelBox":
        """Move it to a picture ``by`` times as large."""
        return PixelBox(*(round(edge * by) for edge in self))

    def heightened(self, by: int) -> "PixelBox":
        """Grow at the top and the bottom."""
        return PixelBox(self.left, self.top - by, self.right, self.bottom + by)

    def within(self, width: int, height: int) -> "PixelBox":
        """Cut off what lies outside a picture of that size."""
        left, top = max(self.left, 0), max(self.top, 0)
        return PixelBox(left, top, min(self.right, width), min(self.bottom, height))

    def joined(self, other: "PixelBox") -> "PixelBox":
        """Give the smallest rectangle that holds both."""
        return PixelBox(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


def lines(boxes: Sequence[PixelBox]) -> list[PixelBox]:
    """Join letters in reading order to a box a line, also where text runs down."""
    if _runs_down(boxes):
        return [line.turned for line in _framed(box.turned for box in boxes)]
    return _framed(boxes)


def _framed(boxes: Iterable[PixelBox]) -> list[PixelBox]:
    joined = _joined(boxes)
    return [line.heightened(round((line.bottom - line.top) * _MARGIN)) for line in joined]


def _joined(boxes: Iterable[PixelBox]) -> list[PixelBox]:
    found: list[PixelBox] = []
    for box in boxes:
        if found and _goes_on(found[-1], box):
            found[-1] = found[-1].joined(box)
        else:
            found.append(box)
    return found


def _goes_on(line: PixelBox, box: PixelBox) -> bool:
    height = min(line.bottom - line.top, box.bottom - box.top)
    shared = min(line.bottom, box.bottom) - max(line.top, box.top)
    gap = max(box.left - line.right, line.left - box.right)
    return shared * 2 > height and gap <= _SPACE * height


def _runs_down(boxes: Sequence[PixelBox]) -> bool:
    steps = [(abs(b.left - a.left), abs(b.top - a.top)) for a, b in pairwise(boxes)]
    return sum(down > across for across, down in steps) * 2 > len(steps)
