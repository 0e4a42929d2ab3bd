"""Changes to iCIMS that wait for this person's yes or no."""

import streamlit as st

from core.domain.actor import Role
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.decision import carry_out, proposal_card, proposal_title
from core.ui.components.states import empty, more
from core.ui.guard import guard
from core.ui.menu import go

actor = guard(Role.RECRUITER)
carry_out(actor)
tray = the_app().approvals.tray(actor)

st.title("Approvals", anchor=False)
if not tray:
    empty("Nothing waits for you", "Proposals appear here once people are scored.", "inbox")
    st.stop()
st.caption(
    f"{f.plural(len(tray), 'proposal')}, oldest first. Each is written to iCIMS exactly as shown, "
    "and only if the record has not changed there since."
)
for view in tray[: more(len(tray), "tray")]:
    if proposal_title(view):
        go("application", app=view.proposal.application_id)
    proposal_card(view)
