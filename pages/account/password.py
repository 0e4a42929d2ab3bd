"""Change one's own password."""

import streamlit as st

from core.ui.access import the_app
from core.ui.guard import guard
from core.ui.session import begin
from core.ui.shell import spoken

actor = guard()
app = the_app()

st.title("Change password", anchor=False)
if app.sign_in.me(actor).must_change_password:
    st.info("Please choose a password of your own before you go on.", icon=":material/key:")
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

if change and new != again:
    st.warning("The two new passwords differ.", icon=":material/info:")
elif change:
    with spoken():
        begin(app.sign_in.change_password(actor, old, new).session)
        st.success("Your password is changed.", icon=":material/check_circle:")
