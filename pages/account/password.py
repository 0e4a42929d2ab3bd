"""Change one's own password; see how long this session lasts."""

import streamlit as st

from core.ui.access import the_app
from core.ui.components.account.session_ends import session_ends
from core.ui.guard import guard
from core.ui.session import begin
from core.ui.shell import spoken

actor = guard()
app = the_app()
me = app.sign_in.me(actor)

st.title("Change password", anchor=False)
if me.must_change_password:
    st.info("Please choose a password of your own before you go on.", icon=":material/key:")
if not me.has_password:
    st.info("You sign in with your company account; its password is not kept here.")
    session_ends(actor)
    st.stop()

with st.form("password", width=480):
    old = st.text_input("Current password", type="password", autocomplete="current-password")
    new = st.text_input(
        "New password",
        type="password",
        autocomplete="new-password",
        help="At least 12 characters. A sentence is easier to remember than signs.",
    )
    again = st.text_input("New password again", type="password", autocomplete="new-password")
    st.caption("Everybody signed in with the old password is signed out.")
    change = st.form_submit_button("Change password", type="primary")
session_ends(actor)

if change and new != again:
    st.warning("The two new passwords differ.", icon=":material/info:")
elif change:
    with spoken():
        begin(app.sign_in.change_password(actor, old, new).session)
        st.success("Your password is changed.", icon=":material/check_circle:")
