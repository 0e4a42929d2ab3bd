"""Files that screens hand out are for people with a live session, not for whoever has the address.

Streamlit keeps a download under an address made of its content for as long as the tab is open, and
gives it to anybody who asks.
"""

import jwt
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.domain.ids import SessionId
from core.errors import CopilotError
from core.ui.access import App, serving
from core.ui.cookie import COOKIE

_FILES, _OUR_MARK = "/media/", ".png"


class SessionsOnly:
    """Middleware: answers 403 for a file unless the cookie's session is live.

    The product's own mark, shown on the sign-in as well, is the only picture among the files.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but files nobody signed in asks for."""
        if _is_a_file(scope) and not await run_in_threadpool(_may_have_it, Request(scope)):
            await Response(status_code=403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_a_file(scope: Scope) -> bool:
    path = str(scope.get("path", ""))
    # Streamlit's own fonts lie under /static/media/, and everybody needs them.
    ours = path.endswith(_OUR_MARK) or "/static/" in path
    return scope["type"] == "http" and _FILES in path and not ours


def _may_have_it(request: Request) -> bool:
    app = serving()
    session = _session_in(request.cookies.get(COOKIE, ""), app)
    try:
        return session is not None and bool(app.sign_in.resume(session))
    except CopilotError:
        return False


def _session_in(token: str, app: App) -> SessionId | None:
    try:
        said = jwt.decode(token, app.cookie_key, algorithms=["HS256"])
    except jwt.PyJWTError:
        return None
    return SessionId(str(said.get("username", "")))
