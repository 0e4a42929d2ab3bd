"""Full-text search in a job's resumes: asked once per question, not at every re-run."""

from collections.abc import Mapping

import streamlit as st

from core.domain.actor import Actor
from core.domain.ids import ApplicationId
from core.domain.rows import WorkState
from core.domain.views import Found, PipelineView
from core.ui import format as f
from core.ui.access import the_app
from core.ui.shell import spoken

_KEPT = "copilot_found"
_UNREAD = (WorkState.NEW, WorkState.QUEUED)


def found_in_resumes(
    actor: Actor, view: PipelineView, words: str
) -> Mapping[ApplicationId, Found] | None:
    """Find who answers ``words``; None when nothing is asked or the search failed.

    Kept for this tab until the question or the job changes, somebody comes or goes, or more is
    scored, because scoring is what reads resumes.
    """
    if not words:
        st.session_state.pop(_KEPT, None)
        return None
    found: Mapping[ApplicationId, Found] | None = None
    unread = sum(row.state in _UNREAD for row in view.rows)
    question = (actor.id, view.requisition.id, words, len(view.rows), unread)
    kept = st.session_state.get(_KEPT)
    if kept and kept[0] == question:
        found = kept[1]
        return found  # noqa: RET504  # names the type of what the session holds
    with spoken(), st.spinner("Searching the resumes …"):
        found = the_app().pipeline.find(actor, view.requisition.id, words)
        st.session_state[_KEPT] = (question, found)
    return found


def passage(found: Found) -> str:
    """Say the passage in one line, each match between brackets."""
    text, at, parts = found.passage, 0, []
    for hit in sorted(found.hits, key=lambda span: span.start):
        if hit.start >= at:
            parts += [text[at : hit.start], "«", text[hit.start : hit.end], "»"]
            at = hit.end
    return f.one_line("".join((*parts, text[at:])), 200)
