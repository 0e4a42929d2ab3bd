"""Cached jobs and pull cursors."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from core.domain.ids import RequisitionId
from core.domain.records import Requisition
from core.store.codec import dump, load
from core.store.repository import Repository
from core.store.sql import insert_once, upsert
from core.store.tables import CursorRow, RequisitionRow


class SqlRequisitions(Repository):
    """Implements ``ports.Requisitions``."""

    def put(self, requisition: Requisition, fetched_at: datetime) -> bool:
        row = RequisitionRow(
            tenant=self.tenant,
            id=requisition.id,
            document=dump(requisition).decode(),
            fetched_at=fetched_at,
        )
        not_newer = col(RequisitionRow.fetched_at) <= fetched_at
        return upsert(self.db, row, "tenant", "id", where=not_newer)

    def fetched_at(self, id: RequisitionId) -> datetime | None:
        query = select(RequisitionRow.fetched_at).where(
            RequisitionRow.tenant == self.tenant, RequisitionRow.id == id
        )
        return self.db.scalar(query)

    def get(self, id: RequisitionId) -> Requisition | None:
        query = select(RequisitionRow.document).where(
            RequisitionRow.tenant == self.tenant, RequisitionRow.id == id
        )
        document = self.db.scalar(query)
        return None if document is None else load(Requisition, document)

    def all(self) -> Sequence[Requisition]:
        query = select(RequisitionRow.document).where(RequisitionRow.tenant == self.tenant)
        found = [load(Requisition, document) for document in self.db.scalars(query)]
        return sorted(found, key=lambda job: (len(job.id), job.id))

    def cursor(self, name: str) -> datetime | None:
        query = select(CursorRow.at).where(CursorRow.tenant == self.tenant, CursorRow.name == name)
        return self.db.scalar(query)

    def move_cursor(self, name: str, before: datetime | None, at: datetime) -> bool:
        row = CursorRow(tenant=self.tenant, name=name, at=at)
        if before is None:
            return insert_once(self.db, row, "tenant", "name") is not None
        return upsert(self.db, row, "tenant", "name", where=col(CursorRow.at) == before)

    def set_cursor(self, name: str, at: datetime) -> None:
        upsert(self.db, CursorRow(tenant=self.tenant, name=name, at=at), "tenant", "name")
