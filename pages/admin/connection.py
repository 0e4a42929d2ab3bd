"""The link to iCIMS: is it sound, and how much of the day's budget is left."""

import streamlit as st

from core.domain.actor import Role
from core.ui.access import the_app
from core.ui.components.connection import budget, health, target
from core.ui.guard import guard

actor = guard(Role.ADMIN)
st.title("Connection to iCIMS", anchor=False)
with st.spinner("Asking iCIMS …"):
    view = the_app().connection.view(actor)

health(view)
budget(view)
target(view)
st.button("Check again", icon=":material/sync:")
