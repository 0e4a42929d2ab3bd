"""The ranked applications of one job.

Its address carries ``?req=…`` and can be shared.
"""

import streamlit as st

from core.domain.actor import Role
from core.domain.ids import RequisitionId
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.pipeline_head import actions, head, needs_eyes
from core.ui.components.pipeline_table import choose, pipeline_table
from core.ui.components.progress import watch, watch_names
from core.ui.components.states import empty, stale
from core.ui.guard import guard
from core.ui.menu import go
from core.ui.shell import spoken

actor = guard(Role.RECRUITER, Role.HIRING_MANAGER)
app = the_app()
requisition = RequisitionId(st.query_params.get("req", ""))
if not requisition:
    go("requisitions")

view = app.pipeline.open(actor, requisition)
head(view, f.now())
stale(view.problem)
decision = actions(view)
if view.progress and view.progress.running:
    watch(requisition, view.may_screen)
elif view.reading_names:
    watch_names(requisition)

opened = None
if view.rows:
    opened = needs_eyes(view.rows) or pipeline_table(choose(view.rows), key="pipeline")
else:
    empty("No applications yet", "Refresh to read them from iCIMS.", "group_off")

if opened:
    go("application", app=opened)
if decision == "criteria":
    go("criteria", req=requisition)
if decision == "refresh":
    with spoken():
        app.requisitions.refresh(actor, requisition)
        st.toast("Reading from iCIMS. New applications appear here.", icon=f.icon("sync"))
if decision == "score":
    with spoken():
        app.screening.start(actor, requisition)
        st.rerun()
