"""An approval needs a person present, the hash they saw, and the record as it was."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.actor import Actor, model_actor, service_actor
from core.domain.approval import OutboxState
from core.domain.audit import about
from core.domain.ids import ContentHash, TenantId
from core.domain.proposal import AddAssessmentResult, SetField
from core.domain.records import FieldValue, ListNode, Presence
from core.errors import (
    ApprovalRefused,
    ContentChanged,
    InvalidInput,
    NotAllowed,
    ProposalExpired,
    RecordMoved,
    SessionEnded,
)
from core.flow.approve import Approved, approve, refuse, undo
from tests.store_bench import CHANGES, NOON, CountedIds, application, proposal, recruiter

TENANT = TenantId("4711")
RECORD = application(TENANT)
ENTRY = AddAssessmentResult("Recruiter copilot", NOON.date(), 87, "good", "notes")
PLAN = proposal(RECORD, *CHANGES, ENTRY)
ROSA = recruiter(TENANT)
WINDOW = timedelta(seconds=30)
STRANGERS = (model_actor("built-in/1", TENANT), service_actor("worker", TENANT))


def yes(**changed: object) -> Approved:
    arguments: dict[str, object] = {"actor": ROSA, "hash_seen": PLAN.hash, "record": RECORD}
    options: dict[str, object] = {"now": NOON, "undo_window": WINDOW, "ids": CountedIds()}
    for name, value in changed.items():
        (arguments if name in arguments else options)[name] = value
    return approve(PLAN, **arguments, **options)  # type: ignore[arg-type]  # by name, above


def test_a_yes_gives_one_outbox_entry_per_icims_request_due_after_the_undo_window() -> None:
    made = yes()
    assert [entry.step for entry in made.entries] == [0, 1]
    assert {entry.state for entry in made.entries} == {OutboxState.WAITING}
    assert {entry.due_at for entry in made.entries} == {NOON + WINDOW}
    assert {entry.approval_id for entry in made.entries} == {made.approval.id}


def test_a_yes_is_one_fact_about_that_person_and_holds_no_text_of_theirs() -> None:
    (fact,) = yes().facts
    assert (fact.action, fact.subject) == ("proposal.approved", about(RECORD.id))
    assert fact.data["content"] == PLAN.hash
    assert fact.data["person"] == RECORD.person_id
    assert "Screened" not in str(fact.data)
    assert ROSA.session is not None
    assert ROSA.session.id not in str(fact.data)


@pytest.mark.parametrize("actor", STRANGERS)
def test_a_model_or_a_service_cannot_approve_refuse_or_undo(actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        yes(actor=actor)
    with pytest.raises(NotAllowed):
        refuse(PLAN, actor, "because", now=NOON)
    made = yes()
    with pytest.raises(NotAllowed):
        undo(PLAN, made.approval, made.entries, actor, now=NOON)


def test_a_person_of_another_tenant_cannot_decide() -> None:
    stranger = recruiter(TenantId("8820"))
    with pytest.raises(NotAllowed):
        yes(actor=stranger)
    with pytest.raises(NotAllowed):
        refuse(PLAN, stranger, "because", now=NOON)


@pytest.mark.parametrize("hours", [1, 9])
def test_an_expired_session_cannot_decide(hours: int) -> None:
    later = NOON + timedelta(hours=hours)
    with pytest.raises(SessionEnded):
        yes(now=later)
    with pytest.raises(SessionEnded):
        refuse(PLAN, ROSA, "because", now=later)
    made = yes(undo_window=timedelta(days=1))
    with pytest.raises(SessionEnded):
        undo(PLAN, made.approval, made.entries, ROSA, now=later)


def test_a_revoked_session_cannot_decide() -> None:
    assert ROSA.session is not None
    revoked = replace(ROSA, session=replace(ROSA.session, revoked_at=NOON))
    with pytest.raises(SessionEnded):
        yes(actor=revoked)


def test_another_hash_than_the_proposals_cannot_be_approved() -> None:
    with pytest.raises(ContentChanged):
        yes(hash_seen=ContentHash("0" * 64))


def test_an_expired_proposal_cannot_be_approved() -> None:
    later = NOON + timedelta(days=7)
    with pytest.raises(ProposalExpired):
        yes(now=later, actor=recruiter(TENANT, later))


@pytest.mark.parametrize(
    "moved",
    [
        replace(RECORD, stage=ListNode("C2", "Interview")),
        replace(
            RECORD, fields={**RECORD.fields, "ai_match_score": FieldValue(Presence.PRESENT, 12)}
        ),
        replace(
            RECORD, fields={**RECORD.fields, "tags": FieldValue(Presence.PRESENT, ("High_Match",))}
        ),
    ],
)
def test_a_record_that_moved_since_the_proposal_cannot_be_approved(moved: object) -> None:
    with pytest.raises(RecordMoved):
        yes(record=moved)


def test_an_unrelated_edit_or_another_spelling_of_nothing_does_not_block() -> None:
    same = replace(
        RECORD,
        updated_at=NOON + timedelta(hours=1),
        fields={
            "ai_match_score": FieldValue(Presence.EMPTY),
            "private_note": FieldValue(Presence.PRESENT, "Called on Monday.\r\n"),
            "phone": FieldValue(Presence.PRESENT, "1"),
        },
    )
    assert yes(record=same).entries


def test_a_refusal_needs_a_reason_and_the_reason_stays_out_of_the_log() -> None:
    with pytest.raises(InvalidInput):
        refuse(PLAN, ROSA, "  ", now=NOON)
    made = refuse(PLAN, ROSA, " Knows her from school. ", now=NOON)
    assert made.refusal.reason == "Knows her from school."
    assert "school" not in str(made.facts)


@pytest.mark.parametrize("after", [timedelta(0), WINDOW, timedelta(minutes=50)])
def test_undo_takes_back_every_write_while_all_wait_however_long(after: timedelta) -> None:
    made = yes()
    undone = undo(PLAN, made.approval, made.entries, ROSA, now=NOON + after)
    assert undone.cancel == tuple(entry.id for entry in made.entries)


@pytest.mark.parametrize("state", [s for s in OutboxState if s is not OutboxState.WAITING])
def test_nothing_is_undone_once_any_write_has_started(state: OutboxState) -> None:
    made = yes()
    entries = (replace(made.entries[0], state=state), *made.entries[1:])
    with pytest.raises(ApprovalRefused):
        undo(PLAN, made.approval, entries, ROSA, now=NOON)


def test_equal_numbers_have_one_hash() -> None:
    whole, broken = (proposal(RECORD, SetField("ai_match_score", None, n)) for n in (87, 87.0))
    assert whole.hash == broken.hash
