"""What a language model was sent about one application, for who may see it."""

import streamlit as st

from core.domain.actor import Actor
from core.domain.views import ApplicationView
from core.ui.access import the_app
from core.ui.components.oversight.run_texts import held, run_label, run_texts
from core.ui.components.states import empty
from core.ui.shell import spoken


def sent(actor: Actor, view: ApplicationView) -> None:
    """List the application's requests, newest first, and open the chosen one."""
    log, id = the_app().model_log, view.row.application_id
    rows = log.of(actor, id)
    if not rows:
        empty(
            "Nothing left the building",
            "No language model was asked about this application.",
            "home",
        )
        return
    ids = [row.line.id for row in rows]
    labels = {row.line.id: run_label(row) for row in rows}
    chosen = st.selectbox(
        "Request", ids, index=None, format_func=lambda each: labels.get(each, each),
        key=f"run-{id}", placeholder="Choose one to read it; that you did is recorded",
    )  # fmt: skip
    if chosen in labels:
        with spoken():
            run_texts(held(chosen, lambda: log.opened_of(actor, id, chosen)))
