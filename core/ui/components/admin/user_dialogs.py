"""The windows in which an administrator adds a user or changes one.

A password is shown in the run that made it and in no other: it is kept nowhere, so the window
cannot show it twice.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.domain.actor import Actor, Role
from core.domain.views import UserLine
from core.ui import format as f
from core.ui.access import the_app
from core.ui.shell import spoken

_CLOSE = "copilot_close_dialog"
_PERSON = "The number of the person's own profile in iCIMS. It decides which jobs they see."
_EMAIL = "By it the company's sign-in finds the account. May stay empty."


@dataclass(frozen=True, slots=True)
class _Details:
    roles: frozenset[Role]
    person: str
    email: str


@st.dialog("Add a user", icon=":material/person_add:", on_dismiss="rerun")
def add(actor: Actor) -> None:
    """Ask for a new user and show the first password once."""
    _close_if_done()
    slot = st.empty()
    with slot.container(), st.form("add_user", border=False):
        name = st.text_input("Name, as shown to others", key="new_name", max_chars=120)
        username = st.text_input(
            "User name", key="new_username", max_chars=60, autocomplete="off", help="To sign in."
        )
        given = _details(frozenset(), "", "", "new")
        wanted = st.form_submit_button("Add", type="primary", key="add_now")
    if wanted:
        _issue(
            lambda: the_app().users.add(
                actor, username.strip(), name.strip(), given.roles, given.person, given.email
            ),
            slot,
        )


@st.dialog("Roles and details", icon=":material/manage_accounts:", on_dismiss="rerun")
def change(actor: Actor, line: UserLine) -> None:
    """Change what a user is."""
    st.text(f.one_line(line.display_name))
    with st.form("change_user", border=False):
        person = line.icims_person_id or ""
        given = _details(line.roles, person, line.email, f"change-{line.user_id}")
        st.caption("New roles, or another iCIMS person, sign the user out.")
        if st.form_submit_button("Save", type="primary", key="change_now"):
            with spoken():
                users = the_app().users
                users.change(actor, line.user_id, given.roles, given.person, given.email)
                st.rerun()


@st.dialog("New password", icon=":material/key:", on_dismiss="rerun")
def reset(actor: Actor, line: UserLine) -> None:
    """Give a user a new first password and show it once."""
    _close_if_done()
    st.text(f.one_line(line.display_name))
    slot = st.empty()
    with slot.container():
        st.markdown(
            "The old password stops working and the user is signed out everywhere. You will see "
            "a first password to pass on, which they must replace when they sign in."
        )
        wanted = st.button("Make a new password", type="primary", key="reset_now")
    if wanted:
        _issue(lambda: the_app().users.reset_password(actor, line.user_id), slot)


@st.dialog("Switch off this account?", icon=":material/person_off:")
def switch_off(actor: Actor, line: UserLine) -> None:
    """Ask once more before an account is switched off."""
    st.text(f.one_line(line.display_name))
    st.markdown(
        "The user is signed out at once and cannot come back in until an administrator switches "
        "the account on again. What they approved stays approved."
    )
    if st.button("Switch off", type="primary", key="disable_now"):
        with spoken():
            the_app().users.set_disabled(actor, line.user_id, True)
            st.rerun()


def _details(roles: frozenset[Role], person: str, email: str, key: str) -> _Details:
    chosen = st.pills(
        "Roles",
        list(Role),
        selection_mode="multi",
        default=sorted(roles),
        format_func=lambda role: f.ROLE[role],
        key=f"{key}-roles",
        help="Compliance reads what the others did, so it goes with no other role.",
    )
    return _Details(
        roles=frozenset(chosen),
        person=st.text_input("iCIMS person id", person, key=f"{key}-person", help=_PERSON).strip(),
        email=st.text_input("E-mail", email, key=f"{key}-email", help=_EMAIL).strip(),
    )


def _issue(make: Callable[[], str], slot: DeltaGenerator) -> None:
    """Make a password and show it in the place of what asked for it."""
    with spoken():
        password = make()
        slot.empty()
        st.success("Pass this first password on. It is shown only now.", icon=f.icon("key"))
        st.code(password, language=None)
        st.caption("It must be replaced at the first sign-in.")
        st.button("Done", key="password_passed_on", on_click=_close)


def _close() -> None:
    st.session_state[_CLOSE] = True


def _close_if_done() -> None:
    if st.session_state.pop(_CLOSE, False):
        st.rerun()
