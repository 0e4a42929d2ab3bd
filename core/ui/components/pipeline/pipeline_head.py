"""The top of a pipeline: which job, how things stand, what can be done."""

from datetime import datetime
from typing import Literal

import streamlit as st

from core.domain.actor import Actor, Role
from core.domain.filters import PipelineFilter
from core.domain.rows import WorkState
from core.domain.views import PipelineView
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.pipeline.blinding import agreement, blinding_control
from core.ui.components.pipeline.distribution import distribution
from core.ui.components.pipeline.expected_cost import will_leave
from core.ui.components.shares import of_rows, shares_bar
from core.ui.components.states import freshness
from core.ui.components.way import leave_for

Action = Literal["refresh", "score"]


def head(view: PipelineView, question: PipelineFilter, now: datetime) -> None:
    """Name the job, say how old the data is, how far it is and how the scores spread."""
    job = view.requisition
    about, spread = st.columns([1.5, 1], vertical_alignment="bottom", gap="large")
    with about:
        st.button(
            "All requisitions", icon=f.icon("arrow_back"), type="tertiary", key="back",
            on_click=leave_for, args=("requisitions",), kwargs={"req": job.id},
        )  # fmt: skip
        with st.container(gap="xsmall"):
            st.title(f.escaped(job.title), anchor=False)
            parts = (f.place(job), job.department, f"Job {job.id}")
            st.caption(" · ".join(f.escaped(part, 60) for part in parts if part))
            with st.container(horizontal=True, vertical_alignment="center"):
                freshness(view.fetched_at, now)
                if words := agreement(view.agreement):
                    st.markdown(f":small[:gray[{f.icon('handshake')} {words}]]", width="content")
        if view.rows:
            shares_bar(of_rows(view.rows), key="shares")
    with spread:
        distribution(view.rows, question.score)


def actions(view: PipelineView, actor: Actor, question: PipelineFilter) -> Action | None:
    """Offer what this person may do with the job; return what they chose."""
    chosen: Action | None = None
    with st.container(horizontal=True, vertical_alignment="center"):
        if view.may_screen and _may_score(view):
            chosen = _score(view, actor)
        if view.may_edit_criteria or view.criteria:
            st.button(
                "Criteria" if view.criteria else "Write criteria",
                icon=f.icon("rule"), key="criteria",
                type="secondary" if view.criteria else "primary",
                on_click=leave_for, args=("criteria",), kwargs={"req": view.requisition.id},
            )  # fmt: skip
        if st.button("Refresh from iCIMS", icon=f.icon("sync"), key="refresh"):
            chosen = "refresh"
        if Role.RECRUITER in actor.roles:
            blinding_control(view)
            _take_away(view, actor, question)
    return chosen


def stopped(view: PipelineView) -> None:
    """Say that an administrator switched something off here."""
    if view.stopped:
        st.warning(f.escaped(view.stopped, 400), icon=f.icon("front_hand"))


def waits(view: PipelineView) -> None:
    """Say how many applications are not scored yet because the day's requests are used up."""
    if view.waits:
        count = f.plural(view.waits.count, "application")
        verb = "waits" if view.waits.count == 1 else "wait"
        st.info(
            f"{count} {verb} to be scored: today's iCIMS requests are used up. Scoring goes on by "
            f"itself at {f.when(view.waits.until)}, the newest first.",
            icon=f.icon("hourglass_top"),
        )


def _take_away(view: PipelineView, actor: Actor, question: PipelineFilter) -> None:
    """Hand the list out as it is narrowed now; it is made on the click, and recorded."""
    job = view.requisition.id
    st.download_button(
        "Take the list away",
        lambda: the_app().pipeline.export(actor, job, question),
        file_name=f"pipeline-{''.join(c for c in job if c.isalnum())}.csv",
        mime="text/csv",
        icon=f.icon("download"),
        on_click="ignore",
        key="export",
        disabled=not view.rows,
        help="A table (CSV) of the people shown below. That you took it is recorded.",
    )


def _may_score(view: PipelineView) -> bool:
    running = view.progress is not None and view.progress.running
    return view.criteria is not None and bool(view.rows) and not running


def _score(view: PipelineView, actor: Actor) -> Action | None:
    """Ask once more, saying how many and at what cost, before work starts."""
    new = sum(row.state is WorkState.NEW for row in view.rows)
    with st.popover(
        f"Score {f.plural(new, 'application')}" if new else "Score again",
        icon=f.icon("play_arrow"), type="primary" if new else "secondary", key="score",
        on_change="rerun",
    ) as asked:  # fmt: skip
        version = view.criteria.version if view.criteria else 0
        what = f.plural(new, "application") if new else "What changed, and proposals that lapsed,"
        st.markdown(f"**{what} against criteria version {version}**")
        st.caption(
            "About one iCIMS request per resume that is not here yet. Documents and criteria that "
            "did not change keep their score. Nothing is written to iCIMS."
        )
        if asked.open:
            will_leave(the_app().model_log.expected(actor, view.requisition.id, new or 1), new)
        if st.button("Start scoring", type="primary", key="start_scoring"):
            return "score"
    return None
