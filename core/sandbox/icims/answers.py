"""What every answer carries: a transaction id, and the state of the day's quota."""

import random
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.sandbox.icims.store import Store
from core.sandbox.icims.wire import ApiError

_CUSTOMER = re.compile(r"/customers/(\d+)(?:/|$)")


class Quotas:
    """Counts each customer's requests per UTC day."""

    def __init__(
        self, store: Store, customers: Iterable[str], limit: int, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._customers = frozenset(customers)
        self.limit = limit
        self._clock = clock

    def knows(self, customer: str) -> bool:
        """Say whether this customer exists here."""
        return customer in self._customers

    def take(self, customer: str) -> bool:
        """Count one request; False, uncounted, when the day's are used up."""
        used = self.used(customer)
        if used >= self.limit:
            return False
        self._store.set_used(customer, self._day(), used + 1)
        return True

    def used(self, customer: str) -> int:
        """Count today's requests."""
        return self._store.used(customer, self._day())

    def leave(self, customer: str, remaining: int) -> None:
        """Make it so that ``remaining`` requests are left today."""
        self._store.set_used(customer, self._day(), self.limit - remaining)

    def headers(self, customer: str) -> dict[str, str]:
        """Describe the quota; ``reset`` is in seconds, to 00:00 UTC."""
        now = self._clock().astimezone(UTC)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(max(0, self.limit - self.used(customer))),
            "x-ratelimit-reset": str(int((midnight - now).total_seconds())),
        }

    def _day(self) -> str:
        return self._clock().astimezone(UTC).date().isoformat()


class Answers:
    """ASGI middleware that counts requests and completes the answers' headers."""

    def __init__(self, app: ASGIApp, *, quotas: Quotas, seed: int) -> None:
        self._app = app
        self._quotas = quotas
        self._random = random.Random(f"answers {seed}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse with 429 when the day's requests are used up."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        found = _CUSTOMER.match(scope["path"])
        customer = found[1] if found and self._quotas.knows(found[1]) else ""
        transaction = f"{self._random.getrandbits(128):032x}"

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-transaction"] = transaction
                headers.update(self._quotas.headers(customer) if customer else {})
            await send(message)

        if customer and not self._quotas.take(customer):
            return await self._exhausted(customer).response()(scope, receive, complete)
        return await self._app(scope, receive, complete)

    def _exhausted(self, customer: str) -> ApiError:
        told = self._random.random() < 0.5
        seconds = self._quotas.headers(customer)["x-ratelimit-reset"]
        headers = {"retry_after": seconds} if told else {}
        return ApiError(429, 1, "The daily request limit is exhausted.", **headers)
