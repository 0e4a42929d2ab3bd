"""Why not: asked before a no is carried out, and kept until it was."""

import streamlit as st

_MISSING = "copilot_reason_missing"


def reason_field(key: str) -> None:
    """Ask why not; what was written stays, whatever closes the window it is written in."""
    st.text_area(
        "Why not?",
        key=key,
        max_chars=500,
        placeholder="For example: the licence is on page 2",
        persist_state="session",
        on_change="ignore",
    )
    if st.session_state.get(_MISSING) == key:
        st.caption(":red[Say why, in a few words.]")
        del st.session_state[_MISSING]


def reason(key: str) -> str:
    """Give what was written, in a callback; without anything, have the field ask for it."""
    written = str(st.session_state.get(key) or "").strip()
    if not written:
        st.session_state[_MISSING] = key
    return written


def sent(key: str) -> None:
    """Empty the field, before it is drawn."""
    st.session_state[key] = ""
