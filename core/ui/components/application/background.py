"""What lies behind an application: the profile, earlier scores and what happened."""

from collections.abc import Callable

import streamlit as st

from core.domain.views import ApplicationView
from core.ui import format as f
from core.ui.components.application import facts
from core.ui.components.application.profile_facts import differences, earlier_scores, profile_facts
from core.ui.components.application.sent import sent
from core.ui.components.application.timeline import timeline
from core.ui.session import resumed


@st.fragment
def background(view: ApplicationView) -> None:
    """Offer profile, earlier scores and timeline, out of the way until asked for."""
    # Drawn alone, it is not behind the page's guard.
    actor = resumed()
    if actor is None:
        st.rerun()
    apart = f.plural(differences(view.facts), "difference")
    _drawer("profile", f"iCIMS profile and resume ({apart})", "badge", lambda: _profile(view))
    if view.earlier:
        title = f"Earlier scores ({len(view.earlier)})"
        _drawer("earlier", title, "history", lambda: earlier_scores(view.earlier))
    if not view.row.hidden:
        _drawer("sent", "What the model was sent", "outbound", lambda: sent(actor, view))
    _drawer("happened", "What happened so far", "timeline", lambda: timeline(view))


def _drawer(name: str, title: str, sign: str, draw: Callable[[], None]) -> None:
    """Draw what is in a drawer only while it is open; it stays open from person to person."""
    key = f"drawer-{name}"
    # A drawer with another title is another widget to Streamlit, and closed.
    st.session_state[key] = bool(st.session_state.get(key))
    drawer = st.expander(title, icon=f.icon(sign), key=key, on_change="rerun")
    if drawer.open:
        with drawer:
            draw()


def _profile(view: ApplicationView) -> None:
    profile_facts(view.facts)
    facts.record(view)
