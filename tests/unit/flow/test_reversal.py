"""The opposite of what was written, and what is left of a proposal when a person shapes it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.ids import ProposalId, TenantId
from core.domain.proposal import (
    AddAssessmentResult,
    AddTags,
    AppendText,
    Change,
    Proposal,
    SetField,
    SetStage,
    record_basis,
)
from core.domain.records import Application, FieldValue, ListNode, Presence
from core.errors import InvalidInput, ProposalExpired, RecordMoved
from core.flow.propose import Terms, reversal, without
from tests.store_bench import NOON, application, proposal, recruiter

TENANT = TenantId("4711")
RECORD = application(TENANT)
NEW, CALL = RECORD.stage, ListNode("C3", "Phone screen")
ENTRY = AddAssessmentResult("Recruiter copilot", NOON.date(), 87, "Match 87 ± 4", "versions")
TERMS = Terms(
    id=ProposalId("opposite"),
    made_by=recruiter(TENANT),
    now=NOON + timedelta(days=2),
    valid_for=timedelta(days=7),
    available=(),
)


def record(stage: ListNode = NEW, **values: object) -> Application:
    fields = {
        name: FieldValue(Presence.PRESENT, value)  # type: ignore[arg-type]  # of the right kind
        for name, value in values.items()
    }
    return replace(RECORD, stage=stage, fields={**RECORD.fields, **fields})


def opposite(now: Application, *changes: Change) -> tuple[Change, ...]:
    made = reversal(proposal(RECORD, *changes), now, TERMS)
    return made.changes if made else ()


def test_a_field_gets_its_old_value_back_where_ours_still_stands() -> None:
    change = SetField("ai_match_score", 12, 87)
    assert opposite(record(ai_match_score=87.0), change) == (SetField("ai_match_score", 87.0, 12),)
    assert opposite(record(ai_match_score=55), change) == ()


def test_tags_of_ours_go_those_we_removed_come_back_and_others_stay() -> None:
    change = AddTags("tags", ("Needs_Review",), ("High_Match",), ("Needs_Review",))
    (back,) = opposite(record(tags=("Veteran", "High_Match")), change)
    assert isinstance(back, AddTags)
    assert back.new == ("Veteran", "Needs_Review")
    assert opposite(record(tags=("Needs_Review",)), change) == ()


def test_a_tag_that_was_there_before_us_is_not_taken_away() -> None:
    change = AddTags("tags", ("High_Match",), ("High_Match",), ())
    assert opposite(record(tags=("High_Match",)), change) == ()


def test_notes_and_assessment_results_stay_and_are_followed_by_their_withdrawal() -> None:
    note, entry = opposite(record(), AppendText("private_note", "Screened."), ENTRY)
    assert note == AppendText("private_note", "2026-03-12 AI screening withdrawn by a recruiter.")
    assert isinstance(entry, AddAssessmentResult)
    assert entry.result.startswith("Withdrawn")
    assert "2026-03-10" in entry.notes
    assert entry.score == ENTRY.score


def test_a_stage_goes_back_unless_somebody_moved_it_on() -> None:
    change = SetStage(NEW, CALL)
    assert opposite(record(CALL), change) == (SetStage(CALL, NEW),)
    assert opposite(record(ListNode("C9", "Offer")), change) == ()


def test_a_field_that_is_hidden_from_us_is_left_alone() -> None:
    hidden = replace(
        RECORD,
        fields={"private_note": FieldValue(Presence.DENIED), "tags": FieldValue(Presence.DENIED)},
    )
    changes = (AppendText("private_note", "Screened."), AddTags("tags", (), ("High_Match",)))
    assert opposite(hidden, *changes) == ()


def test_a_reversal_rests_on_the_record_as_it_is_and_names_what_it_reverses() -> None:
    now = record(ai_match_score=87)
    written = proposal(RECORD, SetField("ai_match_score", None, 87))
    made = reversal(written, now, TERMS)
    assert made is not None
    assert (made.reverses, made.id, made.made_by.id) == (written.id, "opposite", "rosa")
    assert made.basis == record_basis(now, made.changes)
    assert made.expires_at == TERMS.now + timedelta(days=7)


# --- Leaving out -----------------------------------------------------------------------------


def shaped(of: Proposal, leave_out: tuple[int, ...], now: Application = RECORD) -> Proposal:
    return without(of, leave_out, now, replace(TERMS, now=NOON + timedelta(hours=1)))


def test_the_rest_of_a_proposal_rests_on_what_it_touches_and_expires_with_it() -> None:
    whole = proposal(RECORD)
    rest = shaped(whole, (1,))
    assert rest.changes == (whole.changes[0], whole.changes[2])
    assert rest.basis == record_basis(RECORD, rest.changes)
    assert (rest.expires_at, rest.assessment_id) == (whole.expires_at, whole.assessment_id)
    assert rest.hash != whole.hash


@pytest.mark.parametrize("leave_out", [(3,), (-1,), (0, 1, 2)])
def test_only_some_of_the_changes_there_are_can_be_left_out(leave_out: tuple[int, ...]) -> None:
    with pytest.raises(InvalidInput):
        shaped(proposal(RECORD), leave_out)


def test_what_expired_or_no_longer_fits_is_not_shaped() -> None:
    with pytest.raises(RecordMoved):
        shaped(proposal(RECORD), (0,), record(ai_match_score=3))
    with pytest.raises(ProposalExpired):
        shaped(proposal(RECORD, at=NOON - timedelta(days=7)), (0,))
