"""Not like this: what a person wants left out or different before it is proposed again."""

import streamlit as st

from core.domain.views import ProposalView
from core.ui import format as f
from core.ui.components.decisions.taken import Decision, take

_EMPTY = "copilot_request_empty"


def change_request(view: ProposalView) -> None:
    """Offer to send a proposal back, with lines to leave out, a note, or both."""
    id, lines = view.proposal.id, view.changes
    with st.popover("Send back …", icon=f.icon("reply"), disabled=bool(view.blocked)):
        st.markdown("**Ask for a change**")
        if len(lines) > 1:
            st.pills(
                "Leave out",
                range(len(lines)),
                selection_mode="multi",
                format_func=lambda number: f.escaped(lines[number].what, 60),
                key=f"leave-{id}",
                help="A proposal of the other lines takes this one's place at once.",
                persist_state="session",
                on_change="ignore",
            )
        st.text_area(
            "What should be different?",
            key=f"note-{id}",
            max_chars=500,
            placeholder="For example: the German level is in the cover letter",
            help="With a note alone nothing is proposed until somebody changes a verdict or "
            "has this person scored again.",
            persist_state="session",
            on_change="ignore",
        )
        if st.session_state.pop(_EMPTY, None) == id:
            st.caption(":red[Choose lines to leave out, or say what should be different.]")
        st.button("Send back", key=f"send-back-{id}", on_click=_take, args=(view,))


def _take(view: ProposalView) -> None:
    id = view.proposal.id
    note = str(st.session_state.get(f"note-{id}") or "")
    leave_out = tuple(sorted(st.session_state.get(f"leave-{id}") or ()))
    if not (note.strip() or leave_out):
        st.session_state[_EMPTY] = id
        return
    take(Decision("ask", id, view.hash, note, leave_out))
