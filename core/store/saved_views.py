"""Questions to a pipeline that people keep."""

from collections.abc import Sequence

from sqlalchemy import delete, or_, select
from sqlmodel import col

from core.domain.filters import SavedView
from core.domain.ids import RequisitionId, SavedViewId, UserId
from core.store.codec import dump, load
from core.store.repository import Repository
from core.store.sql import upsert
from core.store.tables import SavedViewRow


class SqlSavedViews(Repository):
    """Implements ``ports.SavedViews``."""

    def put(self, view: SavedView) -> None:
        row = SavedViewRow(
            tenant=self.tenant,
            id=view.id,
            requisition_id=view.requisition_id,
            user_id=view.by,
            shared=view.shared,
            document=dump(view).decode(),
        )
        upsert(self.db, row, "tenant", "id")

    def get(self, id: SavedViewId) -> SavedView | None:
        query = select(col(SavedViewRow.document)).where(
            col(SavedViewRow.tenant) == self.tenant, col(SavedViewRow.id) == id
        )
        document = self.db.scalar(query)
        return None if document is None else load(SavedView, document)

    def of(self, requisition: RequisitionId, person: UserId) -> Sequence[SavedView]:
        query = select(col(SavedViewRow.document)).where(
            col(SavedViewRow.tenant) == self.tenant,
            col(SavedViewRow.requisition_id) == requisition,
            or_(col(SavedViewRow.user_id) == person, col(SavedViewRow.shared)),
        )
        found = [load(SavedView, document) for document in self.db.scalars(query)]
        return sorted(found, key=lambda view: (view.name.casefold(), view.id))

    def remove(self, id: SavedViewId) -> None:
        """As the port says; what is not there is removed already."""
        self.db.execute(
            delete(SavedViewRow).where(
                col(SavedViewRow.tenant) == self.tenant, col(SavedViewRow.id) == id
            )
        )
