"""iForms and offers."""

from typing import Any

import httpx
import pytest

from tests.small_world import ANNA, ANNA_APPLICATION, SMALL_JOB

FORM = "/forms/Interview feedback"
FILLED: dict[str, Any] = {"person": {"id": ANNA}, "rating": 3, "comments": "Calm under pressure."}


def test_forms_are_named_and_described(north: httpx.Client) -> None:
    assert north.get("/forms").json() == {"forms": [{"name": "Interview feedback"}]}
    described = north.get(f"{FORM}/meta").json()["fields"]
    assert {"name": "rating", "type": "number"} in described
    assert north.get("/forms/Nonsense/meta").status_code == 404


def test_forms_are_found_by_search_and_read_like_records(north: httpx.Client) -> None:
    query = {"filters": [{"name": "form.person.id", "value": [str(ANNA)], "operator": "="}]}
    [found] = north.post("/search/forms", json=query).json()["searchResults"]
    form = north.get(found["self"]).json()
    assert (form["formname"], form["rating"]) == ("Interview feedback", 4)
    assert form["job"]["profile"].endswith(f"/customers/4711/jobs/{SMALL_JOB}")


def test_form_is_submitted_and_changed(north: httpx.Client) -> None:
    about = {"job": {"id": SMALL_JOB}, "applicantworkflow": {"id": ANNA_APPLICATION}}
    answer = north.post(FORM, json={**FILLED, **about})
    address = answer.headers["location"]
    assert answer.status_code == 201
    assert north.put(address, json={"rating": 5}).is_success
    form = north.get(address).json()
    assert (form["rating"], form["comments"]) == (5, "Calm under pressure.")
    assert form["applicantworkflow"]["id"] == ANNA_APPLICATION


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"person": None}, 400),
        ({"person": {"id": 9}}, 404),
        ({"rating": "good"}, 400),
        ({"mood": "fine"}, 400),
    ],
)
def test_form_that_does_not_fit_is_refused(
    north: httpx.Client, change: dict[str, Any], status: int
) -> None:
    assert north.post(FORM, json={**FILLED, **change}).status_code == status


def test_offers_come_by_page_without_a_total(north: httpx.Client) -> None:
    asked = {"page": 1, "pageSize": 10, "sort": "desc"}
    answer = north.post("/offer/search", json=asked).json()
    assert answer.keys() == {"page", "pageSize", "offers"}
    assert [(o["offerId"], o["status"]) for o in answer["offers"]] == [(8501, "Draft")]
    assert north.post("/offer/search", json={**asked, "page": 2}).json()["offers"] == []
    assert north.post("/offer/search", json={**asked, "pageSize": 0}).status_code == 400


def test_offer_letter_is_a_pdf_once_it_exists(north: httpx.Client) -> None:
    letter = north.get("/offer/document", params={"offerId": 8501, "signed": "false"})
    assert letter.headers["content-type"] == "application/pdf"
    unsigned = north.get("/offer/document", params={"offerId": 8501, "signed": "true"})
    unknown = north.get("/offer/document", params={"offerId": 1})
    assert (unsigned.status_code, unknown.status_code) == (404, 404)
