"""Which window is open over a screen: the keys of the screen below it rest meanwhile.

Streamlit lets keys reach the buttons below a dialog, where one could approve by typing.
"""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

_OPEN = "copilot_window"
Name = Literal["keys", "change", "refuse"]


@dataclass(frozen=True, slots=True)
class Window:
    """A window, whose it is, and what of it was pointed at."""

    name: Name
    of: str
    about: str = ""


def open_window(name: Name, of: str, about: str = "") -> None:
    """Have a window opened in the next run; in a callback."""
    st.session_state[_OPEN] = Window(name, of, about)


def window(name: Name, of: str) -> Window | None:
    """Give the window if it is open."""
    opened = current()
    return opened if opened and (opened.name, opened.of) == (name, of) else None


def current() -> Window | None:
    """Give the window that is open, whichever it is."""
    opened = st.session_state.get(_OPEN)
    return opened if isinstance(opened, Window) else None


def close_window() -> None:
    """Close it; in a callback or before a re-run."""
    st.session_state.pop(_OPEN, None)


def only_windows_of(of: str) -> None:
    """Close what was left open over another screen; to be called before keys are drawn."""
    opened = current()
    if opened and opened.of != of:
        close_window()
