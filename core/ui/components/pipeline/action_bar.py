"""What can be done with the people ticked in a pipeline."""

from collections.abc import Sequence

import streamlit as st

from core.domain.actor import Actor
from core.domain.ids import ProposalId
from core.domain.rows import PipelineRow, WorkState
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.decisions.batch import batch_bar, carry_out_batch
from core.ui.components.pipeline.blinding import carry_out_blinding
from core.ui.components.pipeline.pipeline_table import untick
from core.ui.components.pipeline.saved_views import carry_out_views
from core.ui.components.way import leave_for

_COMPARED = (2, 4)


def carry_out(actor: Actor) -> None:
    """Carry out what was just clicked on a pipeline; to be called before the screen is read."""
    if carry_out_batch(actor):
        untick()
    carry_out_views(actor)
    carry_out_blinding(actor)


def action_bar(actor: Actor, ticked: Sequence[PipelineRow], *, may_approve: bool) -> None:
    """Offer comparing and deciding for the people ticked; always there, so nothing jumps."""
    least, most = _COMPARED
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Compare", icon=f.icon("compare_arrows"), key="compare",
            disabled=not least <= len(ticked) <= most, help="Two to four people side by side.",
            on_click=leave_for, args=("compare",),
            kwargs={
                "apps": ",".join(row.application_id for row in ticked),
                "req": st.query_params.get("req", ""),
            },
        )  # fmt: skip
        if may_approve:
            ids = waiting(ticked)
            batch_bar(actor, ids, lambda: the_app().approvals.shown(actor, ids))
        if ticked:
            st.button("Untick all", key="untick", type="tertiary", on_click=untick)
        st.caption(_said(ticked, may_approve=may_approve), width="stretch")


def _said(ticked: Sequence[PipelineRow], *, may_approve: bool) -> str:
    if not ticked:
        what = "compare them or to decide for several" if may_approve else "compare them"
        return f"Click a line to read it. Tick people to {what}."
    idle = len(ticked) - len(waiting(ticked))
    note = f"; {f.number(idle)} with nothing to decide now" if may_approve and idle else ""
    return f"{f.number(len(ticked))} ticked{note}"


def waiting(rows: Sequence[PipelineRow]) -> list[ProposalId]:
    """List the open proposals of rows."""
    return [row.proposal_id for row in rows if row.proposal_id and row.state is WorkState.PROPOSED]
