"""Approved writes on their way out, claimed one at a time with a lease."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from core.domain.approval import OutboxEntry, OutboxState, Receipt
from core.domain.ids import ApplicationId, ApprovalId, OutboxId, ProposalId, TenantId
from core.domain.operations import WriteTroubles
from core.errors import NotFound
from core.store.repository import Repository
from core.store.sql import in_parts, in_turn
from core.store.tables import ApplicationRow, OutboxRow, ProposalRow, ReceiptRow

_UNFINISHED = (OutboxState.WAITING.value, OutboxState.SENDING.value)
_TROUBLED = (OutboxState.FAILED.value, OutboxState.STALE.value, OutboxState.SENDING.value)
_COLUMNS = (
    col(OutboxRow.id),
    col(OutboxRow.tenant),
    col(OutboxRow.proposal_id),
    col(OutboxRow.approval_id),
    col(OutboxRow.step),
    col(OutboxRow.state),
    col(OutboxRow.due_at),
    col(OutboxRow.attempts),
    col(OutboxRow.last_error),
)


class SqlOutbox(Repository):
    """Implements ``ports.Outbox``; at most one write per application is under way."""

    def add(self, entry: OutboxEntry) -> None:
        application = self.db.scalar(
            select(col(ProposalRow.application_id)).where(
                col(ProposalRow.tenant) == self.tenant, col(ProposalRow.id) == entry.proposal_id
            )
        )
        if application is None:
            raise NotFound(f"proposal {entry.proposal_id} does not exist")
        self.db.add(
            OutboxRow(
                tenant=self.tenant,
                id=entry.id,
                proposal_id=entry.proposal_id,
                approval_id=entry.approval_id,
                application_id=application,
                step=entry.step,
                state=entry.state.value,
                due_at=entry.due_at,
                attempts=entry.attempts,
                last_error=entry.last_error,
            )
        )

    def get(self, id: OutboxId) -> OutboxEntry | None:
        found = self._where(col(OutboxRow.id) == id)
        return found[0] if found else None

    def of(self, proposal: ProposalId) -> Sequence[OutboxEntry]:
        return self._where(col(OutboxRow.proposal_id) == proposal)

    def claim_due(self, now: datetime, lease: float) -> OutboxEntry | None:
        # Two claims at once could each miss that the other took the same application.
        in_turn(self.db, f"outbox/{self.tenant}")
        oldest = (
            select(col(OutboxRow.id))
            .where(
                col(OutboxRow.tenant) == self.tenant,
                col(OutboxRow.state).in_(_UNFINISHED),
                col(OutboxRow.due_at) <= now,
                _free(OutboxRow, now),
                ~_blocked(now),
            )
            .order_by(col(OutboxRow.due_at), col(OutboxRow.id))
            .limit(1)
        )
        claimed = self.db.execute(
            update(OutboxRow)
            .where(
                col(OutboxRow.tenant) == self.tenant,
                col(OutboxRow.id) == oldest.scalar_subquery(),
            )
            .values(
                leased_until=now + timedelta(seconds=lease), attempts=col(OutboxRow.attempts) + 1
            )
            .returning(*_COLUMNS)
        ).first()
        return None if claimed is None else _entry(claimed)

    def move(
        self,
        id: OutboxId,
        *,
        expect: OutboxState,
        to: OutboxState,
        now: datetime,
        due_at: datetime | None = None,
        error: str = "",
    ) -> bool:
        """As the port says; the lease is kept only while the write is being sent."""
        values: dict[str, Any] = {"state": to.value, "last_error": error}
        if due_at is not None:
            values["due_at"] = due_at
        if to is not OutboxState.SENDING or due_at is not None:
            values["leased_until"] = None
        moved = self.db.scalar(
            update(OutboxRow)
            .where(
                col(OutboxRow.tenant) == self.tenant,
                col(OutboxRow.id) == id,
                col(OutboxRow.state) == expect.value,
            )
            .values(values)
            .returning(col(OutboxRow.id))
        )
        return moved is not None

    def put_receipt(self, receipt: Receipt) -> None:
        self.db.add(
            ReceiptRow(
                tenant=self.tenant,
                outbox_id=receipt.outbox_id,
                at=receipt.at,
                status=receipt.status,
                transaction=receipt.transaction,
                location=receipt.location,
                found=receipt.found,
            )
        )

    def receipt(self, id: OutboxId) -> Receipt | None:
        row = self.db.get(ReceiptRow, (self.tenant, id))
        if row is None:
            return None
        return Receipt(
            outbox_id=OutboxId(row.outbox_id),
            at=row.at,
            status=row.status,
            transaction=row.transaction,
            location=row.location,
            found=row.found,
        )

    def under_way(self, among: Collection[ApplicationId]) -> frozenset[ApplicationId]:
        unread = and_(
            col(OutboxRow.state) == OutboxState.DONE.value,
            col(ReceiptRow.at) > col(ApplicationRow.fetched_at),
        )
        query = (
            select(col(OutboxRow.application_id))
            .outerjoin(
                ReceiptRow,
                and_(
                    col(ReceiptRow.tenant) == col(OutboxRow.tenant),
                    col(ReceiptRow.outbox_id) == col(OutboxRow.id),
                ),
            )
            .outerjoin(
                ApplicationRow,
                and_(
                    col(ApplicationRow.tenant) == col(OutboxRow.tenant),
                    col(ApplicationRow.id) == col(OutboxRow.application_id),
                ),
            )
            .where(
                col(OutboxRow.tenant) == self.tenant,
                or_(col(OutboxRow.state).in_(_UNFINISHED), unread),
            )
        )
        return frozenset(
            ApplicationId(id)
            for part in in_parts(among)
            for id in self.db.scalars(query.where(col(OutboxRow.application_id).in_(part)))
        )

    def troubles(self, since: datetime) -> WriteTroubles:
        def of(state: OutboxState, *conditions: ColumnElement[bool]) -> Any:
            return func.count(case((and_(col(OutboxRow.state) == state.value, *conditions), 1)))

        lately = col(OutboxRow.due_at) >= since
        query = select(
            of(OutboxState.FAILED, lately),
            of(OutboxState.STALE, lately),
            # One without an error is being sent just now.
            of(OutboxState.SENDING, col(OutboxRow.last_error) != ""),
        ).where(col(OutboxRow.tenant) == self.tenant, col(OutboxRow.state).in_(_TROUBLED))
        refused, moved, in_doubt = self.db.execute(query).one()
        return WriteTroubles(refused=refused, moved=moved, in_doubt=in_doubt)

    def _where(self, condition: ColumnElement[bool]) -> list[OutboxEntry]:
        query = (
            select(*_COLUMNS)
            .where(col(OutboxRow.tenant) == self.tenant, condition)
            .order_by(col(OutboxRow.proposal_id), col(OutboxRow.step))
        )
        return [_entry(row) for row in self.db.execute(query)]


def _free(row: type[OutboxRow], now: datetime) -> ColumnElement[bool]:
    return or_(col(row.leased_until).is_(None), col(row.leased_until) <= now)


def _blocked(now: datetime) -> ColumnElement[bool]:
    """An earlier step is not done, or another write to the same application is under way."""
    other = aliased(OutboxRow)
    earlier = and_(
        col(other.proposal_id) == col(OutboxRow.proposal_id),
        col(other.step) < col(OutboxRow.step),
        col(other.state) != OutboxState.DONE.value,
    )
    under_way = and_(
        col(other.application_id) == col(OutboxRow.application_id),
        col(other.id) != col(OutboxRow.id),
        col(other.state).in_(_UNFINISHED),
        or_(col(other.state) == OutboxState.SENDING.value, ~_free(other, now)),
    )
    return exists().where(col(other.tenant) == col(OutboxRow.tenant), or_(earlier, under_way))


def _entry(row: Any) -> OutboxEntry:
    return OutboxEntry(
        id=OutboxId(row.id),
        tenant=TenantId(row.tenant),
        proposal_id=ProposalId(row.proposal_id),
        approval_id=ApprovalId(row.approval_id),
        step=row.step,
        state=OutboxState(row.state),
        due_at=row.due_at,
        attempts=row.attempts,
        last_error=row.last_error,
    )
