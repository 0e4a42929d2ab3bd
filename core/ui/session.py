"""The signed-in person of this browser tab, checked against the server's session at every run."""

from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

import streamlit as st

from core.domain.actor import Actor, Session
from core.domain.ids import SessionId
from core.errors import NotAllowed, SessionEnded
from core.ui import format as f
from core.ui.access import App, the_app
from core.ui.components.account.cookie import drop_cookie, fetch_cookie
from core.ui.cookie import TICKETS

if TYPE_CHECKING:
    from core.ui.authenticator import Gate

_SESSION, _COOKIE_DUE, _MESSAGE = "copilot_session", "copilot_cookie_due", "copilot_message"
_VOUCHER_USED = "copilot_voucher_used"


def resumed(*, watching: bool = False) -> Actor | None:
    """Return the actor of this tab's session, None when there is none or it has ended.

    ``watching`` is for what a screen does by itself: it does not count as the person's doing.
    """
    session_id = st.session_state.get(_SESSION)
    return _resume(session_id, watching=watching) if session_id else None


def gate() -> "Gate":
    """Build the login form and cookie, with passwords checked by the sign-in service."""
    # The library registers components when it is imported, and Streamlit complains of each
    # outside a run: so not when the server imports app.py.
    from core.ui.authenticator import Gate

    app = the_app()
    return Gate(app.cookie_key, lambda name, password: verified(app, name, password))


def by_cookie(entrance: "Gate") -> Actor | None:
    """Resume the session that the browser's cookie names."""
    if st.session_state.get(_COOKIE_DUE) == "delete":
        return None
    session_id = entrance.cookie_session()
    return _resume(session_id) if session_id else None


def by_provider() -> Actor | None:
    """Open a session for whom the company's identity provider vouches, at most once in a tab.

    Streamlit keeps the provider's word for weeks; the service takes it once and while it is new.
    Raises ``NotAllowed`` with the sentence to show.
    """
    if not is_vouched_for() or st.session_state.get(_VOUCHER_USED):
        return None
    st.session_state[_VOUCHER_USED] = True
    try:
        opened = the_app().sign_in.federated(st.user.to_dict(), _address())
    except SessionEnded:
        return None
    begin(opened.session)
    return resumed()


def is_vouched_for() -> bool:
    """Say whether the browser carries a word of the provider's, old or new."""
    return bool(the_app().single_sign_on) and bool(st.user.get("is_logged_in"))


def begin(session: Session) -> None:
    """Make ``session`` this tab's own and have its cookie written."""
    st.session_state[_SESSION] = session.id
    st.session_state[_COOKIE_DUE] = "write"
    st.session_state.pop(_MESSAGE, None)


def sign_out() -> NoReturn:
    """End the session on the server, then forget everything this tab knew.

    Whom the company's provider vouched for is signed out there as well, where it allows that.
    """
    if session_id := st.session_state.get(_SESSION):
        the_app().sign_in.end(session_id)
    vouched_for = is_vouched_for()
    forget("You are signed out.")
    if vouched_for:
        st.logout()
        # A re-run would overtake the way to the provider.
        st.stop()
    st.rerun()


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


def keep_cookie() -> None:
    """Have the browser fetch the cookie or drop it when due; once a run, outside any fragment."""
    due, now = st.session_state.get(_COOKIE_DUE), f.now()
    if due == "delete":
        drop_cookie()
        return
    if due == "write":
        due = _ticket(st.session_state[_SESSION], now)
        st.session_state[_COOKIE_DUE] = due
    if due and not TICKETS.waits(due, now):
        del st.session_state[_COOKIE_DUE]
        due = ""
    fetch_cookie(due or "")


def _ticket(session_id: SessionId, now: datetime) -> str:
    secure = (st.context.url or "").startswith("https:")
    return TICKETS.issue(gate().sign(session_id), now, secure=secure)


def verified(app: App, username: str, password: str) -> Session:
    """Open a session on the server; raises ``NotAllowed`` with the sentence to show."""
    if not username or not password:
        raise NotAllowed("Please enter your user name and your password.")
    return app.sign_in.verify(username, password, _address()).session


def _address() -> str:
    # Streamlit knows none for a browser on this machine.
    return st.context.ip_address or "local"


def _resume(session_id: SessionId, *, watching: bool = False) -> Actor | None:
    try:
        actor = the_app().sign_in.resume(session_id, watching=watching)
    except SessionEnded as ended:
        forget(str(ended))
        return None
    st.session_state[_SESSION] = session_id
    return actor
