"""What a job asks for: edited by its recruiters, frozen before anything is scored.

Its address carries ``?req=…`` and can be shared.
"""

import streamlit as st

from core.domain.actor import Role
from core.domain.ids import RequisitionId
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.criteria.agreement import agreement
from core.ui.components.criteria.criteria_editor import concerns, criteria_editor, criteria_list
from core.ui.components.criteria.criteria_head import freeze_asked, head, posting, save_asked, texts
from core.ui.components.criteria.posting_change import posting_changed
from core.ui.guard import guard
from core.ui.menu import go
from core.ui.shell import spoken

actor = guard(Role.RECRUITER, Role.HIRING_MANAGER)
desk = the_app().criteria
requisition = RequisitionId(st.query_params.get("req", ""))
if not requisition:
    go("requisitions")

view = desk.open(actor, requisition)
head(view)
posting(view.requisition)
if not view.may_edit:
    if view.frozen is None:
        st.info("A draft: nobody is scored on it yet.", icon=f.icon("edit_note"))
    criteria_list(view.criteria.criteria)
    agreement(actor, requisition)
    st.stop()
posting_changed(actor, view.posting_change, view.frozen, may_answer=True)
with spoken():
    edited = criteria_editor(view.criteria.criteria, key=f"criteria-{view.criteria.version}")
    changed = edited != view.criteria.criteria
    found = (
        [c for text in texts(edited) for c in desk.lint(actor, text)] if changed else view.concerns
    )
    blocked = concerns(found)
    if save_asked(changed=changed, blocked=blocked):
        desk.save(actor, requisition, edited)
        st.rerun()
    if freeze_asked(view, edited, changed=changed, blocked=blocked):
        desk.freeze(actor, requisition, view.criteria.version)
        go("pipeline", req=requisition)
if view.frozen:
    with st.expander(f"Frozen version {view.frozen.version}, in use", icon=f.icon("lock")):
        criteria_list(view.frozen.criteria)
    agreement(actor, requisition)
