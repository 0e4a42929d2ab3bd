"""Questions people keep: saved by name, for oneself or for everybody on the job."""

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from core.domain.actor import Actor
from core.domain.filters import PipelineFilter, SavedView
from core.domain.ids import RequisitionId, SavedViewId, UserId
from core.domain.views import PipelineView
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.pipeline.question import address
from core.ui.shell import spoken

_WISH = "copilot_saved_view"
Wish = tuple[RequisitionId, str, PipelineFilter, bool] | SavedViewId


def carry_out_views(actor: Actor) -> None:
    """Save or remove the view just asked for, if any; to be called before the screen is read."""
    wish: Wish | None = st.session_state.pop(_WISH, None)
    if wish is None:
        return
    pipeline = the_app().pipeline
    with spoken():
        if isinstance(wish, tuple):
            requisition, name, question, shared = wish
            pipeline.save_view(actor, requisition, name, question, shared=shared)
            st.toast("View saved.", icon=f.icon("bookmark_added"))
        else:
            pipeline.remove_view(actor, wish)
            st.toast("View removed.", icon=f.icon("bookmark_remove"))


def saved_label(view: SavedView) -> str:
    """Name a saved view, apart from the usual ones."""
    return f"☆ {f.one_line(view.name, 60)}"


def saved_views(view: PipelineView, question: PipelineFilter, me: UserId) -> None:
    """Offer to keep the present question, to hand on its address, and to remove kept ones."""
    with st.popover("Views", icon=f.icon("bookmarks"), key="views"):
        if question.is_empty:
            st.caption("Narrow the table first; then it can be kept here under a name.")
        else:
            _save(view.requisition.id, question)
            st.caption("Link to exactly this view; it opens only for people on this job.")
            st.code(link(view.requisition.id, question), language=None, wrap_lines=True)
        for saved in view.saved:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(saved_label(saved), width="stretch")
                st.caption("shared" if saved.shared else "mine", width="content")
                st.button(
                    "Remove", key=f"unsave-{saved.id}", type="tertiary", icon=f.icon("delete"),
                    on_click=_wish, args=(saved.id,), disabled=saved.by != me,
                )  # fmt: skip


def link(requisition: RequisitionId, question: PipelineFilter) -> str:
    """Write the address of a pipeline narrowed by ``question``."""
    here = urlsplit(st.context.url or "")
    query = urlencode({"req": requisition, **address(question)}, doseq=True)
    return urlunsplit((here.scheme, here.netloc, here.path or "/pipeline", query, ""))


def _save(requisition: RequisitionId, question: PipelineFilter) -> None:
    with st.form("save_view", border=False):
        st.text_input("Keep this view as", key="view_name", max_chars=60)
        st.checkbox("Share it with everybody on this job", key="view_shared")
        st.form_submit_button(
            "Save", icon=f.icon("bookmark_add"), on_click=_wish_saved, args=(requisition, question)
        )


def _wish_saved(requisition: RequisitionId, question: PipelineFilter) -> None:
    state = st.session_state
    _wish((requisition, str(state.view_name), question, bool(state.view_shared)))


def _wish(wish: Wish) -> None:
    st.session_state[_WISH] = wish
