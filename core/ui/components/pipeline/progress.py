"""Work in the background: how far, how long, and a way to stop it."""

import streamlit as st

from core.domain.ids import RequisitionId
from core.domain.views import PipelineView, Progress
from core.ui import format as f
from core.ui.access import the_app
from core.ui.session import resumed
from core.ui.shell import spoken


def under_way(view: PipelineView) -> None:
    """Show the scoring of a job, or names being read, while either goes on."""
    if view.progress and view.progress.running:
        watch(view.requisition.id, view.may_screen)
    elif view.reading_names:
        watch_names(view.requisition.id)


@st.fragment(run_every=2.0)
def watch(requisition_id: RequisitionId, may_stop: bool) -> None:
    """Follow the scoring of a job until it is done, then draw the whole screen anew."""
    actor = resumed(watching=True)
    if actor is None:
        st.rerun()
    with spoken():
        progress = the_app().pipeline.progress(actor, requisition_id)
        if progress is None or not progress.running:
            st.rerun()
        bar(progress)
        if may_stop and st.button("Stop scoring", icon=f.icon("stop_circle"), key="stop"):
            the_app().pipeline.cancel(actor, requisition_id)
            st.rerun()


@st.fragment(run_every=2.0)
def watch_names(requisition_id: RequisitionId) -> None:
    """Say that names are on their way, and draw the whole screen anew once they are there."""
    actor = resumed(watching=True)
    if actor is None or not the_app().pipeline.reading_names(actor, requisition_id):
        st.rerun()
    st.caption(f"{f.icon('sync')} Reading people's names from iCIMS …")


def bar(progress: Progress) -> None:
    """Show counts, failures and the time left as words and as a bar."""
    settled = progress.done + progress.failed
    words = [f"Scored {f.number(progress.done)} of {f.number(progress.total)}"]
    if progress.failed:
        words.append(f"{f.number(progress.failed)} could not be scored")
    if progress.left_seconds is not None:
        words.append(f"about {f.duration(progress.left_seconds)} left")
    st.progress(settled / max(1, progress.total), text=" · ".join(words))
