"""How long the work that waits will take, from what this tab saw become less."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from core.domain.jobs import JobKind
from core.domain.operations import Work

_KEY = "copilot_pace"
_LOOK_BACK = timedelta(minutes=5)
_SOONEST = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Seen:
    """How much there was to do of each kind at a time."""

    at: datetime
    left: Mapping[JobKind, int]


def seconds_left(before: Seen, now: Seen) -> Mapping[JobKind, float]:
    """Estimate by kind how long what is left takes, new arrivals counted; without those that grow.

    Nothing is said after less than half a minute.
    """
    passed = now.at - before.at
    if passed < _SOONEST:
        return {}
    return {
        kind: left / (gone / passed.total_seconds())
        for kind, left in now.left.items()
        if (gone := before.left.get(kind, 0) - left) > 0
    }


def watched(work: tuple[Work, ...], at: datetime) -> Mapping[JobKind, float]:
    """Remember what is left and estimate from the oldest look of the last minutes."""
    now = Seen(at, {each.kind: each.left for each in work})
    kept = [*st.session_state.get(_KEY, ()), now]
    kept = [seen for seen in kept if seen.at >= at - _LOOK_BACK]
    st.session_state[_KEY] = kept
    return seconds_left(kept[0], now)
