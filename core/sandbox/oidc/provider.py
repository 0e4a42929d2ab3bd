"""What an identity provider knows and signs: people, one client, codes and tokens.

OpenID Connect Core 1.0, the authorization code flow, with PKCE (RFC 7636) when it is asked for.
"""

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from joserfc import jwt
from joserfc.jwk import RSAKey

_CODE_LASTS = timedelta(minutes=1)
_TOKEN_LASTS = timedelta(minutes=10)
_NO_SIGNATURE = b'{"alg":"none"}'


class Fault(StrEnum):
    """Ways to misbehave, each of which a client has to notice."""

    WRONG_NONCE = "wrong nonce"
    WRONG_AUDIENCE = "wrong audience"
    WRONG_ISSUER = "wrong issuer"
    EXPIRED = "expired token"
    TAMPERED = "tampered token"
    UNSIGNED = "unsigned token"
    UNVERIFIED_EMAIL = "unverified e-mail"
    SERVER_ERROR = "server error"
    SLOW = "slow"


class Refused(Exception):
    """A request the protocol forbids; the text is the protocol's error code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The one application that may ask; addresses are compared as they are written."""

    id: str
    secret: str
    redirect_uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can sign in here; ``subject`` never changes."""

    subject: str
    name: str
    email: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Grant:
    subject: str
    asked: Mapping[str, str]
    until: datetime


def utc_now() -> datetime:
    """Give the current time, aware, UTC."""
    return datetime.now(UTC)


@dataclass
class Provider:
    """The provider's memory. ``people`` and ``faults`` may be changed while it runs."""

    issuer: str
    client: Client
    people: dict[str, Person]
    faults: set[Fault] = field(default_factory=set)
    clock: Callable[[], datetime] = utc_now
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, auto_kid=True))
    _codes: dict[str, _Grant] = field(default_factory=dict)
    _access: dict[str, str] = field(default_factory=dict)

    def check_request(self, asked: Mapping[str, str]) -> None:
        """Raise ``Refused`` unless ``asked`` is our client's authorization request."""
        if asked.get("client_id") != self.client.id:
            raise Refused("unauthorized_client")
        if asked.get("redirect_uri") != self.client.redirect_uri:
            raise Refused("invalid_request")
        if asked.get("response_type") != "code":
            raise Refused("unsupported_response_type")
        if "openid" not in asked.get("scope", "").split():
            raise Refused("invalid_scope")

    def grant(self, subject: str, asked: Mapping[str, str]) -> str:
        """Give the code that stands for ``subject`` having signed in on request."""
        self.check_request(asked)
        if subject not in self.people:
            raise Refused("access_denied")
        code = secrets.token_urlsafe(24)
        self._codes[code] = _Grant(subject, dict(asked), self.clock() + _CODE_LASTS)
        return code

    def exchange(self, sent: Mapping[str, str], client: tuple[str, str]) -> dict[str, str | int]:
        """Give tokens for a code, once; raises ``Refused``."""
        if client != (self.client.id, self.client.secret):
            raise Refused("invalid_client")
        grant = self._codes.pop(sent.get("code", ""), None)
        if grant is None or self.clock() >= grant.until:
            raise Refused("invalid_grant")
        same_place = sent.get("redirect_uri") == grant.asked["redirect_uri"]
        if not same_place or not _proves(sent, grant.asked):
            raise Refused("invalid_grant")
        access = secrets.token_urlsafe(24)
        self._access[access] = grant.subject
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": int(_TOKEN_LASTS.total_seconds()),
            "id_token": self._sign(self._claims(grant)),
        }

    def describe(self, access_token: str) -> dict[str, object]:
        """Say who an access token is for; raises ``Refused``."""
        if access_token not in self._access:
            raise Refused("invalid_token")
        return self._person(self.people[self._access[access_token]])

    def _person(self, person: Person) -> dict[str, object]:
        return {
            "sub": person.subject,
            "name": person.name,
            "email": person.email,
            "email_verified": Fault.UNVERIFIED_EMAIL not in self.faults,
            "groups": list(person.groups),
        }

    def _claims(self, grant: _Grant) -> dict[str, object]:
        now, faults = self.clock(), self.faults
        issued = now - timedelta(days=1) if Fault.EXPIRED in faults else now
        nonce = "made up" if Fault.WRONG_NONCE in faults else grant.asked.get("nonce")
        return {
            **self._person(self.people[grant.subject]),
            "iss": "https://elsewhere.example" if Fault.WRONG_ISSUER in faults else self.issuer,
            "aud": "somebody else" if Fault.WRONG_AUDIENCE in faults else self.client.id,
            "iat": int(issued.timestamp()),
            "exp": int((issued + _TOKEN_LASTS).timestamp()),
            **({"nonce": nonce} if nonce else {}),
        }

    def _sign(self, claims: dict[str, object]) -> str:
        token = jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)
        header, body, signature = token.split(".")
        if Fault.UNSIGNED in self.faults:
            return f"{_unpadded(_NO_SIGNATURE)}.{body}."
        if Fault.TAMPERED in self.faults:
            other = jwt.encode({"alg": "RS256"}, {**claims, "groups": ["everything"]}, self.key)
            return f"{header}.{other.split('.')[1]}.{signature}"
        return token


def _proves(sent: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    """Check the PKCE verifier against the challenge, if there was one."""
    challenge = asked.get("code_challenge")
    if challenge is None:
        return True
    digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
    return asked.get("code_challenge_method") == "S256" and _unpadded(digest) == challenge


def _unpadded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
