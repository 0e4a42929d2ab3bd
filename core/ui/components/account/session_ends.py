"""Since when somebody is signed in, and until when."""

import streamlit as st

from core.domain.actor import Actor
from core.ui import format as f


def session_ends(actor: Actor) -> None:
    """Say since when the actor is signed in here, and what ends it."""
    session = actor.session
    if session is None:
        return
    idle = f.duration((session.idle_expires_at - session.last_seen_at).total_seconds())
    st.caption(
        f"Signed in since {f.when(session.started_at)}, until {f.when(session.expires_at)}"
        f" or until nothing happened for {idle}."
    )
