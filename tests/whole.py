"""The whole product without its screens: real sandbox, client, readers, models, store, worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import SecretStr

from core.bootstrap import App
from core.domain.actor import Actor
from core.domain.ids import RequisitionId
from core.sandbox.icims.world import DemoWorld
from core.settings import ROOT, Settings
from core.worker import build_loop
from tests.sandbox_server import RunningSandbox, start_sandbox

CUSTOMER = "4711"
PASSWORD = "try-the-copilot"
SUPPORT = RequisitionId("90001")
RECRUITER, OTHER_MANAGER = "rosa.delgado", "paul.grey"


@dataclass
class Whole:
    """A wired app and the sandbox it talks to."""

    app: App
    sandbox: RunningSandbox

    def sign_in(self, username: str) -> Actor:
        """Sign a demo person in with their password."""
        signed_in = self.app.sign_in.verify(username, PASSWORD, "127.0.0.1")
        return self.app.sign_in.resume(signed_in.session.id)

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
def start_whole(folder: Path, *, people: int = 300) -> Iterator[Whole]:
    """Start the sandbox and wire the app to it; writes are due at once."""
    with start_sandbox(DemoWorld(7, people, date(2026, 11, 23))) as sandbox:
        settings = Settings(
            icims_api_base=sandbox.url,
            icims_token_url=sandbox.token_url,
            icims_customer_id=CUSTOMER,
            icims_client_id=f"demo-client-{CUSTOMER}",
            icims_client_secret=SecretStr(f"demo-only-secret-{CUSTOMER}"),
            icims_field_map=ROOT / "data" / "demo" / f"field_map_{CUSTOMER}.json",
            database_url=f"sqlite:///{folder / 'whole.db'}",
            secret_key=SecretStr("a secret for tests, and only for them"),
            demo=True,
            undo_seconds=0,
        )
        app = App(settings)
        app.prepare()
        try:
            yield Whole(app, sandbox)
        finally:
            app.close()
