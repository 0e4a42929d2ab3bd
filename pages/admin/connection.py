"""The link to iCIMS: is it sound, what to ask for, and how much of the budget is left."""

import streamlit as st

from core.domain.actor import Role
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.admin.connection import budget, field_table, health, request, target
from core.ui.guard import guard

actor = guard(Role.ADMIN)
connection = the_app().connection

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Connection to iCIMS", anchor=False, width="stretch")
    again = st.button("Check again", key="check_again", icon=f.icon("sync"))
with st.spinner("Asking iCIMS …"):
    view = connection.check(actor) if again else connection.view(actor)

health(view)
request(view)
budget(view)
field_table(view.fields)
target(view)
