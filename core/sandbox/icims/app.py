"""The sandbox as an ASGI application: iCIMS's paths and nothing beyond."""

import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from core.sandbox.icims import admin, files, papers, reads, writes
from core.sandbox.icims.access import Access
from core.sandbox.icims.answers import Answers, Quotas
from core.sandbox.icims.calls import Answerer, Sandbox, authenticated
from core.sandbox.icims.events import EventFaults, EventSender, EventTarget
from core.sandbox.icims.faults import Faults, Rules
from core.sandbox.icims.result_cache import ResultCache
from core.sandbox.icims.seed import World
from core.sandbox.icims.store import Store
from core.sandbox.icims.wire import ApiError


def utc_now() -> datetime:
    """Give the current time, aware, UTC."""
    return datetime.now(UTC)


def create_app(
    world: World,
    *,
    state: Path | None = None,
    seed: int = 1,
    clock: Callable[[], datetime] = utc_now,
    token_seconds: int = 300,
    search_cache_seconds: float = 900,
    daily_limit: int = 10_000,
    event_targets: Sequence[EventTarget] = (),
    event_faults: EventFaults | None = None,
    admin_token: str | None = None,
) -> Starlette:
    """Build the server over ``world``.

    ``state`` is the SQLite file that keeps writes between starts, None memory alone. Without
    ``admin_token`` nobody can use the admin path. Raises ``StateMismatch`` when ``state`` was
    filled from another seed.
    """
    store = Store(world, state, seed)
    sandbox = Sandbox(
        world=world,
        store=store,
        access=Access(world.tenants, token_seconds, clock),
        rules=Rules(),
        results=ResultCache(search_cache_seconds, clock),
        events=EventSender(event_targets, event_faults or EventFaults(), seed, clock),
        clock=clock,
    )
    quotas = Quotas(store, [t.customer_id for t in world.tenants], daily_limit, clock)
    app = Starlette(
        routes=_routes(sandbox, admin_token or secrets.token_urlsafe()),
        middleware=[
            Middleware(Answers, quotas=quotas, seed=seed),
            Middleware(
                Faults,
                rules=sandbox.rules,
                expire_tokens=sandbox.access.expire_tokens,
                spared=admin.PATH,
            ),
        ],
        exception_handlers={ApiError: _api_error, HTTPException: _http_error},
        lifespan=_lifespan,
    )
    app.state.sandbox, app.state.quotas = sandbox, quotas
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    yield
    await app.state.sandbox.events.close()
    app.state.sandbox.store.close()


def _routes(sandbox: Sandbox, admin_token: str) -> list[BaseRoute]:
    return [
        Route("/oauth/token", sandbox.access.issue, methods=["POST"]),
        Route("/customers/{customer:int}/linkTo/{type}/{id:int}", _link_to),
        _route("GET", "/customers/{customer:int}", reads.customer),
        Mount("/customers/{customer:int}", routes=_customer_routes()),
        admin.mount(admin_token),
    ]


def _customer_routes() -> list[Route]:
    record, workflows = "/{type}/{id:int}", "/applicantworkflows"
    field = record + "/fields/{field}"
    return [
        _route("GET", "/", reads.customer),
        _route("GET", "/search/{type}", reads.search),
        _route("POST", "/search/{type}", reads.search),
        _route("GET", "/profiledefinitions/v1/{singular}/schema", reads.describe),
        _route("GET", "/forms", papers.list_forms),
        _route("GET", "/forms/{form}/meta", papers.form_fields),
        _route("POST", "/forms/{form}", papers.submit_form),
        _route("PUT", "/forms/{id:int}", papers.resubmit_form),
        _route("POST", "/offer/search", papers.search_offers),
        _route("GET", "/offer/document", papers.offer_document),
        _route("GET", workflows + "/person/{person:int}/job/{job:int}", reads.pair),
        _route("GET", workflows + "/{id:int}/submittalstatuslog", reads.status_log),
        _route("POST", workflows, writes.apply_to_job),
        _route("GET", field + "/binary", files.download),
        _route("PATCH", field + "/binary", files.upload),
        _route("GET", field + "/text", files.text),
        _route("PATCH", field + "/{entry:int}", writes.change_entry),
        _route("POST", field, writes.add_entry),
        _route("GET", record, reads.read),
        _route("PATCH", record, writes.update),
    ]


def _route(method: str, path: str, answer: Answerer) -> Route:
    return Route(path, authenticated(answer), methods=[method])


async def _link_to(request: Request) -> Response:
    """Stand in for the page of iCIMS's own user interface."""
    what = f"{request.path_params['type']} {request.path_params['id']}"
    return HTMLResponse(f"<title>iCIMS sandbox</title><p>In iCIMS, this page shows {escape(what)}.")


async def _api_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, ApiError):
        raise error
    return error.response()


async def _http_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return ApiError(error.status_code, 2, error.detail).response()
