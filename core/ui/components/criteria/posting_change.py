"""The posting changed under frozen criteria: what, and whether they still fit."""

import streamlit as st

from core.domain.actor import Actor
from core.domain.criteria import Criteria
from core.domain.posting import PostingChange
from core.domain.views import ChangeLine
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.decisions.changes import changes
from core.ui.shell import spoken


def posting_changed(
    actor: Actor, change: PostingChange | None, frozen: Criteria | None, *, may_answer: bool
) -> None:
    """Show what changed, old beside new, and take the answer that the criteria still fit."""
    if change is None or frozen is None:
        return
    with spoken(), st.container(border=True):
        st.markdown(
            f"**{f.icon('difference')} The posting changed on {f.when(change.at)}, after these "
            f"criteria (version {frozen.version}) were frozen.** Look whether they still fit. "
            "Scores stay as they are until new criteria are frozen."
        )
        with st.expander("What changed"):
            lines = [ChangeLine(*part) for part in change.parts]
            changes(lines, key="posting", sides=("Before", "Now in iCIMS"))
        if not may_answer:
            st.caption("The recruiter of this job decides.")
        elif st.button(
            "Still right", icon=f.icon("check"), key="still_right",
            help="Keeps the criteria as they are. Your name and the time are recorded.",
        ):  # fmt: skip
            the_app().criteria.confirm(actor, frozen.requisition_id, change.seen)
            st.rerun()
