"""Counts and states across records; opens nothing personal."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from core.domain.approval import OutboxState
from core.domain.ids import ApplicationId, ProposalId, RequisitionId
from core.ports import ProposalStanding, ProposalState, RequisitionCounts
from core.store.repository import Repository
from core.store.tables import ApplicationRow, AssessmentRow, OutboxRow, ProposalRow


class SqlOverview(Repository):
    """Implements ``ports.Overview``."""

    def counts(self) -> Mapping[RequisitionId, RequisitionCounts]:
        assessed = self._count(
            AssessmentRow, func.count(col(AssessmentRow.application_id).distinct())
        )
        proposals = self._count(
            ProposalRow, func.count(), ProposalRow.state == ProposalState.OPEN.value
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
        query = (
            select(ProposalRow.application_id, ProposalRow.id, ProposalRow.state, OutboxRow.state)
            .outerjoin(
                OutboxRow,
                (col(OutboxRow.tenant) == col(ProposalRow.tenant))
                & (col(OutboxRow.proposal_id) == col(ProposalRow.id)),
            )
            .where(
                ProposalRow.tenant == self.tenant,
                ProposalRow.requisition_id == requisition,
            )
            .order_by(col(ProposalRow.made_at), col(ProposalRow.id), col(OutboxRow.step))
        )
        found: dict[ApplicationId, ProposalStanding] = {}
        for application, proposal, state, write in self.session.execute(query):
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
        self, row: type[ApplicationRow | AssessmentRow | ProposalRow], what: Any, *where: Any
    ) -> dict[str, int]:
        query = select(row.requisition_id, what).where(row.tenant == self.tenant, *where)
        found = self.session.execute(query.group_by(col(row.requisition_id)))
        return {requisition: count for requisition, count in found}
