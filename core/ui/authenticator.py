"""streamlit-authenticator's login form and signed cookie, around our own sessions.

Taken from it: the form, and the signing and reading of the cookie. Not taken: its password
check, its lock-out, its idea of who is signed in, its way of writing cookies by script, and
everything that sends mail, resets, registers or asks for codes. docs/adr/0004-sign-in.md says why.
"""

from collections.abc import Callable
from datetime import timedelta

import jwt
import streamlit as st
from streamlit_authenticator import Authenticate
from streamlit_authenticator.controllers import AuthenticationController
from streamlit_authenticator.models import AuthenticationModel, CookieModel

from core.domain.actor import Session
from core.domain.ids import SessionId
from core.ui.cookie import COOKIE, LASTS

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


class _Signed(CookieModel):  # type: ignore[misc]  # the library has no types
    """Signs and reads the cookie; the server writes it (``core.ui.cookie``)."""

    def __init__(self, key: str) -> None:
        # Not the library's own beginning: it draws the component that writes by script.
        self.cookie_name, self.cookie_key = COOKIE, key
        self.cookie_expiry_days = LASTS / timedelta(days=1)
        self.token = self.exp_date = None

    def set_cookie(self) -> None:
        """Do nothing where the library would write a cookie."""

    def delete_cookie(self) -> None:
        """Do nothing where the library would delete a cookie."""

    def sign(self, session_id: SessionId) -> str:
        """Sign the session's id where the library would sign the user's name."""
        st.session_state["username"] = session_id
        self.exp_date = self._set_exp_date()
        return str(self._token_encode())

    def read(self) -> SessionId | None:
        """Read the session's id from the browser's cookie, if its signature and age are good."""
        st.session_state["logout"] = None
        try:
            token = self.get_cookie()
        except (jwt.PyJWTError, KeyError, TypeError):
            # The library lets most kinds of forged or foreign cookies crash the page.
            return None
        return SessionId(str(token["username"])) if token else None


class _Form(Authenticate):  # type: ignore[misc]  # the library has no types
    """The library's login form over our parts."""

    def __init__(self, key: str, model: _ServerChecked, cookie: _Signed) -> None:
        # Not the library's own beginning, for the same reason.
        self.attrs, self.path, self.secret_key = {"login_sleep_time": 0}, None, key
        self.cookie_controller = cookie
        self.authentication_controller = AuthenticationController(
            {"usernames": {}}, auto_hash=False, secret_key=key
        )
        self.authentication_controller.authentication_model = model


class Gate:
    """The login form and the cookie."""

    def __init__(self, key: str, verify: Verify) -> None:
        self._model = _ServerChecked(key, verify)
        self._cookie = _Signed(key)
        self._library = _Form(key, self._model, self._cookie)

    def cookie_session(self) -> SessionId | None:
        """Read the session's id from the browser's cookie; None when there is none to trust."""
        return self._cookie.read()

    def sign(self, session_id: SessionId) -> str:
        """Make the content of the cookie that names ``session_id``."""
        return self._cookie.sign(session_id)

    def form(self, fields: dict[str, str]) -> Session | None:
        """Show the form; return the session opened once a password was right.

        Raises ``NotAllowed`` with the sentence to show.
        """
        # The library would sign in by cookie here, without asking whether the session lives.
        st.session_state["logout"] = True
        st.session_state["authentication_status"] = None
        self._library.login(fields=fields, key="sign_in")
        return self._model.opened
