"""A moment's rest for what has taken another one's place: one press decides one thing.

Whoever clicks twice, or a moment too late, means what stood there before.
"""

from datetime import datetime, timedelta
from typing import Literal

import streamlit as st

from core.ui.access import the_app

_PLACES = "copilot_places"
REST = timedelta(seconds=1)
"""From drawing to the next answer. Two clicks a second apart arrive less than that apart from the
drawing between them; nobody reads a change that fast."""

Place = Literal["person", "proposal"]


def since(place: Place, what: str) -> datetime | None:
    """Say when ``what`` took the place of another one; None for the first that stood there."""
    places: dict[Place, tuple[str, datetime | None]] = st.session_state.setdefault(_PLACES, {})
    there = places.get(place)
    if there is None or there[0] != what:
        places[place] = (what, the_app().clock.now() if there else None)
    return places[place][1]


def too_quick(shown_at: datetime | None) -> bool:
    """Say whether an answer comes before its question had been on the screen for a moment."""
    return shown_at is not None and the_app().clock.now() - shown_at < REST
