"""What the reader themselves thinks: with keys, with a note, before the score where asked so."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from core.domain.actor import Actor
from core.domain.ids import ApplicationId
from core.domain.judgement import Hidden, Leaning
from core.domain.views import ApplicationView
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.application.looking import look
from core.ui.components.arming import since, too_quick
from core.ui.components.keys import key
from core.ui.components.pipeline.active_filters import LEANING
from core.ui.shell import spoken

_TAKEN = "copilot_own_view"
_JUST_SAID = "copilot_just_said"
_SIGNS = {
    Leaning.ADVANCE: "thumb_up",
    Leaning.UNSURE: "thumbs_up_down",
    Leaning.NOT_NOW: "thumb_down",
}
_MOST = 500


@dataclass(frozen=True, slots=True)
class Said:
    """What was just chosen, about which application, and since when that is shown."""

    application: ApplicationId
    leaning: Leaning
    note: str
    shown_at: datetime | None
    opens: bool


def carry_out_view(actor: Actor) -> bool:
    """Record the view just chosen, if any, before the screen is read; say whether there was one."""
    said = st.session_state.pop(_TAKEN, None)
    if not isinstance(said, Said):
        return False
    if too_quick(said.shown_at):
        st.toast("That was very quick: your view was not kept. Press again.", icon=f.icon("timer"))
        return False
    done = False
    with spoken():
        look(actor, said.application)
        the_app().judging.record_view(actor, said.application, said.leaning, said.note)
        if said.opens:
            st.session_state[_JUST_SAID] = said.application
        words = f"Your view is kept: {LEANING[said.leaning]}."
        st.toast(words, icon=f.icon(_SIGNS[said.leaning]))
        st.session_state[f"note-{said.application}"] = ""
        done = True
    return done  # noqa: RET504  # spoken() may have ended the block before


def just_said(application: ApplicationId) -> bool:
    """Say whether the view that opened this score was said since the application was opened."""
    if st.session_state.get(_JUST_SAID) == application:
        return True
    st.session_state.pop(_JUST_SAID, None)
    return False


def view_first(view: ApplicationView) -> None:
    """Say why there is no score yet, and ask for the view that opens it."""
    if view.row.hidden is Hidden.OWN_VIEW_FIRST:
        with st.container(border=True, key="first"):
            st.markdown(f"#### {f.icon('visibility_off')} Your view first")
            st.caption(
                "Read the resume and say what you think. Score, verdicts and proposal appear "
                "right after. Your view decides nothing and is not written to iCIMS."
            )
            _buttons(view)
    elif view.row.hidden is Hidden.STOPPED:
        st.info(
            f"{f.escaped(view.stopped, 300) or 'Scoring is switched off here.'} "
            "No score is shown. The resume can be read as ever.",
            icon=f.icon("front_hand"),
        )


def own_view(view: ApplicationView) -> None:
    """Offer the three views, with what was said so far."""
    with st.container(border=True, key="own_view"):
        st.markdown(f"**{f.icon('how_to_reg')} My view** :small[:gray[decides nothing]]")
        _buttons(view)
        if line := beside(view):
            st.caption(line)
        for one in view.views:
            blind = ", before seeing a score" if one.view.blind else ""
            note = f" “{f.one_line(one.view.note, 300)}”" if one.view.note else ""
            who = f.one_line(one.who, 60)
            st.text(f"{who}: {LEANING[one.view.leaning]}{blind}, {f.when(one.view.at)}{note}")


def beside(view: ApplicationView) -> str:
    """Put the reader's own view beside what the score suggests."""
    mine, suggested = view.row.own_view, view.row.suggestion
    if mine is None or suggested is None:
        return ""
    words = f.SUGGESTION[suggested][1]
    return f"You said: {LEANING[mine]}. The score suggests: {words[:1].lower()}{words[1:]}."


def _buttons(view: ApplicationView) -> None:
    id = view.row.application_id
    shown_at = since("person", id)
    with st.container(horizontal=True, vertical_alignment="center"):
        for leaning, words in LEANING.items():
            st.button(
                words, icon=f.icon(_SIGNS[leaning]), key=f"view-{leaning.value}",
                type="primary" if view.row.own_view is leaning else "secondary",
                shortcut=key(leaning.value), on_click=_take,
                args=(id, leaning, shown_at, view.row.hidden is Hidden.OWN_VIEW_FIRST),
            )  # fmt: skip
        st.text_input(
            "Note", key=f"note-{id}", max_chars=_MOST, label_visibility="collapsed",
            placeholder="A note with it (optional)", persist_state="session",
        )  # fmt: skip


def _take(id: ApplicationId, leaning: Leaning, shown_at: datetime | None, opens: bool) -> None:
    note = str(st.session_state.get(f"note-{id}") or "")
    st.session_state[_TAKEN] = Said(id, leaning, note, shown_at, opens)
