"""What can be done with a score beside deciding on it: change a verdict, have it made again."""

import streamlit as st

from core.domain.actor import Actor
from core.domain.ids import ApplicationId
from core.domain.views import ApplicationView
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.application.override import change_verdict
from core.ui.components.application.reader import turn_to_original
from core.ui.components.keys import key
from core.ui.components.window import open_window, window
from core.ui.session import resumed
from core.ui.shell import spoken

_AGAIN = "copilot_score_again"


def carry_out_regrade(actor: Actor) -> None:
    """Ask for a new score where that was just clicked; before the screen is read."""
    if id := st.session_state.pop(_AGAIN, None):
        with spoken():
            the_app().screening.regrade(actor, ApplicationId(str(id)))
            st.toast("Asked for. The new score appears here.", icon=f.icon("refresh"))


def tools(view: ApplicationView) -> None:
    """Offer the original page, another verdict and another score, each with its key."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if view.document and view.document.pages:
            st.button(
                "Original page", icon=f.icon("picture_as_pdf"), key="original", type="tertiary",
                shortcut=key("original"), on_click=turn_to_original,
            )  # fmt: skip
        if view.may_decide and not view.row.hidden:
            _scoring(view)


def _scoring(view: ApplicationView) -> None:
    id = view.row.application_id
    if view.sum:
        st.button(
            "Change a verdict", icon=f.icon("edit"), key="change", type="tertiary",
            shortcut=key("change"), on_click=open_window, args=("change", id),
        )  # fmt: skip
        if opened := window("change", id):
            change_verdict(view, opened.about)
    st.button(
        "Being scored again …" if view.rescoring else "Score again",
        icon=f.icon("refresh"), key="again", type="tertiary", shortcut=key("again"),
        disabled=view.rescoring,
        on_click=lambda: st.session_state.update({_AGAIN: id}),
    )  # fmt: skip
    if view.rescoring:
        _watch(id)
    elif view.stopped:
        st.caption(f"{f.icon('front_hand')} {f.escaped(view.stopped, 300)}")
    else:
        st.caption(
            "Reads the resume from iCIMS again and scores it once more. Where nothing changed, "
            "the score stays the same."
        )


@st.fragment(run_every=3.0)
def _watch(id: ApplicationId) -> None:
    """Draw the whole screen anew once the new score is there."""
    actor = resumed(watching=True)
    if actor is None or not the_app().review.application(actor, id).rescoring:
        st.rerun()
    st.caption(f"{f.icon('sync')} The new score appears here by itself.")
