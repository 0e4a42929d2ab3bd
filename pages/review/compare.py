"""Two to four people of one job side by side.

Its address carries ``?apps=…,…`` and can be shared.
"""

import streamlit as st

from core.domain.actor import Role
from core.domain.ids import ApplicationId
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.application.comparison import comparison, still_hidden
from core.ui.components.states import empty
from core.ui.components.way import leave_for
from core.ui.guard import guard

actor = guard(Role.RECRUITER, Role.HIRING_MANAGER)
named = ",".join(st.query_params.get_all("apps"))
people = list(dict.fromkeys(ApplicationId(id) for id in named.split(",") if id))

if not 2 <= len(people) <= 4:
    st.title("Compare", anchor=False)
    empty("Choose two to four people", "Tick them in a pipeline and press Compare.", "compare")
    st.stop()
view = the_app().review.compare(actor, people)
st.button(
    f.escaped(view.requisition.title, 60), icon=f.icon("arrow_back"), type="tertiary",
    on_click=leave_for, args=("pipeline",), kwargs={"req": view.requisition.id, "apps": named},
)  # fmt: skip
st.title("Side by side", anchor=False)


def read(one: str) -> None:
    """Open one of them; the browser's Back leads here again."""
    leave_for("application", app=one, apps=named)


still_hidden(view, read)
comparison(view, read)
