"""Rows of a name, a bar and the words for it: the one picture of the operations screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st

_HERE = Path(__file__).parent
_METERS = st.components.v2.component(
    "recruiter_copilot.meters",
    html="<div class='meters'></div>",
    css=(_HERE / "meters.css").read_text(),
    js=(_HERE / "meters.js").read_text(),
)
Dress = Literal["strong", "pale", "good", "warn", "spent", "kept", "later"]


@dataclass(frozen=True, slots=True)
class Meter:
    """A row: ``parts`` are amounts on the scale of the picture, ``words`` say what they are."""

    label: str
    words: str
    parts: Sequence[tuple[Dress, float]]
    notes: Sequence[str] = ()


def meters(
    name: str,
    rows: Sequence[Meter],
    key: str,
    *,
    full: float = 0.0,
    legend: Sequence[tuple[Dress, str]] = (),
) -> None:
    """Draw rows to one scale, which ends at ``full`` or else at the longest of them.

    The words are drawn as text, whatever is in them.
    """
    scale = full or max((sum(size for _, size in row.parts) for row in rows), default=0.0) or 1.0
    data = {
        "name": name,
        "legend": [{"kind": kind, "words": words} for kind, words in legend],
        "rows": [_row(row, scale) for row in rows],
    }
    _METERS(key=key, data=data)


def _row(row: Meter, scale: float) -> dict[str, object]:
    parts = [{"kind": kind, "share": size / scale} for kind, size in row.parts if size > 0]
    notes = [note for note in row.notes if note]
    return {"label": row.label, "words": row.words, "parts": parts, "notes": notes}
