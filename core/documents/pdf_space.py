"""Places on a PDF page: rectangles and the matrices that move them."""

from collections.abc import Sequence
from typing import NamedTuple

Matrix = Sequence[float]
STILL: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Box(NamedTuple):
    """A rectangle on the page, in points."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        """Say whether the point lies inside."""
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def widened(self, by: float) -> "Box":
        """Grow to all sides: text cut in two by a page break stands in both halves."""
        return Box(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def within(self, other: "Box") -> "Box":
        """Cut off what sticks out of ``other``."""
        left, bottom = max(self.left, other.left), max(self.bottom, other.bottom)
        right, top = min(self.right, other.right), min(self.top, other.top)
        return Box(left, bottom, max(left, right), max(bottom, top))

    @property
    def centre(self) -> tuple[float, float]:
        """The middle point."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    @property
    def area(self) -> float:
        """Square points."""
        return (self.right - self.left) * (self.top - self.bottom)


def times(m: Matrix, n: Matrix) -> Matrix:
    """Apply ``m``, then ``n``."""
    if n is STILL:
        return m
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def scale(m: Matrix) -> float:
    """Say how much a unit of text height grows."""
    return float((m[2] * m[2] + m[3] * m[3]) ** 0.5)


def around(points: Sequence[tuple[float, float]]) -> Box:
    """Give the smallest rectangle that holds all points."""
    across = [x for x, _ in points]
    up = [y for _, y in points]
    return Box(min(across), min(up), max(across), max(up))
