"""One authenticated request, with what it needs to be answered."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.sandbox.icims.access import Access
from core.sandbox.icims.events import EventSender
from core.sandbox.icims.faults import Rules
from core.sandbox.icims.journal import Write
from core.sandbox.icims.result_cache import ResultCache
from core.sandbox.icims.search import SINGULAR
from core.sandbox.icims.seed import Json, Record, TenantSpec, World
from core.sandbox.icims.store import Store
from core.sandbox.icims.wire import ApiError, denied, missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """Everything the server consists of."""

    world: World
    store: Store
    access: Access
    rules: Rules
    results: ResultCache
    events: EventSender
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose sender is known to be ``tenant``'s integration user."""

    sandbox: Sandbox
    tenant: TenantSpec
    request: Request
    body: bytes
    now: datetime

    @property
    def customer(self) -> str:
        """The customer id."""
        return self.tenant.customer_id

    @property
    def base(self) -> str:
        """Address of the customer, without a slash at the end."""
        return f"{self.request.base_url}customers/{self.customer}"

    @property
    def type(self) -> str:
        """The record type in the path; raises ``ApiError`` (404) for one iCIMS does not have."""
        name: str = self.request.path_params["type"]
        if name not in SINGULAR:
            raise missing()
        return name

    def record(self, record_type: str | None = None, id: int | None = None) -> Record:
        """Load a record, by default the one in the path; raises ``ApiError`` (404)."""
        record_type = record_type or self.type
        id = self.request.path_params["id"] if id is None else id
        if (record_type, id) in self.tenant.hidden_records:
            raise denied()
        record = self.sandbox.store.record(self.customer, record_type, id)
        if record is None:
            raise missing()
        return record

    def json(self) -> Json:
        """Read the body as a JSON object; raises ``ApiError`` (400)."""
        try:
            body = json.loads(self.body)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise ApiError(400, 1, "A JSON object is expected.")
        return body

    def write(self, record: Record, effect: str, body: Json) -> Write:
        """Describe this request for the journal."""
        return Write(
            at=self.now,
            customer=self.customer,
            method=self.request.method,
            path=self.request.url.path,
            type=record.record_type,
            id=record.id,
            effect=effect,
            body=body,
        )


Answerer = Callable[[Call], Awaitable[Response]]


def authenticated(answer: Answerer) -> Callable[[Request], Awaitable[Response]]:
    """Make an endpoint of ``answer`` that first finds out who calls."""

    async def endpoint(request: Request) -> Response:
        sandbox: Sandbox = request.app.state.sandbox
        # Read before anything else, so that between reading a record and saving it nothing waits
        # and no other request can come in between.
        body = await request.body()
        tenant = sandbox.access.tenant(request, body)
        return await answer(Call(sandbox, tenant, request, body, sandbox.clock()))

    return endpoint


def created(location: str) -> Response:
    """Answer 201 with nothing but the address of what was made."""
    return Response(status_code=201, headers={"location": location})


def done() -> Response:
    """Answer a write that needs no answer."""
    return Response(status_code=204)


def answered(body: Any) -> Response:
    """Answer a read."""
    return JSONResponse(body)
