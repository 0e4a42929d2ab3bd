"""Applications that wait for a person's eyes, grouped by the reason why."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.domain.canonical import content_hash
from core.domain.filters import PipelineFilter
from core.domain.judgement import Hidden
from core.domain.routing import Eyes
from core.domain.views import QueueRow
from core.ui import format as f
from core.ui.components.pipeline.question import address, mirror
from core.ui.components.pipeline.reasons import REASONS
from core.ui.components.way import leave_for

_TALL = 10


def eyes_list(rows: Sequence[QueueRow]) -> None:
    """Show each reason with its people; a click on a line opens the person."""
    reason = _chosen(rows)
    for one in REASONS:
        here = [row for row in rows if first_reason(row) is one]
        if here and reason in (None, one):
            _group(one, here)


def first_reason(row: QueueRow) -> Eyes | None:
    """Name the weightiest reason, so that everybody is listed once."""
    return next((one for one in REASONS if one in row.row.reasons), None)


def frame(rows: Sequence[QueueRow]) -> pd.DataFrame:
    """Lay the people of one reason out, one a line, all text as plain text."""
    return pd.DataFrame(
        {
            "Candidate": [f.one_line(row.row.name) or "Name not given" for row in rows],
            "Job": [f.one_line(row.job) for row in rows],
            "Why": [why(row) for row in rows],
            "Score": [_score(row) for row in rows],
            "Waiting": pd.array([row.row.days_waiting for row in rows], "Int64"),
            "Who looked": ["You" if row.row.looked else "Not you yet" for row in rows],
        }
    )


def why(row: QueueRow) -> str:
    """Say why a person should look, in words made for this person."""
    parts = [f.one_line(row.row.ungraded, 200)] if row.row.ungraded else []
    if Eyes.UNSURE in row.row.reasons:
        parts.append(f"Confidence {f.percent(row.row.confidence)}")
    if Eyes.UNREADABLE in row.row.reasons:
        parts.append(f"Read quality {f.percent(row.row.parse_health)}")
    if Eyes.CLOSE_CALL in row.row.reasons:
        parts.append("Close call")
    if Eyes.FLAGGED in row.row.reasons:
        parts.append(", ".join(map(f.flag, row.row.flags)))
    return " · ".join(part for part in parts if part)


def _score(row: QueueRow) -> str:
    if row.row.hidden:
        return "Your view first" if row.row.hidden is Hidden.OWN_VIEW_FIRST else "Stopped"
    return f.score(row.row.score)


def _chosen(rows: Sequence[QueueRow]) -> Eyes | None:
    """Offer the reasons with their counts; the choice is part of the address."""
    counts = {one: sum(first_reason(row) is one for row in rows) for one in REASONS}
    there = st.query_params.get("why", "")
    current = Eyes(there) if there in set(Eyes) and counts[Eyes(there)] else None
    st.pills(
        "Why",
        [one for one in REASONS if counts[one]],
        format_func=lambda one: f"{REASONS[one][1]} :gray[{f.number(counts[one])}]",
        key=mirror("why_shown", current),
        label_visibility="collapsed",
        on_change=_choose,
    )
    return current


def _choose() -> None:
    chosen: Eyes | None = st.session_state.why_shown
    if chosen:
        st.query_params["why"] = chosen.value
    elif "why" in st.query_params:
        del st.query_params["why"]


def _group(reason: Eyes, rows: Sequence[QueueRow]) -> None:
    sign, title, help = REASONS[reason]
    st.subheader(f"{f.icon(sign)} {title} :gray[{f.number(len(rows))}]", anchor=False)
    st.caption(help)
    key = f"eyes-{reason.value}-{content_hash([row.row.application_id for row in rows])[:16]}"
    st.dataframe(
        frame(rows),
        hide_index=True,
        on_select=lambda: _open(key, rows),
        selection_mode="single-cell",
        key=key,
        column_config=_COLUMNS,
        placeholder="–",
        row_height=36,
        height="content" if len(rows) <= _TALL else 36 * (_TALL + 1) + 4,
        alt=title,
    )


def _open(key: str, rows: Sequence[QueueRow]) -> None:
    selection: Any = st.session_state[key].selection
    for place, _ in selection.cells:
        if place < len(rows):
            # The cell would otherwise still be chosen when the person comes back.
            del st.session_state[key]
            walk = address(PipelineFilter(eyes=True))
            leave_for("application", app=rows[place].row.application_id, **walk)


_COLUMNS = {
    "Candidate": st.column_config.TextColumn(width=200, help="Click a line to open it."),
    "Job": st.column_config.TextColumn(width=250),
    "Why": st.column_config.TextColumn(width=400),
    "Score": st.column_config.TextColumn(width=110),
    "Waiting": st.column_config.NumberColumn(width=75, format="%d d", help="Days since applying."),
    "Who looked": st.column_config.TextColumn(width=100),
}
