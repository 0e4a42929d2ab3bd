"""Search: the only way to ids, capped, cached, and forgiving in the wrong places."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox_server import HandClock, RunningSandbox
from tests.small_world import (
    ANNA,
    ANNA_APPLICATION,
    BIG_JOB,
    BIG_JOB_APPLICATIONS,
    CLOSED_JOB,
    HIDDEN,
    HIDDEN_APPLICATION,
    INCOMPLETE_APPLICATION,
    MERGED_APPLICATION,
    NORTH,
    SMALL_JOB,
    SOUTH,
)

SMALL_JOB_APPLICATIONS = [
    ANNA_APPLICATION,
    MERGED_APPLICATION,
    HIDDEN_APPLICATION,
    INCOMPLETE_APPLICATION,
]


def where(name: str, operator: str, *value: object) -> dict[str, Any]:
    return {"name": name, "operator": operator, "value": [str(v) for v in value]}


def every(*filters: dict[str, Any]) -> dict[str, Any]:
    return {"filters": list(filters), "operator": "&"}


def search(
    client: httpx.Client, query: object, record_type: str = "applicantworkflows", **params: str
) -> list[int]:
    answer = client.post(f"/search/{record_type}", json=query, params=params)
    assert answer.status_code == 200, answer.text
    return [hit["id"] for hit in answer.json()["searchResults"]]


def live(client: httpx.Client, *filters: dict[str, Any], **more: str) -> list[int]:
    return search(client, every(*filters), staleness="0", **more)


OF_BIG_JOB = where("applicantworkflow.job.id", "=", BIG_JOB)
OF_SMALL_JOB = where("applicantworkflow.job.id", "=", SMALL_JOB)


def test_result_is_capped_at_1000_and_paged_by_id(north: httpx.Client) -> None:
    first = live(north, OF_BIG_JOB)
    rest = live(north, OF_BIG_JOB, where("applicantworkflow.id", ">", first[-1]))
    assert (len(first), len(rest)) == (1_000, BIG_JOB_APPLICATIONS - 1_000)
    assert first + rest == sorted({*first, *rest})


def test_answer_holds_ids_and_addresses_and_no_total(north: httpx.Client) -> None:
    answer = north.post("/search/jobs", json=every(where("job.id", "=", SMALL_JOB))).json()
    address = f"{str(north.base_url).rstrip('/')}/jobs/{SMALL_JOB}"
    assert answer == {"searchResults": [{"id": SMALL_JOB, "self": address}]}


def test_get_and_post_search_alike(north: httpx.Client) -> None:
    query = every(OF_SMALL_JOB)
    got = north.get("/search/applicantworkflows", params={"searchJson": json.dumps(query)})
    assert got.json() == north.post("/search/applicantworkflows", json=query).json()


@pytest.mark.parametrize(
    "query",
    [{}, {"filters": []}, {"filters": [], "children": [{"filters": []}]}, [], {"operator": "&"}],
)
def test_at_least_one_filter_is_mandatory(north: httpx.Client, query: object) -> None:
    assert north.post("/search/people", json=query).status_code == 400


def test_results_are_up_to_15_minutes_old_unless_staleness_is_0(
    sandbox: RunningSandbox, north: httpx.Client, clock: HandClock
) -> None:
    new = NORTH.statuses["Interview"]
    query = every(where("applicantworkflow.status", "=", new))
    assert search(north, query) == []
    north.patch(f"/applicantworkflows/{ANNA_APPLICATION}", json={"status": {"id": new}})
    clock.forward(minutes=14)
    assert search(north, query) == []
    assert search(north, query, staleness="0") == [ANNA_APPLICATION]
    assert search(north, query) == []
    clock.forward(minutes=1)
    assert search(north, query) == [ANNA_APPLICATION]


def test_one_customer_never_sees_anothers_results(north: httpx.Client, south: httpx.Client) -> None:
    query = every(OF_SMALL_JOB)
    assert search(north, query) == SMALL_JOB_APPLICATIONS
    assert search(south, query) == [ANNA_APPLICATION]


@pytest.mark.parametrize("date", ["02.03.2026", "2026-3-2", "2026-02-30", "2026-03-02 14:00", ""])
def test_malformed_date_is_silently_ignored(north: httpx.Client, date: str) -> None:
    filters = [OF_SMALL_JOB, where("applicantworkflow.updateddate", ">=", date)]
    assert live(north, *filters) == SMALL_JOB_APPLICATIONS
    assert len(live(north, filters[1])) == 1_000


@pytest.mark.parametrize(
    ("operator", "date", "found"),
    [
        (">=", "2026-03-02", 60),
        (">", "2026-03-02", 0),
        ("<", "2026-03-02", 0),
        ("<=", "2026-03-02", 60),
        ("=", "2026-03-02", 60),
        (">=", "2026-03-02 09:50 AM", 10),
        (">", "2026-03-02 09:50 AM", 9),
        ("<", "2026-03-02 09:50 AM", 50),
        ("<=", "2026-03-02 09:50 AM", 51),
        ("=", "2026-03-02 09:50 AM", 1),
        ("!=", "2026-03-02 09:50 AM", 59),
        (">", "2026-03-02 01:00 PM", 0),
    ],
)
def test_dates_compare_as_the_day_or_minute_they_name(
    north: httpx.Client, operator: str, date: str, found: int
) -> None:
    first_hour = where("applicantworkflow.id", "<", 5_060)
    moved = where("applicantworkflow.updateddate", operator, date)
    assert len(live(north, OF_BIG_JOB, first_hour, moved)) == found


def test_unknown_list_node_finds_nothing(north: httpx.Client) -> None:
    assert live(north, where("applicantworkflow.status", "=", "C1")) == []
    assert search(north, every(where("job.folder", "=", "D31009")), "jobs") == [CLOSED_JOB]


@pytest.mark.parametrize(
    ("operator", "email", "found"),
    [
        ("==", "anna.berg@example.com", [ANNA]),
        ("==", "anna.berg", []),
        ("=", "ANNA.berg", [ANNA]),
        ("=", "nobody", []),
    ],
)
def test_single_equals_contains_on_text_and_double_is_exact(
    north: httpx.Client, operator: str, email: str, found: list[int]
) -> None:
    query = every(where("person.email", operator, email))
    assert search(north, query, "people", staleness="0") == found


def test_groups_nest(north: httpx.Client) -> None:
    either = {
        "operator": "|",
        "filters": [where("applicantworkflow.person.id", "=", ANNA)],
        "children": [every(OF_BIG_JOB, where("applicantworkflow.id", "<=", 5_001))],
    }
    assert search(north, either) == [5_000, 5_001, ANNA_APPLICATION]
    both = {**every(where("applicantworkflow.id", ">", 5_000)), "children": [either]}
    assert search(north, both) == [5_001, ANNA_APPLICATION]


def test_several_values_mean_any_of_them(north: httpx.Client) -> None:
    assert live(north, where("applicantworkflow.id", "=", 5_003, 5_001, 1)) == [5_001, 5_003]
    others = where("applicantworkflow.id", "!=", *SMALL_JOB_APPLICATIONS[1:])
    assert live(north, OF_SMALL_JOB, others) == [ANNA_APPLICATION]


def custom(logical: str, kind: str) -> tuple[str, str]:
    field = next(f for f in NORTH.custom_fields if f.logical == logical)
    return field.json_id, f"applicantworkflow.customfield{field.search_number}.{kind}"


def test_custom_fields_are_searched_by_their_other_number(north: httpx.Client) -> None:
    score, score_filter = custom("ai_match_score", "number")
    tags, tags_filter = custom("tags", "listnode")
    note, note_filter = custom("private_note", "text")
    values = {score: 87, tags: [{"id": "C51001"}, {"id": "C51002"}], note: "Call on Monday"}
    north.patch(f"/applicantworkflows/{ANNA_APPLICATION}", json=values)
    assert live(north, where(score_filter, ">=", 87)) == [ANNA_APPLICATION]
    assert live(north, where(score_filter, ">", 87)) == []
    assert live(north, where(tags_filter, "=", "C51002")) == [ANNA_APPLICATION]
    assert live(north, where(note_filter, "=", "monday")) == [ANNA_APPLICATION]
    assert live(north, where(note_filter, "==", "Monday")) == []
    unscored = live(north, OF_SMALL_JOB, where(score_filter, "!=", 87))
    assert unscored == SMALL_JOB_APPLICATIONS[1:]


@pytest.mark.parametrize(
    "name",
    [
        "applicantworkflow.customfield301.text",
        "applicantworkflow.customfield9.number",
        "applicantworkflow.field19001",
        "person.email",
        "job.id",
        "applicantworkflow.name",
    ],
)
def test_filter_that_does_not_exist_is_refused(north: httpx.Client, name: str) -> None:
    query = every(where(name, "=", 1))
    assert north.post("/search/applicantworkflows", json=query).status_code == 400


def test_hidden_field_cannot_be_searched(north: httpx.Client) -> None:
    query = every(where("person.customfield12.number", ">", 0))
    assert north.post("/search/people", json=query).status_code == 400


def test_hidden_record_is_not_found(north: httpx.Client) -> None:
    assert search(north, every(where("person.id", "=", ANNA, HIDDEN)), "people") == [ANNA]


def test_unknown_type_is_404(north: httpx.Client) -> None:
    query = every(where("candidate.id", "=", 1))
    assert north.post("/search/candidates", json=query).status_code == 404


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
NAMES = st.sampled_from(
    ["applicantworkflow.id", "applicantworkflow.status", "applicantworkflow.updateddate", "x"]
)
OPERATORS = st.sampled_from(["=", "==", "!=", "!==", "<", ">", "<=", ">=", "~", ""])
FILTERS = st.fixed_dictionaries(
    {"name": NAMES | PLAIN, "operator": OPERATORS | PLAIN, "value": st.lists(PLAIN) | PLAIN}
)
GROUPS = st.recursive(
    PLAIN | FILTERS,
    lambda inner: st.fixed_dictionaries(
        {"filters": st.lists(FILTERS | inner, max_size=3) | inner},
        optional={"children": st.lists(inner, max_size=2) | inner, "operator": PLAIN},
    ),
    max_leaves=8,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=GROUPS)
def test_no_search_body_breaks_the_server(shared_sandbox: RunningSandbox, query: object) -> None:
    shared_sandbox.admin.leave_quota(SOUTH.customer_id, 1_000)
    with shared_sandbox.client(SOUTH) as south:
        answer = south.post("/search/applicantworkflows", content=json.dumps(query))
    assert answer.status_code in (200, 400)
