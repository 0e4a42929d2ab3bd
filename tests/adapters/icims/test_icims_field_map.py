"""The field map file and the start-up check over it."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import Audience, FieldMapInvalid
from core.icims import load_field_map, parse_field_map
from core.icims.check import findings, hidden
from core.icims.field_map import Kind, RecordType

SCORE = {
    "record": "applicantworkflows",
    "json_id": "field51001",
    "search_number": 2041,
    "kind": "number",
}
TAGS = {**SCORE, "json_id": "field51004", "kind": "multilist", "nodes": {"High_Match": "C1"}}
GOOD: dict[str, Any] = {
    "customer_id": "4711",
    "fields": {"AI_Match_Score": SCORE, "tags": TAGS},
    "assessment_names": {"Recruiter copilot": "C500"},
    "statuses": {"New": "C100"},
    "open_folders": ["D31001"],
}
STANDARD = {
    RecordType.APPLICATIONS: ("baseprofile", "associatedprofile", "status", "assessmentresults"),
    RecordType.PEOPLE: ("firstname", "lastname", "resume"),
    RecordType.JOBS: ("jobtitle", "folder"),
}


def a_schema(record: RecordType, **types: str) -> dict[str, Any]:
    standard = {name: {"type": "string"} for name in STANDARD[record]}
    return {"properties": {**standard, **{name: {"type": kind} for name, kind in types.items()}}}


def found(content: dict[str, Any], *, customer: str = "4711", **types: str) -> list[str]:
    schemas = {record: a_schema(record) for record in RecordType}
    schemas[RecordType.APPLICATIONS] = a_schema(RecordType.APPLICATIONS, **types)
    return list(findings(parse_field_map(content), "4711", {"id": customer}, schemas))


def test_a_good_map_is_read() -> None:
    field_map = parse_field_map({**GOOD, "comment": "unknown keys are fine"})
    score = field_map.fields["AI_Match_Score"]
    assert (score.logical, score.kind, score.json_id) == (
        "AI_Match_Score",
        Kind.NUMBER,
        "field51001",
    )
    assert field_map.of(RecordType.PEOPLE) == ()


def test_a_map_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    path.write_text(json.dumps(GOOD), encoding="utf-8")
    assert load_field_map(path) == parse_field_map(GOOD)


@pytest.mark.parametrize("content", [b"{", b"\xff", None])
def test_an_unreadable_file_names_itself(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "map.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FieldMapInvalid, match=r"map\.json"):
        load_field_map(path)


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ({**SCORE, "kind": "colour"}, "x.kind"),
        ({**SCORE, "record": "candidates"}, "x.record"),
        ({**SCORE, "json_id": "rcf 12"}, "x.json_id"),
        ({**SCORE, "search_number": "two"}, "x.search_number"),
        ({**TAGS, "nodes": {}}, "needs its nodes"),
        ({**TAGS, "nodes": {"High_Match": "51000"}}, "x.nodes.High_Match"),
        ("field51001", "fields.x"),
    ],
)
def test_a_wrong_entry_is_named(entry: object, named: str) -> None:
    with pytest.raises(FieldMapInvalid, match=named) as refusal:
        parse_field_map({**GOOD, "fields": {"x": entry}})
    assert refusal.value.audience is Audience.TENANT_ADMIN


def test_every_problem_is_named_at_once() -> None:
    broken = {"customer_id": "acme", "fields": {"x": {**SCORE, "kind": "?"}}}
    with pytest.raises(FieldMapInvalid, match=r"customer_id.*x\.kind"):
        parse_field_map(broken)


def test_one_icims_field_cannot_have_two_names() -> None:
    with pytest.raises(FieldMapInvalid, match="applicantworkflows field51001"):
        parse_field_map({**GOOD, "fields": {"one": SCORE, "other": SCORE}})


@pytest.mark.parametrize(
    "name", ["gender", "EEO_Race", "eeoveteran", "date_of_birth", "Age", "sex", "disability_status"]
)
def test_protected_data_cannot_be_mapped(name: str) -> None:
    with pytest.raises(FieldMapInvalid, match="protected"):
        parse_field_map({**GOOD, "fields": {name: SCORE}})
    with pytest.raises(FieldMapInvalid, match="protected"):
        parse_field_map({**GOOD, "fields": {"x": {**SCORE, "json_id": name.lower()}}})


@pytest.mark.parametrize("name", ["stage_note", "language", "background_report", "tracebook"])
def test_ordinary_names_are_not_taken_for_protected_data(name: str) -> None:
    assert name in parse_field_map({**GOOD, "fields": {name: SCORE}}).fields


@pytest.mark.parametrize("content", [None, [], "map", {}])
def test_something_else_is_not_a_map(content: object) -> None:
    with pytest.raises(FieldMapInvalid):
        parse_field_map(content)


# --- The check ---


def test_a_tenant_that_fits_the_map_has_nothing_to_fix() -> None:
    assert found(GOOD, field51001="number", field51004="array") == []


def test_a_missing_field_is_named_with_both_its_numbers_and_what_to_ask_for() -> None:
    (sentence,) = found(GOOD, field51004="array")
    assert "AI_Match_Score (field51001, number 2041 in iCIMS)" in sentence
    assert "ask your iCIMS administrator" in sentence


def test_a_field_of_another_kind_is_named() -> None:
    (sentence,) = found(GOOD, field51001="string", field51004="array")
    assert "mapped as number, but iCIMS describes it as string" in sentence


def test_a_hidden_standard_field_is_named() -> None:
    schemas = {record: a_schema(record) for record in RecordType}
    del schemas[RecordType.PEOPLE]["properties"]["resume"]
    bare = parse_field_map({**GOOD, "fields": {}})
    (sentence,) = findings(bare, "4711", {"id": 4711}, schemas)
    assert "standard field resume of people is hidden" in sentence


def test_a_map_of_another_customer_is_named() -> None:
    (sentence,) = found({**GOOD, "customer_id": "99"}, field51001="number", field51004="array")
    assert "made for customer 99, but this connection is for customer 4711" in sentence


def test_an_answer_for_another_customer_is_named() -> None:
    (sentence,) = found(GOOD, customer="4712", field51001="number", field51004="array")
    assert "iCIMS answers for customer 4712 instead of 4711" in sentence


@pytest.mark.parametrize("part", ["assessment_names", "statuses", "open_folders"])
def test_missing_lists_are_named(part: str) -> None:
    without = {name: value for name, value in GOOD.items() if name != part}
    (sentence,) = found(without, field51001="number", field51004="array")
    assert "iCIMS administrator" in sentence


def test_a_schema_without_properties_shows_nothing() -> None:
    assert hidden(["field1"], {}) == {"field1"}
