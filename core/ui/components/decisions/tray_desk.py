"""The list of what waits and the one proposal beside it, drawn again without the rest of the page.

Choosing, searching and ticking read nothing anew but the proposal shown; every decision draws the
whole page, and with it the list as it is then.
"""

from collections.abc import Sequence

import streamlit as st

from core.domain.actor import Actor
from core.domain.views import ProposalView, TrayLine
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.decisions.batch import batch_bar
from core.ui.components.decisions.just_decided import just_decided
from core.ui.components.decisions.taken import pending
from core.ui.components.decisions.tray import narrowed, tray_table
from core.ui.components.decisions.tray_choice import chosen, one_proposal, steps
from core.ui.components.states import empty
from core.ui.components.way import follow
from core.ui.session import resumed
from core.ui.shell import spoken


@st.fragment
def tray_desk(waiting: Sequence[TrayLine], approved: Sequence[ProposalView]) -> None:
    """Show what waits, narrowed as asked, and one of it whole below what was just approved."""
    # Drawn alone, it is neither behind the page's guard nor within reach of what speaks errors.
    with spoken():
        actor = resumed()
        if actor is None or pending():
            st.rerun()
        follow()
        if lines := narrowed(waiting, f.now()):
            _side_by_side(actor, lines, approved)
        else:
            just_decided(approved)
            empty("Nothing fits all of this", "Take a part of it away.", "filter_alt_off")


def _side_by_side(
    actor: Actor, lines: Sequence[TrayLine], approved: Sequence[ProposalView]
) -> None:
    approvals = the_app().approvals
    one = chosen(lines)
    with st.container(horizontal=True, key="tray"):
        with st.container(key="tray-list"):
            bar = st.container(horizontal=True, vertical_alignment="center")
            ticked = tray_table(lines, one.id)
            steps(lines, one)
        with st.container(key="tray-one"):
            just_decided(approved)
            for view in approvals.shown(actor, [one.id]):
                one_proposal(view)
    with bar:
        batch_bar(actor, ticked, lambda: approvals.shown(actor, ticked))
        said = f"{f.number(len(ticked))} ticked" if ticked else "Tick lines to decide for several."
        st.caption(said, width="stretch")
