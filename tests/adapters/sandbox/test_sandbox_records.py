"""Reading: absent, hidden, denied and missing are told apart only as far as iCIMS does."""

import httpx
import pytest

from tests.small_world import (
    ANNA,
    ANNA_APPLICATION,
    HIDDEN,
    KEPT,
    MERGED,
    NORTH,
    RESUME,
    SMALL_JOB,
    SOUTH,
    field_map,
)


def error(answer: httpx.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["errors"][0]["errorCode"]


def test_only_wanted_fields_and_links_come_back(north: httpx.Client) -> None:
    body = north.get(f"/people/{ANNA}", params={"fields": "email,lastname"}).json()
    assert body.keys() == {"email", "lastname", "links"}
    assert body["links"][0]["url"].endswith(f"/customers/4711/people/{ANNA}")


def test_body_has_no_id(north: httpx.Client) -> None:
    assert "id" not in north.get(f"/people/{ANNA}", params={"fields": "id,email"}).json()


def test_empty_hidden_and_unknown_fields_are_equally_absent(north: httpx.Client) -> None:
    asked = {"fields": "middlename,field20001,nonsense"}
    assert north.get(f"/people/{ANNA}", params=asked).json().keys() == {"links"}
    assert not {"middlename", "field20001"} & north.get(f"/people/{ANNA}").json().keys()


def test_denied_is_a_404_with_code_3_and_missing_with_code_2(north: httpx.Client) -> None:
    assert error(north.get(f"/people/{HIDDEN}")) == (404, 3)
    assert error(north.get("/people/999999")) == (404, 2)
    assert error(north.get(f"/people/{2**70}")) == (404, 2)


def test_links_and_dates_are_complete(north: httpx.Client) -> None:
    body = north.get(f"/applicantworkflows/{ANNA_APPLICATION}").json()
    assert body["associatedprofile"]["profile"].startswith("http://127.0.0.1:")
    assert body["associatedprofile"]["profile"].endswith(f"/customers/4711/people/{ANNA}")
    assert body["baseprofile"]["id"] == SMALL_JOB
    assert body["updateddate"] == "2026-03-02 09:00 AM"


def test_pair_of_person_and_job_finds_their_application(north: httpx.Client) -> None:
    found = north.get(f"/applicantworkflows/person/{ANNA}/job/{SMALL_JOB}").json()
    assert found["links"][0]["url"].endswith(f"/applicantworkflows/{ANNA_APPLICATION}")
    assert north.get(f"/applicantworkflows/person/{ANNA}/job/9").status_code == 404


def test_merged_person_stays_readable_and_says_whom_to_follow(north: httpx.Client) -> None:
    assert north.get(f"/people/{MERGED}").json()["firstname"] == f"Merged with {KEPT}"


def test_schema_has_kinds_but_neither_labels_nor_hidden_fields(north: httpx.Client) -> None:
    schema = north.get("/profiledefinitions/v1/submittal/schema").json()
    assert schema["properties"]["field19001"] == {"type": "number"}
    assert not any(NORTH.custom_fields[0].logical in str(v) for v in schema.values())
    person = north.get("/profiledefinitions/v1/person/schema").json()["properties"]
    assert "email" in person
    assert "field20001" not in person
    assert north.get("/profiledefinitions/v1/people/schema").status_code == 404


def test_customer_answers_as_a_health_check(north: httpx.Client) -> None:
    body = north.get("").json()
    assert body.keys() == {"platformUrl", "id", "customerType", "name", "buildVersion"}
    assert (body["id"], body["name"]) == (4711, NORTH.name)


def test_the_two_customers_number_their_fields_differently() -> None:
    one, other = (field_map(customer)["fields"] for customer in ("4711", "4712"))
    assert one.keys() == other.keys()
    assert all(one[name]["json_id"] != other[name]["json_id"] for name in one)
    assert not set(NORTH.statuses.values()) & set(SOUTH.statuses.values())


def test_file_comes_as_bytes_and_as_text(north: httpx.Client) -> None:
    address = north.get(f"/people/{ANNA}", params={"fields": "resume"}).json()["resume"]["file"]
    assert north.get(address).content == RESUME
    assert north.get(address.replace("/binary", "/text")).text == RESUME.decode()


@pytest.mark.parametrize("field", ["resume", "photo", "field20001"])
@pytest.mark.parametrize("form", ["binary", "text"])
def test_field_without_a_file_is_404(north: httpx.Client, field: str, form: str) -> None:
    assert error(north.get(f"/people/{KEPT}/fields/{field}/{form}")) == (404, 2)


def test_page_in_the_user_interface_opens_without_signing_in(north: httpx.Client) -> None:
    page = httpx.get(f"{north.base_url}linkTo/people/{ANNA}")
    assert (page.status_code, "Anna" in page.text) == (200, False)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/people"),
        ("GET", "/jobs"),
        ("GET", "/applicantworkflows"),
        ("GET", f"/applicantworkflows/{ANNA_APPLICATION}/notes"),
        ("POST", f"/applicantworkflows/{ANNA_APPLICATION}/tags"),
        ("POST", f"/people/{ANNA}/emails"),
        ("POST", "/mail"),
        ("GET", "/calendar"),
        ("GET", "/users"),
        ("GET", "/audit"),
        ("PATCH", "/applicantworkflows"),
        ("PATCH", "/people"),
        ("DELETE", f"/people/{ANNA}"),
        ("PUT", f"/people/{ANNA}"),
        ("POST", "/people"),
        ("GET", "/candidates/1"),
    ],
)
def test_nothing_beyond_icims_is_offered(north: httpx.Client, method: str, path: str) -> None:
    assert north.request(method, path, json={}).status_code in (404, 405)


def test_there_is_no_candidates_path(north: httpx.Client) -> None:
    root = str(north.base_url).partition("/customers")[0]
    assert httpx.patch(f"{root}/api/v1/candidates/1", json={"fields": []}).status_code == 404


def test_answers_have_no_etag_and_ignore_conditions(north: httpx.Client) -> None:
    answer = north.get(f"/people/{ANNA}", headers={"if-none-match": "*"})
    assert answer.status_code == 200
    assert "etag" not in answer.headers
