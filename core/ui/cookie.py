"""The session's cookie, set by the server itself so that no script can read it.

A page learns who signed in over the WebSocket, which cannot carry a cookie. So it hands the
browser a ticket, good once and for a minute, and the browser brings it here.
"""

import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.ui import format as f

COOKIE = "recruiter_copilot"
LASTS = timedelta(hours=12)
"""As long as a session can last at most; the server's row decides whether it still does."""
ADDRESS = "/session-cookie"
_TICKET_LASTS = timedelta(minutes=1)
_TICKET_LENGTH = 64


@dataclass(frozen=True, slots=True)
class _Promise:
    token: str
    secure: bool
    until: datetime


class Tickets:
    """Cookies waiting to be fetched; safe to share between threads."""

    def __init__(self) -> None:
        self._promised: dict[str, _Promise] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._promised)

    def issue(self, token: str, now: datetime, *, secure: bool) -> str:
        """Promise a cookie with ``token``, sent over TLS only when ``secure``."""
        ticket = secrets.token_urlsafe(_TICKET_LENGTH * 3 // 4)
        with self._lock:
            self._promised = {t: p for t, p in self._promised.items() if now < p.until}
            self._promised[ticket] = _Promise(token, secure, now + _TICKET_LASTS)
        return ticket

    def waits(self, ticket: str, now: datetime) -> bool:
        """Say whether nobody has redeemed the ticket yet, though they still could."""
        promise = self._promised.get(ticket)
        return promise is not None and now < promise.until

    def redeem(self, ticket: str, now: datetime) -> _Promise | None:
        """Give out what was promised, once."""
        with self._lock:
            promise = self._promised.pop(ticket, None)
        return promise if promise and now < promise.until else None


TICKETS = Tickets()
"""Of this process: a browser's WebSocket and its requests reach the same one."""


async def _set(request: Request) -> Response:
    """Answer a ticket with its cookie, 403 to anything else."""
    body = await _small_body(request)
    promise = TICKETS.redeem(body, f.now()) if body and _from_our_page(request) else None
    if promise is None:
        return Response(status_code=403)
    answer = _answer()
    answer.set_cookie(
        COOKIE,
        promise.token,
        max_age=int(LASTS.total_seconds()),
        secure=promise.secure,
        httponly=True,
        samesite="strict",
    )
    return answer


async def _drop(request: Request) -> Response:
    """Take the cookie out of the browser; the session it names is dead already."""
    if not _from_our_page(request):
        return Response(status_code=403)
    answer = _answer()
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


def _answer() -> Response:
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


def _from_our_page(request: Request) -> bool:
    """Refuse other sites, which could otherwise sign their visitor in as somebody else.

    Other sites cannot send this kind of content without asking first, and nobody answers them.
    """
    fetched_from = request.headers.get("sec-fetch-site", "same-origin")
    kind = request.headers.get("content-type", "")
    return fetched_from == "same-origin" and kind == "application/json"


async def _small_body(request: Request) -> str:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _TICKET_LENGTH:
            return ""
    return body.decode("ascii", "replace")


ROUTES: list[BaseRoute] = [
    Route(ADDRESS, _set, methods=["POST"]),
    Route(ADDRESS, _drop, methods=["DELETE"]),
]
