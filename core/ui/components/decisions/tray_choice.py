"""The one proposal of the tray that is shown whole, and the way to its neighbours."""

from collections.abc import Sequence

import streamlit as st

from core.domain.ids import ProposalId
from core.domain.views import ProposalView, TrayLine
from core.ui import format as f
from core.ui.components.decisions.decision import proposal_card
from core.ui.components.keys import key, once_a_press
from core.ui.components.way import leave_for

_PLACE = "copilot_tray_place"


def chosen(lines: Sequence[TrayLine]) -> TrayLine:
    """Find the line the address names; after a decision, the one that took its place.

    There has to be at least one line.
    """
    asked = st.query_params.get("proposal", "")
    ids = [line.id for line in lines]
    before = int(st.session_state.get(_PLACE, 0))
    place = ids.index(ProposalId(asked)) if asked in ids else min(before, len(ids) - 1)
    st.session_state[_PLACE] = place
    if asked:
        st.query_params["proposal"] = ids[place]
    return lines[place]


def one_proposal(view: ProposalView) -> None:
    """Show one proposal whole: whom it is about, what would change, and the decision."""
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(key=f"strong-one-{view.proposal.id}", gap=None):
            st.text(f.one_line(view.candidate, 60) or "Name not given")
            st.markdown(_about(view))
        st.button(
            "Say what you think" if view.hidden else "Read the evidence",
            key=f"open-{view.proposal.id}",
            icon=f.icon("person_search"),
            on_click=leave_for,
            args=("application",),
            kwargs={"app": view.proposal.application_id},
        )
    proposal_card(view, shortcut=True)


def _about(view: ProposalView) -> str:
    score = f" · Score {f.score(view.score)}" if view.score and not view.hidden else ""
    looked = "" if view.opened else f" · {f.icon('visibility_off')} evidence not opened yet"
    return f":small[:gray[{f.escaped(view.job)}{score}{looked}]]"


def steps(lines: Sequence[TrayLine], one: TrayLine) -> None:
    """Lead to the proposals above and below the chosen one."""
    once_a_press()
    ids = [line.id for line in lines]
    place = ids.index(one.id)
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        st.markdown(
            f":small[:gray[{f.number(place + 1)} of {f.number(len(ids))}]]", width="content"
        )
        for name, sign, to in (
            ("previous", "keyboard_arrow_up", place - 1),
            ("next", "keyboard_arrow_down", place + 1),
        ):
            st.button(
                name.capitalize(),
                key=f"tray-{name}",
                icon=f.icon(sign),
                type="tertiary",
                shortcut=key(name),
                disabled=not 0 <= to < len(ids),
                on_click=_choose,
                args=(ids, to),
            )


def _choose(ids: Sequence[ProposalId], place: int) -> None:
    st.query_params["proposal"] = ids[place]
