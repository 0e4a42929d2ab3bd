"""The signed-in person of this browser tab, checked against the server's session at every run."""

import streamlit as st

from core.domain.actor import Actor, Session
from core.domain.ids import SessionId
from core.errors import NotAllowed, SessionEnded
from core.ui.access import App, the_app
from core.ui.authenticator import Gate

_SESSION, _COOKIE_DUE, _MESSAGE = "copilot_session", "copilot_cookie_due", "copilot_message"


def resumed() -> Actor | None:
    """Return the actor of this tab's session, None when there is none or it has ended."""
    session_id = st.session_state.get(_SESSION)
    return _resume(session_id) if session_id else None


def gate() -> Gate:
    """Build the login form and cookie, with passwords checked by the sign-in service."""
    app = the_app()
    return Gate(app.cookie_key, lambda name, password: verified(app, name, password))


def by_cookie(entrance: Gate) -> Actor | None:
    """Resume the session that the browser's cookie names."""
    if st.session_state.get(_COOKIE_DUE) == "delete":
        return None
    session_id = entrance.cookie_session()
    return _resume(session_id) if session_id else None


def begin(session: Session) -> None:
    """Make ``session`` this tab's own and have its cookie written."""
    st.session_state[_SESSION] = session.id
    st.session_state[_COOKIE_DUE] = "write"
    st.session_state.pop(_MESSAGE, None)
    st.session_state.pop("set", None)


def sign_out() -> None:
    """End the session on the server, then forget everything this tab knew."""
    if session_id := st.session_state.get(_SESSION):
        the_app().sign_in.end(session_id)
    forget("You are signed out.")


def forget(message: str) -> None:
    """Drop all state of this tab and say why on the sign-in screen."""
    st.session_state.clear()
    st.session_state[_MESSAGE] = message
    st.session_state[_COOKIE_DUE] = "delete"


def say(message: str) -> None:
    """Have the sign-in screen say something."""
    st.session_state[_MESSAGE] = message


def message() -> str:
    """Say why the person has to sign in again, if they were in before."""
    return str(st.session_state.get(_MESSAGE, ""))


def keep_cookie(entrance: Gate | None = None) -> None:
    """Write or delete the browser's cookie when due; once a run, outside any fragment."""
    due = st.session_state.get(_COOKIE_DUE)
    if due == "write" and (entrance or gate()).write_cookie(st.session_state[_SESSION]):
        del st.session_state[_COOKIE_DUE]
    if due == "delete" and entrance:
        entrance.delete_cookie()


def verified(app: App, username: str, password: str) -> Session:
    """Open a session on the server; raises ``NotAllowed`` with the sentence to show."""
    if not username or not password:
        raise NotAllowed("Please enter your user name and your password.")
    # Streamlit knows no address for a browser on this machine.
    return app.sign_in.verify(username, password, st.context.ip_address or "local").session


def _resume(session_id: SessionId) -> Actor | None:
    try:
        actor = the_app().sign_in.resume(session_id)
    except SessionEnded as ended:
        forget(str(ended))
        return None
    st.session_state[_SESSION] = session_id
    return actor
