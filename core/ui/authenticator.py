"""streamlit-authenticator's login form and signed cookie, around our own sessions.

Taken from it: the form, the signing of the cookie, the writing of the cookie in the browser.
Not taken: its password check, its lock-out, its idea of who is signed in, and everything that
sends mail, resets, registers or asks for codes. docs/adr/0004-sign-in.md says why.
"""

from collections.abc import Callable

import jwt
import streamlit as st
from streamlit_authenticator import Authenticate
from streamlit_authenticator.models import AuthenticationModel

from core.domain.actor import Session
from core.domain.ids import SessionId

COOKIE = "recruiter_copilot"
COOKIE_DAYS = 0.5
"""As long as a session can last at most; the server's row decides whether it still does."""

Verify = Callable[[str, str], Session]


class _ServerChecked(AuthenticationModel):  # type: ignore[misc]  # the library has no types
    """Asks the sign-in service where the library would compare with hashes in memory."""

    def __init__(self, key: str, verify: Verify) -> None:
        super().__init__({"usernames": {}}, auto_hash=False, secret_key=key)
        self._verify = verify
        self.opened: Session | None = None

    def check_credentials(self, username: str, password: str) -> bool:
        """Open a session, or let the service's refusal rise."""
        self.opened = self._verify(username, password)
        self.credentials["usernames"][username] = {"name": username}
        return True


class Gate:
    """The login form and the cookie. Build it at most once in a run: it draws a component."""

    def __init__(self, key: str, verify: Verify) -> None:
        self._library = Authenticate(
            {"usernames": {}}, COOKIE, key, COOKIE_DAYS, auto_hash=False, login_sleep_time=0
        )
        self._model = _ServerChecked(key, verify)
        self._library.authentication_controller.authentication_model = self._model

    def cookie_session(self) -> SessionId | None:
        """Read the session's id from the browser's cookie, if its signature and age are good."""
        st.session_state["logout"] = None
        try:
            token = self._library.cookie_controller.get_cookie()
        except (jwt.PyJWTError, KeyError, TypeError):
            # The library lets most kinds of forged or foreign cookies crash the page.
            return None
        return SessionId(str(token["username"])) if token else None

    def form(self, fields: dict[str, str], begin: Callable[[Session], None]) -> bool:
        """Show the form; once a password was right, hand the session to ``begin``.

        Raises ``NotAllowed`` with the sentence to show.
        """
        # The library would sign in by cookie here, without asking whether the session lives.
        st.session_state["logout"] = True
        st.session_state["authentication_status"] = None
        # In the callback, because drawing the cookie's component may be cut short by a re-run.
        self._library.login(fields=fields, key="sign_in", callback=lambda _: self._opened(begin))
        return self._model.opened is not None

    def write_cookie(self, session_id: SessionId) -> bool:
        """Put the session's id into the browser's cookie; True once the browser has done it."""
        st.session_state["username"] = session_id
        self._library.cookie_controller.set_cookie()
        return bool(st.session_state.get("set"))

    def delete_cookie(self) -> None:
        """Take the cookie out of the browser; the session it names is dead already."""
        manager = self._library.cookie_controller.cookie_model.cookie_manager
        if COOKIE in manager.cookies:
            manager.delete(COOKIE)

    def _opened(self, begin: Callable[[Session], None]) -> None:
        """Have the library sign the session's id where it would sign the user's name."""
        if self._model.opened is not None:
            begin(self._model.opened)
            st.session_state["username"] = self._model.opened.id
