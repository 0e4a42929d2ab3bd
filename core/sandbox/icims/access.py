"""Who is calling: OAuth client credentials, Basic or HMAC."""

import base64
import binascii
import hmac
import secrets
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.sandbox.icims.seed import TenantSpec
from core.sandbox.icims.signing import DATE_FORM, SCHEME, body_matches, signature
from core.sandbox.icims.wire import ApiError

AUDIENCE = "https://api.icims.com/v1/"
TOKENS_PER_WINDOW, WINDOW = 500, timedelta(minutes=10)
_CLOCK_SKEW = timedelta(minutes=15)


class Access:
    """Issues tokens, forgets them when they expire, and checks every call."""

    def __init__(
        self, tenants: Sequence[TenantSpec], token_seconds: int, clock: Callable[[], datetime]
    ) -> None:
        self._tenants = tenants
        self._lifetime = timedelta(seconds=token_seconds)
        self._clock = clock
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self._issued: deque[datetime] = deque()

    def expire_tokens(self) -> None:
        """Make every token issued so far invalid."""
        self._tokens.clear()

    async def issue(self, request: Request) -> Response:
        """Answer the token endpoint: form-encoded client credentials for a bearer token."""
        async with request.form() as form:
            given = {name: value for name, value in form.items() if isinstance(value, str)}
        if given.get("grant_type") != "client_credentials":
            return _refused(400, "unsupported_grant_type")
        client = self._client(given.get("client_id", ""), given.get("client_secret", ""))
        if client is None:
            return _refused(401, "invalid_client")
        if given.get("audience") != AUDIENCE:
            return _refused(403, "access_denied")
        return self._token_for(client)

    def _token_for(self, client: TenantSpec) -> Response:
        now = self._clock()
        while self._issued and self._issued[0] <= now - WINDOW:
            self._issued.popleft()
        if len(self._issued) >= TOKENS_PER_WINDOW:
            return _refused(429, "too_many_requests")
        self._issued.append(now)
        token = secrets.token_urlsafe(32)
        self._tokens[token] = (client.customer_id, now + self._lifetime)
        answer = {"access_token": token, "token_type": "Bearer"}
        return JSONResponse(
            {**answer, "expires_in": int(self._lifetime.total_seconds())},
            headers={"cache-control": "no-store"},
        )

    def _client(self, id: str, secret: str) -> TenantSpec | None:
        for tenant in self._tenants:
            if _same(tenant.client_id, id) and _same(tenant.client_secret, secret):
                return tenant
        return None

    def tenant(self, request: Request, body: bytes) -> TenantSpec:
        """Identify the caller; raises ``ApiError``: 401 unknown, 403 for another customer."""
        scheme, _, proof = request.headers.get("authorization", "").partition(" ")
        customer = str(request.path_params["customer"])
        if scheme.lower() == "bearer":
            found = self._bearer(proof)
        elif scheme.lower() == "basic":
            found = self._basic(proof)
        elif scheme == SCHEME:
            found = self._signed(request, proof, body)
        else:
            raise ApiError(401, 9, "Authentication is required.")
        if found.customer_id != customer:
            raise ApiError(403, 3, f"This user has no access to customer {customer}.")
        return found

    def _bearer(self, token: str) -> TenantSpec:
        customer, expires = self._tokens.get(token, ("", self._clock()))
        if expires <= self._clock():
            self._tokens.pop(token, None)
            raise ApiError(401, 9, "The access token is invalid or has expired.")
        return next(tenant for tenant in self._tenants if tenant.customer_id == customer)

    def _basic(self, encoded: str) -> TenantSpec:
        try:
            user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            user = password = ""
        for tenant in self._tenants:
            if _same(tenant.basic_user, user) and _same(tenant.basic_password, password):
                return tenant
        raise ApiError(401, 6, "The user name or password is wrong.")

    def _signed(self, request: Request, proof: str, body: bytes) -> TenantSpec:
        parts = dict(part.strip().partition("=")[::2] for part in proof.split(","))
        headers = {name.lower(): value for name, value in request.headers.items()}
        signed = parts.get("signedheaders", "").split(";")
        for tenant in self._tenants:
            if not _same(tenant.hmac_user, parts.get("user", "")):
                continue
            if self._is_fresh(headers) and _covers(signed, headers) and body_matches(headers, body):
                expected = signature(
                    tenant.hmac_key,
                    request.method,
                    request.scope["raw_path"].decode(),
                    request.scope["query_string"].decode(),
                    headers,
                    signed,
                )
                if _same(expected, parts.get("signature", "")):
                    return tenant
        raise ApiError(401, 9, "The signature is not valid.")

    def _is_fresh(self, headers: Mapping[str, str]) -> bool:
        try:
            at = datetime.strptime(headers.get("x-icims-date", ""), DATE_FORM).astimezone(UTC)
        except ValueError:
            return False
        return abs(at - self._clock()) <= _CLOCK_SKEW


def _covers(signed: Sequence[str], headers: Mapping[str, str]) -> bool:
    needed = {"x-icims-date"} | ({"x-icims-content-sha256"} & headers.keys())
    return needed <= set(signed) <= headers.keys()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _refused(status: int, error: str) -> Response:
    return JSONResponse({"error": error}, status)
