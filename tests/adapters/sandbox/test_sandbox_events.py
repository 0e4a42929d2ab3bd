"""Events: pushed, gzipped, authenticated, and not to be relied on."""

import base64
import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from core.sandbox.icims.events import EventFaults, EventTarget
from core.sandbox.icims.signing import body_matches, signature
from tests.sandbox_server import RunningSandbox, start_sandbox
from tests.small_world import (
    ANNA,
    ANNA_APPLICATION,
    BIG_JOB,
    CLOSED_JOB,
    KEPT,
    NORTH,
    SMALL_JOB,
    SmallWorld,
)

APPLICATION = f"/applicantworkflows/{ANNA_APPLICATION}"


class Receiver(ThreadingHTTPServer):
    """Keeps the headers and bodies of every POST."""

    # A burst comes on many connections at once; the default of five drops some of them.
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Keeper)
        self.received: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/events?from=icims"

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(gzip.decompress(body)) for _, body in self.received]


class Keeper(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.received.append((headers, body))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@contextmanager
def sending(
    receiver: Receiver, auth: str = "hmac", **faults: float
) -> Iterator[tuple[RunningSandbox, httpx.Client]]:
    target = EventTarget(
        customer_id="4711", url=receiver.url, auth=auth, user="icims", key="event-key"
    )
    options = {"event_targets": [target], "event_faults": EventFaults(**faults), "seed": 3}
    with start_sandbox(SmallWorld(), **options) as running, running.client(NORTH) as client:
        yield running, client


def move(client: httpx.Client, *labels: str) -> None:
    for label in labels:
        client.patch(APPLICATION, json={"status": {"id": NORTH.statuses[label]}})


def test_status_change_is_told_in_strings_and_bare_numbers(receiver: Receiver) -> None:
    with sending(receiver) as (sandbox, north):
        move(north, "Interview")
        sandbox.admin.flush_events()
    [event] = receiver.events
    links = event.pop("links")
    assert event == {
        "eventType": "WorkFlowStatusChangeEvent",
        "systemId": str(ANNA_APPLICATION),
        "customerId": "4711",
        "personId": str(ANNA),
        "jobId": str(SMALL_JOB),
        "userId": "1",
        "oldStatus": NORTH.statuses["New"].lstrip("C"),
        "newStatus": NORTH.statuses["Interview"].lstrip("C"),
    }
    assert links[0].keys() == {"rel", "title", "url"}
    assert links[0]["url"] == f"{sandbox.customer('4711')}{APPLICATION}"


def test_new_application_and_posted_job_send_events(receiver: Receiver) -> None:
    with sending(receiver) as (sandbox, north):
        sent = {"baseprofile": SMALL_JOB, "associatedprofile": KEPT, "field19900": "CC-1"}
        north.post("/applicantworkflows", json={**sent, "status": {"id": NORTH.statuses["New"]}})
        sandbox.admin.flush_events()
        for folder in ("D31001", "D31009"):
            north.patch(f"/jobs/{CLOSED_JOB}", json={"folder": {"id": folder}})
            sandbox.admin.flush_events()
    applied, *posted = receiver.events
    assert applied["eventType"] in ("ApplicationCompletedEvent", "AssessmentEvent")
    assert (applied["jobId"], applied["personId"]) == (str(SMALL_JOB), str(KEPT))
    assert [event["eventType"] for event in posted] == ["JobPostToWebEvent", "JobUnpostToWebEvent"]


def test_other_writes_send_no_event(receiver: Receiver) -> None:
    with sending(receiver) as (sandbox, north):
        north.patch(APPLICATION, json={"field19001": 87})
        move(north, "New")
        assert sandbox.admin.flush_events() == []


def test_event_is_signed_with_the_request_scheme(receiver: Receiver) -> None:
    with sending(receiver) as (sandbox, north):
        move(north, "Interview")
        sandbox.admin.flush_events()
    [(headers, body)] = receiver.received
    assert headers["content-encoding"] == "gzip"
    assert body_matches(headers, body)
    signed = ["x-icims-content-sha256", "x-icims-date"]
    proof = signature("event-key", "POST", "/events", "from=icims", headers, signed)
    assert headers["authorization"].endswith(f"signature={proof}")


def test_event_can_come_with_basic_authentication(receiver: Receiver) -> None:
    with sending(receiver, auth="basic") as (sandbox, north):
        move(north, "Interview")
        sandbox.admin.flush_events()
    [(headers, _)] = receiver.received
    assert headers["authorization"] == "Basic " + base64.b64encode(b"icims:event-key").decode()


def new_statuses(receiver: Receiver) -> list[str]:
    labels = {id.lstrip("C"): label for label, id in NORTH.statuses.items()}
    return [labels[event["newStatus"]] for event in receiver.events]


def test_lost_event_never_comes(receiver: Receiver) -> None:
    with sending(receiver, lost=1) as (sandbox, north):
        move(north, "Interview")
        [entry] = sandbox.admin.flush_events()
    assert (entry["fate"], entry["status"]) == ("lost", None)
    assert receiver.events == []


def test_duplicate_event_comes_twice(receiver: Receiver) -> None:
    with sending(receiver, duplicate=1) as (sandbox, north):
        move(north, "Interview")
        sandbox.admin.flush_events()
    assert new_statuses(receiver) == ["Interview"] * 2


def test_late_event_waits_until_it_is_let_go(receiver: Receiver) -> None:
    with sending(receiver, late=1) as (sandbox, north):
        move(north, "Interview")
        assert receiver.events == []
        sandbox.admin.flush_events()
    assert new_statuses(receiver) == ["Interview"]


def test_event_out_of_order_comes_after_the_next(receiver: Receiver) -> None:
    with sending(receiver, out_of_order=1) as (sandbox, north):
        move(north, "Reviewed")
        sandbox.admin.request("PATCH", "events", {})
        move(north, "Interview")
        sandbox.admin.flush_events()
    assert new_statuses(receiver) == ["Interview", "Reviewed"]


def test_fates_are_the_same_for_the_same_seed() -> None:
    labels = ["Reviewed", "Interview"] * 10
    fates = []
    for _ in range(2):
        with Receiver() as nobody, sending(nobody, lost=0.5) as (sandbox, north):
            nobody.server_close()
            move(north, *labels)
            fates.append([e["fate"] for e in sandbox.admin.flush_events()])
    assert sorted(fates[0]) == sorted(fates[1])
    assert set(fates[0]) == {"lost", "sent"}


def test_receiver_that_is_away_loses_the_event_and_nothing_else(receiver: Receiver) -> None:
    with sending(receiver) as (sandbox, north):
        receiver.server_close()
        move(north, "Interview")
        [entry] = sandbox.admin.flush_events()
        assert entry["status"] == 0
        assert north.get(APPLICATION).json()["status"]["value"] == "Interview"


def test_burst_lets_people_apply_who_had_not_and_tells_of_each(receiver: Receiver) -> None:
    burst = {"job": CLOSED_JOB, "applications": 40, "per_second": 10_000}
    with sending(receiver) as (sandbox, north):
        answer = sandbox.admin.request("POST", "customers/4711/burst", burst)
        sandbox.admin.flush_events()
        told = {event["systemId"] for event in receiver.events}
        assert len(told) == len(set(answer["people"])) == 40
        for id in sorted(told)[:3]:
            record = north.get(f"/applicantworkflows/{id}").json()
            assert record["baseprofile"]["id"] == CLOSED_JOB
            assert record["associatedprofile"]["id"] in answer["people"]
            assert record["status"]["value"] == "New"
            assert record["field19900"] == "CC-7"


def test_burst_loses_repeats_and_mixes_as_set(receiver: Receiver) -> None:
    burst = {"job": CLOSED_JOB, "applications": 60, "per_second": 10_000}
    with sending(receiver, lost=0.3, duplicate=0.3, out_of_order=0.2) as (sandbox, _):
        sandbox.admin.request("POST", "customers/4711/burst", burst)
        fates = [entry["fate"] for entry in sandbox.admin.flush_events()]
    assert {"lost", "duplicate", "out_of_order", "sent"} == set(fates)
    assert len(receiver.events) == len(fates) - fates.count("lost")


def test_burst_of_more_people_than_there_are_is_refused(receiver: Receiver) -> None:
    burst = {"job": BIG_JOB, "applications": 9_000, "per_second": 10}
    with sending(receiver) as (sandbox, _), pytest.raises(httpx.HTTPStatusError):
        sandbox.admin.request("POST", "customers/4711/burst", burst)
