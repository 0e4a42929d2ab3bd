"""The open jobs of the signed-in person."""

import streamlit as st

from core.domain.actor import Role
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.requisition_list import requisition_list
from core.ui.components.states import empty
from core.ui.guard import guard
from core.ui.menu import go

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
waiting = sum(card.proposals_open for card in cards)
st.caption(f"{f.plural(len(cards), 'job')} · {f.plural(waiting, 'decision')} waiting for you")

if opened := requisition_list(cards, f.now()):
    go("pipeline", req=opened)
