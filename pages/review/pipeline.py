"""The ranked applications of one job.

Its address carries ``?req=…`` and what was asked of the table, and can be shared.
"""

import streamlit as st

from core.domain.actor import Role
from core.domain.ids import RequisitionId
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.criteria.posting_change import posting_changed
from core.ui.components.decisions.batch_results import batch_results
from core.ui.components.pipeline.action_bar import action_bar, carry_out
from core.ui.components.pipeline.filter_bar import filter_bar, nobody_answers, shown, tally
from core.ui.components.pipeline.pipeline_head import actions, head, stopped, waits
from core.ui.components.pipeline.pipeline_table import pipeline_table
from core.ui.components.pipeline.progress import under_way
from core.ui.components.pipeline.question import asked
from core.ui.components.pipeline.resume_search import found_in_resumes
from core.ui.components.states import empty, stale
from core.ui.guard import guard
from core.ui.menu import go
from core.ui.shell import spoken

actor = guard(Role.RECRUITER, Role.HIRING_MANAGER)
app, question = the_app(), asked()
requisition = RequisitionId(st.query_params.get("req", ""))
if not requisition:
    go("requisitions")

carry_out(actor)
view = app.pipeline.open(actor, requisition)
head(view, question, f.now())
stale(view.problem)
stopped(view)
posting_changed(actor, view.posting_change, view.criteria, may_answer=view.may_edit_criteria)
waits(view)
decision = actions(view, actor, question)
under_way(view)
batch_results(actor)

if view.rows:
    filter_bar(view, question, actor.id)
    found = found_in_resumes(actor, view, question.words)
    rows = shown(view.rows, question, found)
    tally(view.rows, rows, question)
    if rows:
        above = st.container()
        ticked = pipeline_table(rows, question, found)
        with above:
            action_bar(actor, ticked, may_approve=view.may_approve)
    else:
        nobody_answers()
else:
    empty("No applications yet", "Refresh to read them from iCIMS.", "group_off")

if decision == "refresh":
    with spoken():
        app.requisitions.refresh(actor, requisition)
        st.toast("Reading from iCIMS. New applications appear here.", icon=f.icon("sync"))
if decision == "score":
    with spoken():
        app.screening.start(actor, requisition)
        st.rerun()
