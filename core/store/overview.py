"""Counts and states across records; opens nothing personal."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, func, literal_column, select, type_coerce
from sqlalchemy.orm import aliased
from sqlmodel import col

from core.domain.approval import OutboxState
from core.domain.ids import ApplicationId, ProposalId, RequisitionId
from core.ports import ProposalStanding, ProposalState, RequisitionCounts, Stamp
from core.store.repository import Repository
from core.store.tables import (
    ApplicationRow,
    AssessmentRow,
    CandidateRow,
    LookRow,
    OutboxRow,
    OverrideRow,
    ProposalRow,
    VaultKeyRow,
)
from core.store.vault import key_of

_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_ONE: ColumnElement[int] = literal_column("1")
_ASSESSED = (
    select(_ONE)
    .where(
        col(AssessmentRow.tenant) == col(ApplicationRow.tenant),
        col(AssessmentRow.requisition_id) == col(ApplicationRow.requisition_id),
        col(AssessmentRow.application_id) == col(ApplicationRow.id),
    )
    .correlate(ApplicationRow)
    .exists()
)
_LOOKED_AT = (
    select(_ONE)
    .where(
        col(LookRow.tenant) == col(ApplicationRow.tenant),
        col(LookRow.application_id) == col(ApplicationRow.id),
    )
    .correlate(ApplicationRow)
    .exists()
)
_NEWEST_ASSESSMENT = (
    select(func.max(col(AssessmentRow.position)))
    .where(
        col(AssessmentRow.tenant) == col(ApplicationRow.tenant),
        col(AssessmentRow.requisition_id) == col(ApplicationRow.requisition_id),
        col(AssessmentRow.application_id) == col(ApplicationRow.id),
    )
    .correlate(ApplicationRow)
    .scalar_subquery()
)
_OVERRIDES = (
    # Their number, not the newest: of two given at once, the later may be committed first.
    select(func.count())
    .where(
        col(OverrideRow.tenant) == col(ApplicationRow.tenant),
        col(OverrideRow.application_id) == col(ApplicationRow.id),
    )
    .correlate(ApplicationRow)
    .scalar_subquery()
)


class SqlOverview(Repository):
    """Implements ``ports.Overview``."""

    def counts(self, expiring_before: datetime) -> Mapping[RequisitionId, RequisitionCounts]:
        """As the port says; what has ended by now is open, but no longer expiring."""
        waiting = self._proposals(expiring_before)
        query = (
            select(
                col(ApplicationRow.requisition_id),
                func.count(),
                _number(_ASSESSED),
                _number(_ASSESSED & ~_LOOKED_AT),
            )
            .where(col(ApplicationRow.tenant) == self.tenant)
            .group_by(col(ApplicationRow.requisition_id))
        )
        found = {}
        for id, applications, assessed, unseen in self.db.execute(query):
            proposals_open, expiring = waiting.get(id, (0, 0))
            found[RequisitionId(id)] = RequisitionCounts(
                applications=applications,
                assessed=assessed,
                proposals_open=proposals_open,
                unseen=unseen,
                expiring=expiring,
            )
        return found

    def stamps(self, requisition: RequisitionId) -> Mapping[ApplicationId, Stamp]:
        query = (
            select(
                col(ApplicationRow.id),
                _as_stored(col(ApplicationRow.fetched_at)).label("fetched_at"),
                _as_stored(col(CandidateRow.fetched_at)).label("person_fetched_at"),
                col(ApplicationRow.resume),
                _as_stored(col(ApplicationRow.gone_at)).label("gone_at"),
                _NEWEST_ASSESSMENT,
                _OVERRIDES,
            )
            .join(VaultKeyRow, key_of(ApplicationRow))
            .outerjoin(
                CandidateRow,
                and_(
                    col(CandidateRow.tenant) == col(ApplicationRow.tenant),
                    col(CandidateRow.person_id) == col(ApplicationRow.person_id),
                    # Always so; without it SQLite reads the profile's row to reach the time.
                    col(CandidateRow.fetched_at) > _EVER,
                ),
            )
            .where(
                col(ApplicationRow.tenant) == self.tenant,
                col(ApplicationRow.requisition_id) == requisition,
            )
        )
        return {ApplicationId(row[0]): tuple(row[1:]) for row in self.db.execute(query)}

    def standings(self, requisition: RequisitionId) -> Mapping[ApplicationId, ProposalStanding]:
        return self._standings(col(ProposalRow.requisition_id) == requisition)

    def standing(self, application: ApplicationId) -> ProposalStanding | None:
        return self._standings(col(ProposalRow.application_id) == application).get(application)

    def unwritten(self) -> Mapping[ProposalId, RequisitionId]:
        other = aliased(OutboxRow)
        begun = select(_ONE).where(
            col(other.tenant) == col(OutboxRow.tenant),
            col(other.proposal_id) == col(OutboxRow.proposal_id),
            col(other.state) != OutboxState.WAITING.value,
        )
        query = (
            select(col(ProposalRow.id), col(ProposalRow.requisition_id))
            .join(OutboxRow, col(OutboxRow.proposal_id) == col(ProposalRow.id))
            .where(
                col(OutboxRow.tenant) == self.tenant,
                col(OutboxRow.state) == OutboxState.WAITING.value,
                col(ProposalRow.tenant) == self.tenant,
                ~begun.exists(),
            )
            .distinct()
        )
        return {ProposalId(id): RequisitionId(job) for id, job in self.db.execute(query)}

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

    def _proposals(self, expiring_before: datetime) -> dict[str, tuple[int, int]]:
        ends = col(ProposalRow.expires_at)
        query = (
            select(
                col(ProposalRow.requisition_id),
                func.count(),
                _number((ends > self.clock.now()) & (ends < expiring_before)),
            )
            .where(
                col(ProposalRow.tenant) == self.tenant,
                col(ProposalRow.state) == ProposalState.OPEN.value,
            )
            .group_by(col(ProposalRow.requisition_id))
        )
        return {id: (number, expiring) for id, number, expiring in self.db.execute(query)}


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def _as_stored(column: Any) -> ColumnElement[str]:
    """Skip making times of what is only compared: they would cost more than the statement."""
    return type_coerce(column, String)
