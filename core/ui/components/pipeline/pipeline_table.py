"""The ranked applications of a job: a click on a line opens one, check boxes choose several."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd
import streamlit as st

from core.domain.canonical import content_hash
from core.domain.filters import PipelineFilter
from core.domain.ids import ApplicationId
from core.domain.judgement import Hidden
from core.domain.routing import Suggestion
from core.domain.rows import PipelineRow, WorkState
from core.domain.views import Found
from core.ui import format as f
from core.ui.components.application.score import must_haves, verdict_counts
from core.ui.components.pipeline.active_filters import LEANING
from core.ui.components.pipeline.question import address
from core.ui.components.pipeline.resume_search import passage
from core.ui.components.way import leave_for

_TICKED = "copilot_ticked"
_LINE, _TALL = 36, 640


def pipeline_table(
    rows: Sequence[PipelineRow],
    question: PipelineFilter,
    found: Mapping[ApplicationId, Found] | None = None,
) -> tuple[PipelineRow, ...]:
    """Show rows in the order given; return the ticked ones. A click on a cell opens its person.

    The browser knows lines by number only. So the table is a new one whenever other people, or
    the same in another order, are in it, and ticks go along by application.
    """
    ids = [row.application_id for row in rows]
    key = f"pipeline-{content_hash(ids)[:16]}"
    if key not in st.session_state:
        ticked: set[ApplicationId] = st.session_state.get(_TICKED, set())
        places = [place for place, id in enumerate(ids) if id in ticked]
        st.session_state[key] = {"selection": {"rows": places, "columns": [], "cells": []}}
    event: Any = st.dataframe(
        frame(rows, found),
        hide_index=True,
        on_select=lambda: _selected(key, ids, question),
        selection_mode=["multi-row", "single-cell"],
        key=key,
        column_config=_COLUMNS,
        placeholder="–",
        row_height=_LINE,
        height=min(_LINE * (len(rows) + 1) + 4, _TALL),
        alt="Applications in ranked order",
    )
    chosen = [rows[place] for place in event.selection.rows if place < len(rows)]
    st.session_state[_TICKED] = {row.application_id for row in chosen}
    return tuple(chosen)


def untick() -> None:
    """Take all ticks away."""
    st.session_state[_TICKED] = set()
    for key in [key for key in st.session_state if str(key).startswith("pipeline-")]:
        del st.session_state[key]


def _selected(key: str, ids: Sequence[ApplicationId], question: PipelineFilter) -> None:
    selection = st.session_state[key].selection
    st.session_state[_TICKED] = {ids[place] for place in selection.rows if place < len(ids)}
    for place, _ in selection.cells:
        if place < len(ids):
            # The cell would otherwise still be chosen when the person comes back.
            del st.session_state[key]
            here = st.query_params.get("req", "")
            leave_for("application", app=ids[place], req=here, **address(question))


def frame(
    rows: Sequence[PipelineRow], found: Mapping[ApplicationId, Found] | None = None
) -> pd.DataFrame:
    """Lay rows out as a table, one line each, all text as plain text."""
    # Of thousands of rows few differ in these.
    stage, flags = cache(f.one_line), cache(_flags)
    columns: dict[str, Any] = {
        "Candidate": [f.one_line(row.name) or "Name not given" for row in rows],
        "Score": pd.array([row.score.value if row.score else None for row in rows], "Int64"),
        "±": [band(row) for row in rows],
    }
    if found is not None:
        columns["Found in the resume"] = [
            passage(found[row.application_id]) if row.application_id in found else ""
            for row in rows
        ]
    return pd.DataFrame(
        columns
        | {
            "Must-haves": [must_haves(row) for row in rows],
            "Verdicts": [verdict_counts(row) for row in rows],
            "Where it stands": [f.STATE[row.state][1] for row in rows],
            "Suggestion": [_suggestion(row) for row in rows],
            "Who looked": [who_looked(row) for row in rows],
            "My view": [LEANING[row.own_view] if row.own_view else "" for row in rows],
            "Waiting": pd.array([row.days_waiting for row in rows], "Int64"),
            "Stage": [stage(row.stage) for row in rows],
            "Flags": [flags(row.flags) for row in rows],
            "Confidence": [row.confidence for row in rows],
            "Read quality": [row.parse_health for row in rows],
        }
    )


def band(row: PipelineRow) -> str:
    """Say how far the score could move, that people changed it, or why there is none."""
    if row.hidden:
        return _HIDDEN[row.hidden]
    if row.score is None:
        return "Not graded" if row.ungraded else _UNSCORED.get(row.state, "No score")
    changed = f"  ✎ was {row.score_before.value}" if row.score_before else ""
    return f"± {row.score.band}{changed}"


def who_looked(row: PipelineRow) -> str:
    """Say who opened the evidence so far."""
    if not row.looks:
        return "Nobody yet"
    others = row.looks - row.looked
    if row.looked:
        return f"You and {others}" if others else "You"
    return f.plural(others, "other")


def _flags(flags: tuple[str, ...]) -> str:
    return ", ".join(map(f.flag, flags))


def _suggestion(row: PipelineRow) -> str:
    if row.ungraded and not row.hidden:
        return f"Read it: {f.one_line(row.ungraded, 200)}"
    if row.suggestion is None:
        return ""
    return f"{_STEPS[row.suggestion]}{' (close call)' if row.close_call else ''}"


_HIDDEN = {Hidden.OWN_VIEW_FIRST: "Your view first", Hidden.STOPPED: "Stopped"}
_UNSCORED = {WorkState.NEW: "Not scored", WorkState.QUEUED: "In the queue"}
_STEPS = {
    Suggestion.TALENT_POOL: "Talent pool",
    Suggestion.REVIEW: "Review",
    Suggestion.SCREENING_CALL: "Screening call",
}
_COLUMNS = {
    # Not pinned: Streamlit greys pinned columns, and the names are what people look for.
    "Candidate": st.column_config.TextColumn(width=180, help="Click a line to open it."),
    "Score": st.column_config.ProgressColumn(
        min_value=0, max_value=100, format="%d", width=115, color="primary"
    ),
    "±": st.column_config.TextColumn(
        width=105, help="How far the score could move. ✎ a person changed a verdict."
    ),
    "Found in the resume": st.column_config.TextColumn(
        width=380, help="The first place that answers the search, matches between « and »."
    ),
    "Must-haves": st.column_config.TextColumn(width=90, help="Required criteria that are met."),
    "Verdicts": st.column_config.TextColumn(
        width=125, help="● met  ◐ partly  ○ not shown  ? no data"
    ),
    "Where it stands": st.column_config.TextColumn(width=155),
    "Suggestion": st.column_config.TextColumn(
        width=165, help="A step to consider. A close call could as well be the next one."
    ),
    "Who looked": st.column_config.TextColumn(width=95, help="Who opened the evidence."),
    "My view": st.column_config.TextColumn(width=95, help="Your own view, as you recorded it."),
    "Waiting": st.column_config.NumberColumn(width=70, format="%d d", help="Days since applying."),
    "Stage": st.column_config.TextColumn(width=130, help="Hiring stage in iCIMS."),
    "Flags": st.column_config.TextColumn(width=130),
    "Confidence": st.column_config.NumberColumn(width=85, format="percent"),
    "Read quality": st.column_config.NumberColumn(
        width=95, format="percent", help="How well the document could be read."
    ),
}
