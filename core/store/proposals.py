"""Proposals and the answers people gave to them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlmodel import col, select

from core.domain.approval import Approval, ChangeRequest, Refusal
from core.domain.ids import ApplicationId, PersonId, ProposalId, RequisitionId
from core.domain.proposal import Proposal
from core.errors import ApprovalRefused, ContentChanged, NotFound
from core.ports import ProposalState
from core.store.codec import (
    dump,
    dump_approval,
    dump_proposal,
    load,
    load_approval,
    load_proposal,
)
from core.store.repository import Repository
from core.store.sql import in_parts, insert_once
from core.store.tables import ApprovalRow, ChangeRequestRow, ProposalRow, RefusalRow, VaultKeyRow
from core.store.vault import key_of

_OPEN = col(ProposalRow.state) == ProposalState.OPEN.value
_NoRow = type[RefusalRow] | type[ChangeRequestRow]


class SqlProposals(Repository):
    """Implements ``ports.Proposals``: each is answered or superseded once.

    An expired proposal without an answer still counts as open here; what it may not do is be
    approved.
    """

    def put(self, proposal: Proposal) -> None:
        person = proposal.person_id
        row = ProposalRow(
            tenant=self.tenant,
            id=proposal.id,
            requisition_id=proposal.requisition_id,
            application_id=proposal.application_id,
            person_id=person,
            state=ProposalState.OPEN.value,
            hash=proposal.hash,
            made_at=proposal.made_at,
            expires_at=proposal.expires_at,
            sealed=self.vault.seal(person, _place(proposal.id), dump_proposal(proposal)),
        )
        if not insert_once(self.db, row, "tenant", "id"):
            raise ContentChanged(f"proposal {proposal.id} is stored already and cannot change")

    def get(self, id: ProposalId) -> Proposal | None:
        found = self._where(col(ProposalRow.id) == id)
        return found[0] if found else None

    def open_of(self, application: ApplicationId) -> Sequence[Proposal]:
        return self._where(col(ProposalRow.application_id) == application, _OPEN)

    def open_by_requisition(self, requisition: RequisitionId) -> Sequence[Proposal]:
        return self._where(col(ProposalRow.requisition_id) == requisition, _OPEN)

    def open_ids(self, requisition: RequisitionId) -> Mapping[ProposalId, ApplicationId]:
        query = (
            select(ProposalRow.id, ProposalRow.application_id)
            .where(
                ProposalRow.tenant == self.tenant,
                col(ProposalRow.requisition_id) == requisition,
                _OPEN,
            )
            .order_by(col(ProposalRow.made_at), col(ProposalRow.id))
        )
        return {ProposalId(id): ApplicationId(of) for id, of in self.db.execute(query)}

    def among(self, ids: Collection[ProposalId]) -> Sequence[Proposal]:
        return [
            proposal
            for part in in_parts(ids)
            for proposal in self._where(col(ProposalRow.id).in_(part))
        ]

    def of(self, application: ApplicationId) -> Sequence[Proposal]:
        return self._where(col(ProposalRow.application_id) == application)

    def supersede(self, id: ProposalId, at: datetime) -> None:
        self._answer(id, ProposalState.SUPERSEDED, at)

    def approve(self, approval: Approval) -> None:
        self._answer(approval.proposal_id, ProposalState.APPROVED, approval.at)
        self.db.add(
            ApprovalRow(
                tenant=self.tenant,
                proposal_id=approval.proposal_id,
                id=approval.id,
                document=dump_approval(approval).decode(),
                at=approval.at,
            )
        )

    def approval(self, id: ProposalId) -> Approval | None:
        query = select(ApprovalRow.document).where(
            ApprovalRow.tenant == self.tenant, ApprovalRow.proposal_id == id
        )
        document = self.db.scalar(query)
        proposal = self.get(id) if document is not None else None
        return load_approval(document, proposal) if document and proposal else None

    def refuse(self, refusal: Refusal) -> None:
        self._say_no(RefusalRow, ProposalState.REFUSED, refusal)

    def refusal(self, id: ProposalId) -> Refusal | None:
        plain = self._said(RefusalRow, id)
        return None if plain is None else load(Refusal, plain)

    def give_back(self, request: ChangeRequest) -> None:
        self._say_no(ChangeRequestRow, ProposalState.RETURNED, request)

    def change_request(self, id: ProposalId) -> ChangeRequest | None:
        plain = self._said(ChangeRequestRow, id)
        return None if plain is None else load(ChangeRequest, plain)

    def _say_no(self, table: _NoRow, state: ProposalState, no: Refusal | ChangeRequest) -> None:
        person = self._answer(no.proposal_id, state, no.at)
        place = _no_place(table, no.proposal_id)
        sealed = self.vault.seal(person, place, dump(no))
        self.db.add(table(tenant=self.tenant, proposal_id=no.proposal_id, sealed=sealed, at=no.at))

    def _said(self, table: _NoRow, id: ProposalId) -> bytes | None:
        query = (
            select(table.sealed, ProposalRow.person_id, VaultKeyRow.wrapped)
            .join(
                ProposalRow,
                (col(ProposalRow.tenant) == table.tenant)
                & (col(ProposalRow.id) == table.proposal_id),
            )
            .join(VaultKeyRow, key_of(ProposalRow))
            .where(table.tenant == self.tenant, table.proposal_id == id)
        )
        row = self.db.execute(query).first()
        if row is None:
            return None
        return self.vault.open(row.person_id, _no_place(table, id), row.sealed, row.wrapped)

    def _answer(self, id: ProposalId, state: ProposalState, at: datetime) -> PersonId:
        person = self.db.scalar(
            update(ProposalRow)
            .where(col(ProposalRow.tenant) == self.tenant, col(ProposalRow.id) == id, _OPEN)
            .values(state=state.value, answered_at=at)
            .returning(col(ProposalRow.person_id))
        )
        if person is not None:
            return PersonId(person)
        if self.get(id) is None:
            raise NotFound(f"proposal {id} does not exist")
        raise ApprovalRefused("the proposal was answered or replaced in the meantime")

    def _where(self, *conditions: ColumnElement[bool]) -> list[Proposal]:
        query = (
            select(ProposalRow.id, ProposalRow.person_id, ProposalRow.sealed, VaultKeyRow.wrapped)
            .join(VaultKeyRow, key_of(ProposalRow))
            .where(ProposalRow.tenant == self.tenant, *conditions)
            .order_by(col(ProposalRow.made_at), col(ProposalRow.id))
        )
        found = []
        for id, person, sealed, wrapped in self.db.execute(query):
            plain = self.vault.open(person, _place(id), sealed, wrapped)
            if plain is not None:
                found.append(load_proposal(plain))
        return found


def _place(id: str) -> str:
    return f"proposal/{id}"


def _no_place(table: _NoRow, id: str) -> str:
    return f"{table.__tablename__}/{id}"
