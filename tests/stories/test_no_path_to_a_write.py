"""Promise 1: nothing reaches the ATS without a present person's yes to exactly what they saw."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.actor import Actor, ActorKind, Role, model_actor, service_actor
from core.domain.approval import OutboxState
from core.domain.ids import ContentHash, OutboxId, PersonId, UserId
from core.domain.records import FieldValue, ListNode, Presence
from core.errors import (
    ApprovalRefused,
    ContentChanged,
    CopilotError,
    NotAllowed,
    NotFound,
    ProposalExpired,
    RecordMoved,
    SessionEnded,
)
from tests.desk import TENANT, Desk
from tests.store_bench import proposal


def assert_nothing_was_written(desk: Desk) -> None:
    with desk.store.unit_of_work() as uow:
        assert not uow.outbox.of(desk.proposal.id)
        assert uow.proposals.approval(desk.proposal.id) is None
        assert not [e for e in uow.audit.events() if e.fact.action == "proposal.approved"]
    assert desk.write_all() == 0
    assert not desk.ats.applied


def refused(desk: Desk, actor: Actor, error: type[CopilotError], hash_: str = "") -> None:
    with pytest.raises(error):
        desk.approvals.approve(actor, desk.proposal.id, ContentHash(hash_ or desk.proposal.hash))
    assert_nothing_was_written(desk)


def test_model_cannot_approve(desk: Desk) -> None:
    refused(desk, model_actor("built-in/1", TENANT), NotAllowed)


def test_service_account_cannot_approve(desk: Desk) -> None:
    refused(desk, service_actor("worker", TENANT), NotAllowed)


def test_service_account_with_a_borrowed_session_cannot_approve(desk: Desk) -> None:
    rosa = desk.recruiter()
    refused(desk, replace(rosa, kind=ActorKind.SERVICE), NotAllowed)


def test_expired_session_cannot_approve(desk: Desk) -> None:
    rosa = desk.recruiter()
    desk.clock.forward(hours=13)
    refused(desk, rosa, SessionEnded)


def test_idle_session_cannot_approve(desk: Desk) -> None:
    rosa = desk.recruiter()
    desk.clock.forward(minutes=31)
    refused(desk, rosa, SessionEnded)


def test_revoked_session_cannot_approve(desk: Desk) -> None:
    rosa = desk.recruiter()
    assert rosa.session is not None
    with desk.store.unit_of_work() as uow:
        uow.accounts.put_session(replace(rosa.session, revoked_at=desk.clock.now()))
        uow.commit()
    refused(desk, rosa, SessionEnded)


def test_session_that_claims_a_longer_life_than_stored_cannot_approve(desk: Desk) -> None:
    rosa = desk.recruiter()
    assert rosa.session is not None
    desk.clock.forward(hours=13)
    forever = desk.clock.now() + timedelta(days=365)
    longer = replace(rosa.session, idle_expires_at=forever, expires_at=forever)
    refused(desk, replace(rosa, session=longer), SessionEnded)


def test_made_up_session_cannot_approve(desk: Desk) -> None:
    rosa = desk.recruiter()
    assert rosa.session is not None
    session = replace(rosa.session, user_id=UserId("mallory"))
    refused(desk, replace(rosa, id=UserId("mallory"), session=session), SessionEnded)


@pytest.mark.parametrize("role", [Role.COMPLIANCE, Role.ADMIN])
def test_role_without_the_job_cannot_approve(desk: Desk, role: Role) -> None:
    refused(desk, desk.person("ana", role, icims="101"), NotFound)


def test_hiring_manager_of_the_job_cannot_approve_a_screening(desk: Desk) -> None:
    refused(desk, desk.person("mina", Role.HIRING_MANAGER, icims="103"), NotAllowed)


def test_recruiter_of_another_job_cannot_approve(desk: Desk) -> None:
    refused(desk, desk.person("tom", Role.RECRUITER, icims="999"), NotFound)


def test_role_that_was_taken_away_cannot_approve(desk: Desk) -> None:
    rosa = desk.recruiter()
    with desk.store.unit_of_work() as uow:
        account = uow.accounts.get(rosa.id)
        assert account is not None
        uow.accounts.put(replace(account, roles=frozenset({Role.COMPLIANCE})))
        uow.commit()
    refused(desk, rosa, NotAllowed)


def test_role_that_was_only_claimed_cannot_approve(desk: Desk) -> None:
    mina = desk.person("mina", Role.HIRING_MANAGER, icims="103")
    claimed = replace(mina, roles=frozenset(Role), icims_person_id=PersonId("101"))
    refused(desk, claimed, NotAllowed)


def test_disabled_account_cannot_approve(desk: Desk) -> None:
    rosa = desk.recruiter()
    with desk.store.unit_of_work() as uow:
        account = uow.accounts.get(rosa.id)
        assert account is not None
        uow.accounts.put(replace(account, disabled=True))
        uow.commit()
    refused(desk, rosa, NotAllowed)


def test_person_of_another_tenant_cannot_approve(desk: Desk) -> None:
    rosa = desk.recruiter()
    refused(desk, replace(rosa, tenant=type(TENANT)("8820")), NotAllowed)


def test_changed_hash_cannot_be_approved(desk: Desk) -> None:
    refused(desk, desk.recruiter(), ContentChanged, "0" * 64)


def test_hash_of_another_proposal_cannot_be_approved(desk: Desk) -> None:
    other = proposal(desk.application, *desk.proposal.changes[:1])
    refused(desk, desk.recruiter(), ContentChanged, other.hash)


def test_expired_proposal_cannot_be_approved(desk: Desk) -> None:
    desk.clock.forward(days=8)
    refused(desk, desk.recruiter(), ProposalExpired)


def test_proposal_whose_record_moved_cannot_be_approved(desk: Desk) -> None:
    moved = replace(desk.application, stage=ListNode("C9", "Interview"))
    with desk.store.unit_of_work() as uow:
        uow.applications.put(moved, desk.clock.now())
        uow.commit()
    refused(desk, desk.recruiter(), RecordMoved)


def test_replaced_proposal_cannot_be_approved(desk: Desk) -> None:
    with desk.store.unit_of_work() as uow:
        uow.proposals.supersede(desk.proposal.id, desk.clock.now())
        uow.commit()
    refused(desk, desk.recruiter(), ApprovalRefused)


def test_refused_proposal_cannot_be_approved(desk: Desk) -> None:
    rosa = desk.recruiter()
    desk.approvals.refuse(rosa, desk.proposal.id, "the licence has lapsed")
    refused(desk, rosa, ApprovalRefused)


def test_approved_proposal_is_written_once_and_only_after_the_undo_window(desk: Desk) -> None:
    rosa = desk.recruiter()
    desk.approvals.approve(rosa, desk.proposal.id, desk.proposal.hash)
    desk.clock.forward(seconds=29)
    assert not desk.ats.applied
    assert desk.write_all() == 1
    assert [w.changes for w in desk.ats.applied] == [desk.proposal.changes]
    assert desk.write_all() == 0


def test_proposal_cannot_be_approved_twice(desk: Desk) -> None:
    rosa = desk.recruiter()
    desk.approvals.approve(rosa, desk.proposal.id, desk.proposal.hash)
    with pytest.raises(ApprovalRefused):
        desk.approvals.approve(rosa, desk.proposal.id, desk.proposal.hash)
    desk.write_all()
    assert len(desk.ats.applied) == 1


def test_undo_inside_the_window_writes_nothing(desk: Desk) -> None:
    rosa = desk.recruiter()
    desk.approvals.approve(rosa, desk.proposal.id, desk.proposal.hash)
    view = desk.approvals.undo(rosa, desk.proposal.id)
    assert {line.state for line in view.writes} == {OutboxState.CANCELLED}
    assert desk.write_all() == 0
    assert not desk.ats.applied


def test_undo_after_the_window_is_refused(desk: Desk) -> None:
    rosa = desk.recruiter()
    desk.approvals.approve(rosa, desk.proposal.id, desk.proposal.hash)
    desk.write_all()
    with pytest.raises(ApprovalRefused):
        desk.approvals.undo(rosa, desk.proposal.id)


def test_record_that_moves_after_the_approval_is_not_overwritten(desk: Desk) -> None:
    desk.approvals.approve(desk.recruiter(), desk.proposal.id, desk.proposal.hash)
    theirs = FieldValue(Presence.PRESENT, 12)
    desk.ats.edit(desk.application.id, fields={**desk.application.fields, "ai_match_score": theirs})
    desk.write_all()
    assert not desk.ats.applied
    with desk.store.unit_of_work() as uow:
        assert {e.state for e in uow.outbox.of(desk.proposal.id)} == {OutboxState.STALE}


def test_decision_queued_write_and_fact_are_one_commit(desk: Desk) -> None:
    desk.approvals.approve(desk.recruiter(), desk.proposal.id, desk.proposal.hash)
    with desk.store.unit_of_work() as uow:
        approval = uow.proposals.approval(desk.proposal.id)
        assert approval is not None
        facts = [e.fact for e in uow.audit.events() if e.fact.action == "proposal.approved"]
        assert [f.data["approval"] for f in facts] == [approval.id]
        assert {e.approval_id for e in uow.outbox.of(desk.proposal.id)} == {approval.id}


def test_outbox_row_that_borrows_an_approval_writes_nothing(desk: Desk) -> None:
    unapproved = desk.propose(proposal(desk.application, *desk.proposal.changes[:1]))
    desk.approvals.approve(desk.recruiter(), desk.proposal.id, desk.proposal.hash)
    with desk.store.unit_of_work() as uow:
        (entry,) = uow.outbox.of(desk.proposal.id)
        uow.outbox.add(replace(entry, id=OutboxId("smuggled"), proposal_id=unapproved.id))
        uow.commit()
    desk.write_all()
    assert [w.proposal.id for w in desk.ats.applied] == [desk.proposal.id]
