"""The gateway as an ASGI application."""

from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import CollectorRegistry
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.bootstrap import App, get_app
from core.errors import CopilotError
from core.gateway.bodies import Limits
from core.gateway.door import EventDoor
from core.gateway.gauges import EventCounts, WorkGauges
from core.gateway.group_commit import GroupCommit

EVENTS, TOKEN = "/icims/events", "/oauth/token"


def create_gateway(
    app: App, *, limits: Limits | None = None, together: int = 200, patience: float = 10.0
) -> Starlette:
    """Build the ASGI application over ``app``.

    At most ``together`` events share a commit; one that is not kept after ``patience`` seconds is
    answered 503. Raises ``InvalidInput`` when only some of the event settings are there.
    """
    registry = CollectorRegistry()
    registry.register(WorkGauges(app))
    door = EventDoor(
        access=app.event_access,
        tenant=app.tenant,
        clock=app.clock,
        commit=GroupCommit(app.ingest.keep, together=together, patience=patience),
        limits=limits or Limits(),
        counts=EventCounts(registry),
    )

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def readyz(_: Request) -> Response:
        try:
            await run_in_threadpool(app.check_store)
        except CopilotError as error:
            return JSONResponse({"status": "not ready", "why": str(error)}, status_code=503)
        return JSONResponse({"status": "ready"})

    async def metrics(_: Request) -> Response:
        try:
            body: Any = await run_in_threadpool(generate_latest, registry)
        except CopilotError as error:
            return Response(str(error), status_code=503)
        return Response(body, media_type=CONTENT_TYPE_LATEST)

    return Starlette(
        routes=[
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
            Route(EVENTS, door.receive, methods=["POST"]),
            Route(TOKEN, door.issue, methods=["POST"]),
        ]
    )


def gateway() -> Starlette:
    """Build the gateway of this process, for uvicorn's factory mode."""
    return create_gateway(get_app())
