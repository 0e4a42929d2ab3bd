"""Counts and states across records; opens nothing personal."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from core.domain.approval import OutboxState
from core.domain.ids import ApplicationId, ProposalId, RequisitionId
from core.ports import ProposalStanding, ProposalState, RequisitionCounts
from core.store.repository import Repository
from core.store.tables import ApplicationRow, AssessmentRow, Base, OutboxRow, ProposalRow


class SqlOverview(Repository):
    """Implements ``ports.Overview``."""

    def counts(self) -> Mapping[RequisitionId, RequisitionCounts]:
        assessed = self._count(
            AssessmentRow, func.count(col(AssessmentRow.application_id).distinct())
        )
        proposals = self._count(
            ProposalRow, func.count(), col(ProposalRow.state) == ProposalState.OPEN.value
        )
        return {
            RequisitionId(id): RequisitionCounts(
                applications=number,
                assessed=assessed.get(id, 0),
                proposals_open=proposals.get(id, 0),
            )
            for id, number in self._count(ApplicationRow, func.count()).items()
        }

    def standings(self, requisition: RequisitionId) -> Mapping[ApplicationId, ProposalStanding]:
        return self._standings(col(ProposalRow.requisition_id) == requisition)

    def standing(self, application: ApplicationId) -> ProposalStanding | None:
        return self._standings(col(ProposalRow.application_id) == application).get(application)

    def _standings(self, where: ColumnElement[bool]) -> dict[ApplicationId, ProposalStanding]:
        query = (
            select(
                col(ProposalRow.application_id),
                col(ProposalRow.id),
                col(ProposalRow.state),
                col(OutboxRow.state),
            )
            .outerjoin(
                OutboxRow,
                (col(OutboxRow.tenant) == col(ProposalRow.tenant))
                & (col(OutboxRow.proposal_id) == col(ProposalRow.id)),
            )
            .where(col(ProposalRow.tenant) == self.tenant, where)
            .order_by(col(ProposalRow.made_at), col(ProposalRow.id), col(OutboxRow.step))
        )
        found: dict[ApplicationId, ProposalStanding] = {}
        for application, proposal, state, write in self.db.execute(query):
            key = ApplicationId(application)
            before = found.get(key)
            same = before is not None and before.proposal_id == proposal
            writes = before.writes if before is not None and same else ()
            found[key] = ProposalStanding(
                ProposalId(proposal),
                ProposalState(state),
                (*writes, OutboxState(write)) if write else writes,
            )
        return found

    def _count(
        self, table: type[Base], what: ColumnElement[int], *where: ColumnElement[bool]
    ) -> dict[str, int]:
        columns = Base.metadata.tables[str(table.__tablename__)].c
        by = columns.requisition_id
        query = select(by, what).where(columns.tenant == self.tenant, *where).group_by(by)
        return {row.requisition_id: row[1] for row in self.db.execute(query)}
