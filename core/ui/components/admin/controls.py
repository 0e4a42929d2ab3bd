"""What an administrator just decided about thresholds and stops."""

import streamlit as st

from core.domain.actor import Actor
from core.domain.ids import StopId
from core.domain.policy import TenantPolicy
from core.ui import format as f
from core.ui.access import the_app
from core.ui.shell import spoken

_DEED = "copilot_controls_deed"


def carry_out(actor: Actor) -> None:
    """Do what was just clicked, if anything; to be called before the controls are read."""
    deed = st.session_state.pop(_DEED, None)
    with spoken():
        if isinstance(deed, TenantPolicy):
            the_app().controls.set_policy(actor, deed)
            st.toast("Saved. Suggestions follow at once.", icon=f.icon("check_circle"))
        elif isinstance(deed, str):
            the_app().controls.lift(actor, StopId(deed))
            st.toast("Lifted. What waited goes on by itself.", icon=f.icon("play_circle"))


def take(deed: TenantPolicy | StopId) -> None:
    """Keep a policy to set or a stop to lift until the page runs again."""
    st.session_state[_DEED] = deed
