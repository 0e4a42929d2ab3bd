"""Approved changes as requests, without sending any; what counts as written is in the contract."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.approval import AtsWrite
from core.domain.ids import ApplicationId, PersonId, RequisitionId, TenantId
from core.domain.proposal import (
    AddAssessmentResult,
    AddTags,
    AppendText,
    Change,
    SetField,
    SetStage,
    Value,
)
from core.domain.records import Application, AssessmentEntry, FieldValue, ListNode, Presence
from core.errors import AtsRejected
from core.icims import parse_field_map, writes
from core.icims.http import Call
from tests.approved_writes import approved_write


def an_entry(json_id: str, kind: str, record: str = "applicantworkflows", **nodes: str) -> Any:
    return {"record": record, "json_id": json_id, "kind": kind, "nodes": nodes}


MAP = parse_field_map(
    {
        "customer_id": "1",
        "fields": {
            "score": an_entry("field1", "number"),
            "reasoning": an_entry("field2", "text"),
            "seen_on": an_entry("field3", "date"),
            "shift": an_entry("field4", "list", Night="C1", Day="C2"),
            "tags": an_entry("field5", "multilist", High_Match="C11", Needs_Review="C12"),
            "note": an_entry("field6", "text"),
            "salary": an_entry("field7", "number", record="people"),
        },
        "assessment_names": {"Copilot": "C500"},
    }
)
RESULT = AddAssessmentResult("Copilot", date(2026, 3, 2), 87.0, "Good", "Because.")


def call_for(*changes: Change, current: dict[str, Any] | None = None) -> Call:
    return writes.call_for(approved_write("5", *changes), current or {}, MAP)


def an_application(**fields: Value) -> Application:
    return Application(
        id=ApplicationId("5"),
        tenant=TenantId("1"),
        requisition_id=RequisitionId("7"),
        person_id=PersonId("9"),
        stage=ListNode("C100", "New"),
        fields={name: FieldValue(Presence.PRESENT, value) for name, value in fields.items()},
    )


def is_written(write: AtsWrite, application: Application, *log: dict[str, Any]) -> bool:
    return writes.is_written(write, application, log)


# --- Requests ---


def test_all_fields_go_in_one_patch() -> None:
    call = call_for(
        SetField("score", None, 87.0),
        SetField("reasoning", "old", "Because."),
        SetField("seen_on", None, "2026-03-02"),
        SetField("shift", None, "Night"),
    )
    assert (call.method, call.path) == ("PATCH", "applicantworkflows/5")
    assert call.body == {
        "field1": 87,
        "field2": "Because.",
        "field3": "2026-03-02",
        "field4": {"id": "C1"},
    }
    assert call.fields == ("field1", "field2", "field3", "field4")


def test_a_stage_is_sent_by_its_node_id() -> None:
    call = call_for(SetStage(ListNode("C100", "New"), ListNode("C101", "Reviewed")))
    assert (call.method, call.path, call.body) == (
        "PATCH",
        "applicantworkflows/5",
        {"status": {"id": "C101"}},
    )


def test_an_assessment_result_is_posted_with_the_tenants_node() -> None:
    call = call_for(RESULT)
    assert (call.method, call.path) == ("POST", "applicantworkflows/5/fields/assessmentresults")
    assert call.body is not None
    assert call.body["assessmentname"] == {"id": "C500"}
    assert call.body["assessmentdate"] == "2026-03-02"
    assert call.body["assessmentscore"] == 87


@given(st.text(max_size=400), st.text(max_size=400))
def test_assessment_texts_fit_icims_and_keep_the_marker(result: str, notes: str) -> None:
    write = approved_write(
        "5", AddAssessmentResult("Copilot", date(2026, 3, 2), 1.0, result, notes)
    )
    body = writes.call_for(write, {}, MAP).body
    assert body is not None
    assert len(body["assessmentresult"]) <= 128
    assert len(body["assessmentnotes"]) <= 192
    assert body["assessmentnotes"].endswith(f"[{write.marker}]")


@given(st.text(max_size=50))
def test_appending_keeps_what_is_there_to_the_letter(before: str) -> None:
    write = approved_write("5", AppendText("note", "More."))
    body = writes.call_for(write, {"field6": before}, MAP).body
    assert body is not None
    assert body["field6"].startswith(before)
    assert body["field6"].endswith(f"More. [{write.marker}]")


def test_text_that_is_already_there_is_not_appended_again() -> None:
    write = approved_write("5", AppendText("note", "More."))
    once = writes.call_for(write, {"field6": "Before."}, MAP).body
    assert once is not None
    assert writes.call_for(write, once, MAP).body == once


def test_two_paragraphs_for_one_field_are_both_appended() -> None:
    body = call_for(AppendText("note", "One."), AppendText("note", "Two.")).body
    assert body is not None
    assert body["field6"].index("One.") < body["field6"].index("Two.")


def test_tags_of_others_survive_even_when_we_have_no_name_for_them() -> None:
    current = {"field5": [{"id": "C99", "value": "Referred"}, {"id": "C12", "value": "Review"}]}
    body = call_for(AddTags("tags", (), ("High_Match",), ("Needs_Review",)), current=current).body
    assert body == {"field5": [{"id": "C99"}, {"id": "C11"}]}


def test_a_tag_that_is_there_is_not_doubled() -> None:
    current = {"field5": [{"id": "C11", "value": "High match"}]}
    assert call_for(AddTags("tags", (), ("High_Match",)), current=current).body == {
        "field5": [{"id": "C11"}]
    }


def test_only_what_must_be_extended_is_read_first() -> None:
    write = approved_write("5", SetField("score", None, 1), AppendText("note", "x"))
    assert writes.needed_fields(write, MAP) == ("field6",)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ((SetField("unknown", None, 1),), "unknown"),
        ((SetField("salary", None, 1),), "salary"),
        ((SetField("score", None, "87"),), "score"),
        ((SetField("reasoning", None, 1.0),), "reasoning"),
        ((SetField("shift", None, "Evening"),), "Evening"),
        ((AddTags("tags", (), ("Nonsense",)),), "Nonsense"),
        ((AddAssessmentResult("Other", date(2026, 3, 2), 1.0, "", ""),), "Other"),
        ((SetField("score", None, 1), SetField("score", None, 2)), "twice"),
        ((SetField("note", None, "a"), AppendText("note", "b")), "twice"),
        ((AppendText("note", "b"), SetField("note", None, "a")), "twice"),
        ((SetField("score", None, 1), RESULT), "request of its own"),
    ],
)
def test_what_cannot_be_sent_is_refused_before_sending(
    changes: tuple[Change, ...], named: str
) -> None:
    with pytest.raises(AtsRejected, match=named):
        call_for(*changes)


# --- Reading back ---


@pytest.mark.parametrize(
    ("there", "new"),
    [
        (87.0, 87),
        ("One.\r\nTwo. ", "One.\nTwo."),
        (("Needs_Review", "High_Match"), ("High_Match", "Needs_Review")),
    ],
)
def test_icimss_own_spelling_of_a_value_is_the_value(there: Value, new: Value) -> None:
    write = approved_write("5", SetField("reasoning", None, new))
    assert is_written(write, an_application(reasoning=there))


def test_a_cleared_field_is_found_absent_or_empty() -> None:
    write = approved_write("5", SetField("score", 3, None))
    assert is_written(write, an_application())
    assert not is_written(write, an_application(score=3))


def test_another_approvals_marker_is_not_taken_for_ours() -> None:
    write = approved_write("5", AppendText("note", "x"))
    longer = f"x [{write.marker}0]"
    assert not is_written(write, an_application(note=longer))


def test_two_entries_of_one_approval_are_told_apart() -> None:
    ours = approved_write("5", RESULT)
    other = AssessmentEntry(
        name="Copilot", on=RESULT.on, result="Another", notes=f"x [{ours.marker}]", path="p/1"
    )
    same = AssessmentEntry(
        name="Copilot", on=RESULT.on, result="Good", notes=f"x [{ours.marker}]", path="p/2"
    )
    only_other = replace(an_application(), assessment_results=(other,))
    both = replace(an_application(), assessment_results=(other, same))
    assert writes.entry_of(ours, only_other) is None
    assert writes.entry_of(ours, both) == "p/2"


@pytest.mark.parametrize(
    ("entered", "counts"),
    [("2026-03-02 08:58 AM", False), ("2026-03-02 09:00 AM", True), ("2026-03-02 11:00 AM", True)],
)
def test_a_stage_passed_through_counts_only_since_the_approval(entered: str, counts: bool) -> None:
    at = datetime(2026, 3, 2, 9, 0, 30, tzinfo=UTC)
    move = SetStage(ListNode("C1", "Old"), ListNode("C101", "Reviewed"))
    write = approved_write("5", move, at=at)
    line = {"status": {"id": "C101"}, "updatedDate": entered}
    assert is_written(write, an_application(), line) is counts
