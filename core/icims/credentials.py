"""The three ways to sign in to iCIMS; each turns a request into headers that vouch for it."""

import base64
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from core.errors import AtsDenied, AtsUnavailable
from core.icims.hmac_signing import signed_headers
from core.icims.replies import Reply
from core.ports import Clock

_TOKEN_WINDOW = timedelta(minutes=10)
# iCIMS throttles past 500 in ten minutes; past this many, tokens are not the problem.
_TOKENS_PER_WINDOW = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthCredentials:
    """OAuth 2.0 client credentials, iCIMS's recommended way."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    audience: str = "https://api.icims.com/v1/"

    def form(self) -> dict[str, str]:
        """The form to post for a token."""
        return {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "audience": self.audience,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class BasicCredentials:
    """The integration user's name and password."""

    username: str
    password: str = field(repr=False)

    def vouch(self, request: httpx.Request, now: datetime) -> Mapping[str, str]:
        """Make the headers for ``request``."""
        pair = base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
        return {"authorization": f"Basic {pair}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HmacCredentials:
    """The integration user's name and signing key."""

    username: str
    key: str = field(repr=False)

    def vouch(self, request: httpx.Request, now: datetime) -> Mapping[str, str]:
        """Make the headers for ``request``."""
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        return signed_headers(
            user=self.username,
            key=self.key,
            method=request.method,
            path=path,
            query=query,
            host=request.headers["host"],
            body=request.content,
            at=now,
            content_type=request.headers.get("content-type", ""),
        )


Credentials = OAuthCredentials | BasicCredentials | HmacCredentials


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and when to stop using it."""

    text: str = field(repr=False)
    good_until: datetime


def read_token(reply: Reply, asked_at: datetime) -> Token:
    """Read the token endpoint's answer.

    Use ends a little before ``expires_in``, counted from the asking, so that no request starts
    with a token that dies on the way. Raises ``AtsDenied`` or ``AtsUnavailable``.
    """
    if reply.status in (400, 401, 403):
        raise AtsDenied("iCIMS does not accept the client id or its secret")
    if not reply.ok:
        raise AtsUnavailable(f"iCIMS's sign-in answered {reply.status}")
    body = reply.json()
    text, seconds = body.get("access_token"), body.get("expires_in")
    try:
        lifetime = float(seconds) if seconds is not None else 0.0
    except (TypeError, ValueError):
        lifetime = 0.0
    if not isinstance(text, str) or not text:
        raise AtsUnavailable("iCIMS's sign-in gave no token")
    usable = lifetime - min(30.0, lifetime / 10)
    return Token(text, asked_at + timedelta(seconds=usable))


class TokenCache:
    """One token for all threads; whoever finds it expired renews it while the others wait."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._asked: deque[datetime] = deque()

    def token(self, fetch: Callable[[], Token], *, not_this: str = "") -> str:
        """Give a token that is good now, ``fetch``-ing one if there is none.

        ``not_this`` is a token that iCIMS has just turned down.
        """
        with self._lock:
            held, now = self._token, self._clock.now()
            if held is None or held.good_until <= now or held.text == not_this:
                self._count(now)
                held = self._token = fetch()
            return held.text

    def _count(self, now: datetime) -> None:
        while self._asked and self._asked[0] <= now - _TOKEN_WINDOW:
            self._asked.popleft()
        if len(self._asked) >= _TOKENS_PER_WINDOW:
            raise AtsUnavailable("iCIMS keeps turning down fresh tokens; waiting before asking on")
        self._asked.append(now)
