"""The test bench's own path, outside /customers: faults, the journal, other people's edits."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from core.sandbox.icims.burst import applicants, apply_all
from core.sandbox.icims.calls import Call, Sandbox, done
from core.sandbox.icims.event_bodies import job_event
from core.sandbox.icims.events import EventFaults
from core.sandbox.icims.fields import accepted
from core.sandbox.icims.wire import ApiError, missing
from core.sandbox.icims.writes import save_changed

PATH = "/_admin"
_SOMEBODY = {"id": 2, "value": "A recruiter in iCIMS"}


def mount(token: str) -> Mount:
    """Give the admin routes; each asks for ``Authorization: Bearer <token>``."""
    routes = (
        ("/faults", {"GET": _faults, "POST": _add_faults, "DELETE": _clear_faults}),
        ("/events", {"GET": _events, "PATCH": _event_faults}),
        ("/events/flush", {"POST": _flush}),
        ("/journal", {"GET": _journal}),
        ("/counters", {"GET": _counters}),
        ("/customers/{customer:int}/quota", {"PUT": _set_quota}),
        ("/customers/{customer:int}/jobs/{id:int}/events", {"POST": _job_event}),
        ("/customers/{customer:int}/burst", {"POST": _burst}),
        ("/customers/{customer:int}/{type}/{id:int}", {"PATCH": _edit}),
        ("/reset", {"POST": _reset}),
        ("/tokens", {"DELETE": _expire_tokens}),
    )
    return Mount(
        PATH,
        routes=[
            Route(path, _guarded(token, answer), methods=[method])
            for path, by_method in routes
            for method, answer in by_method.items()
        ],
    )


Answerer = Callable[[Request, Sandbox], Awaitable[Response]]


def _guarded(token: str, answer: Answerer) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not hmac.compare_digest(given.encode(), token.encode()):
            raise ApiError(403, 3, "The admin path needs the admin token.")
        return await answer(request, request.app.state.sandbox)

    return endpoint


async def _faults(_: Request, sandbox: Sandbox) -> Response:
    return JSONResponse(sandbox.rules.list())


async def _add_faults(request: Request, sandbox: Sandbox) -> Response:
    given = await request.json()
    rules = [sandbox.rules.add(each) for each in (given if isinstance(given, list) else [given])]
    return JSONResponse([rule.describe() for rule in rules], 201)


async def _clear_faults(_: Request, sandbox: Sandbox) -> Response:
    sandbox.rules.clear()
    return done()


async def _events(_: Request, sandbox: Sandbox) -> Response:
    return JSONResponse(sandbox.events.log)


async def _event_faults(request: Request, sandbox: Sandbox) -> Response:
    sandbox.events.faults = EventFaults(**await request.json())
    return done()


async def _flush(_: Request, sandbox: Sandbox) -> Response:
    await sandbox.events.flush()
    return JSONResponse(sandbox.events.log)


async def _journal(request: Request, sandbox: Sandbox) -> Response:
    return JSONResponse(sandbox.store.journal.entries(int(request.query_params.get("after", "0"))))


async def _counters(request: Request, sandbox: Sandbox) -> Response:
    quotas = request.app.state.quotas
    used = {t.customer_id: quotas.used(t.customer_id) for t in sandbox.world.tenants}
    return JSONResponse({"requests": used, "records": sandbox.store.counts()})


async def _set_quota(request: Request, sandbox: Sandbox) -> Response:
    """Set how many requests are left today: ``{"remaining": 3}``."""
    remaining = int((await request.json())["remaining"])
    request.app.state.quotas.leave(str(request.path_params["customer"]), remaining)
    return done()


async def _job_event(request: Request, sandbox: Sandbox) -> Response:
    """Send ``{"eventType": …}`` about a job."""
    call = await _call(request, sandbox)
    kind = call.json()["eventType"]
    event = job_event(call.tenant, call.base, call.record("jobs"), kind)
    sandbox.events.send(call.customer, event)
    return done()


async def _burst(request: Request, sandbox: Sandbox) -> Response:
    """Let people apply: ``{"job": …, "applications": n, "per_second": r}``; answers at once."""
    call = await _call(request, sandbox)
    given = call.json()
    job = call.record("jobs", int(given["job"]))
    people = applicants(call, job, int(given["applications"]))
    sandbox.events.work(apply_all(call, job, people, float(given["per_second"])))
    return JSONResponse({"people": people}, 202)


async def _edit(request: Request, sandbox: Sandbox) -> Response:
    """Change a record as a person in iCIMS would: no quota, no required-field rule."""
    call = await _call(request, sandbox)
    record = call.record()
    payload = call.json()
    changes = accepted(call.tenant, record.record_type, payload)
    changed = replace(record, body={**record.body, **changes}, updated=call.now)
    save_changed(call, record, changed, payload, _SOMEBODY)
    return done()


async def _call(request: Request, sandbox: Sandbox) -> Call:
    customer = str(request.path_params["customer"])
    for tenant in sandbox.world.tenants:
        if tenant.customer_id == customer:
            return Call(sandbox, tenant, request, await request.body(), sandbox.clock())
    raise missing()


async def _reset(_: Request, sandbox: Sandbox) -> Response:
    sandbox.store.refill()
    sandbox.results.clear()
    sandbox.rules.clear()
    sandbox.events.log.clear()
    return done()


async def _expire_tokens(_: Request, sandbox: Sandbox) -> Response:
    sandbox.access.expire_tokens()
    return done()
