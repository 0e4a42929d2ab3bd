"""One request, one answer, one line in the call log."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from core.domain.ids import TenantId
from core.errors import AtsUnavailable, DocumentRefused
from core.icims.quota import read_quota
from core.icims.replies import Reply
from core.ports import AtsCall, AtsCallLog, Clock, Trigger

_log = logging.getLogger(__name__)
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


class NoAnswer(AtsUnavailable):
    """The request may have reached iCIMS, but no status came back."""


class Exchange:
    """Sends requests of one tenant over kept connections; safe to use from several threads.

    ``timeout`` is seconds for each wait on the network, and for a whole answer.
    """

    def __init__(
        self,
        *,
        tenant: TenantId,
        call_log: AtsCallLog,
        clock: Clock,
        timeout: float,
        transport: httpx.BaseTransport | None,
    ) -> None:
        self._tenant = tenant
        self._call_log = call_log
        self._clock = clock
        self._timeout = timeout
        self.http = httpx.Client(
            transport=transport, timeout=timeout, headers={"accept": "application/json"}
        )

    def send(
        self,
        trigger: Trigger,
        request: httpx.Request,
        fields: tuple[str, ...] = (),
        max_bytes: int | None = None,
        *,
        counted: bool = True,
    ) -> Reply:
        """Send once and log it, also when it fails; ``counted`` when it draws on the budget.

        Raises ``NoAnswer`` when it may have arrived, plain ``AtsUnavailable`` when it was never
        sent, ``DocumentRefused`` when the answer is larger than ``max_bytes``.
        """
        reply = Reply(status=0)
        at, started = self._clock.now(), time.perf_counter()
        try:
            with self._open(request) as response:
                reply = Reply(response.status_code, response.headers)
                content = self._body(response, started, max_bytes)
                reply = Reply(reply.status, reply.headers, content or b"", content is not None)
                return reply
        finally:
            call = AtsCall(
                tenant=self._tenant,
                at=at,
                method=request.method,
                path=request.url.path,
                fields=fields,
                trigger=trigger,
                status=reply.status,
                transaction=reply.transaction,
                latency_ms=(time.perf_counter() - started) * 1000,
                quota=read_quota(reply, self._clock.now()) if counted else None,
            )
            self._record(call)

    @contextmanager
    def _open(self, request: httpx.Request) -> Iterator[httpx.Response]:
        try:
            response = self.http.send(request, stream=True)
        except _NEVER_SENT as error:
            raise AtsUnavailable(f"iCIMS cannot be reached: {type(error).__name__}") from error
        except httpx.RequestError as error:
            raise NoAnswer(f"iCIMS did not answer: {type(error).__name__}") from error
        try:
            yield response
        finally:
            response.close()

    def _body(
        self, response: httpx.Response, started: float, max_bytes: int | None
    ) -> bytes | None:
        """Read the body; None when it broke off or took longer than the time-out in all."""
        content = bytearray()
        try:
            for chunk in response.iter_bytes():
                content += chunk
                if max_bytes is not None and len(content) > max_bytes:
                    raise DocumentRefused(f"the file is larger than {max_bytes:,} bytes")
                if time.perf_counter() - started > self._timeout:
                    return None
        except httpx.RequestError:
            return None
        return bytes(content)

    def _record(self, call: AtsCall) -> None:
        try:
            self._call_log.record(call)
        except Exception:
            # A lost log line must neither fail a read nor put a write in doubt.
            _log.exception("ats_call_not_logged")
