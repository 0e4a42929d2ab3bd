"""One application: the document, what it shows, and the decision.

Its address carries ``?app=…`` and can be shared.
"""

import streamlit as st

from core.domain.actor import Role
from core.domain.ids import ApplicationId
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components import facts
from core.ui.components.decision import carry_out, earlier, proposal_card
from core.ui.components.neighbours import neighbours
from core.ui.components.reader import reader
from core.ui.components.score import score_strip
from core.ui.components.states import empty
from core.ui.components.trail import trail
from core.ui.guard import guard
from core.ui.menu import go

actor = guard(Role.RECRUITER, Role.HIRING_MANAGER)
app = the_app()
application = ApplicationId(st.query_params.get("app", ""))
if not application:
    go("requisitions")

carry_out(actor)
view = app.review.application(actor, application)
neighbours(view, lambda: app.review.file(actor, application)[1])
facts.person(view.row, view.fetched_at, f.now())
score_strip(view)
if view.assessment:
    facts.reading(view.assessment)
if view.document:
    facts.flags(view.document.flags)
elif view.document_problem:
    empty("No document to show", view.document_problem, "description")
reader(view)

for proposal in view.proposals[:1]:
    proposal_card(proposal, shortcut=True)
earlier(view.proposals[1:])
with st.expander("What iCIMS holds about this person", icon=f.icon("badge")):
    facts.record(view)
with st.expander(f"What happened so far ({len(view.trail)})", icon=f.icon("history")):
    trail(view.trail, alt="Audit trail of this application, oldest first")
