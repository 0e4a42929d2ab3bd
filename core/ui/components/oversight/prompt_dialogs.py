"""The windows in which instructions are written, promoted and taken back."""

import streamlit as st

from core.domain.actor import Actor
from core.domain.prompt_views import PromptsView, VersionLine
from core.domain.prompts import LONGEST_TEXT
from core.ui import format as f
from core.ui.access import the_app
from core.ui.shell import spoken

WRITTEN = "copilot_prompt_written"
"""Holds the version that was just written, to be shown next."""
_LONGEST_REASON = 500


@st.dialog("Write a new version", width="large", icon=":material/edit_note:")
def write(actor: Actor, view: PromptsView, line: VersionLine) -> None:
    """Edit a copy of a version; the version itself stays as it is."""
    st.caption(
        f"A copy of version {line.prompt.version}. Keep `{{{{criteria}}}}`, where the job's "
        "criteria are put, and the sentences about the marker lines. A new version changes no "
        "score until two people put it into production."
    )
    text = st.text_area(
        "Instructions", line.prompt.text, height=420, max_chars=LONGEST_TEXT,
        key=f"prompt_text_{line.prompt.version}",
    )  # fmt: skip
    note = st.text_input(
        "Why is there a new version?", key="prompt_note", max_chars=_LONGEST_REASON
    )
    if st.button("Save as a new version", key="prompt_save", type="primary", icon=f.icon("save")):
        with spoken():
            st.session_state[WRITTEN] = the_app().prompts.write(actor, view.name, text, note)
            st.rerun()


@st.dialog("Ask for production", icon=":material/publish:")
def ask(actor: Actor, view: PromptsView, version: str) -> None:
    """Ask a second person to put a version into production."""
    st.markdown(
        f"Scores made from then on follow version {version}; scores that exist stay as they are. "
        "Another administrator, who did not write it, has to confirm."
    )
    reason = st.text_area(
        "Why should it go into production?", key="ask_reason", max_chars=_LONGEST_REASON
    )
    if st.button("Ask", key="ask_now", type="primary", icon=f.icon("publish")):
        with spoken():
            the_app().prompts.ask_promotion(actor, view.name, version, reason)
            st.rerun()


@st.dialog("Go back to an earlier version", icon=":material/history:")
def go_back(actor: Actor, view: PromptsView) -> None:
    """Move production to where it was before, at once."""
    now = view.production.prompt.version
    st.markdown(
        f"Version {now} is in production now. Going back holds at once and needs no second person; "
        "it is recorded with your reason. Scores that exist stay as they are."
    )
    version = st.selectbox(
        "Back to", view.earlier, format_func=lambda v: f"Version {v}", key="back_to"
    )
    reason = st.text_area("Why?", key="back_reason", max_chars=_LONGEST_REASON)
    if st.button("Go back now", key="back_now", type="primary", icon=f.icon("history")):
        with spoken():
            the_app().prompts.roll_back(actor, view.name, version or "", reason)
            st.rerun()
