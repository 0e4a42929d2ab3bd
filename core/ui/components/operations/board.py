"""The whole operations screen, which renews itself while somebody looks at it."""

import streamlit as st

from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.operations import failures, flow, icims, work
from core.ui.components.operations.verdict import verdict
from core.ui.session import resumed
from core.ui.shell import spoken

_EVERY = 10
"""Seconds between two looks."""
_ASKED = "copilot_operations_asked"


@st.fragment(run_every=float(_EVERY))
def board() -> None:
    """Draw everything as it is now; on a click, do what was asked first."""
    clicked = bool(st.session_state.pop(_ASKED, False)) or failures.is_due()
    # Drawn alone, it is not behind the page's guard; by itself, it keeps nobody signed in.
    actor = resumed(watching=not clicked)
    if actor is None:
        st.rerun()
    with spoken():
        failures.carry_out(actor)
        view = the_app().operations.view(actor)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.title("Operations", anchor=False, width="content")
            st.caption(
                f"As of {f.when(view.at)}. Renews itself every {_EVERY} seconds.", width="stretch"
            )
            st.button("Refresh", key="look_again", icon=f.icon("refresh"), on_click=_ask)
        verdict(view)
        failures.given_up(view)
        left, right = st.columns(2, gap="large")
        with left:
            work.waiting_work(view)
            flow.events(view)
        with right:
            icims.requests(view)
            flow.comparisons(view)
            icims.speed(view)


def _ask() -> None:
    st.session_state[_ASKED] = True
