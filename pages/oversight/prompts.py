"""What AI models are told before they read a resume: versions, checks, promotion by two people."""

import streamlit as st

from core.domain.actor import Role
from core.ui.access import the_app
from core.ui.components.oversight.gates import check
from core.ui.components.oversight.prompts import (
    SCREENING,
    carry_out,
    changed,
    chosen,
    history,
    in_use,
    tools,
    waiting,
)
from core.ui.components.oversight.trial import sample
from core.ui.guard import guard
from core.ui.shell import spoken

actor = guard(Role.ADMIN, Role.COMPLIANCE)
carry_out(actor)
view = the_app().prompts.view(actor, SCREENING)

st.title("Instructions to AI models", anchor=False)
st.caption(
    "What a model is told before it compares a resume with a job's criteria. A version never "
    "changes once it is written; into production it comes after a passed check and by two people."
)
in_use(actor, view)
waiting(view)
left, right = st.columns([4, 9], gap="large")
with left:
    line = chosen(view)
with right, spoken():
    st.subheader(f"Version {line.prompt.version}", anchor=False)
    tools(actor, view, line)
    checked, tried, differs, whole = st.tabs(
        ["Check", "Try on a sample", "What changed", "Full text"]
    )
    with checked:
        check(SCREENING, line, may_write=view.may_write)
    with tried:
        sample(actor, view, line)
    with differs:
        changed(view, line)
    with whole:
        st.text(line.prompt.text)
history(view)
