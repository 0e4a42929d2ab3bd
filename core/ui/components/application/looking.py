"""Who looked: a look counts once a person was on the screen for a while, or was judged there.

Whoever leafs past people has not looked at them.
"""

from pathlib import Path

import streamlit as st

from core.domain.actor import Actor
from core.domain.ids import ApplicationId
from core.domain.views import ApplicationView
from core.ui import format as f
from core.ui.access import the_app
from core.ui.session import resumed
from core.ui.shell import spoken

SECONDS = 3
_LOOKED = "copilot_looked"
_DWELL = st.components.v2.component(
    "recruiter_copilot.dwell", js=Path(__file__).with_name("dwell.js").read_text()
)


@st.fragment
def looking(view: ApplicationView) -> None:
    """Record the look of who stays, once a session and assessment, and say that it counts."""
    # Drawn alone, it is neither behind the page's guard nor within reach of what speaks errors.
    with spoken():
        actor = resumed()
        if actor is None:
            st.rerun()
        id, shown = view.row.application_id, view.own_assessment
        here = f"{id} {shown.key.id if shown else ''}"
        seen: set[str] = st.session_state.setdefault(_LOOKED, set())
        if here not in seen and _stayed(here):
            look(actor, id)
            seen.add(here)
        if here in seen:
            st.caption(f"{f.icon('visibility')} Counts as looked at by you")
        else:
            st.caption(f"{f.icon('hourglass_top')} Counts as looked at after {SECONDS} seconds")


def look(actor: Actor, id: ApplicationId) -> None:
    """Record that this person has the evidence on the screen."""
    the_app().review.opened(actor, id)


def _stayed(here: str) -> bool:
    """Ask the browser to tell when the person was in sight long enough; say whether it has."""
    with st.container(key="dwell"):
        told = _DWELL(
            key="looking",
            data={"of": here, "milliseconds": SECONDS * 1000},
            on_looked_change=lambda: None,
        )
    return bool(told.looked == here)
