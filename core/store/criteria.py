"""Versions of a requisition's criteria."""

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from core.domain.criteria import Criteria, CriteriaStatus
from core.domain.ids import RequisitionId
from core.domain.posting import Fit
from core.errors import CriteriaRefused
from core.store.codec import dump, load
from core.store.repository import Repository
from core.store.sql import upsert
from core.store.tables import CriteriaRow, PostingFitRow


class SqlCriteria(Repository):
    """Implements ``ports.CriteriaStore``."""

    def put(self, criteria: Criteria) -> None:
        row = CriteriaRow(
            tenant=self.tenant,
            requisition_id=criteria.requisition_id,
            version=criteria.version,
            status=criteria.status.value,
            document=dump(criteria).decode(),
        )
        still_draft = col(CriteriaRow.status) == CriteriaStatus.DRAFT.value
        key = ("tenant", "requisition_id", "version")
        if not upsert(self.db, row, *key, where=still_draft):
            raise CriteriaRefused(f"version {criteria.version} is frozen; edit a new version")

    def put_fit(self, requisition: RequisitionId, fit: Fit) -> None:
        document = dump(fit).decode()
        row = PostingFitRow(tenant=self.tenant, requisition_id=requisition, document=document)
        upsert(self.db, row, "tenant", "requisition_id")

    def fit(self, requisition: RequisitionId) -> Fit | None:
        query = select(PostingFitRow.document).where(
            PostingFitRow.tenant == self.tenant, PostingFitRow.requisition_id == requisition
        )
        document = self.db.scalar(query)
        return None if document is None else load(Fit, document)

    def latest(self, requisition: RequisitionId) -> Criteria | None:
        return self._newest(requisition)

    def frozen(self, requisition: RequisitionId) -> Criteria | None:
        frozen = col(CriteriaRow.status) == CriteriaStatus.FROZEN.value
        return self._newest(requisition, frozen)

    def version(self, requisition: RequisitionId, version: int) -> Criteria | None:
        return self._newest(requisition, col(CriteriaRow.version) == version)

    def _newest(
        self, requisition: RequisitionId, *conditions: ColumnElement[bool]
    ) -> Criteria | None:
        query = (
            select(CriteriaRow.document)
            .where(
                CriteriaRow.tenant == self.tenant,
                CriteriaRow.requisition_id == requisition,
                *conditions,
            )
            .order_by(col(CriteriaRow.version).desc())
            .limit(1)
        )
        document = self.db.scalar(query)
        return None if document is None else load(Criteria, document)
