"""The log of calls to the ATS: names and numbers, no values."""

import json
import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import delete, func, select, text, union_all
from sqlalchemy.orm import Session
from sqlmodel import col

from core.domain.budget import Lane, QuotaReading, newest
from core.domain.ids import TenantId
from core.errors import CopilotError
from core.ports import AtsCall, CallLatency, Clock, Trigger
from core.store.repository import Repository
from core.store.tables import AtsCallRow

log = structlog.get_logger(__name__)

_LAST_FEW = 12
"""Answers that may be noted out of order: three times as many as may be under way at once."""


class SqlAtsCalls(Repository):
    """Implements ``ports.AtsCalls``."""

    def recent(self, limit: int) -> Sequence[AtsCall]:
        query = (
            select(AtsCallRow)
            .where(col(AtsCallRow.tenant) == self.tenant)
            .order_by(col(AtsCallRow.position).desc())
            .limit(limit)
        )
        return [_call(row) for row in self.db.scalars(query)]

    def count_since(self, since: datetime) -> int:
        query = select(func.count()).where(
            col(AtsCallRow.tenant) == self.tenant, col(AtsCallRow.at) >= since
        )
        return self.db.scalars(query).one()

    def latencies(self, since: datetime) -> Sequence[CallLatency]:
        query = select(
            col(AtsCallRow.method),
            col(AtsCallRow.path),
            col(AtsCallRow.status),
            col(AtsCallRow.latency_ms),
        ).where(col(AtsCallRow.tenant) == self.tenant, col(AtsCallRow.at) >= since)
        kinds: dict[str, list[tuple[int, float]]] = {}
        for method, path, status, latency in self.db.execute(query):
            kinds.setdefault(f"{method} {_what(path)}", []).append((status, latency))
        summed = (_latency(call, answers) for call, answers in kinds.items())
        return sorted(summed, key=lambda each: (-each.p95_ms, each.call))

    def purge(self, before: datetime) -> int:
        gone = delete(AtsCallRow).where(
            col(AtsCallRow.tenant) == self.tenant, col(AtsCallRow.at) < before
        )
        return len(self.db.scalars(gone.returning(col(AtsCallRow.position))).all())


@dataclass(frozen=True, slots=True)
class SqlAtsCallLog:
    """Implements ``ports.AtsCallLog``: each call in a transaction of its own."""

    open_session: Callable[[], AbstractContextManager[Session]]
    tenant: TenantId
    clock: Clock

    def record(self, call: AtsCall) -> None:
        try:
            with self.open_session() as session:
                session.add(_row(call))
                session.commit()
        except CopilotError as error:
            log.warning("ats_call.not_recorded", error=type(error).__name__)

    def quota(self) -> QuotaReading | None:
        of_tenant, now = col(AtsCallRow.tenant) == self.tenant, self.clock.now()
        columns = (
            col(AtsCallRow.quota_limit),
            col(AtsCallRow.quota_remaining),
            col(AtsCallRow.quota_resets_at),
            col(AtsCallRow.blocked_until),
        )
        last = (
            select(*columns)
            .where(of_tenant, text("quota_remaining IS NOT NULL"))
            .order_by(col(AtsCallRow.position).desc())
            .limit(_LAST_FEW)
        )
        # A pause may be more than a few answers ago, and there are hardly any.
        paused = (
            select(*columns)
            .where(of_tenant, text("blocked_until IS NOT NULL"))
            .order_by(col(AtsCallRow.blocked_until).desc())
            .limit(_LAST_FEW)
        )
        both = union_all(select(last.subquery()), select(paused.subquery()))
        with self.open_session() as session:
            rows = session.execute(both).all()
        return newest([QuotaReading(*row) for row in rows], now)


def _row(call: AtsCall) -> AtsCallRow:
    quota = call.quota
    return AtsCallRow(
        tenant=call.tenant,
        at=call.at,
        method=call.method,
        path=call.path,
        fields=json.dumps(call.fields),
        reason=call.trigger.reason,
        actor=call.trigger.actor,
        person_waiting=call.trigger.person_waiting,
        status=call.status,
        transaction=call.transaction,
        latency_ms=call.latency_ms,
        lane=call.trigger.lane.name.lower(),
        quota_limit=quota.limit if quota else None,
        quota_remaining=quota.remaining if quota else None,
        quota_resets_at=quota.resets_at if quota else None,
        blocked_until=quota.blocked_until if quota else None,
    )


def _call(row: AtsCallRow) -> AtsCall:
    reading = QuotaReading(
        row.quota_limit, row.quota_remaining, row.quota_resets_at, row.blocked_until
    )
    said = reading != QuotaReading(None, None, None)
    lane = Lane[row.lane.upper()] if row.lane else Lane.BACKLOG
    background = Lane.BACKLOG if row.person_waiting else lane
    return AtsCall(
        tenant=TenantId(row.tenant),
        at=row.at,
        method=row.method,
        path=row.path,
        fields=tuple(json.loads(row.fields)),
        trigger=Trigger(row.reason, row.actor, row.person_waiting, background),
        status=row.status,
        transaction=row.transaction,
        latency_ms=row.latency_ms,
        quota=reading if said else None,
    )


def _what(path: str) -> str:
    """Say what a path asks for: its words, without customers, ids and names of searches."""
    words = [word for word in path.split("/") if word and not any(c.isdigit() for c in word)]
    words = [word for word in words if word != "customers"]
    return " ".join(words[-2:] if "search" not in words else ["search"]) or "customer"


def _latency(call: str, answers: Sequence[tuple[int, float]]) -> CallLatency:
    answered = sorted(latency for status, latency in answers if status and status != 429)
    return CallLatency(
        call=call,
        count=len(answers),
        failed=sum(not status or status >= 500 for status, _ in answers),
        refused=sum(status == 429 for status, _ in answers),
        p50_ms=_share(answered, 0.5),
        p95_ms=_share(answered, 0.95),
    )


def _share(ascending: Sequence[float], share: float) -> float:
    """Give the value below which ``share`` of them lie (nearest rank); 0 when there are none."""
    if not ascending:
        return 0.0
    return ascending[max(0, math.ceil(share * len(ascending)) - 1)]
