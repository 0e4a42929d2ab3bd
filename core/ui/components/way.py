"""Leaving for another page before this one is drawn again: one run of a script instead of two."""

import streamlit as st

from core.ui.menu import go

_WAY = "copilot_way"


def leave_for(screen: str, **parameters: str | list[str]) -> None:
    """Remember, in a callback, where the person wants to go.

    Streamlit puts the old page with the new parameters into the browser's history: parameters that
    the old page needs have to be among them, or the browser's Back leads nowhere.
    """
    st.session_state[_WAY] = (screen, parameters)


def follow() -> None:
    """Go where the last click leads, if anywhere; to be called before anything is read or drawn.

    Whoever may not go there is stopped there, by the page's guard.
    """
    if way := st.session_state.pop(_WAY, None):
        screen, parameters = way
        go(screen, **parameters)
