"""The ranked applications of a job: everybody is in it, and a click opens one."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.domain.ids import ApplicationId
from core.domain.routing import Suggestion
from core.domain.views import PipelineRow, WorkState
from core.ui import format as f
from core.ui.components.score import must_haves, verdict_counts

VIEWS: dict[str, Callable[[PipelineRow], bool]] = {
    "Everybody": lambda _: True,
    "Needs your eyes": lambda row: bool(row.ungraded),
    "Waiting for a decision": lambda row: row.state is WorkState.PROPOSED,
    "Close calls": lambda row: row.close_call,
    "Not yet scored": lambda row: row.state in (WorkState.NEW, WorkState.QUEUED),
    "Flagged": lambda row: bool(row.flags),
}
_OPENED = "copilot_opened_rows"


def choose(rows: Sequence[PipelineRow]) -> tuple[PipelineRow, ...]:
    """Narrow the rows by what the person asks for; by default nobody is left out."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Find by name, stage or flag",
            key="find",
            type="search",
            live=True,
            bind="query-params",
            placeholder="Find by name, stage or flag",
            label_visibility="collapsed",
            width=320,
        )
        labels = {name: f"{name} {sum(map(test, rows))}" for name, test in VIEWS.items()}
        name = st.segmented_control(
            "Show",
            list(VIEWS),
            format_func=lambda key: labels[key],
            default="Everybody",
            required=True,
            key="show",
            bind="query-params",
            label_visibility="collapsed",
        )
    found = tuple(
        row for row in rows if VIEWS[name or "Everybody"](row) and matches(row, text or "")
    )
    if len(found) < len(rows):
        st.caption(f"{len(found):,} of {len(rows):,} shown. Nobody else was removed.")
    return found


def matches(row: PipelineRow, text: str) -> bool:
    """Say whether every word asked for stands in the row."""
    where = " ".join(
        (row.name, row.stage, f.STATE[row.state][1], *map(f.flag, row.flags))
    ).casefold()
    return all(word in where for word in text.casefold().split())


def pipeline_table(rows: Sequence[PipelineRow], key: str) -> ApplicationId | None:
    """Show rows in the order given; return the one clicked."""
    opened = st.session_state.setdefault(_OPENED, 0)
    event: Any = st.dataframe(
        frame(rows),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-cell",
        # A new key after each opening: coming back must not open the same row again.
        key=f"{key}-{opened}",
        column_config=_COLUMNS,
        placeholder="–",
        row_height=38,
        height=min(38 * (len(rows) + 1) + 4, 720),
        alt="Applications in ranked order",
    )
    clicked: list[int] = [row for row, _ in event.selection.cells if row < len(rows)]
    if not clicked:
        return None
    st.session_state[_OPENED] = opened + 1
    return rows[clicked[0]].application_id


def frame(rows: Sequence[PipelineRow]) -> pd.DataFrame:
    """Lay rows out as a table, one line each, all text as plain text."""
    return pd.DataFrame(
        {
            "Candidate": [f.one_line(row.name) or "Name not given" for row in rows],
            "Score": pd.array([row.score.value if row.score else None for row in rows], "Int64"),
            "±": pd.array([row.score.band if row.score else None for row in rows], "Int64"),
            "Must-haves": [must_haves(row) for row in rows],
            "Verdicts": [verdict_counts(row) for row in rows],
            "Where it stands": [f.STATE[row.state][1] for row in rows],
            "Suggestion": [_suggestion(row) for row in rows],
            "Flags": [", ".join(map(f.flag, row.flags)) for row in rows],
            "Stage": [f.one_line(row.stage) for row in rows],
            "Waiting": pd.array([row.days_waiting for row in rows], "Int64"),
            "Confidence": [row.confidence for row in rows],
            "Read quality": [row.parse_health for row in rows],
        }
    )


def _suggestion(row: PipelineRow) -> str:
    if row.suggestion is None:
        return ""
    return f"{_STEPS[row.suggestion]}{' (close call)' if row.close_call else ''}"


_STEPS = {
    Suggestion.TALENT_POOL: "Talent pool",
    Suggestion.REVIEW: "Review",
    Suggestion.SCREENING_CALL: "Screening call",
}


_COLUMNS = {
    # Not pinned: Streamlit greys pinned columns, and the names are what people look for.
    "Candidate": st.column_config.TextColumn(width=180),
    "Score": st.column_config.ProgressColumn(
        min_value=0, max_value=100, format="%d", width=115, color="primary"
    ),
    "±": st.column_config.NumberColumn(width=50, help="How far the score could move."),
    "Must-haves": st.column_config.TextColumn(width=90, help="Required criteria that are met."),
    "Verdicts": st.column_config.TextColumn(
        width=125, help="● met  ◐ partly  ○ not shown  ? no data"
    ),
    "Where it stands": st.column_config.TextColumn(width=165),
    "Suggestion": st.column_config.TextColumn(
        width=175, help="A step to consider. A close call could as well be the next one."
    ),
    "Stage": st.column_config.TextColumn(width=130, help="Hiring stage in iCIMS."),
    "Waiting": st.column_config.NumberColumn(width=70, format="%d d", help="Days since applying."),
    "Confidence": st.column_config.NumberColumn(width=85, format="percent"),
    "Read quality": st.column_config.NumberColumn(
        width=95, format="percent", help="How well the document could be read."
    ),
    "Flags": st.column_config.TextColumn(width=110),
}
