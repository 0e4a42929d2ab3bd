"""Requests of one tenant: signed in, within the limits, repeated only where that is safe.

Reads (GET and search) and token requests are idempotent and are tried three times. A write is sent
once: when no answer proves that nothing happened it is in doubt, and only reading back may decide.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
import stamina

from core.errors import AtsUnavailable, QuotaExhausted, WriteInDoubt
from core.icims.credentials import Credentials, OAuthCredentials, Token, TokenCache, read_token
from core.icims.errors import Busy, Words, is_expired_token, read_error, write_error
from core.icims.exchange import Exchange, NoAnswer
from core.icims.quota import QuotaGovernor
from core.icims.replies import Reply
from core.ports import Clock, Trigger

READ_ATTEMPTS = 3
# A pause that iCIMS asks for is waited out on the spot up to this many seconds.
_PATIENCE = 5.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request below ``/customers/{id}/``.

    ``what`` names the record in error messages, ``fields`` the fields for the call log,
    ``max_bytes`` the largest answer worth having, ``attempts`` how often a read may be tried.
    """

    method: str
    path: str
    what: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    fields: tuple[str, ...] = ()
    max_bytes: int | None = None
    attempts: int = READ_ATTEMPTS


class IcimsHttp:
    """Sends calls for one tenant; safe to use from several threads."""

    def __init__(
        self,
        *,
        base: str,
        credentials: Credentials,
        exchange: Exchange,
        governor: QuotaGovernor,
        clock: Clock,
        words: Words,
    ) -> None:
        self._base = base
        self._credentials = credentials
        self._tokens = TokenCache(clock)
        self._exchange = exchange
        self._governor = governor
        self._clock = clock
        self._words = words

    def read(self, trigger: Trigger, call: Call, decode: Callable[[Reply], T]) -> T:
        """Send an idempotent call and decode its answer, trying again where that can help.

        Raises ``WorkStopped`` instead of beginning when the work that asks for it is to end.
        """
        for attempt in _attempts(call.attempts):
            with attempt:
                trigger.check()
                reply = self._signed_in(trigger, call)
                if not reply.ok:
                    raise read_error(reply, call.what, self._words)
                if not reply.complete:
                    raise AtsUnavailable(f"iCIMS's answer for {call.what} was cut off")
                return decode(reply)
        raise AssertionError("the last attempt returns or raises")

    def write(self, trigger: Trigger, call: Call) -> Reply:
        """Send a write once; its errors say whether it may have been applied."""
        try:
            reply = self._signed_in(trigger, call)
        except NoAnswer as error:
            raise WriteInDoubt(f"no answer to a write of {call.what}") from error
        if not reply.ok:
            raise write_error(reply, call.what, self._words)
        return reply

    def _signed_in(self, trigger: Trigger, call: Call) -> Reply:
        request = self._exchange.http.build_request(
            call.method,
            f"{self._base}/{call.path}".rstrip("/"),
            params=call.params or None,
            json=call.body,
        )
        credentials = self._credentials
        if isinstance(credentials, OAuthCredentials):
            return self._with_token(trigger, request, call, credentials)
        request.headers.update(credentials.vouch(request, self._clock.now()))
        return self._send(trigger, request, call)

    def _with_token(
        self, trigger: Trigger, request: httpx.Request, call: Call, credentials: OAuthCredentials
    ) -> Reply:
        def fetch() -> Token:
            return self._fetch_token(trigger, credentials)

        token = self._tokens.token(fetch)
        request.headers["authorization"] = f"Bearer {token}"
        reply = self._send(trigger, request, call)
        if is_expired_token(reply):
            # Turned down before anything was done, so even a write may go again.
            token = self._tokens.token(fetch, not_this=token)
            request.headers["authorization"] = f"Bearer {token}"
            reply = self._send(trigger, request, call)
        return reply

    def _send(self, trigger: Trigger, request: httpx.Request, call: Call) -> Reply:
        with self._governor.slot(trigger):
            reply = self._exchange.send(trigger, request, call.fields, call.max_bytes)
            self._governor.learn(reply)
        if reply.status == 429:
            raise self._governor.refused(reply)
        return reply

    def _fetch_token(self, trigger: Trigger, credentials: OAuthCredentials) -> Token:
        try:
            for attempt in _attempts():
                with attempt:
                    return self._ask_token(trigger, credentials)
        except NoAnswer as error:
            # Not to be taken for a write without an answer.
            raise AtsUnavailable("iCIMS's sign-in did not answer") from error
        raise AssertionError("the last attempt returns or raises")

    def _ask_token(self, trigger: Trigger, credentials: OAuthCredentials) -> Token:
        asked_at = self._clock.now()
        request = self._exchange.http.build_request(
            "POST", credentials.token_url, data=credentials.form()
        )
        with self._governor.slot(trigger, counted=False):
            return read_token(self._exchange.send(trigger, request, counted=False), asked_at)


def _attempts(number: int = READ_ATTEMPTS) -> Iterator[stamina.Attempt]:
    return iter(
        stamina.retry_context(on=_worth_another, attempts=number, timeout=45.0, wait_initial=0.2)
    )


def _worth_another(error: Exception) -> bool | float:
    """Decide about another attempt: no, yes with a backoff, or yes after a number of seconds."""
    match error:
        case QuotaExhausted(resets_in=seconds) | Busy(seconds=seconds):
            return seconds if seconds <= _PATIENCE else False
    return isinstance(error, AtsUnavailable)
