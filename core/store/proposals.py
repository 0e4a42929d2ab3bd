"""Proposals and the answers people gave to them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlmodel import col, select

from core.domain.approval import Approval, Refusal
from core.domain.ids import ApplicationId, PersonId, ProposalId, RequisitionId
from core.domain.proposal import Proposal
from core.errors import ApprovalRefused, ContentChanged, NotFound
from core.store.codec import (
    dump,
    dump_approval,
    dump_proposal,
    load,
    load_approval,
    load_proposal,
)
from core.store.repository import Repository
from core.store.sql import insert_once
from core.store.tables import ApprovalRow, ProposalRow, RefusalRow, VaultKeyRow
from core.store.vault import key_of

_OPEN = col(ProposalRow.state) == "open"


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
            state="open",
            hash=proposal.hash,
            made_at=proposal.made_at,
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

    def of(self, application: ApplicationId) -> Sequence[Proposal]:
        return self._where(col(ProposalRow.application_id) == application)

    def supersede(self, id: ProposalId, at: datetime) -> None:
        self._answer(id, "superseded", at)

    def approve(self, approval: Approval) -> None:
        self._answer(approval.proposal_id, "approved", approval.at)
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
        person = self._answer(refusal.proposal_id, "refused", refusal.at)
        place = _refusal_place(refusal.proposal_id)
        self.db.add(
            RefusalRow(
                tenant=self.tenant,
                proposal_id=refusal.proposal_id,
                sealed=self.vault.seal(person, place, dump(refusal)),
                at=refusal.at,
            )
        )

    def refusal(self, id: ProposalId) -> Refusal | None:
        query = (
            select(RefusalRow.sealed, ProposalRow.person_id, VaultKeyRow.wrapped)
            .join(
                ProposalRow,
                (col(ProposalRow.tenant) == RefusalRow.tenant)
                & (col(ProposalRow.id) == RefusalRow.proposal_id),
            )
            .join(VaultKeyRow, key_of(ProposalRow))
            .where(RefusalRow.tenant == self.tenant, RefusalRow.proposal_id == id)
        )
        row = self.db.execute(query).first()
        if row is None:
            return None
        plain = self.vault.open(row.person_id, _refusal_place(id), row.sealed, row.wrapped)
        return None if plain is None else load(Refusal, plain)

    def _answer(self, id: ProposalId, state: str, at: datetime) -> PersonId:
        person = self.db.scalar(
            update(ProposalRow)
            .where(col(ProposalRow.tenant) == self.tenant, col(ProposalRow.id) == id, _OPEN)
            .values(state=state, answered_at=at)
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


def _refusal_place(id: str) -> str:
    return f"refusal/{id}"
