"""Applications of all jobs that wait for a person's eyes, by reason.

Its address carries ``?why=…`` when one reason is chosen.
"""

import streamlit as st

from core.domain.actor import Role
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.pipeline.eyes_list import eyes_list
from core.ui.components.states import empty
from core.ui.guard import guard

actor = guard(Role.RECRUITER, Role.HIRING_MANAGER)
rows = the_app().queue.open(actor)

st.title("Needs your eyes", anchor=False)
if not rows:
    empty(
        "Nobody waits for your eyes",
        "People come here when a score alone would not do them justice.",
        "eyeglasses",
    )
    st.stop()
unread = sum(not row.row.looked for row in rows)
people = f.plural(len(rows), "person", "people")
st.caption(
    f"{people} whose score should not be taken as it is; {f.number(unread)} not opened by you yet."
)
eyes_list(rows)
