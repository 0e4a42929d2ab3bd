"""The jobs of the signed-in person, each with what waits in it."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from core.domain.ids import RequisitionId
from core.domain.views import RequisitionCard
from core.ui import format as f
from core.ui.components.progress import bar
from core.ui.components.states import freshness


def requisition_list(cards: Sequence[RequisitionCard], now: datetime) -> RequisitionId | None:
    """Show one card a job, most waiting decisions first; return the one opened."""
    text = st.text_input(
        "Find a job",
        type="search",
        live=True,
        placeholder="Find a job by title, place or number",
        label_visibility="collapsed",
        width=360,
        key="find_job",
    )
    shown = [card for card in _by_need(cards) if _matches(card, text or "")]
    if not shown:
        st.caption("No job matches.")
    opened = None
    for card in shown:
        if _card(card, now):
            opened = card.requisition.id
    return opened


def _by_need(cards: Sequence[RequisitionCard]) -> list[RequisitionCard]:
    return sorted(cards, key=lambda card: -card.proposals_open)


def _matches(card: RequisitionCard, text: str) -> bool:
    job = card.requisition
    where = f"{job.title} {job.id} {f.place(job)} {job.department}".casefold()
    return all(word in where for word in text.casefold().split())


def _card(card: RequisitionCard, now: datetime) -> bool:
    job = card.requisition
    with st.container(border=True):
        about, counts, action = st.columns([3, 3.2, 1], vertical_alignment="center")
        with about.container(gap="xsmall"):
            st.subheader(f.escaped(job.title), anchor=False)
            parts = (f.place(job), job.department, f"Job {job.id}")
            st.caption(" · ".join(f.escaped(part, 60) for part in parts if part))
            freshness(card.fetched_at, now)
        with counts:
            _counts(card)
        opened = action.button(
            "Open", key=f"open-{job.id}", icon=f.icon("arrow_forward"), width="stretch",
            type="primary" if card.proposals_open else "secondary",
        )  # fmt: skip
        if card.progress and card.progress.running:
            bar(card.progress)
    return opened


def _counts(card: RequisitionCard) -> None:
    one, two, three, four = st.columns(4)
    one.metric("Applications", f"{card.applications:,}")
    two.metric("Not yet assessed", f"{card.new:,}")
    three.metric("Assessed", f"{card.assessed:,}")
    four.metric("For you to decide", f"{card.proposals_open:,}")
    if not card.criteria_frozen:
        st.markdown(f":small[:orange[{f.icon('rule')} Criteria not frozen yet]]")
