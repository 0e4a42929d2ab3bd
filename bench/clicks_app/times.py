"""Milliseconds, and how they are printed."""

import statistics
from collections import defaultdict
from collections.abc import Sequence

from bench.clicks_app.driving import Click


class Times:
    """Times by case and click; those of the empty app are under the case ``""``."""

    def __init__(self) -> None:
        self._taken: dict[tuple[str, str], list[float]] = defaultdict(list)

    def add(self, case: str, name: str, milliseconds: float) -> None:
        """Keep one time."""
        self._taken[case, name].append(milliseconds)

    def forget(self) -> None:
        """Drop everything so far."""
        self._taken.clear()

    @staticmethod
    def head() -> None:
        """Print the table's head."""
        print("| Applications | Click | Median ms | p95 ms | Empty page | Ratio | Ratio of p95 |")
        print("|---|---|---|---|---|---|---|")

    def report(self, case: str, clicks: Sequence[Click]) -> None:
        """Print one line a click: median, p95, the empty page's, and both as ratios to it."""
        for click in clicks:
            mine, empty = self._taken[case, click.name], self._taken["", click.like]
            a, b = statistics.median(mine), statistics.median(empty)
            c, d = p95(mine), p95(empty)
            figures = f"{a:.0f} | {c:.0f} | {b:.0f}, {d:.0f} | {a / b:.1f} | {c / d:.1f}"
            print(f"| {case} | {click.name} | {figures} |", flush=True)


def p95(values: Sequence[float]) -> float:
    """Return the least value that 95 of 100 do not exceed."""
    return sorted(values)[-(-len(values) * 95 // 100) - 1]
