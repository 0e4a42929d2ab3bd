"""Moves of applications in iCIMS."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import col

from core.domain.events import StageChange
from core.domain.ids import ApplicationId, RequisitionId
from core.store.repository import Repository
from core.store.tables import StageChangeRow


class SqlStageChanges(Repository):
    """Implements ``ports.StageChanges``."""

    def put(self, change: StageChange) -> None:
        person, _ = self.subject(change.application_id)
        self.db.add(
            StageChangeRow(
                tenant=self.tenant,
                application_id=change.application_id,
                requisition_id=change.requisition_id,
                person_id=person,
                before=change.before,
                after=change.after,
                seen_at=change.seen_at,
            )
        )

    def of(self, application: ApplicationId) -> Sequence[StageChange]:
        query = (
            select(StageChangeRow)
            .where(
                col(StageChangeRow.tenant) == self.tenant,
                col(StageChangeRow.application_id) == application,
            )
            .order_by(col(StageChangeRow.position))
        )
        return [
            StageChange(
                application_id=ApplicationId(row.application_id),
                requisition_id=RequisitionId(row.requisition_id),
                before=row.before,
                after=row.after,
                seen_at=row.seen_at,
            )
            for row in self.db.scalars(query)
        ]
