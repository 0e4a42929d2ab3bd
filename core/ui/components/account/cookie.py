"""Has the browser fetch or drop the session's cookie, without a re-run of the page."""

from pathlib import Path

import streamlit as st

from core.ui.cookie import ADDRESS

_ERRAND = st.components.v2.component(
    "recruiter_copilot.cookie", js=Path(__file__).with_name("cookie.js").read_text()
)


def fetch_cookie(ticket: str) -> None:
    """Send the browser for the cookie behind ``ticket``; call it in every run, with "" for none.

    Always there, because what comes and goes above a page would have the page drawn anew.
    """
    _run("POST" if ticket else "", ticket)


def drop_cookie() -> None:
    """Have the cookie taken out of the browser."""
    _run("DELETE", "")


def _run(method: str, ticket: str) -> None:
    with st.container(key="cookie"):
        _ERRAND(key="session_cookie", data={"address": ADDRESS, "method": method, "ticket": ticket})
