"""Every request to a language model, newest first; ``?run=…`` opens one, byte for byte."""

import streamlit as st

from core.domain.actor import Role
from core.domain.ids import ModelRunId
from core.ui.access import the_app
from core.ui.components.oversight.run_list import (
    back,
    connected,
    filters,
    older,
    run_list,
    totals,
)
from core.ui.components.oversight.run_texts import held, run_texts
from core.ui.guard import guard
from core.ui.shell import spoken

PAGE = 100

actor = guard(Role.COMPLIANCE)
log = the_app().model_log

st.title("What left the building", anchor=False)
if opened := ModelRunId(st.query_params.get("run", "")):
    back()
    with spoken():
        run_texts(held(opened, lambda: log.opened(actor, opened)))
else:
    asked = filters(log.models(actor))
    page = log.page(actor, asked.wanted, before=asked.before, limit=PAGE)
    if page.totals.runs:
        connected(page)
        totals(page)
    run_list(page, narrowed=asked.narrowed)
    older(page, PAGE)
