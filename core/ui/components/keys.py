"""The keys of the application screen: one table for the buttons and for the sheet that lists them.

C and R belong to Streamlit. Keys do nothing while somebody types in a field; that is why approving
is no key with Ctrl or ⌘, which Streamlit lets through from there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core.ui import format as f
from core.ui.components.window import close_window, current, open_window, window

_ONCE = st.components.v2.component(
    "recruiter_copilot.keys", js=Path(__file__).with_name("keys.js").read_text()
)


@dataclass(frozen=True, slots=True)
class Key:
    """A key as Streamlit takes it, how it is written, and what it does."""

    shortcut: str
    shown: str
    does: str


KEYS: Mapping[str, Key] = {
    "next": Key("J", "J", "Next person"),
    "previous": Key("K", "K", "Previous person"),
    "next_below": Key("Right", "→", "Next person"),
    "previous_below": Key("Left", "←", "Previous person"),
    "advance": Key("1", "1", "My view: put forward"),
    "unsure": Key("2", "2", "My view: not sure"),
    "not_now": Key("3", "3", "My view: not for this job"),
    "change": Key("E", "E", "Change a verdict"),
    "original": Key("O", "O", "Original page, and back to the text"),
    "again": Key("G", "G", "Score again"),
    "approve": Key("Shift+A", "Shift + A", "Approve and write to iCIMS"),
    "refuse": Key("X", "X", "Do not write, with a reason"),
    "undo": Key("U", "U", "Undo, while there is time"),
    "keys": Key("H", "H", "This list"),
}


def key(name: str) -> str | None:
    """Give the shortcut of an action; none while a window is open."""
    return None if current() else KEYS[name].shortcut


def once_a_press() -> None:
    """Have a held key act once; on every screen with keys."""
    held = sorted({one.shortcut.lower().rpartition("+")[2] for one in KEYS.values()})
    with st.container(key="hands"):
        _ONCE(key="once_a_press", data={"keys": held})


def keys_button(of: str) -> None:
    """Offer the list of keys on the screen ``of`` something."""
    once_a_press()
    st.button(
        "Keys", icon=f.icon("keyboard"), key="keys", shortcut=key("keys"),
        on_click=open_window, args=("keys", of),
    )  # fmt: skip
    if window("keys", of):
        _sheet()


@st.dialog("Keys on this screen", icon=f.icon("keyboard"), on_dismiss=close_window)
def _sheet() -> None:
    for does in dict.fromkeys(one.does for one in KEYS.values()):
        keys, words = st.columns([1, 2], vertical_alignment="center")
        keys.markdown(" or ".join(f"`{one.shown}`" for one in KEYS.values() if one.does == does))
        words.text(does)
    st.caption(
        "Keys rest while you type, and while a window like this one is open. A held key acts once."
    )
