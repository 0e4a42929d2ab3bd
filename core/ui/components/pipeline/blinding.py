"""Judging before the score shows: how often, why, and how far people and scores agree."""

import streamlit as st

from core.domain.actor import Actor
from core.domain.ids import RequisitionId
from core.domain.judgement import Blinding, BlindMode
from core.domain.views import Agreement, PipelineView
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.pipeline.question import mirror
from core.ui.shell import spoken

_WISH = "copilot_blinding"
_MODES = {
    BlindMode.OFF: "Scores show at once",
    BlindMode.SAMPLED: "My view first, for a sample",
    BlindMode.ALWAYS: "My view first, for everybody",
}


def carry_out_blinding(actor: Actor) -> None:
    """Set what was just chosen, if anything; to be called before the screen is read."""
    wish = st.session_state.pop(_WISH, None)
    if wish is None:
        return
    requisition, blinding = wish
    with spoken():
        the_app().pipeline.set_blinding(actor, requisition, blinding)
        st.toast(f"{_MODES[blinding.mode]}.", icon=f.icon("visibility"))


def blinding_control(view: PipelineView) -> None:
    """Let a recruiter choose whether reviewers say what they think before they see a score."""
    with st.popover("Own view first", icon=f.icon("visibility_off"), key="blinding"):
        st.caption(
            "Seeing a number first pulls every later judgement towards it. Here the score stays "
            "hidden until the reader has said what they think. It applies to everybody on this job."
        )
        st.radio(
            "When does a score show?",
            list(BlindMode),
            format_func=_MODES.__getitem__,
            key=mirror("blind_mode", view.blinding.mode),
            on_change=_choose,
            args=(view.requisition.id, view.blinding),
        )
        if view.blinding.mode is BlindMode.SAMPLED:
            st.slider(
                "People in the sample", 5, 100, step=5, format="%d%%",
                key=mirror("blind_share", round(view.blinding.share * 100)),
                on_change=_choose, args=(view.requisition.id, view.blinding),
            )  # fmt: skip
        if words := agreement(view.agreement):
            st.caption(words)


def agreement(known: Agreement | None) -> str:
    """Say how often own views and scores went the same way, empty when nobody judged first."""
    if known is None or not known.both:
        return ""
    people = f.plural(known.both, "person", "people")
    return f"You and the score agreed on {f.number(known.same)} of {people} you judged first."


def _choose(requisition: RequisitionId, before: Blinding) -> None:
    share = st.session_state.get("blind_share", before.share * 100) / 100
    st.session_state[_WISH] = (requisition, Blinding(st.session_state.blind_mode, share))
