"""The field map file and the start-up check over it."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.domain.views import FieldLine, FieldState
from core.errors import Audience, FieldMapInvalid
from core.icims import load_field_map, parse_field_map
from core.icims.check import fields, hidden, problems
from core.icims.field_map import Kind, RecordType
from core.icims.wanted import CUSTOM, STANDARD

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


def all_mapped() -> dict[str, Any]:
    """A map with every custom field that is wanted, as field1, field2 …"""
    fields = {
        custom.logical: {
            "record": custom.record.value,
            "json_id": f"field{number}",
            "search_number": 2_000 + number,
            "kind": custom.kind.value,
            "nodes": {node: f"C{place}" for place, node in enumerate(custom.nodes)},
        }
        for number, custom in enumerate(CUSTOM, 1)
    }
    return {**GOOD, "fields": fields}


def a_tenant() -> dict[RecordType, dict[str, Any]]:
    """Schemas that fit ``all_mapped``."""
    kinds = {Kind.NUMBER: "number", Kind.TEXT: "string", Kind.MULTILIST: "array"}
    found: dict[RecordType, dict[str, Any]] = {r: {"properties": {}} for r in RecordType}
    for standard in STANDARD:
        found[standard.record]["properties"].update({key: {} for key in standard.ids})
    for number, custom in enumerate(CUSTOM, 1):
        described = {"type": kinds[custom.kind]}
        found[custom.record]["properties"][f"field{number}"] = described
    return found


def to_fix(content: dict[str, Any], schemas: dict[RecordType, dict[str, Any]]) -> list[FieldLine]:
    return [line for line in fields(parse_field_map(content), schemas) if line.to_ask]


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
    lines = list(fields(parse_field_map(all_mapped()), a_tenant()))
    assert {line.state for line in lines} == {FieldState.READY}
    assert len(lines) == len(CUSTOM) + len(STANDARD)
    assert all(line.purpose and line.icims_id and not line.to_ask for line in lines)


def test_a_custom_field_that_is_not_shown_is_named_with_both_its_numbers() -> None:
    schemas = a_tenant()
    del schemas[RecordType.APPLICATIONS]["properties"]["field1"]
    (line,) = to_fix(all_mapped(), schemas)
    assert (line.name, line.state) == ("AI match score", FieldState.MISSING)
    assert "applicant workflow field field1, admin number 2001" in line.to_ask
    assert "create “AI match score” there as a number" in line.to_ask


def test_a_field_of_another_kind_is_asked_for_in_the_right_one() -> None:
    schemas = a_tenant()
    schemas[RecordType.APPLICATIONS]["properties"]["field1"] = {"type": "string"}
    (line,) = to_fix(all_mapped(), schemas)
    assert line.state is FieldState.WRONG_KIND
    assert "“AI match score” as a number" in line.to_ask


def test_a_field_mapped_as_another_kind_than_is_written_is_named() -> None:
    content, schemas = all_mapped(), a_tenant()
    content["fields"]["ai_match_score"]["kind"] = "text"
    schemas[RecordType.APPLICATIONS]["properties"]["field1"] = {"type": "string"}
    assert [line.state for line in to_fix(content, schemas)] == [FieldState.WRONG_KIND]


def test_a_field_that_nobody_mapped_is_asked_for_with_its_kind_and_entries() -> None:
    content = all_mapped()
    del content["fields"]["tags"]
    (line,) = to_fix(content, a_tenant())
    assert (line.state, line.icims_id) == (FieldState.NOT_MAPPED, "")
    assert "multi-select list field “Tags”" in line.to_ask
    assert "High_Match and Needs_Review" in line.to_ask


def test_a_list_without_its_entries_is_named() -> None:
    content = all_mapped()
    content["fields"]["tags"]["nodes"] = {"High_Match": "C1"}
    (line,) = to_fix(content, a_tenant())
    assert line.state is FieldState.NOT_MAPPED
    assert "has the entries Needs_Review" in line.to_ask


def test_a_hidden_standard_field_is_asked_for_by_its_own_name() -> None:
    schemas = a_tenant()
    del schemas[RecordType.PEOPLE]["properties"]["lastname"]
    del schemas[RecordType.APPLICATIONS]["properties"]["assessmentresults"]
    results, name = to_fix(all_mapped(), schemas)
    assert {results.state, name.state} == {FieldState.HIDDEN}
    assert "read access to the standard field lastname of the person" in name.to_ask
    assert "read and write access to the standard field assessmentresults" in results.to_ask


def test_a_field_that_is_mapped_for_nothing_is_listed_too() -> None:
    content = all_mapped()
    content["fields"]["salary"] = {"record": "people", "json_id": "field77", "kind": "number"}
    (line,) = to_fix(content, a_tenant())
    assert (line.name, line.state) == ("salary", FieldState.MISSING)


def test_a_map_of_another_customer_is_named() -> None:
    other = parse_field_map({**GOOD, "customer_id": "99"})
    (sentence,) = problems(other, "4711", {"id": 4711})
    assert "made for customer 99, but this connection is for customer 4711" in sentence


def test_an_answer_for_another_customer_is_named() -> None:
    (sentence,) = problems(parse_field_map(GOOD), "4711", {"id": "4712"})
    assert "iCIMS answers for customer 4712 instead of 4711" in sentence


@pytest.mark.parametrize("part", ["assessment_names", "statuses", "open_folders"])
def test_missing_lists_are_named(part: str) -> None:
    without = {name: value for name, value in GOOD.items() if name != part}
    (sentence,) = problems(parse_field_map(without), "4711", {"id": 4711})
    assert "iCIMS administrator" in sentence


def test_a_schema_without_properties_shows_nothing() -> None:
    assert hidden(["field1"], {}) == {"field1"}
    states = {line.state for line in fields(parse_field_map(all_mapped()), {})}
    assert states == {FieldState.MISSING, FieldState.HIDDEN}
