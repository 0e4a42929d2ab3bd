"""Changing a verdict: what a person sees differently, why, and what it makes of the score."""

from collections.abc import Mapping
from typing import NoReturn

import streamlit as st

from core.domain.actor import Actor
from core.domain.assessment import Contribution, Standing
from core.domain.ids import CriterionId
from core.domain.judgement import OverrideReason
from core.domain.views import ApplicationView, OverrideLine
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.window import close_window
from core.ui.session import resumed
from core.ui.shell import spoken

REASON: Mapping[OverrideReason, str] = {
    OverrideReason.OVERLOOKED: "something in the resume was overlooked",
    OverrideReason.MISREAD: "the resume was misread",
    OverrideReason.EQUIVALENT: "something of equal worth counts",
    OverrideReason.TOLD_BY_CANDIDATE: "the candidate told us",
    OverrideReason.TOO_STRICT: "it was judged too strictly",
    OverrideReason.TOO_LOOSE: "it was judged too loosely",
    OverrideReason.OUT_OF_DATE: "the resume is out of date",
    OverrideReason.OTHER: "another reason",
}
_MOST = 500


@st.dialog("Change a verdict", icon=f.icon("edit"), position="right", on_dismiss=close_window)
def change_verdict(view: ApplicationView, criterion: str) -> None:
    """Ask for another verdict beside the resume; both are kept, and the score is added up anew."""
    actor = resumed()
    lines = {line.criterion.id: line for line in view.sum}
    if actor is None or not lines:
        close_window()
        st.rerun()
    ids = list(lines)
    chosen = st.selectbox(
        "Criterion", ids, index=ids.index(CriterionId(criterion)) if criterion in lines else 0,
        format_func=lambda one: f.one_line(lines[one].criterion.label, 80),
        key=f"change-{view.row.application_id}",
    )  # fmt: skip
    given = _given(view, chosen)
    _found(lines[chosen], given)
    # What is begun waits for its person and criterion; what was sent leaves empty fields behind.
    sent = f"sent-{view.row.application_id}-{chosen}"
    key = f"{view.row.application_id}-{chosen}-{st.session_state.get(sent, 0)}"
    standing = st.segmented_control(
        "Your verdict", list(Standing), default=lines[chosen].verdict.standing, required=True,
        format_func=lambda one: f"{f.SIGN[one]} {f.STANDING[one][1]}", key=f"verdict-{key}",
        persist_state="session",
    )  # fmt: skip
    with spoken():
        _what_it_makes(actor, view, chosen, standing)
    reason = st.selectbox(
        "Why", list(REASON), index=None, placeholder="Choose a reason",
        format_func=lambda one: f"{REASON[one][:1].upper()}{REASON[one][1:]}", key=f"why-{key}",
        persist_state="session",
    )  # fmt: skip
    note = st.text_area(
        "Note" if reason is OverrideReason.OTHER else "Note (optional)",
        max_chars=_MOST, key=f"said-{key}", height=90, persist_state="session",
    )  # fmt: skip
    quote = st.text_area(
        "Words of the resume that show it (optional)", key=f"quote-{key}", height=70,
        persist_state="session",
        help="Copied exactly as they stand under “As the model saw it”.",
    )  # fmt: skip
    missing = reason is None or (reason is OverrideReason.OTHER and not note.strip())
    unchanged = standing is lines[chosen].verdict.standing and not quote.strip()
    with st.container(horizontal=True), spoken():
        if (
            st.button("Save", type="primary", icon=f.icon("check"), disabled=missing or unchanged)
            and reason
        ):
            the_app().judging.override(
                actor, view.row.application_id, chosen, standing,
                reason=reason, note=note, quote=quote,
            )  # fmt: skip
            st.toast("Your verdict is kept beside the copilot's.", icon=f.icon("edit"))
            _leave(sent)
        if given and st.button("Back to the copilot's verdict", icon=f.icon("undo")):
            the_app().judging.override(
                actor, view.row.application_id, chosen, None, reason=given.override.reason
            )
            _leave(sent)
    st.caption("Both verdicts and your reason are kept. The candidate sees none of this.")


def _leave(sent: str) -> NoReturn:
    st.session_state[sent] = st.session_state.get(sent, 0) + 1
    close_window()
    st.rerun()


def _given(view: ApplicationView, criterion: CriterionId) -> OverrideLine | None:
    return next(
        (o for o in view.overrides if o.in_force and o.override.criterion_id == criterion), None
    )


def _found(line: Contribution, given: OverrideLine | None) -> None:
    """Say what stands now, and who said it."""
    verdict = line.verdict
    before = given.before if given else verdict.standing
    st.text(f"The copilot: {f.SIGN[before]} {f.STANDING[before][1]}")
    if given:
        now = f"{f.SIGN[verdict.standing]} {f.STANDING[verdict.standing][1]}"
        st.text(f"{f.one_line(given.who, 60)}: {now}, because {REASON[given.override.reason]}")
    if verdict.reason:
        st.text(f.one_line(verdict.reason, 600))
    for item in verdict.evidence:
        st.text(f"“{f.one_line(item.quote, 600)}”")


def _what_it_makes(
    actor: Actor, view: ApplicationView, criterion: CriterionId, standing: Standing
) -> None:
    """Show the score as it is and as it would be, before anything is kept."""
    row = view.row
    now = next(x.verdict.standing for x in view.sum if x.criterion.id == criterion)
    if standing is now:
        st.markdown(f"Score stays **{f.score(row.score)}**")
        return
    then = the_app().judging.preview(actor, row.application_id, criterion, standing)
    st.markdown(f"Score {f.score(row.score)} → **{f.score(then)}**")
