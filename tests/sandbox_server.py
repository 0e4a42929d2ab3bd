"""A real iCIMS sandbox on a free loopback port, for any test that needs one."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from core.sandbox.icims.app import create_app
from core.sandbox.icims.seed import Json, TenantSpec, World
from core.sandbox.icims.serve import SandboxServer, address, listen

ADMIN_TOKEN = "sandbox-admin"


class Admin:
    """The sandbox's test bench, over its own HTTP path."""

    def __init__(self, url: str, token: str) -> None:
        headers = {"authorization": f"Bearer {token}"}
        self._http = httpx.Client(base_url=f"{url}/_admin/", headers=headers, verify=False)

    def request(
        self, method: str, path: str, body: object = None, *, seconds: float | None = 10.0
    ) -> Any:
        """Send one request; the JSON answered, None when there is none."""
        sent = self._http.request(method, path, json=body, timeout=seconds)
        answer = sent.raise_for_status()
        return answer.json() if answer.content else None

    def fault(self, fault: str, path: str = "*", method: str = "*", **more: object) -> None:
        """Put a fault in force; see ``core.sandbox.icims.faults.Rule``."""
        self.request("POST", "faults", {"fault": fault, "path": path, "method": method, **more})

    def clear_faults(self) -> None:
        """Let everything work again."""
        self.request("DELETE", "faults")

    def journal(self, *effects: str) -> list[Json]:
        """List the applied writes, oldest first; only those with one of ``effects`` when given."""
        entries: list[Json] = self.request("GET", "journal")
        return [entry for entry in entries if not effects or entry["effect"] in effects]

    def edit(self, customer: str, record_type: str, id: int, changes: Mapping[str, Any]) -> None:
        """Change a record as somebody else in iCIMS would."""
        self.request("PATCH", f"customers/{customer}/{record_type}/{id}", dict(changes))

    def leave_quota(self, customer: str, remaining: int) -> None:
        """Make it so that ``remaining`` requests are left today."""
        self.request("PUT", f"customers/{customer}/quota", {"remaining": remaining})

    def requests(self, customer: str) -> int:
        """Count the customer's requests of today."""
        return int(self.request("GET", "counters")["requests"][customer])

    def expire_tokens(self) -> None:
        """Make every access token invalid."""
        self.request("DELETE", "tokens")

    def flush_events(self) -> list[Json]:
        """Deliver held-back events, wait for all deliveries and give the event log."""
        # Thousands of people who are still applying take minutes.
        log: list[Json] = self.request("POST", "events/flush", seconds=None)
        return log

    def reset(self) -> None:
        """Forget writes, faults, cached searches and the day's use."""
        self.request("POST", "reset")

    def close(self) -> None:
        """Close the connection."""
        self._http.close()


@dataclass(frozen=True, slots=True)
class RunningSandbox:
    """A sandbox that is listening at ``url`` (no slash at the end).

    ``state`` is the file it keeps its records in, None while they are in memory alone.
    """

    url: str
    admin: Admin
    state: Path | None = None

    def customer(self, id: str) -> str:
        """Give a customer's base URL."""
        return f"{self.url}/customers/{id}"

    def client(self, tenant: TenantSpec) -> httpx.Client:
        """Open a client that signs in as the tenant with Basic authentication."""
        return httpx.Client(
            base_url=self.customer(tenant.customer_id),
            auth=(tenant.basic_user, tenant.basic_password),
            trust_env=False,
            verify=False,
        )

    def records(self, customer: str, record_type: str) -> dict[int, Json]:
        """Read every record's body from the file, past the server and its access rules."""
        assert self.state is not None, "start the sandbox with a state file"
        with closing(sqlite3.connect(f"{self.state.as_uri()}?mode=ro", uri=True)) as file:
            rows = file.execute(
                "SELECT id, body FROM record WHERE customer = ? AND type = ?",
                (customer, record_type),
            )
            return {id: json.loads(body) for id, body in rows}

    @property
    def token_url(self) -> str:
        """The OAuth token endpoint."""
        return f"{self.url}/oauth/token"


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Give the time it shows."""
        return self._now

    def forward(self, **by: float) -> None:
        """Move on by ``timedelta`` arguments."""
        self._now += timedelta(**by)


@contextmanager
def start_sandbox(world: World, **options: Any) -> Iterator[RunningSandbox]:
    """Run a sandbox in a thread; ``options`` as for ``create_app``. Ready when entered."""
    listener = listen("127.0.0.1", 0)
    url, ready = address(listener), threading.Event()
    app = create_app(world, admin_token=ADMIN_TOKEN, **options)
    server = SandboxServer(app, ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="sandbox")
    thread.start()
    admin = Admin(url, ADMIN_TOKEN)
    try:
        assert ready.wait(20), "the sandbox did not start"
        yield RunningSandbox(url, admin, options.get("state"))
    finally:
        admin.close()
        server.should_exit = True
        thread.join()
        listener.close()
