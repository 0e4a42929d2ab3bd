"""What the server adds to Streamlit's own: cookie, company sign-in, guarded files and pages."""

from collections.abc import Sequence
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from streamlit.runtime.pages_manager import PagesManager

from core.errors import CopilotError
from core.ui.cookie import ROUTES
from core.ui.downloads import SessionsOnly


def routes() -> Sequence[BaseRoute]:
    """List the addresses beside Streamlit's."""
    return ROUTES


def middleware() -> Sequence[Middleware]:
    """List what stands in front of Streamlit's addresses."""
    return (Middleware(SessionsOnly),)


def only_declared_pages() -> None:
    """Have Streamlit know no page but those that app.py declares.

    Until a process has run app.py once, Streamlit takes the folder's name to mean that its
    scripts are pages by themselves; it tells a first visitor of a shared address that there is
    no such page, and would serve a script placed directly in the folder past the sign-in.
    """
    PagesManager.uses_pages_directory = False


def secrets() -> dict[str, Any]:
    """Give Streamlit what ``st.login`` needs; in memory only, and nothing when it is off.

    Settings that are wrong are told on the screen, not here.
    """
    from core.bootstrap import get_app

    try:
        provider = get_app().single_sign_on
    except CopilotError:
        return {}
    return {"auth": dict(provider)} if provider else {}
