"""Writing: what is accepted, what it changes, and what a success does not prove."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.sandbox_server import HandClock, RunningSandbox
from tests.small_world import (
    ANNA,
    ANNA_APPLICATION,
    INCOMPLETE,
    INCOMPLETE_APPLICATION,
    KEPT,
    NORTH,
    SMALL_JOB,
)

APPLICATION = f"/applicantworkflows/{ANNA_APPLICATION}"
RESULTS = f"{APPLICATION}/fields/assessmentresults"
ENTRY = {
    "assessmentname": {"id": NORTH.assessment_names["Recruiter copilot"]},
    "assessmentdate": "2026-03-10",
    "assessmentscore": 87.5,
    "assessmentresult": "87 of 100",
    "assessmentnotes": "Forklift licence shown. [copilot:1]",
}


def fields(client: httpx.Client, *names: str, path: str = APPLICATION) -> dict[str, Any]:
    body: dict[str, Any] = client.get(path, params={"fields": ",".join(names)}).json()
    body.pop("links")
    return body


def x_error(answer: httpx.Response) -> tuple[int, int, str]:
    code = answer.json()["errors"][0]["errorCode"]
    return answer.status_code, code, answer.headers["x-error"]


def test_patch_changes_only_what_it_names(north: httpx.Client, clock: HandClock) -> None:
    before = north.get(APPLICATION).json()
    answer = north.patch(APPLICATION, json={"field19001": 87, "field19004": "[]"})
    after = north.get(APPLICATION).json()
    assert (answer.status_code, answer.content) == (204, b"")
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"field19001", "field19004", "updateddate"}
    assert after["updateddate"] == clock().strftime("%Y-%m-%d %I:%M %p")


@pytest.mark.parametrize("nothing", [None, ""])
def test_null_or_empty_clears_a_field(north: httpx.Client, nothing: object) -> None:
    north.patch(APPLICATION, json={"field19004": "text"})
    north.patch(APPLICATION, json={"field19004": nothing})
    assert fields(north, "field19004") == {}


def test_list_values_are_written_by_id_and_read_with_their_label(north: httpx.Client) -> None:
    north.patch(APPLICATION, json={"field19010": [{"id": "C51001"}, {"id": "C51002"}]})
    tags = fields(north, "field19010")["field19010"]
    assert [(t["id"], t["value"]) for t in tags] == [
        ("C51001", "High_Match"),
        ("C51002", "Needs_Review"),
    ]


@pytest.mark.parametrize(
    "payload",
    [
        {"field19001": "87"},
        {"field19001": True},
        {"field19004": 3},
        {"field19010": {"id": "C51001"}},
        {"field19010": [{"id": "C1"}]},
        {"status": "New"},
        {"status": {"id": "C1"}},
        {"status": None},
        {"field99999": "x"},
        {"ai_match_score": 87},
        {"updateddate": "2026-03-10"},
        {"baseprofile": {"id": 7}},
        {"assessmentresults": []},
        {"fields": [{"id": "field19001", "value": 87}]},
    ],
)
def test_value_that_does_not_fit_its_field_is_refused(
    sandbox: RunningSandbox, north: httpx.Client, payload: dict[str, Any]
) -> None:
    status, code, named = x_error(north.patch(APPLICATION, json=payload))
    assert (status, code) == (400, 1)
    assert named.startswith(f"1:{next(iter(payload))}:")
    assert sandbox.admin.journal() == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"3", b"\xff"])
def test_body_that_is_no_object_is_refused(north: httpx.Client, body: bytes) -> None:
    assert north.patch(APPLICATION, content=body).status_code == 400


def test_any_write_fails_while_a_required_field_is_empty(north: httpx.Client) -> None:
    record = f"/applicantworkflows/{INCOMPLETE_APPLICATION}"
    entry = north.post(f"{record}/fields/assessmentresults", json=ENTRY)
    for refused in (north.patch(record, json={"field19001": 1}), entry):
        assert x_error(refused) == (400, 1, "1:field19900:required")
    both = {"field19001": 1, "field19900": "CC-1"}
    assert north.patch(record, json=both).status_code == 204
    person = north.patch(f"/people/{INCOMPLETE}", json={"email": "i@example.com"})
    assert x_error(person) == (400, 1, "1:lastname:required")


def test_denied_record_cannot_be_written(north: httpx.Client) -> None:
    assert north.patch("/people/2104", json={"email": "x@example.com"}).status_code == 404


def test_hidden_field_cannot_be_written(north: httpx.Client) -> None:
    assert north.patch(f"/people/{ANNA}", json={"field20001": 1}).status_code == 400


def test_new_status_goes_into_the_log_newest_first(north: httpx.Client, clock: HandClock) -> None:
    for label in ("Reviewed", "Interview"):
        clock.forward(minutes=1)
        north.patch(APPLICATION, json={"status": {"id": NORTH.statuses[label]}})
    log = north.get(f"{APPLICATION}/submittalstatuslog").json()["submittalstatuslog"]
    assert [entry["status"]["value"] for entry in log] == ["Interview", "Reviewed", "New"]
    assert log[0]["updatedDate"] == clock().strftime("%Y-%m-%d %I:%M %p")
    assert fields(north, "status")["status"]["id"] == NORTH.statuses["Interview"]


def test_status_log_keeps_the_newest_100(north: httpx.Client) -> None:
    ids = [NORTH.statuses[label] for label in ("Reviewed", "Interview")]
    for turn in range(101):
        north.patch(APPLICATION, json={"status": {"id": ids[turn % 2]}})
    log = north.get(f"{APPLICATION}/submittalstatuslog").json()["submittalstatuslog"]
    assert len(log) == 100
    assert log[-1]["status"]["id"] == ids[1]


def test_same_status_again_is_not_logged(north: httpx.Client) -> None:
    north.patch(APPLICATION, json={"status": {"id": NORTH.statuses["New"]}})
    log = north.get(f"{APPLICATION}/submittalstatuslog").json()["submittalstatuslog"]
    assert len(log) == 1


def test_new_entry_is_answered_with_its_address(north: httpx.Client) -> None:
    answer = north.post(RESULTS, json=ENTRY)
    assert (answer.status_code, answer.content) == (201, b"")
    assert answer.headers["location"].endswith(f"/customers/4711{RESULTS}/1")
    [stored] = fields(north, "assessmentresults")["assessmentresults"]
    assert stored["entry"] == 1
    assert stored["assessmentname"]["value"] == "Recruiter copilot"
    assert stored["assessmentscore"] == 87.5


def test_duplicate_entry_is_a_success_that_changes_nothing(
    sandbox: RunningSandbox, north: httpx.Client
) -> None:
    north.post(RESULTS, json=ENTRY)
    before = north.get(APPLICATION).json()
    assert north.post(RESULTS, json=ENTRY).is_success
    assert north.get(APPLICATION).json() == before
    assert [w["effect"] for w in sandbox.admin.journal()] == ["added", "duplicate"]


def test_slightly_different_entry_is_a_second_one(north: httpx.Client) -> None:
    north.post(RESULTS, json=ENTRY)
    answer = north.post(RESULTS, json={**ENTRY, "assessmentnotes": "Other."})
    assert answer.headers["location"].endswith("/2")


def test_entry_is_changed_at_its_address(north: httpx.Client) -> None:
    address = north.post(RESULTS, json=ENTRY).headers["location"]
    assert north.patch(address, json={"assessmentscore": 90}).is_success
    [stored] = fields(north, "assessmentresults")["assessmentresults"]
    assert (stored["assessmentscore"], stored["assessmentresult"]) == (90, "87 of 100")
    assert north.patch(f"{RESULTS}/9", json={"assessmentscore": 1}).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"assessmentresult": "x" * 129},
        {"assessmentnotes": "x" * 193},
        {"assessmentname": {"id": "C1"}},
        {"assessmentname": "Recruiter copilot"},
        {"assessmentscore": "87"},
        {"assessmentdate": "10.03.2026"},
        {"score": 1},
    ],
)
def test_entry_that_does_not_fit_is_refused(north: httpx.Client, change: dict[str, Any]) -> None:
    assert x_error(north.post(RESULTS, json={**ENTRY, **change}))[:2] == (400, 1)


def test_only_collections_take_entries(north: httpx.Client) -> None:
    assert north.post(f"{APPLICATION}/fields/field19004", json={}).status_code == 404


def test_uploaded_file_replaces_the_old_one(north: httpx.Client) -> None:
    path = f"/people/{ANNA}/fields/resume/binary"
    sent = {"file": ("new résumé.txt", b"Seven years of night shifts.", "text/plain")}
    assert north.patch(path, files=sent).is_success
    assert north.get(path).content == b"Seven years of night shifts."
    resume = fields(north, "resume", path=f"/people/{ANNA}")["resume"]
    assert resume["filename"] == "new résumé.txt"
    assert resume["file"].endswith("/binary")


def test_only_file_fields_take_files(north: httpx.Client) -> None:
    sent = {"file": ("x.txt", b"x", "text/plain")}
    assert north.patch(f"/people/{ANNA}/fields/email/binary", files=sent).status_code == 400
    assert north.patch(f"/people/{ANNA}/fields/resume/binary", json={}).status_code == 400


def test_application_is_created_with_both_profiles_and_a_status(
    north: httpx.Client, clock: HandClock
) -> None:
    sent = {"baseprofile": SMALL_JOB, "associatedprofile": {"id": KEPT}, "field19900": "CC-1"}
    sent |= {"status": {"id": NORTH.statuses["New"]}, "source": {"id": "D7"}}
    answer = north.post("/applicantworkflows", json=sent)
    assert (answer.status_code, answer.content) == (201, b"")
    made = north.get(answer.headers["location"]).json()
    assert (made["baseprofile"]["id"], made["associatedprofile"]["id"]) == (SMALL_JOB, KEPT)
    assert made["associatedprofile"]["value"] == "Kofi Mensah"
    assert made["updateddate"] == clock().strftime("%Y-%m-%d %I:%M %p")


@pytest.mark.parametrize("lacking", ["baseprofile", "associatedprofile", "status", "field19900"])
def test_incomplete_application_is_refused(north: httpx.Client, lacking: str) -> None:
    sent: dict[str, Any] = {"baseprofile": SMALL_JOB, "associatedprofile": KEPT}
    sent |= {"status": {"id": NORTH.statuses["New"]}, "field19900": "CC-1"}
    del sent[lacking]
    assert x_error(north.post("/applicantworkflows", json=sent))[:2] == (400, 1)


def test_writes_at_the_same_time_lose_nothing(sandbox: RunningSandbox, north: httpx.Client) -> None:
    def write(number: int) -> None:
        north.post(RESULTS, json={**ENTRY, "assessmentscore": number}).raise_for_status()
        north.patch(APPLICATION, json={f"field{19001 + 3 * (number % 2)}": None})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    stored = fields(north, "assessmentresults")["assessmentresults"]
    assert sorted(entry["assessmentscore"] for entry in stored) == list(range(40))
    assert [entry["entry"] for entry in stored] == list(range(1, 41))


def test_journal_tells_every_applied_write_in_order(
    sandbox: RunningSandbox, north: httpx.Client
) -> None:
    north.patch(APPLICATION, json={"field19001": 1})
    north.post(RESULTS, json=ENTRY)
    north.get(APPLICATION)
    first, second = sandbox.admin.journal()
    assert (first["method"], first["id"], first["body"]) == (
        "PATCH",
        ANNA_APPLICATION,
        {"field19001": 1},
    )
    assert (second["effect"], second["path"]) == ("added", f"/customers/4711{RESULTS}")


def test_somebody_elses_edit_shows_and_is_not_counted(
    sandbox: RunningSandbox, north: httpx.Client, clock: HandClock
) -> None:
    clock.forward(minutes=1)
    moved = {"status": {"id": NORTH.statuses["Offer"]}}
    sandbox.admin.edit("4711", "applicantworkflows", ANNA_APPLICATION, moved)
    assert sandbox.admin.requests("4711") == 0
    assert fields(north, "status")["status"]["value"] == "Offer"


def test_reset_brings_the_world_back(sandbox: RunningSandbox, north: httpx.Client) -> None:
    before = north.get(APPLICATION).json()
    north.patch(APPLICATION, json={"field19001": 1})
    sandbox.admin.reset()
    assert north.get(APPLICATION).json() == before
    assert sandbox.admin.journal() == []
