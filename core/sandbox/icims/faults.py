"""Faults on demand: rules that break answers, by path, method, count and seeded chance."""

import asyncio
import itertools
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.sandbox.icims.connection import reset
from core.sandbox.icims.seed import Json
from core.sandbox.icims.wire import ApiError

KINDS = (
    "error",  # 500, nothing applied
    "unavailable",  # 503, nothing applied; Retry-After when retry_after is given
    "throttled",  # 429, nothing applied; Retry-After when retry_after is given
    "slow",  # applied, answered after `seconds`
    "stalled_text",  # after `seconds`, 404
    "truncated",  # applied, half of the JSON
    "reset_before",  # TCP reset, nothing applied
    "reset_after",  # applied, then TCP reset
    "expire_tokens",  # every token becomes invalid first
)


@dataclass(slots=True, kw_only=True)
class Rule:
    """One fault: where, how often, how likely.

    ``path`` is a shell pattern whose ``*`` also covers slashes; ``count`` None is for ever;
    the first ``skip`` matches pass; ``probability`` is drawn from ``seed``.
    """

    fault: str
    path: str = "*"
    method: str = "*"
    count: int | None = None
    skip: int = 0
    probability: float = 1.0
    seed: int = 0
    seconds: float = 0.0
    retry_after: int | None = None
    id: int = 0
    fired: int = 0
    _random: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.fault not in KINDS:
            raise ApiError(400, 1, f"Unknown fault {self.fault}; known are {', '.join(KINDS)}.")
        self._random = random.Random(self.seed)

    def fires(self, method: str, path: str) -> bool:
        """Say whether this request is hit, and count it."""
        if not fnmatchcase(method, self.method) or not fnmatchcase(path, self.path):
            return False
        if self.count is not None and self.fired >= self.count:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self._random.random() >= self.probability:
            return False
        self.fired += 1
        return True

    def describe(self) -> Json:
        """Write the rule as the admin path shows it."""
        return {name: getattr(self, name) for name in self.__slots__ if name[0] != "_"}


class Rules:
    """The rules in force, tried in the order they were added; the first that fires wins."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._ids = itertools.count(1)

    def add(self, spec: Mapping[str, Any]) -> Rule:
        """Put a rule in force; raises ``ApiError`` for one that makes no sense."""
        known = {name for name in Rule.__dataclass_fields__ if name not in ("id", "fired")}
        if not spec.keys() <= known or "fault" not in spec:
            raise ApiError(400, 1, f"A rule has a fault and may have {', '.join(sorted(known))}.")
        rule = Rule(**spec, id=next(self._ids))
        self._rules.append(rule)
        return rule

    def clear(self) -> None:
        """Let everything work again."""
        self._rules.clear()

    def list(self) -> list[Json]:
        """Describe all rules."""
        return [rule.describe() for rule in self._rules]

    def pick(self, method: str, path: str) -> Rule | None:
        """Find the rule that hits this request."""
        return next((rule for rule in self._rules if rule.fires(method, path)), None)


class Faults:
    """ASGI middleware that breaks what the rules say; the admin path is never hit."""

    def __init__(
        self, app: ASGIApp, *, rules: Rules, expire_tokens: Callable[[], None], spared: str
    ) -> None:
        self._app = app
        self._rules = rules
        self._expire_tokens = expire_tokens
        self._spared = spared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or break it."""
        if scope["type"] != "http" or scope["path"].startswith(self._spared):
            return await self._app(scope, receive, send)
        rule = self._rules.pick(scope["method"], scope["path"])
        if rule is None:
            return await self._app(scope, receive, send)
        return await self._break(rule, scope, await _read(receive), send)

    async def _break(self, rule: Rule, scope: Scope, receive: Receive, send: Send) -> None:
        if rule.fault == "reset_before":
            return await reset(scope, receive)
        if rule.fault == "expire_tokens":
            self._expire_tokens()
            return await self._app(scope, receive, send)
        if rule.fault == "stalled_text":
            await asyncio.sleep(rule.seconds)
        refusal = _refusal(rule)
        if refusal is not None:
            return await refusal.response()(scope, receive, send)
        answer = _Held()
        await self._app(scope, receive, answer)
        if rule.fault == "reset_after":
            return await reset(scope, receive)
        await asyncio.sleep(rule.seconds)
        return await answer.replay(send, cut=rule.fault == "truncated")


async def _read(receive: Receive) -> Receive:
    """Take the whole request in, and give it again as one message."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def _refusal(rule: Rule) -> ApiError | None:
    after = {} if rule.retry_after is None else {"retry_after": str(rule.retry_after)}
    refusals = {
        "error": ApiError(500, 1, "An unexpected error occurred."),
        "unavailable": ApiError(503, 1, "The service is unavailable.", **after),
        "throttled": ApiError(429, 1, "Too many requests.", **after),
        "stalled_text": ApiError(404, 2, "The text is not available."),
    }
    return refusals.get(rule.fault)


class _Held:
    """An answer kept back until the fault has had its way."""

    def __init__(self) -> None:
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self._body += message.get("body", b"")

    async def replay(self, send: Send, *, cut: bool) -> None:
        body = self._body[: len(self._body) // 2] if cut else self._body
        headers = [(k, v) for k, v in self._start["headers"] if k != b"content-length"]
        if body:
            headers.append((b"content-length", str(len(body)).encode()))
        await send({**self._start, "headers": headers})
        await send({"type": "http.response.body", "body": body})
