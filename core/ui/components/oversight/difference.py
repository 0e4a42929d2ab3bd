"""Two versions of a text: what went, what came, line by line with the words that differ."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from core.ui.components.decisions.changes import compared

_HERE = Path(__file__).parent
_DIFFERENCE = st.components.v2.component(
    "recruiter_copilot.difference",
    html="<div class='difference'></div>",
    css=(_HERE / "difference.css").read_text(),
    js=(_HERE / "difference.js").read_text(),
)
_AROUND = 2
"""Unchanged lines shown around a change."""

Kind = Literal["same", "gone", "come", "gap"]
Cell = dict[str, Any]
Row = tuple[Cell | None, Cell | None]


def difference(old: str, new: str, titles: tuple[str, str], *, beside: bool, key: str) -> None:
    """Draw what differs, under ``titles``: the texts beside each other, or one below the other."""
    rows = [list(row) for row in difference_rows(old, new)]
    _DIFFERENCE(key=f"difference-{key}", data={"rows": rows, "titles": titles, "beside": beside})


def difference_rows(old: str, new: str) -> list[Row]:
    """Pair up the lines of two texts; unchanged ones far from any change become one gap.

    A cell has its ``kind``, its line number ``n`` and its text as ``pieces``, each with whether
    the other side lacks it; a gap says in ``n`` how many lines it stands for.
    """
    ours, theirs = old.splitlines(), new.splitlines()
    rows: list[Row] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(None, ours, theirs, False).get_opcodes():
        if tag == "equal":
            ends = (not rows, i_end == len(ours))
            rows += _unchanged(ours[i:i_end], i, j, ends)
        else:
            rows += _changed(ours[i:i_end], theirs[j:j_end], i, j)
    return rows


def _unchanged(lines: Sequence[str], i: int, j: int, ends: tuple[bool, bool]) -> Iterator[Row]:
    first, last = ends
    head = 0 if first else _AROUND
    tail = len(lines) - (0 if last else _AROUND)
    for number, line in enumerate(lines):
        if number < head or number >= tail:
            pieces = [{"t": line, "d": False}]
            yield (
                {"kind": "same", "n": i + number + 1, "pieces": pieces},
                {"kind": "same", "n": j + number + 1, "pieces": pieces},
            )
        elif number == head:
            gap = {"kind": "gap", "n": tail - head, "pieces": []}
            yield gap, gap


def _changed(ours: Sequence[str], theirs: Sequence[str], i: int, j: int) -> Iterator[Row]:
    for number, (before, after) in enumerate(zip_longest(ours, theirs)):
        marks = compared(before or "", after or "")
        yield (
            _cell("gone", i + number, marks[0]) if before is not None else None,
            _cell("come", j + number, marks[1]) if after is not None else None,
        )


def _cell(kind: Kind, line: int, pieces: Sequence[tuple[str, bool]]) -> Cell:
    return {"kind": kind, "n": line + 1, "pieces": [{"t": t, "d": d} for t, d in pieces]}
