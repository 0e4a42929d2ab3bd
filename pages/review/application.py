"""One application: the document, what it shows, and the decision.

Its address carries ``?app=…`` and what the pipeline was asked, and can be shared.
"""

import streamlit as st

from core.domain.actor import Role
from core.domain.ids import ApplicationId
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.application import facts
from core.ui.components.application.background import background
from core.ui.components.application.looking import looking
from core.ui.components.application.neighbours import go_on, neighbours, steps_below
from core.ui.components.application.own_view import carry_out_view, just_said, own_view, view_first
from core.ui.components.application.reader import reader
from core.ui.components.application.score_panel import score_panel
from core.ui.components.application.tools import carry_out_regrade, tools
from core.ui.components.decisions.decision import carry_out, earlier, proposal_card
from core.ui.components.pipeline.question import asked
from core.ui.components.states import empty
from core.ui.components.window import only_windows_of
from core.ui.guard import guard
from core.ui.menu import go

actor = guard(Role.RECRUITER, Role.HIRING_MANAGER)
app = the_app()
application = ApplicationId(st.query_params.get("app", ""))
if not application:
    go("requisitions")

only_windows_of(application)
carry_out_regrade(actor)
decided = carry_out_view(actor)
decided = carry_out(actor, application) or decided
view = app.review.application(actor, application, asked(), just_said=just_said(application))
if decided:
    go_on(view)
neighbours(view, lambda: app.review.file(actor, application)[1])
facts.person(view.row, view.fetched_at, f.now())
looking(view)
if view.row.hidden:
    view_first(view)
else:
    facts.reading(view, lambda: score_panel(view))
if view.document:
    facts.flags(view.document.flags)
elif view.document_problem:
    empty("No document to show", view.document_problem, "description")
reader(view)
tools(view)
if not view.row.hidden:
    own_view(view)
    for proposal in view.proposals[:1]:
        proposal_card(proposal, shortcut=True, decides=view.may_decide)
    earlier(view.proposals[1:], decides=view.may_decide)
background(view)
steps_below(view)
