"""Everything that happened, newest first, with proof that nothing was changed since."""

import streamlit as st

from core.domain.actor import Role
from core.ui.access import the_app
from core.ui.components.oversight.audit_head import export, filters, older, verification
from core.ui.components.oversight.trail import trail
from core.ui.guard import guard
from core.ui.shell import spoken

PAGE = 100

actor = guard(Role.COMPLIANCE)
log = the_app().audit

st.title("Audit log", anchor=False)
with spoken():
    verification(lambda: log.verify(actor))
asked = filters(log.doers(actor))
page = log.page(
    actor,
    before=asked.before,
    limit=PAGE,
    subject=asked.subject,
    who=asked.who,
    action=asked.action,
)
trail(page, narrowed=asked.narrowed)
older(page, PAGE)
export(lambda: "\n".join(log.export(actor)))
