"""Where suggestions change, and what is stopped."""

import streamlit as st

from core.domain.actor import Role
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.admin.controls import carry_out
from core.ui.components.admin.stops import lifted, stop, stops
from core.ui.components.admin.thresholds import policy_form
from core.ui.guard import guard

actor = guard(Role.ADMIN)
carry_out(actor)
view = the_app().controls.view(actor)

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Thresholds and stops", anchor=False, width="stretch")
    if st.button("Stop something …", key="stop_open", icon=f.icon("front_hand")):
        stop(actor, view)
stops(view.stops)
lifted(view.lifted)
with st.container(width=820):
    policy_form(view.policy)
