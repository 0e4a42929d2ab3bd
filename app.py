"""Sign in, show the menu of the person's roles, run the page; nothing else.

The server imports this file once; every browser tab runs it.
"""

import streamlit as st

from core.ui.components.way import follow
from core.ui.guard import guard
from core.ui.menu import every_page, menu
from core.ui.server import middleware, only_declared_pages, routes, secrets
from core.ui.session import keep_cookie, resumed
from core.ui.shell import dress, spoken
from core.ui.warm import rest

if __name__ != "__main__":
    only_declared_pages()
    app = st.App(__file__, routes=routes(), middleware=middleware(), secrets=secrets())
else:
    rest()
    follow()
    dress()
    with spoken(page=True):
        actor = resumed()
        if actor is None:
            # Declared but not shown: an address somebody was sent still leads there afterwards.
            st.navigation(every_page(), position="hidden")
            actor = guard()
        keep_cookie()
        st.navigation(menu(actor), position="top").run()
