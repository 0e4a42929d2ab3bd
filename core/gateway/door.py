"""Where iCIMS knocks: who is it, is it an event of ours, keep it, answer."""

from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import parse_qsl

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.domain.ids import TenantId
from core.errors import InvalidInput, NotAllowed, StoreUnavailable
from core.gateway.bodies import Limits, Refused, require_type, take, unpack
from core.gateway.gauges import EventCounts
from core.gateway.group_commit import GroupCommit
from core.icims import EventAccess, TokenAccess
from core.icims.event_access import Knock, basic_pair
from core.icims.events import read_event
from core.ports import Clock
from core.services.ingest import Told

log = structlog.get_logger(__name__)

_LARGEST_FORM = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDoor:
    """Takes in events; without ``access`` nobody gets in."""

    access: EventAccess | None
    tenant: TenantId
    clock: Clock
    commit: GroupCommit
    limits: Limits
    counts: EventCounts

    async def receive(self, request: Request) -> Response:
        """Answer 200 once the event is durable, and otherwise say why it is not."""
        try:
            told = await self._told(request)
            is_new = await self.commit.add(told)
        except Refused as refused:
            return self._refusal(refused, refused.status, refused.reason)
        except NotAllowed as error:
            return self._refusal(error, 401, "sender")
        except InvalidInput as error:
            return self._refusal(error, 400, "event")
        except StoreUnavailable as error:
            return self._refusal(error, 503, "store")
        self.counts.took(told.event.kind, is_new=is_new)
        return JSONResponse({"status": "kept" if is_new else "already here"})

    async def issue(self, request: Request) -> Response:
        """Hand out a token for client credentials (RFC 6749, section 4.4)."""
        if not isinstance(self.access, TokenAccess):
            return JSONResponse({"error": "tokens are not handed out here"}, 404)
        try:
            user, secret = await self._client(request)
            token = self.access.issue(user, secret, self.clock.now())
        except Refused as refused:
            return self._no_token(refused.status, refused.reason, str(refused))
        except NotAllowed:
            return self._no_token(401, "client", "invalid_client")
        seconds = int(self.access.lifetime.total_seconds())
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": seconds}
        return JSONResponse(answer, headers={"cache-control": "no-store"})

    async def _told(self, request: Request) -> Told:
        access = self.access or _not_set_up()
        require_type(request, "application/json")
        sent = await take(request, self.limits)
        proof = access.proof(_knock(request, sent), self.clock.now())
        encoding = ",".join(request.headers.getlist("content-encoding"))
        body = unpack(sent, encoding, self.limits.unpacked)
        return Told(event=read_event(body, self.tenant), body=body, proof=proof)

    async def _client(self, request: Request) -> tuple[str, str]:
        require_type(request, "application/x-www-form-urlencoded")
        sent = await take(request, Limits(sent=_LARGEST_FORM, seconds=self.limits.seconds))
        form = dict(parse_qsl(sent.decode("ascii", "replace")))
        if form.get("grant_type") != "client_credentials":
            raise Refused(400, "grant", "unsupported_grant_type")
        if "client_id" in form:
            return form["client_id"], form.get("client_secret", "")
        return basic_pair(request.headers.get("authorization", ""))

    def _refusal(self, why: Exception, status: int, reason: str) -> Response:
        self.counts.refused(reason)
        log.warning("events.refused", status=status, reason=reason)
        headers = {}
        if status == 401 and self.access is not None:
            headers["www-authenticate"] = self.access.challenge
        # Unread bytes of a body that was refused half way would be taken for the next request.
        headers |= {"connection": "close"} if status in (408, 413) else {}
        return JSONResponse({"status": "refused", "why": str(why)}, status, headers)

    def _no_token(self, status: int, reason: str, error: str) -> Response:
        self.counts.refused(reason)
        log.warning("events.no_token", status=status, reason=reason)
        return JSONResponse({"error": error}, status, {"cache-control": "no-store"})


def _not_set_up() -> NoReturn:
    raise Refused(503, "not_set_up", "events are not set up")


def _knock(request: Request, body: bytes) -> Knock:
    headers: dict[str, str | None] = {}
    for name, value in request.headers.items():
        headers[name] = None if name in headers else value
    return Knock(
        method=request.method,
        path=request.scope["raw_path"].decode("latin-1"),
        query=request.scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
    )
