"""What is stopped where, by whom and why; and stopping or lifting it."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.domain.actor import Actor
from core.domain.policy import Capability, StopScope
from core.domain.views import ControlsView, StopLine
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.admin.controls import take
from core.ui.shell import spoken

CAPABILITY = {Capability.SCREENING: "Scoring", Capability.WRITING: "Writing to iCIMS"}
_EFFECT = {
    Capability.SCREENING: "Nobody is scored, existing scores are hidden and approved ones wait.",
    Capability.WRITING: "Approved changes wait here; none reaches iCIMS.",
}
_SCOPE = {
    StopScope.EVERYWHERE: "Everywhere",
    StopScope.JURISDICTION: "In a country or region",
    StopScope.REQUISITION: "For one job",
}


def stops(lines: Sequence[StopLine]) -> None:
    """Show what is stopped now, by whom, why and since when."""
    if not lines:
        st.success(
            "Scoring and writing to iCIMS run everywhere.",
            title="Nothing is stopped",
            icon=f.icon("check_circle"),
        )
    for line in lines:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.error(
                f"“{f.escaped(line.stop.reason, 500)}”  \nStopped by {f.escaped(line.who)} on "
                f"{f.when(line.stop.at)}. {_EFFECT[line.stop.capability]}",
                title=f"{CAPABILITY[line.stop.capability]} is stopped {_where(line)}",
                icon=f.icon("front_hand"),
            )
            with st.popover("Lift …", icon=f.icon("play_circle"), key=f"ask-{line.stop.id}"):
                st.markdown(f"{CAPABILITY[line.stop.capability]} goes on {_where(line)}.")
                st.button(
                    "Lift the stop",
                    key=f"lift-{line.stop.id}",
                    type="primary",
                    on_click=take,
                    args=(line.stop.id,),
                )


def lifted(lines: Sequence[StopLine]) -> None:
    """List earlier stops, out of the way."""
    if lines:
        with st.expander(f"Lifted stops ({len(lines)})", icon=f.icon("history")):
            st.dataframe(_frame(lines), hide_index=True, height="content", alt="Lifted stops")


@st.dialog("Stop something", icon=":material/front_hand:")
def stop(actor: Actor, view: ControlsView) -> None:
    """Ask what to stop, how far and why."""
    capability = st.radio(
        "What",
        tuple(CAPABILITY),
        format_func=lambda c: CAPABILITY[c],
        captions=[_EFFECT[c] for c in Capability],
        key="stop_what",
    )
    scope = st.radio("Where", tuple(_SCOPE), format_func=lambda s: _SCOPE[s], key="stop_scope")
    where = _place(scope, view)
    reason = st.text_area(
        "Why", key="stop_reason", max_chars=500, help="Recruiters read this where it is stopped."
    )
    if st.button("Stop now", key="stop_now", type="primary", icon=f.icon("front_hand")):
        with spoken():
            the_app().controls.stop(actor, capability, scope, where, reason)
            st.rerun()


def _place(scope: StopScope, view: ControlsView) -> str:
    if scope is StopScope.JURISDICTION:
        return st.selectbox("Country or region", view.places, index=None, key="stop_place") or ""
    if scope is StopScope.REQUISITION:
        titles = {id: f"{f.one_line(title, 80)} ({id})" for id, title in view.jobs}
        chosen = st.selectbox(
            "Job", list(titles), format_func=titles.__getitem__, index=None, key="stop_job"
        )
        return str(chosen or "")
    return ""


def _where(line: StopLine) -> str:
    match line.stop.scope:
        case StopScope.REQUISITION:
            return f"for {f.escaped(line.where)}"
        case StopScope.JURISDICTION:
            return f"in {f.escaped(line.where)}"
    return "everywhere"


def _frame(lines: Sequence[StopLine]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "What": [CAPABILITY[line.stop.capability] for line in lines],
            "Where": [f.one_line(line.where) or "Everywhere" for line in lines],
            "Why": [f.one_line(line.stop.reason, 500) for line in lines],
            "Stopped by": [f.one_line(line.who) for line in lines],
            "From": [f.when(line.stop.at) for line in lines],
            "Until": [f.when(line.stop.lifted_at) for line in lines],
        }
    )
