"""The whole product without its screens: real sandbox, client, readers, models, store, worker."""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from core.bootstrap import App, SystemClock
from core.domain.actor import Actor
from core.domain.ids import RequisitionId
from core.ports import Clock, Trigger
from core.sandbox.icims.seed import World
from core.sandbox.icims.world import DemoWorld
from core.settings import ROOT, Settings
from core.worker import build_loop
from tests.sandbox_server import RunningSandbox, start_sandbox

CUSTOMER = "4711"
PASSWORD = "try-the-copilot"
SUPPORT, STORE = RequisitionId("90001"), RequisitionId("90002")
RECRUITER, OTHER_MANAGER = "rosa.delgado", "paul.grey"
TODAY = date(2026, 11, 23)
POLL = Trigger("test", "service:test")


@dataclass
class Whole:
    """A wired app and the sandbox it talks to."""

    app: App
    sandbox: RunningSandbox

    def sign_in(self, username: str) -> Actor:
        """Sign a demo person in with their password."""
        signed_in = self.app.sign_in.verify(username, PASSWORD, "127.0.0.1")
        return self.app.sign_in.resume(signed_in.session.id)

    @property
    def environment(self) -> Mapping[str, str]:
        """What another process needs to be the same deployment."""
        settings = self.app.settings
        return {
            "COPILOT_ICIMS_API_BASE": settings.icims_api_base,
            "COPILOT_ICIMS_TOKEN_URL": settings.icims_token_url,
            "COPILOT_ICIMS_CUSTOMER_ID": settings.icims_customer_id,
            "COPILOT_ICIMS_CLIENT_ID": settings.icims_client_id,
            "COPILOT_ICIMS_CLIENT_SECRET": settings.icims_client_secret.get_secret_value(),
            "COPILOT_ICIMS_FIELD_MAP": os.fspath(settings.icims_field_map or ""),
            "COPILOT_DATABASE_URL": settings.database_url,
            "COPILOT_SECRET_KEY": settings.secret_key.get_secret_value(),
            "COPILOT_UNDO_SECONDS": str(settings.undo_seconds),
            "COPILOT_DEMO": str(settings.demo).lower(),
        }

    def pull(self, id: RequisitionId) -> None:
        """Read a job and all its applications."""
        self.app.sync.requisition(id, POLL)
        self.app.sync.applications(id, POLL)

    def freeze(self, id: RequisitionId) -> None:
        """Freeze the criteria drafted from a job's posting, as its recruiter."""
        actor, desk = self.sign_in(RECRUITER), self.app.criteria
        saved = desk.save(actor, id, desk.open(actor, id).criteria.criteria)
        desk.freeze(actor, id, saved.criteria.version)

    def score(self, id: RequisitionId) -> None:
        """Pull a job, freeze its criteria and score everybody."""
        self.pull(id)
        self.freeze(id)
        self.app.screening.start(self.sign_in(RECRUITER), id)
        self.work()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Let the worker run meanwhile; on the way out it finishes what it has begun."""
        loop = build_loop(self.app)
        thread = threading.Thread(target=loop.run, name="worker")
        thread.start()
        try:
            yield
        finally:
            loop.stop()
            thread.join()

    def work(self) -> int:
        """Run jobs until none is due; return how many ran."""
        loop = build_loop(self.app)
        done = 0
        while loop.run_next_job():
            done += 1
        return done

    def write(self) -> int:
        """Carry out due writes; return how many were tried."""
        loop = build_loop(self.app)
        done = 0
        while loop.write_next():
            done += 1
        return done


@contextmanager
def start_whole(
    folder: Path,
    *,
    people: int = 300,
    world: World | None = None,
    undo_seconds: int = 0,
    database_url: str = "",
    clock: Clock | None = None,
    llm_url: str = "",
    **options: Any,
) -> Iterator[Whole]:
    """Start the sandbox and wire the app to it; without ``undo_seconds`` writes are due at once.

    With ``llm_url`` the language model "bench" judges there. ``options`` are the sandbox's;
    without ``database_url`` the database is a file in ``folder``.
    """
    world = world or DemoWorld(7, people, TODAY)
    with start_sandbox(world, state=folder / "sandbox.db", **options) as sandbox:
        settings = Settings(
            icims_api_base=sandbox.url,
            icims_token_url=sandbox.token_url,
            icims_customer_id=CUSTOMER,
            icims_client_id=f"demo-client-{CUSTOMER}",
            icims_client_secret=SecretStr(f"demo-only-secret-{CUSTOMER}"),
            icims_field_map=ROOT / "data" / "demo" / f"field_map_{CUSTOMER}.json",
            database_url=database_url or f"sqlite:///{folder / 'whole.db'}",
            secret_key=SecretStr("a secret for tests, and only for them"),
            demo=True,
            undo_seconds=undo_seconds,
            llm_base_url=llm_url,
            llm_model="bench" if llm_url else "",
        )
        app = App(settings, clock or SystemClock())
        app.prepare()
        try:
            yield Whole(app, sandbox)
        finally:
            app.close()
