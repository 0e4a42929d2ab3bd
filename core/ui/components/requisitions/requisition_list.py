"""The jobs of the signed-in person, each with what waits in it, most needed first."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import streamlit as st

from core.domain.records import Requisition
from core.domain.views import RequisitionCard
from core.ui import format as f
from core.ui.components.pipeline.progress import bar
from core.ui.components.requisitions.needs import NEEDS, weight
from core.ui.components.shares import of_card, shares_bar
from core.ui.components.states import empty, freshness, more, stale
from core.ui.components.way import leave_for

_STEP = 20


def choose(
    cards: Sequence[RequisitionCard], need: str, now: datetime
) -> tuple[RequisitionCard, ...]:
    """Narrow the jobs by words, place, department and need; the most needed come first."""
    with st.container(horizontal=True, vertical_alignment="center"):
        words = st.text_input(
            "Find a job",
            type="search",
            live=True,
            placeholder="Find a job by title, place or number",
            label_visibility="collapsed",
            width=330,
            key="find_job",
            bind="query-params",
        )
        where = _one_of("Place", sorted({f.place(card.requisition) for card in cards}), "place")
        part = _one_of(
            "Department", sorted({card.requisition.department for card in cards}), "department"
        )
        busy = st.toggle("With something to do", key="busy", bind="query-params")
    found = [
        card
        for card in cards
        if matches(card.requisition, words or "")
        and where in (None, f.place(card.requisition))
        and part in (None, card.requisition.department)
        and (not busy or has_work(card, now))
        and (not need or NEEDS[need].count(card, now))
    ]
    return tuple(sorted(found, key=lambda card: weight(card, now)))


def requisition_list(cards: Sequence[RequisitionCard], of: int, now: datetime) -> None:
    """Show one line a job; ``of`` is how many there are without any filter."""
    if not cards:
        empty("No job fits", "Take a filter away to see the others.", "filter_alt_off")
        return
    if len(cards) < of:
        st.caption(f"**{f.number(len(cards))} of {f.plural(of, 'job')} shown.**")
    told = {card.problem for card in cards}
    common = told.pop() if len(told) == 1 and len(cards) > 1 else ""
    stale(common)
    for card in cards[: more(len(cards), "jobs", _STEP)]:
        _card(replace(card, problem="") if common else card, now)


def has_work(card: RequisitionCard, now: datetime) -> bool:
    """Say whether a job waits for a person."""
    to_write = card.may_decide and not card.criteria_frozen
    return to_write or any(need.count(card, now) for need in NEEDS.values())


def matches(job: Requisition, text: str) -> bool:
    """Say whether every word asked for stands in what names the job."""
    where = f"{job.title} {job.id} {f.place(job)} {job.department}".casefold()
    return all(word in where for word in text.casefold().split())


def _one_of(title: str, options: Sequence[str], key: str) -> str | None:
    named = [option for option in options if option]
    if len(named) < 2:
        return None
    return st.selectbox(
        title, named, index=None, placeholder=f"Any {title.lower()}", key=key,
        label_visibility="collapsed", width=210, bind="query-params",
    )  # fmt: skip


def _card(card: RequisitionCard, now: datetime) -> None:
    job = card.requisition
    with st.container(border=True):
        about, counts, action = st.columns(
            [2.6, 3.4, 1.2], vertical_alignment="center", gap="medium"
        )
        with about.container(gap="xsmall"):
            st.markdown(f"##### {f.escaped(job.title)}")
            parts = (f.place(job), job.department, f"Job {job.id}")
            st.caption(" · ".join(f.escaped(part, 60) for part in parts if part))
        with counts.container(gap="xsmall"):
            shares_bar(of_card(card), key=f"shares-{job.id}")
            _notes(card)
        with action.container(gap="xsmall", horizontal_alignment="right"):
            st.button(
                "Open", key=f"open-{job.id}", icon=f.icon("arrow_forward"), width="stretch",
                type="primary" if card.proposals_open else "secondary",
                on_click=leave_for, args=("pipeline",), kwargs={"req": job.id},
            )  # fmt: skip
            freshness(card.fetched_at, now)
        if card.progress and card.progress.running:
            bar(card.progress)


def _notes(card: RequisitionCard) -> None:
    """Say in a line what waits for a decision, and what stands in the way."""
    notes = []
    if card.proposals_open:
        waiting = f.plural(card.proposals_open, "decision")
        notes.append(f":orange[{f.icon('inbox')} {waiting} waiting]")
    if card.expiring:
        notes.append(f":red[{f.icon('alarm')} {f.number(card.expiring)} end within 2 days]")
    if not card.criteria_frozen:
        notes.append(f":orange[{f.icon('rule')} Criteria not frozen yet]")
    for sign, words in (("cloud_off", card.problem), ("front_hand", card.stopped)):
        if words:
            notes.append(f":red[{f.icon(sign)} {f.escaped(words, 200)}]")
    if notes:
        st.markdown(f":small[{'  ·  '.join(notes)}]")
