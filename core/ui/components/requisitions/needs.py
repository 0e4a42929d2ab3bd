"""What the person's jobs need today: a few numbers, each of which narrows the list to its jobs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import streamlit as st

from core.domain.views import RequisitionCard

_HERE = Path(__file__).parent
_TILES = st.components.v2.component(
    "recruiter_copilot.tiles",
    html="<div class='tiles' role='group' aria-label='What needs me today'></div>",
    css=(_HERE / "tiles.css").read_text(),
    js=(_HERE / "tiles.js").read_text(),
)
_STALE_AFTER = timedelta(hours=1)
_KEY, _NEED = "needs", "need"


@dataclass(frozen=True, slots=True)
class Need:
    """Something to do: what to call it, the sign beside its words, and how much of it a job has.

    ``deciding`` ones are for who scores and decides, and are not shown to others.
    """

    words: str
    sign: str
    count: Callable[[RequisitionCard, datetime], int]
    deciding: bool = False


NEEDS = {
    "decide": Need("decisions waiting", "◆", lambda card, _: card.proposals_open, deciding=True),
    "ending": Need("of them end within 2 days", "◷", lambda card, _: card.expiring, deciding=True),
    "unseen": Need("scored, nobody looked", "○", lambda card, _: card.unseen),
    "new": Need(
        "new, not scored", "+", lambda card, _: card.new if card.may_decide else 0, deciding=True
    ),
    "trouble": Need("jobs with a problem", "!", lambda card, now: bool(trouble(card, now))),
}


def trouble(card: RequisitionCard, now: datetime) -> str:
    """Say in few words what is wrong with a job, empty when nothing is."""
    if card.problem:
        return card.problem
    if card.stopped:
        return card.stopped
    if card.fetched_at is not None and now - card.fetched_at > _STALE_AFTER:
        return "Not read from iCIMS for a while."
    return ""


def weight(card: RequisitionCard, now: datetime) -> tuple[int, ...]:
    """Order jobs by need: the smallest comes first."""
    return tuple(-need.count(card, now) for need in _BY_WEIGHT)


def needed() -> str:
    """Name the need the list is narrowed to, empty for none."""
    name = st.query_params.get(_NEED, "")
    return name if name in NEEDS else ""


def needs_today(cards: Sequence[RequisitionCard], now: datetime) -> str:
    """Draw the numbers; return the need the list is narrowed to, empty for none."""
    decides = any(card.may_decide for card in cards)
    offered = {name: need for name, need in NEEDS.items() if decides or not need.deciding}
    chosen = needed() if needed() in offered else ""
    tiles = [
        {
            "id": name,
            "words": need.words,
            "sign": need.sign,
            "count": sum(need.count(card, now) for card in cards),
            "pressed": name == chosen,
        }
        for name, need in offered.items()
    ]
    _TILES(key=_KEY, data={"tiles": tiles}, on_chosen_change=_choose)
    return chosen


def _choose() -> None:
    name = str(st.session_state[_KEY].chosen or "")
    if name == needed():
        del st.query_params[_NEED]
    elif name in NEEDS:
        st.query_params[_NEED] = name


_BY_WEIGHT = tuple(NEEDS[name] for name in ("ending", "decide", "unseen", "new"))
