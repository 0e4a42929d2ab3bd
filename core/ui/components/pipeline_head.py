"""The top of a pipeline: which job, how things stand, what can be done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import streamlit as st

from core.domain.ids import ApplicationId
from core.domain.views import PipelineRow, PipelineView, WorkState
from core.ui import format as f
from core.ui.components.score import distribution
from core.ui.components.states import freshness
from core.ui.menu import go

Action = Literal["refresh", "criteria", "score"]
ButtonKind = Literal["primary", "secondary"]


def head(view: PipelineView, now: datetime) -> None:
    """Name the job, say how old the data is and how the scores spread."""
    job = view.requisition
    if st.button("All requisitions", icon=f.icon("arrow_back"), type="tertiary", key="back"):
        go("requisitions")
    about, spread = st.columns([1.5, 1], vertical_alignment="bottom")
    with about:
        with st.container(gap="xsmall"):
            st.title(f.escaped(job.title), anchor=False)
            parts = (f.place(job), job.department, f"Job {job.id}")
            st.caption(" · ".join(f.escaped(part, 60) for part in parts if part))
            freshness(view.fetched_at, now)
        _counts(view.rows)
    with spread:
        distribution(view.rows)


def actions(view: PipelineView) -> Action | None:
    """Offer what this person may do with the job; return what they chose."""
    chosen: Action | None = None
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Refresh from iCIMS", icon=f.icon("sync"), key="refresh"):
            chosen = "refresh"
        if view.may_edit_criteria:
            words = "Criteria" if view.criteria else "Write criteria"
            kind: ButtonKind = "secondary" if view.criteria else "primary"
            if st.button(words, icon=f.icon("rule"), key="criteria", type=kind):
                chosen = "criteria"
        if view.may_screen and _may_score(view):
            chosen = chosen or _score(view)
    return chosen


def needs_eyes(rows: Sequence[PipelineRow]) -> ApplicationId | None:
    """List those whose document could not be graded, before and apart from the ranking."""
    ungraded = [row for row in rows if row.ungraded]
    if not ungraded:
        return None
    with st.expander(
        f"{f.plural(len(ungraded), 'document')} could not be read well enough to grade. "
        "Please read them yourself.",
        icon=f.icon("visibility"),
    ):
        for row in ungraded:
            who, why, way = st.columns([1.2, 3, 0.6], vertical_alignment="center")
            with who:
                st.text(f.one_line(row.name) or "Name not given")
            with why:
                st.text(f.one_line(row.ungraded, 300))
            if way.button("Read", key=f"read-{row.application_id}", width="stretch"):
                return row.application_id
    return None


def _may_score(view: PipelineView) -> bool:
    running = view.progress is not None and view.progress.running
    return view.criteria is not None and bool(view.rows) and not running


def _score(view: PipelineView) -> Action | None:
    """Ask once more, saying how many and at what cost, before work starts."""
    new = sum(row.state is WorkState.NEW for row in view.rows)
    with st.popover(
        f"Score {f.plural(new, 'application')}" if new else "Score again",
        icon=f.icon("play_arrow"), type="primary" if new else "secondary",
    ):  # fmt: skip
        version = view.criteria.version if view.criteria else 0
        what = f.plural(new, "application") if new else "What changed, and proposals that lapsed,"
        st.markdown(f"**{what} against criteria version {version}**")
        st.caption(
            "About one iCIMS request per resume that is not here yet. Documents and criteria that "
            "did not change keep their score. Nothing is written to iCIMS."
        )
        if st.button("Start scoring", type="primary", key="start_scoring"):
            return "score"
    return None


def _counts(rows: Sequence[PipelineRow]) -> None:
    scored = sum(row.score is not None for row in rows)
    decide = sum(row.state is WorkState.PROPOSED for row in rows)
    eyes = sum(bool(row.ungraded) for row in rows)
    with st.container(horizontal=True):
        st.metric("Applications", f"{len(rows):,}", width=130)
        st.metric("Scored", f"{scored:,}", width=130)
        st.metric("For you to decide", f"{decide:,}", width=150)
        st.metric("Need your eyes", f"{eyes:,}", width=150)
