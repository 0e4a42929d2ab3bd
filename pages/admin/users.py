"""Who may sign in, as what, and whether they can work."""

import streamlit as st

from core.domain.actor import Role
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.admin.user_dialogs import add
from core.ui.components.admin.users import carry_out, choose, user_panel, users_table
from core.ui.components.states import empty
from core.ui.guard import guard

actor = guard(Role.ADMIN)
carry_out(actor)
lines = the_app().users.list(actor)

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Users", anchor=False, width="stretch")
    if st.button("Add a user …", key="add_user_open", type="primary", icon=f.icon("person_add")):
        add(actor)
st.caption(
    "Recruiters and hiring managers see the jobs that name them in iCIMS, and nothing else. "
    "Choose a row to change a user."
)
if all(line.user_id == actor.id for line in lines):
    empty("Nobody but you", "Add the people who review applications or read the log.", "group")
    st.stop()
shown = choose(lines)
if not shown:
    empty("Nobody matches", "Change the words or the choice above.", "person_search")
    st.stop()
if chosen := users_table(shown):
    user_panel(actor, chosen)
