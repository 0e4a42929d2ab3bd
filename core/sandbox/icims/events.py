"""Events that iCIMS pushes: gzipped, and late, twice, out of order or lost when told so."""

import asyncio
import base64
import gzip
import json
import random
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from core.sandbox.icims.seed import Json
from core.sandbox.icims.signing import signed_headers

_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTarget:
    """Where one customer's events go, and the user and key they are sent with.

    ``auth``: ``basic``, ``hmac`` (the request scheme), ``oauth`` (a token from ``token_url`` for
    user and key) or ``none``.
    """

    customer_id: str
    url: str
    auth: str = "hmac"
    user: str = ""
    key: str = field(default="", repr=False)
    token_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFaults:
    """Chances between 0 and 1, drawn per event from the sandbox's seed; the first that hits wins.

    A late event waits ``late_seconds``; an out-of-order one until the next has been sent.
    """

    lost: float = 0.0
    duplicate: float = 0.0
    late: float = 0.0
    out_of_order: float = 0.0
    late_seconds: float = 60.0


class EventSender:
    """Delivers events in the background, once each, without retry.

    ``flush`` sends at once what is held back; ``log`` says what became of every event.
    """

    def __init__(
        self,
        targets: Sequence[EventTarget],
        faults: EventFaults,
        seed: int,
        clock: Callable[[], datetime],
    ) -> None:
        self._targets = targets
        self.faults = faults
        self._random = random.Random(f"events {seed}")
        self._clock = clock
        self._client = httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False)
        self._held: list[_Outgoing] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: set[asyncio.TimerHandle] = set()
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self.log: list[Json] = []

    def send(self, customer: str, event: Json) -> None:
        """Start the delivery of one event to all the customer's targets."""
        for target in self._targets:
            if target.customer_id == customer:
                self._start(_Outgoing(target, event, self._fate()))

    def _fate(self) -> str:
        drawn = self._random.random()
        for name in ("lost", "duplicate", "late", "out_of_order"):
            chance: float = getattr(self.faults, name)
            if drawn < chance:
                return name
            drawn -= chance
        return "sent"

    def _start(self, outgoing: "_Outgoing") -> None:
        if outgoing.fate == "lost":
            self._note(outgoing, None)
        elif outgoing.fate == "out_of_order":
            self._held.append(outgoing)
        elif outgoing.fate == "late":
            self._held.append(outgoing)
            loop = asyncio.get_running_loop()
            self._timers.add(loop.call_later(self.faults.late_seconds, self._release, outgoing))
        else:
            overtaken = [held for held in self._held if held.fate == "out_of_order"]
            copies = 2 if outgoing.fate == "duplicate" else 1
            self._deliver([outgoing] * copies + overtaken)

    def _release(self, outgoing: "_Outgoing") -> None:
        if outgoing in self._held:
            self._deliver([outgoing])

    def _deliver(self, outgoing: list["_Outgoing"]) -> None:
        self._held = [held for held in self._held if held not in outgoing]
        self._keep(asyncio.get_running_loop().create_task(self._post_all(outgoing)))

    async def _post_all(self, outgoing: list["_Outgoing"]) -> None:
        for each in outgoing:
            try:
                token = await self._token(each.target) if each.target.auth == "oauth" else ""
                request = each.request(self._client, self._clock(), token)
                answer = await self._client.send(request)
                self._note(each, answer.status_code)
            except httpx.HTTPError:
                self._note(each, 0)

    async def _token(self, target: EventTarget) -> str:
        """Give the receiver's token, asked for anew when it has less than a minute left."""
        token, until = self._tokens.get(target.token_url, ("", self._clock()))
        if until > self._clock():
            return token
        form = {"grant_type": "client_credentials"}
        form |= {"client_id": target.user, "client_secret": target.key}
        answer = (await self._client.post(target.token_url, data=form)).raise_for_status().json()
        until = self._clock() + timedelta(seconds=answer["expires_in"] - 60)
        self._tokens[target.token_url] = answer["access_token"], until
        return str(answer["access_token"])

    def work(self, sending: Coroutine[Any, Any, None]) -> None:
        """Let ``sending``, which sends events in its own time, run until ``close``."""
        self._keep(asyncio.get_running_loop().create_task(sending))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _note(self, outgoing: "_Outgoing", status: int | None) -> None:
        entry = {"event": outgoing.event, "url": outgoing.target.url, "fate": outgoing.fate}
        self.log.append({**entry, "status": status})

    async def flush(self) -> None:
        """Send everything that is held back and wait until all deliveries have ended."""
        while self._held or self._tasks:
            if self._held:
                self._deliver(list(self._held))
            await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """Stop delivering; what is under way is dropped."""
        for timer in self._timers:
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()


@dataclass(frozen=True, slots=True, eq=False)
class _Outgoing:
    """One event on its way to one target; each is itself alone, however alike."""

    target: EventTarget
    event: Json
    fate: str

    def request(self, client: httpx.AsyncClient, at: datetime, token: str) -> httpx.Request:
        """Build the POST: gzipped JSON, authenticated as the target asks."""
        body = gzip.compress(json.dumps(self.event).encode(), mtime=0)
        headers = {"content-type": "application/json", "content-encoding": "gzip"}
        headers |= self._authentication(body, at, token)
        return client.build_request("POST", self.target.url, content=body, headers=headers)

    def _authentication(self, body: bytes, at: datetime, token: str) -> dict[str, str]:
        user, key = self.target.user, self.target.key
        if token:
            return {"authorization": f"Bearer {token}"}
        if self.target.auth == "basic":
            proof = base64.b64encode(f"{user}:{key}".encode()).decode()
            return {"authorization": f"Basic {proof}"}
        if self.target.auth == "hmac":
            address = urlsplit(self.target.url)
            return signed_headers(user, key, address.path, address.query, body, at)
        return {}
