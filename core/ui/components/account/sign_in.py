"""The sign-in screen."""

from typing import TYPE_CHECKING, NoReturn

import streamlit as st

from core.errors import CopilotError, NotAllowed
from core.ui import format as f
from core.ui import session
from core.ui.access import App, the_app
from core.ui.components.states import problem

if TYPE_CHECKING:
    from core.ui.authenticator import Gate

_WORDS = {
    "Form name": "Sign in",
    "Username": "User name",
    "Password": "Password",
    "Login": "Sign in",
}


def sign_in_screen() -> NoReturn:
    """Let the browser's cookie or a password in; in both cases the run starts again."""
    entrance = session.gate()
    refused = None
    try:
        if session.by_cookie(entrance) or session.by_provider():
            st.rerun()
    except NotAllowed as error:
        refused = error
    session.keep_cookie()
    _, middle, _ = st.columns([1, 1.2, 1])
    with middle:
        _draw(the_app(), entrance, refused)
    st.stop()


def _draw(app: App, entrance: "Gate", refused: NotAllowed | None) -> None:
    st.title("Recruiter copilot", anchor=False)
    st.caption("Scores with quotes. Nothing is written to iCIMS before you approve it.")
    if message := session.message():
        st.info(f.escaped(message, 300), icon=f.icon("info"))
    if refused:
        problem(refused)
    if app.single_sign_on:
        st.button("Sign in with your company account", type="primary", on_click=st.login)
    if app.password_sign_in:
        _by_password(app, entrance)


def _by_password(app: App, entrance: "Gate") -> None:
    try:
        if opened := entrance.form(_WORDS):
            session.begin(opened)
            st.rerun()
    except CopilotError as error:
        problem(error)
    if app.demo:
        _demo(app)
    else:
        st.caption("Forgot your password? Your administrator can set a new one.")


def _demo(app: App) -> None:
    """List the demo's accounts, one click each; they exist only on the sandbox."""
    with st.container(border=True):
        st.markdown(f"**{f.icon('science')} Demo on made-up people**")
        st.caption("Choose who to be, or type a user name and password above.")
        for entry in app.demo_sign_ins:
            who, secret, name = entry["username"], entry["password"], entry["name"]
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    f.escaped(name),
                    key=f"demo-{who}",
                    width=210,
                    on_click=_enter_demo,
                    args=(app, who, secret),
                )
                st.markdown(f"{f.escaped(entry['role'])}  \n`{who}` · `{secret}`")


def _enter_demo(app: App, username: str, password: str) -> None:
    """Sign in as a callback: it cannot be cut short by the re-run that the cookie asks for."""
    try:
        session.begin(session.verified(app, username, password))
    except CopilotError as error:
        session.say(str(error))
