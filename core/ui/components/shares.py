"""How far a job is, as one bar: who is not scored, not looked at, looked at, decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core.domain.rows import PipelineRow, WorkState
from core.domain.views import RequisitionCard

_HERE = Path(__file__).parent
_SHARES = st.components.v2.component(
    "recruiter_copilot.shares",
    html="<div class='shares'></div>",
    css=(_HERE / "shares.css").read_text(),
    js=(_HERE / "shares.js").read_text(),
)
_OVER = {WorkState.APPROVED, WorkState.WRITTEN, WorkState.REFUSED, WorkState.NEEDS_ATTENTION}


@dataclass(frozen=True, slots=True)
class Shares:
    """Counts of applications that add up to all of a job's."""

    unscored: int
    unseen: int
    looked: int
    decided: int


def of_card(card: RequisitionCard) -> Shares:
    """Count by what a job's card knows: decided ones are not told apart there."""
    unseen = min(card.unseen, card.assessed)
    return Shares(card.new, unseen, card.assessed - unseen, 0)


def of_rows(rows: Sequence[PipelineRow]) -> Shares:
    """Count the rows of a pipeline; each is counted once, by how far it is."""
    unscored = unseen = looked = decided = 0
    for row in rows:
        if row.state in _OVER:
            decided += 1
        elif row.state in (WorkState.NEW, WorkState.QUEUED):
            unscored += 1
        elif row.looks:
            looked += 1
        else:
            unseen += 1
    return Shares(unscored, unseen, looked, decided)


def shares_bar(shares: Shares, key: str) -> None:
    """Draw the counts as one bar with its legend."""
    parts = [
        {"kind": kind, "words": words, "count": count}
        for kind, words, count in (
            ("unscored", "not scored", shares.unscored),
            ("unseen", "nobody looked", shares.unseen),
            ("looked", "looked at", shares.looked),
            ("decided", "decided", shares.decided),
        )
        if count
    ]
    _SHARES(key=key, data={"parts": parts})
