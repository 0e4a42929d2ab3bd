"""The log of calls to the ATS: names and numbers, no values."""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from core.domain.ids import TenantId
from core.errors import CopilotError
from core.ports import AtsCall, Trigger
from core.store.repository import Repository
from core.store.tables import AtsCallRow

log = structlog.get_logger(__name__)


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


@dataclass(frozen=True, slots=True)
class SqlAtsCallLog:
    """Implements ``ports.AtsCallLog``: each call in a transaction of its own."""

    open_session: Callable[[], AbstractContextManager[Session]]

    def record(self, call: AtsCall) -> None:
        try:
            with self.open_session() as session:
                session.add(_row(call))
                session.commit()
        except CopilotError as error:
            log.warning("ats_call.not_recorded", error=type(error).__name__)


def _row(call: AtsCall) -> AtsCallRow:
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
    )


def _call(row: AtsCallRow) -> AtsCall:
    return AtsCall(
        tenant=TenantId(row.tenant),
        at=row.at,
        method=row.method,
        path=row.path,
        fields=tuple(json.loads(row.fields)),
        trigger=Trigger(row.reason, row.actor, row.person_waiting),
        status=row.status,
        transaction=row.transaction,
        latency_ms=row.latency_ms,
    )
