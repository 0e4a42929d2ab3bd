"""The first statement of every page: who is there, and may they be here."""

import streamlit as st

from core.domain.actor import Actor, Role
from core.ui.components.account.sign_in import sign_in_screen
from core.ui.components.states import not_for_you
from core.ui.session import resumed


def guard(*roles: Role) -> Actor:
    """Return the signed-in person, re-checked now; otherwise show the sign-in and stop the run.

    With ``roles`` the person needs one of them. Services check again, and more closely.
    """
    actor = resumed() or sign_in_screen()
    if roles and not actor.roles & frozenset(roles):
        not_for_you()
        st.stop()
    return actor
