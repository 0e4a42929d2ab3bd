"""Events as received: ids in the open, bodies sealed under one key a day.

Forgetting a day is destroying its key; forgetting a person deletes the events about them.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlmodel import col

from core.domain.events import AtsEvent, EventKind, ReceivedEvent
from core.domain.ids import ApplicationId, EventId, PersonId, RequisitionId, TenantId
from core.store.repository import Repository
from core.store.sql import in_parts, insert_once
from core.store.tables import EventRow, VaultKeyRow


class SqlEvents(Repository):
    """Implements ``ports.Events``."""

    def add(self, event: AtsEvent, body: bytes, proof: str, at: datetime) -> bool:
        day = at.date().isoformat()
        row = EventRow(
            tenant=self.tenant,
            received_at=at,
            kind=event.kind.value,
            application_id=event.application or "",
            requisition_id=event.requisition or "",
            person_id=event.person or "",
            proof=proof,
            day=day,
            sealed=self.vault.seal(_keeper(day), _place(proof), body),
        )
        return insert_once(self.db, row, "tenant", "proof") is not None

    def body(self, id: EventId) -> bytes | None:
        query = select(col(EventRow.day), col(EventRow.proof), col(EventRow.sealed)).where(
            col(EventRow.tenant) == self.tenant, col(EventRow.position) == int(id)
        )
        row = self.db.execute(query).first()
        if row is None:
            return None
        keeper = _keeper(row.day)
        wrapped = self.db.scalar(
            select(col(VaultKeyRow.wrapped)).where(
                col(VaultKeyRow.tenant) == self.tenant, col(VaultKeyRow.person_id) == keeper
            )
        )
        return self.vault.open(keeper, _place(row.proof), row.sealed, wrapped)

    def recent(self, limit: int) -> Sequence[ReceivedEvent]:
        query = (
            select(
                col(EventRow.position),
                col(EventRow.received_at),
                col(EventRow.kind),
                col(EventRow.application_id),
                col(EventRow.requisition_id),
                col(EventRow.person_id),
            )
            .where(col(EventRow.tenant) == self.tenant)
            .order_by(col(EventRow.position).desc())
            .limit(limit)
        )
        return [self._received(row) for row in self.db.execute(query)]

    def counts(self, since: datetime) -> Mapping[EventKind, int]:
        query = (
            select(col(EventRow.kind), func.count())
            .where(col(EventRow.tenant) == self.tenant, col(EventRow.received_at) >= since)
            .group_by(col(EventRow.kind))
        )
        return {EventKind(kind): count for kind, count in self.db.execute(query)}

    def told(
        self, applications: Collection[ApplicationId], since: datetime
    ) -> frozenset[ApplicationId]:
        found: set[ApplicationId] = set()
        for part in in_parts(applications):
            query = select(col(EventRow.application_id)).where(
                col(EventRow.tenant) == self.tenant,
                col(EventRow.application_id).in_(part),
                col(EventRow.received_at) >= since,
            )
            found.update(map(ApplicationId, self.db.scalars(query)))
        return frozenset(found)

    def last_at(self) -> datetime | None:
        query = select(func.max(col(EventRow.received_at))).where(
            col(EventRow.tenant) == self.tenant
        )
        return self.db.scalar(query)

    def purge(self, before: datetime) -> int:
        day = before.date().isoformat()
        gone = self.db.scalars(
            delete(EventRow)
            .where(col(EventRow.tenant) == self.tenant, col(EventRow.day) < day)
            .returning(col(EventRow.day))
        ).all()
        for old in set(gone):
            self.vault.forget(_keeper(old))
        return len(gone)

    def _received(self, row: Any) -> ReceivedEvent:
        return ReceivedEvent(
            id=EventId(str(row.position)),
            event=AtsEvent(
                kind=EventKind(row.kind),
                tenant=TenantId(self.tenant),
                application=ApplicationId(row.application_id) if row.application_id else None,
                requisition=RequisitionId(row.requisition_id) if row.requisition_id else None,
                person=PersonId(row.person_id) if row.person_id else None,
            ),
            received_at=row.received_at,
        )


def _keeper(day: str) -> PersonId:
    """Name the holder of a day's key; no iCIMS person is called like that."""
    return PersonId(f"events of {day}")


def _place(proof: str) -> str:
    return f"event/{proof}"
