"""Changes to iCIMS that wait for this person's yes or no.

Its address carries what was asked of the list and ``?proposal=…`` for the one shown beside it.
"""

import streamlit as st

from core.domain.actor import Role
from core.ui.access import the_app
from core.ui.components.decisions.batch import carry_out_batch
from core.ui.components.decisions.batch_results import batch_results
from core.ui.components.decisions.decision import carry_out
from core.ui.components.decisions.just_decided import just_decided
from core.ui.components.decisions.tray import untick
from core.ui.components.decisions.tray_desk import tray_desk
from core.ui.components.states import empty, loading
from core.ui.guard import guard

actor = guard(Role.RECRUITER)
approvals = the_app().approvals
carry_out(actor)
if carry_out_batch(actor):
    untick()

st.title("Approvals", anchor=False)
with loading("Reading what waits for you …"):
    waiting, approved = approvals.tray(actor), approvals.undoable(actor)
# The way back stands beside the proposals, a batch's with that of others.
batch_results(actor, undo=False)
if not waiting:
    just_decided(approved)
    empty("Nothing waits for you", "Proposals appear here once people are scored.", "inbox")
    st.stop()
tray_desk(waiting, approved)
