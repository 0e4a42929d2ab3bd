"""The only process that other machines talk to: health and metrics."""

from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector, CollectorRegistry
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.bootstrap import App, get_app
from core.errors import CopilotError


class WorkGauges(Collector):
    """What waits and what has been recorded, counted when somebody asks."""

    def __init__(self, app: App) -> None:
        self._app = app

    def collect(self) -> list[GaugeMetricFamily]:
        """Count waiting jobs and audit events."""
        with self._app.store.unit_of_work() as uow:
            jobs, events = uow.jobs.pending(), uow.audit.count()
        return [
            GaugeMetricFamily("copilot_jobs_waiting", "Jobs neither done nor given up", jobs),
            GaugeMetricFamily("copilot_audit_events", "Events in the audit log", events),
        ]


def create_gateway(app: App) -> Starlette:
    """Build the ASGI application over ``app``."""
    registry = CollectorRegistry()
    registry.register(WorkGauges(app))

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
        routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
    )


def gateway() -> Starlette:
    """Build the gateway of this process, for uvicorn's factory mode."""
    return create_gateway(get_app())
