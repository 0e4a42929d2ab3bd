"""What an event says, however it says it: which record to read, in digits, and whose."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.domain.events import AtsEvent, EventKind
from core.domain.ids import TenantId
from core.errors import InvalidInput
from core.icims.events import read_event

OURS = TenantId("4711")
STATUS = "WorkFlowStatusChangeEvent"
BASE = "https://api.icims.com/customers/4711"


def read(**event: Any) -> AtsEvent:
    return read_event(json.dumps(event).encode(), OURS)


def links(*urls: str) -> list[dict[str, str]]:
    return [{"rel": "self", "title": "Record", "url": url} for url in urls]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (STATUS, EventKind.STAGE_CHANGED),
        ("ApplicationCompletedEvent", EventKind.APPLICATION_COMPLETED),
        ("AssessmentEvent", EventKind.APPLICATION_COMPLETED),
        ("JobPostToWebEvent", EventKind.JOB_POSTED),
        ("JobUnpostToWebEvent", EventKind.JOB_UNPOSTED),
        ("JobEditEvent", EventKind.JOB_EDITED),
        ("JobUpdatedEvent", EventKind.JOB_EDITED),
        ("OnboardingStartedEvent", EventKind.UNKNOWN),
        ("", EventKind.UNKNOWN),
    ],
)
def test_every_kind_is_told_by_its_name_and_an_unforeseen_one_is_unknown(
    name: str, kind: EventKind
) -> None:
    assert read(eventType=name, systemId="7001", customerId="4711").kind is kind


def test_links_are_trusted_before_the_flat_ids() -> None:
    told = read(
        eventType=STATUS,
        systemId="1",
        personId="2",
        jobId="3",
        links=links(
            f"{BASE}/applicantworkflows/7001", f"{BASE}/people/2101/", f"{BASE}/jobs/102?fields=a"
        ),
    )
    assert (told.application, told.person, told.requisition) == ("7001", "2101", "102")


def test_without_links_the_system_id_is_the_application() -> None:
    assert read(eventType=STATUS, systemId="7001", customerId="4711").application == "7001"


def test_person_and_job_are_enough_to_look_an_application_up() -> None:
    told = read(eventType=STATUS, personId="2101", jobId="102")
    assert (told.application, told.person, told.requisition) == (None, "2101", "102")


def test_the_system_id_of_a_job_event_is_a_job() -> None:
    told = read(eventType="JobEditEvent", systemId="102", jobId="9")
    assert (told.requisition, told.application) == ("102", None)


def test_unknown_event_tells_of_no_application() -> None:
    told = read(eventType="NewThing", links=links(f"{BASE}/applicantworkflows/7001"))
    assert told.application is None


def test_another_customers_event_is_refused_wherever_it_says_so() -> None:
    with pytest.raises(InvalidInput, match="another customer"):
        read(eventType=STATUS, systemId="7001", customerId="4712")
    with pytest.raises(InvalidInput, match="another customer"):
        read(eventType=STATUS, customerId="4711", links=links(f"{BASE}2/people/1"))


@pytest.mark.parametrize("id", ["", "7001; DROP", "-1", "0", "٧", "7" * 20, "1e3", None, True, []])
def test_what_is_no_number_is_no_id(id: object) -> None:
    with pytest.raises(InvalidInput, match="names no application"):
        read(eventType=STATUS, systemId=id, customerId="4711")


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'"x"', b"{", b"\xff\xfe{}", b'{"a":' * 5_000, b"[" * 200_000],
)
def test_what_is_no_json_object_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_event(body, OURS)


def test_deep_nesting_is_refused() -> None:
    deep: object = "end"
    for _ in range(25):
        deep = [deep]
    with pytest.raises(InvalidInput, match="nested too deeply"):
        read(eventType=STATUS, systemId="1", more=deep)


_json = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner),
    max_leaves=8,
)
_names = some.sampled_from([STATUS, "AssessmentEvent", "JobEditEvent", "New"]) | some.text()
_urls = some.sampled_from([f"{BASE}/jobs/1", f"{BASE}/people/x", "http://["]) | some.text()
_events = some.fixed_dictionaries(
    {},
    optional={
        "eventType": _names | _json,
        "systemId": some.from_regex(r"\d+", fullmatch=True) | _json,
        "personId": some.text(alphabet="0123456789 \n-") | _json,
        "jobId": some.text(alphabet="0123456789٣") | _json,
        "customerId": some.sampled_from(["4711", "4712", ""]) | _json,
        "links": some.lists(some.fixed_dictionaries({"url": _urls}) | _json) | _json,
    },
)


@given(_events.map(json.dumps).map(str.encode) | some.binary())
def test_any_body_is_an_event_with_ids_of_digits_or_our_error(body: bytes) -> None:
    try:
        told = read_event(body, OURS)
    except InvalidInput:
        return
    assert told.tenant == OURS
    for id in (told.application, told.requisition, told.person):
        assert id is None or (id.isascii() and id.isdigit() and int(id) < 10**19)
