"""The open jobs of the signed-in person, and what they need today."""

import streamlit as st

from core.domain.actor import Role
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.requisitions.needs import needs_today
from core.ui.components.requisitions.requisition_list import choose, requisition_list
from core.ui.components.states import empty
from core.ui.guard import guard

actor = guard(Role.RECRUITER, Role.HIRING_MANAGER)
cards = the_app().requisitions.list(actor)

st.title("Requisitions", anchor=False)
if not cards:
    empty(
        "No jobs name you yet",
        "Jobs appear here when iCIMS names you as recruiter or hiring manager. "
        "The first reading takes a minute.",
        "work_off",
    )
    st.stop()
need = needs_today(cards, f.now())
requisition_list(choose(cards, need, f.now()), len(cards), f.now())
