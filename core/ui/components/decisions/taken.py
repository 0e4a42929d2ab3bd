"""The decision a person has just clicked, from the click until the page carries it out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import streamlit as st

from core.domain.ids import ContentHash, ProposalId

_TAKEN = "copilot_decision"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the person chose, for which proposal, having seen which hash.

    ``reason`` is what they wrote with it; ``leave_out`` indexes the changes they do not want.
    ``shown_at`` is when the proposal took another one's place on the screen, if it did.
    """

    choice: Literal["approve", "refuse", "undo", "ask", "reverse", "again"]
    proposal: ProposalId
    hash_seen: ContentHash
    reason: str = ""
    leave_out: tuple[int, ...] = ()
    shown_at: datetime | None = None


def take(decision: Decision) -> None:
    """Keep a decision for the run that follows the click."""
    st.session_state[_TAKEN] = decision


def pending() -> bool:
    """Say whether a decision waits to be carried out."""
    return _TAKEN in st.session_state


def given() -> Decision | None:
    """Hand the decision out, once."""
    taken = st.session_state.pop(_TAKEN, None)
    return taken if isinstance(taken, Decision) else None
