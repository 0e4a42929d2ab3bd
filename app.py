"""Sign in, show the menu of the person's roles, run the page; nothing else."""

import streamlit as st

from core.ui.guard import guard
from core.ui.menu import every_page, menu
from core.ui.session import keep_cookie, resumed
from core.ui.shell import dress, spoken

dress()
with spoken():
    if resumed() is None:
        # Declared but not shown: an address somebody was sent still leads there after sign-in.
        st.navigation(every_page(), position="hidden")
    actor = guard()
    keep_cookie()
    st.navigation(menu(actor), position="top").run()
