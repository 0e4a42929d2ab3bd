"""Two pages with next to nothing on them, as Streamlit serves them: the measure of all others."""

import streamlit as st


def first() -> None:
    """Draw one button, one field and what came of them."""
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.button("Again", key="again")
    text = st.text_input("Type", key="type", type="search", live=True)
    st.text(f"Run {st.session_state['runs']} {text}")


def second() -> None:
    """Draw one line."""
    st.text("The second page")


pages = (
    st.Page(first, title="First", url_path="first", default=True),
    st.Page(second, title="Second", url_path="second"),
)
st.navigation(pages, position="top").run()
