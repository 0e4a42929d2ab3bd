"""Who sent an event: Basic, iCIMS's own signature, or a token that we handed out.

Every check compares in constant time and does the same work for a user nobody knows.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from core.errors import NotAllowed
from core.icims.hmac_signing import SCHEME, canonical_request, signature
from core.ports import IdSource

_CLOCKS_MAY_DIFFER = timedelta(minutes=5)
_DATE_FORM = "%Y-%m-%dT%H:%M:%S%z"
_MUST_BE_SIGNED = frozenset({"x-icims-date", "x-icims-content-sha256"})
_AUDIENCE = "icims-events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """A request as it came over the wire; header names lower-case, ``query`` without its mark.

    ``headers`` holds None for one that came several times: nobody can say which of them counts.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str | None]
    body: bytes

    def header(self, name: str) -> str:
        """Give a header that came once; empty otherwise."""
        return self.headers.get(name) or ""


class EventAccess(Protocol):
    """Says whether a request is from whom we agreed on."""

    challenge: str

    def proof(self, knock: Knock, now: datetime) -> str:
        """Check the sender; give what tells a repeated request from a new one.

        Raises ``NotAllowed`` with a message that repeats nothing of what was sent.
        """
        ...


@dataclass(frozen=True, slots=True)
class BasicAccess:
    """User and password. Nothing tells a replay from a repetition, so every request is new."""

    user: str
    secret: str = field(repr=False)
    ids: IdSource = field(repr=False)
    challenge = 'Basic realm="events"'

    def proof(self, knock: Knock, now: datetime) -> str:
        user, secret = _pair(_credentials(knock, "basic"))
        if not _both(_same(user, self.user), _same(secret, self.secret)):
            raise NotAllowed("the user name or password is wrong")
        return f"id:{self.ids.new()}"


@dataclass(frozen=True, slots=True)
class SignedAccess:
    """iCIMS's signature over date, address and body; the same signature is the same request."""

    user: str
    secret: str = field(repr=False)
    challenge = SCHEME

    def proof(self, knock: Knock, now: datetime) -> str:
        given = dict(
            part.strip().partition("=")[::2] for part in _credentials(knock, SCHEME).split(",")
        )
        listed = given.get("signedheaders", "")
        signed = {name: knock.header(name) for name in listed.split(";")}
        if not signed.keys() >= _MUST_BE_SIGNED or not all(signed.values()):
            raise NotAllowed("date and content hash must be there once, and signed")
        mark = given.get("signature", "")
        canonical = canonical_request(knock.method, knock.path, knock.query, signed, listed)
        right = signature(self.secret, signed["x-icims-date"], canonical)
        if not _both(_same(given.get("user", ""), self.user), _same(mark, right)):
            raise NotAllowed("the user or the signature is wrong")
        if not _same(signed["x-icims-content-sha256"].strip(), _sha256(knock.body)):
            raise NotAllowed("the body is not the one that was signed")
        _require_near(signed["x-icims-date"].strip(), now)
        return f"signature:{_sha256(mark.encode())}"


@dataclass(frozen=True, slots=True)
class TokenAccess:
    """Tokens that ``issue`` hands out for user and secret; good for ``lifetime``."""

    user: str
    secret: str = field(repr=False)
    ids: IdSource = field(repr=False)
    key: str = field(repr=False)
    lifetime: timedelta = timedelta(minutes=30)
    challenge = "Bearer"

    def issue(self, user: str, secret: str, now: datetime) -> str:
        """Hand out a token; raises ``NotAllowed``."""
        if not _both(_same(user, self.user), _same(secret, self.secret)):
            raise NotAllowed("the client id or secret is wrong")
        until = int((now + self.lifetime).timestamp())
        claims = {"aud": _AUDIENCE, "sub": self.user, "exp": until, "jti": self.ids.new()}
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(self.key))

    def proof(self, knock: Knock, now: datetime) -> str:
        try:
            token = jwt.decode(
                _credentials(knock, "bearer"), OctKey.import_key(self.key), algorithms=["HS256"]
            )
            claims = jwt.JWTClaimsRegistry(
                now=int(now.timestamp()),
                leeway=0,
                aud={"essential": True, "value": _AUDIENCE},
                sub={"essential": True, "value": self.user},
                exp={"essential": True},
            )
            claims.validate(token.claims)
        except (JoseError, ValueError):
            raise NotAllowed("the token is not valid, or no longer") from None
        return f"id:{self.ids.new()}"


def basic_pair(authorization: str) -> tuple[str, str]:
    """Read user and password of a Basic header; both empty when it is none."""
    scheme, _, given = authorization.partition(" ")
    return _pair(given.strip()) if scheme.lower() == "basic" else ("", "")


def _credentials(knock: Knock, scheme: str) -> str:
    given, _, rest = knock.header("authorization").partition(" ")
    if given.lower() != scheme:
        raise NotAllowed(f"{scheme} authentication is expected")
    return rest.strip()


def _pair(encoded: str) -> tuple[str, str]:
    try:
        user, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return user, secret


def _require_near(date: str, now: datetime) -> None:
    try:
        at = datetime.strptime(date, _DATE_FORM).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotAllowed("the date is not like 2017-10-18T14:53:40+0000") from None
    if abs(at - now) > _CLOCKS_MAY_DIFFER:
        raise NotAllowed("the date is more than five minutes from now")


def _both(one: bool, other: bool) -> bool:
    """Say whether both hold, having looked at both."""
    return one & other


def _same(one: str, other: str) -> bool:
    # Hashed first: comparing takes the same time however long they are.
    first, second = (each.encode("utf-8", "surrogatepass") for each in (one, other))
    return hmac.compare_digest(hashlib.sha256(first).digest(), hashlib.sha256(second).digest())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
