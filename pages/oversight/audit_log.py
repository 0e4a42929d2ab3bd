"""Everything that happened, newest first, with proof that nothing was changed since."""

import streamlit as st

from core.domain.actor import Role
from core.ui.access import the_app
from core.ui.components.audit_head import export, filters, older, verification
from core.ui.components.trail import trail
from core.ui.guard import guard
from core.ui.shell import spoken

PAGE = 100

actor = guard(Role.COMPLIANCE)
log = the_app().audit

st.title("Audit log", anchor=False)
with spoken():
    verification(lambda: log.verify(actor))
asked = filters()
page = log.page(
    actor,
    before=asked.before,
    limit=PAGE,
    subject=asked.subject,
    who=asked.who,
    action=asked.action,
)
trail(page.lines, alt="Audit events, newest first", subjects=page.subjects)
older(page, PAGE)
export(lambda: "\n".join(log.export(actor)))
