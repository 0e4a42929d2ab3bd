"""What iCIMS and a monitor meet: events kept or refused in words, health, numbers without names."""

import asyncio
import gzip
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from core.bootstrap import App
from core.errors import InvalidInput, StoreUnavailable
from core.gateway import create_gateway
from core.gateway.bodies import Limits
from core.gateway.group_commit import GroupCommit
from core.sandbox.icims.signing import signed_headers
from core.services.ingest import Told
from core.settings import Settings
from tests.store_bench import SECRET, application, fresh_sqlite

EVENTS = "/icims/events"
USER, KEY = "icims", "a secret of both"
JSON = {"content-type": "application/json"}
AUTH = (USER, KEY)


def app_on(url: str, **events: Any) -> App:
    return App(
        Settings(icims_customer_id="4711", secret_key=SecretStr(SECRET), database_url=url, **events)
    )


def sent_with(auth: str) -> dict[str, Any]:
    return {"events_auth": auth, "events_user": USER, "events_secret": SecretStr(KEY)}


@contextmanager
def gateway(folder: Path, auth: str = "basic", **more: Any) -> Iterator[tuple[App, TestClient]]:
    made = app_on(fresh_sqlite(folder), **sent_with(auth))
    with TestClient(create_gateway(made, **more)) as client:
        yield made, client
    made.close()


@pytest.fixture
def open_door(tmp_path: Path) -> Iterator[tuple[App, TestClient]]:
    with gateway(tmp_path) as opened:
        yield opened


@pytest.fixture
def app(open_door: tuple[App, TestClient]) -> App:
    return open_door[0]


@pytest.fixture
def client(open_door: tuple[App, TestClient]) -> TestClient:
    return open_door[1]


def event(id: int = 7001, kind: str = "WorkFlowStatusChangeEvent", **more: str) -> bytes:
    return json.dumps({"eventType": kind, "systemId": str(id), **more}).encode()


def post(client: TestClient, body: bytes, **headers: str) -> Any:
    return client.post(EVENTS, content=body, headers={**JSON, **headers}, auth=AUTH)


def signed(body: bytes, app: App) -> Mapping[str, str]:
    return {**JSON, **signed_headers(USER, KEY, EVENTS, "", body, app.clock.now())}


def kept(app: App) -> tuple[Sequence[str | None], int]:
    """Applications that events told of, and how many jobs wait."""
    with app.store.unit_of_work() as uow:
        return [e.event.application for e in uow.events.recent(99)], uow.jobs.pending()


# --- Events ------------------------------------------------------------------------------------


def test_event_is_kept_with_its_work_and_its_words(app: App, client: TestClient) -> None:
    answer = post(client, event())
    assert (answer.status_code, answer.json()) == (200, {"status": "kept"})
    assert kept(app) == (["7001"], 1)
    with app.store.unit_of_work() as uow:
        assert uow.events.body(uow.events.recent(1)[0].id) == event()


def test_gzipped_event_is_kept_unpacked(app: App, client: TestClient) -> None:
    answer = post(client, gzip.compress(event(), mtime=0), **{"content-encoding": "gzip"})
    assert answer.status_code == 200
    with app.store.unit_of_work() as uow:
        assert uow.events.body(uow.events.recent(1)[0].id) == event()


def test_kind_nobody_foresaw_is_kept_counted_and_starts_nothing(
    app: App, client: TestClient
) -> None:
    assert post(client, event(kind="SomethingNew")).status_code == 200
    assert kept(app) == ([None], 0)
    assert 'copilot_events_total{kind="unknown"} 1.0' in client.get("/metrics").text


def test_replayed_signature_is_here_already_and_starts_nothing(tmp_path: Path) -> None:
    with gateway(tmp_path, "hmac") as (app, client):
        headers = signed(event(), app)
        answers = [client.post(EVENTS, content=event(), headers=headers) for _ in range(2)]
        assert [a.status_code for a in answers] == [200, 200]
        assert answers[1].json() == {"status": "already here"}
        assert kept(app) == (["7001"], 1)
        assert "copilot_events_repeated_total 1.0" in client.get("/metrics").text


def test_repetition_without_a_signature_is_one_piece_of_work(app: App, client: TestClient) -> None:
    assert [post(client, event()).json()["status"] for _ in range(2)] == ["kept", "kept"]
    assert kept(app) == (["7001", "7001"], 1)


def test_token_is_handed_out_for_the_secret_and_lets_events_in(tmp_path: Path) -> None:
    form = {"grant_type": "client_credentials", "client_id": USER, "client_secret": KEY}
    with gateway(tmp_path, "oauth") as (app, client):
        answer = client.post("/oauth/token", data=form)
        assert answer.headers["cache-control"] == "no-store"
        token = answer.json()
        assert token["token_type"] == "Bearer"
        headers = {**JSON, "authorization": f"Bearer {token['access_token']}"}
        assert client.post(EVENTS, content=event(), headers=headers).status_code == 200
        assert kept(app) == (["7001"], 1)
        by_header = client.post(
            "/oauth/token", data={"grant_type": "client_credentials"}, auth=AUTH
        )
        assert by_header.status_code == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"client_secret": "wrong"}, 401),
        ({"client_id": "somebody"}, 401),
        ({"grant_type": "password"}, 400),
        ({"client_id": "x" * 20_000}, 413),
    ],
)
def test_no_token_for_anybody_else(tmp_path: Path, change: dict[str, str], status: int) -> None:
    form = {"grant_type": "client_credentials", "client_id": USER, "client_secret": KEY}
    with gateway(tmp_path, "oauth") as (_, client):
        answer = client.post("/oauth/token", data={**form, **change})
        assert answer.status_code == status
        assert "access_token" not in answer.text


@pytest.mark.parametrize("auth", ["basic", "hmac"])
def test_tokens_are_handed_out_only_where_they_are_asked_for(tmp_path: Path, auth: str) -> None:
    with gateway(tmp_path, auth) as (_, client):
        assert client.post("/oauth/token", data={}).status_code == 404


@pytest.mark.parametrize("auth", ["basic", "hmac", "oauth"])
def test_stranger_is_refused_told_how_and_counted(tmp_path: Path, auth: str) -> None:
    with gateway(tmp_path, auth) as (app, client):
        for headers in ({}, {"authorization": "Basic eDp5"}, {"authorization": "Bearer x.y.z"}):
            answer = client.post(EVENTS, content=event(), headers={**JSON, **headers})
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"]
            assert answer.json()["status"] == "refused"
        assert kept(app) == ([], 0)
        assert 'copilot_events_refused_total{reason="sender"} 3.0' in client.get("/metrics").text


@pytest.mark.parametrize("auth", ["basic", "hmac", "oauth"])
def test_without_a_secret_nobody_gets_in(tmp_path: Path, auth: str) -> None:
    app = app_on(fresh_sqlite(tmp_path), events_auth=auth)
    with TestClient(create_gateway(app)) as client:
        for answer in (
            client.post(EVENTS, content=event(), headers=JSON, auth=("", "")),
            client.post(EVENTS, content=event(), headers=signed(event(), app)),
        ):
            assert answer.status_code == 503
            assert answer.json()["why"] == "events are not set up"
        assert client.post("/oauth/token", data={}).status_code == 404
    assert kept(app) == ([], 0)
    app.close()


def test_half_a_setting_is_named_at_the_start(tmp_path: Path) -> None:
    half = app_on(fresh_sqlite(tmp_path), events_user="icims")
    with pytest.raises(InvalidInput, match="COPILOT_EVENTS_SECRET"):
        create_gateway(half)


_BOMB = gzip.compress(b"[" + b" " * 60_000_000)
_GZIP = {"content-encoding": "gzip"}


@pytest.mark.parametrize(
    ("body", "headers", "status", "why"),
    [
        (b"x" * 256_001, {}, 413, "256,000"),
        (_BOMB, _GZIP, 413, "1,000,000"),
        (b"not gzip", _GZIP, 400, "not gzip"),
        (gzip.compress(event(), mtime=0)[:-6], _GZIP, 400, "not whole"),
        (gzip.compress(event(), mtime=0) + b"more", _GZIP, 400, "follows"),
        (event(), {"content-encoding": "br"}, 415, "encoding"),
        (gzip.compress(event(), mtime=0), {"content-encoding": "gzip, gzip"}, 415, "encoding"),
        (event(), {"content-type": "text/plain"}, 415, "application/json"),
        (event()[:-1], {}, 400, "not JSON"),
        (gzip.compress(event(), mtime=0), {}, 400, "not JSON"),
        (b"[]", {}, 400, "JSON object"),
        (b"[" * 100_000, {}, 400, "nested"),
        (event(customerId="4712"), {}, 400, "another customer"),
        (event(kind="AssessmentEvent").replace(b"7001", b"x"), {}, 400, "no application"),
    ],
)
def test_what_cannot_be_an_event_is_refused_in_words_and_nothing_is_kept(
    app: App, client: TestClient, body: bytes, headers: dict[str, str], status: int, why: str
) -> None:
    answer = post(client, body, **headers)
    assert answer.status_code == status
    assert why in answer.json()["why"]
    assert kept(app) == ([], 0)


def test_events_are_only_posted(client: TestClient) -> None:
    assert client.get(EVENTS).status_code == 405


async def _slowly(application: Any, chunks: Sequence[dict[str, Any]]) -> int:
    """Send the parts of a body and then nothing for ever; return the status answered."""
    coming, answered = iter(chunks), []

    async def receive() -> dict[str, Any]:
        for chunk in coming:
            return chunk
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        answered.append(message)

    scope = {
        "type": "http", "method": "POST", "path": EVENTS, "raw_path": EVENTS.encode(),
        "query_string": b"", "headers": [(b"content-type", b"application/json")],
    }  # fmt: skip
    await application(scope, receive, send)
    return int(answered[0]["status"])


def test_slow_sender_is_not_waited_for(tmp_path: Path) -> None:
    with gateway(tmp_path, limits=Limits(seconds=0.05)) as (app, client):
        part = {"type": "http.request", "body": b"{", "more_body": True}
        assert asyncio.run(_slowly(client.app, [part])) == 408
        assert kept(app) == ([], 0)


def test_body_that_breaks_off_is_refused(tmp_path: Path) -> None:
    with gateway(tmp_path) as (app, client):
        part = {"type": "http.request", "body": event(), "more_body": True}
        assert asyncio.run(_slowly(client.app, [part, {"type": "http.disconnect"}])) == 400
        assert kept(app) == ([], 0)


# --- Many at once ------------------------------------------------------------------------------


class Keeping:
    """Stands in for the database: slow until let go, failing when told to."""

    def __init__(self, *failures: Exception | None) -> None:
        self.failures = iter(failures)
        self.groups: list[list[str]] = []
        self.go = threading.Event()

    def __call__(self, told: Sequence[Told]) -> Sequence[bool]:
        self.groups.append([each.proof for each in told])
        assert self.go.wait(10)
        failure = next(self.failures, None)
        if failure is not None:
            raise failure
        return [True] * len(told)


def told(proof: str) -> Told:
    return Told(event=Any, body=b"{}", proof=proof)  # type: ignore[arg-type]


async def _add(commit: GroupCommit, keeping: Keeping, number: int) -> list[bool | BaseException]:
    first = asyncio.create_task(commit.add(told("0")))
    while not keeping.groups:
        await asyncio.sleep(0)
    others = [asyncio.create_task(commit.add(told(str(n)))) for n in range(1, number)]
    await asyncio.sleep(0)
    keeping.go.set()
    return await asyncio.gather(first, *others, return_exceptions=True)


def test_what_waits_during_a_commit_shares_the_next() -> None:
    keeping = Keeping()
    answers = asyncio.run(_add(GroupCommit(keeping, together=3), keeping, 6))
    assert keeping.groups == [["0"], ["1", "2", "3"], ["4", "5"]]
    assert answers == [True] * 6


@pytest.mark.parametrize("failure", [StoreUnavailable("away"), ValueError("nobody foresaw")])
def test_failed_commit_is_told_to_everybody_in_it_and_to_nobody_else(failure: Exception) -> None:
    keeping = Keeping(None, failure)
    answers = asyncio.run(_add(GroupCommit(keeping, together=2), keeping, 5))
    assert [type(a) for a in answers] == [bool, StoreUnavailable, StoreUnavailable, bool, bool]


def test_who_waits_too_long_is_told_that_nothing_was_kept_and_nothing_is() -> None:
    keeping = Keeping()

    async def impatient() -> list[bool | BaseException]:
        commit = GroupCommit(keeping, together=1, patience=0.05)
        both = [commit.add(told(str(n))) for n in range(2)]
        answers = await asyncio.gather(*both, return_exceptions=True)
        keeping.go.set()
        return answers

    assert [type(a) for a in asyncio.run(impatient())] == [StoreUnavailable] * 2
    assert keeping.groups == [["0"]]


# --- Health ------------------------------------------------------------------------------------


def test_ready_and_counting_while_the_database_answers(client: TestClient) -> None:
    assert client.get("/readyz").json() == {"status": "ready"}
    assert "copilot_jobs_waiting 0.0" in client.get("/metrics").text


def test_numbers_say_what_waits_how_long_and_since_when_nothing_came(client: TestClient) -> None:
    assert "copilot_seconds_since_event" not in client.get("/metrics").text
    assert post(client, event()).status_code == 200
    numbers = client.get("/metrics").text
    for line in (
        'copilot_events_total{kind="stage_changed"} 1.0',
        'copilot_jobs{kind="refresh_application",priority="fresh",state="due"} 1.0',
        'copilot_jobs_oldest_seconds{kind="refresh_application",priority="fresh"} ',
        "copilot_seconds_since_event ",
        "copilot_jobs_dead 0.0",
    ):
        assert line in numbers


def test_alive_but_not_ready_and_in_words_while_the_database_is_away() -> None:
    away = app_on("postgresql://127.0.0.1:1/x", **sent_with("basic"))
    with TestClient(create_gateway(away)) as client:
        assert client.get("/healthz").status_code == 200
        assert post(client, event()).status_code == 503
        for place in ("/readyz", "/metrics"):
            answer = client.get(place)
            assert answer.status_code == 503
            assert "the database cannot take this now" in answer.text


def test_forgetting_a_person_deletes_the_events_that_name_only_their_application(
    app: App, client: TestClient
) -> None:
    record = application(app.tenant, "7001", "2101")
    with app.store.unit_of_work() as uow:
        uow.applications.put(record, app.clock.now())
        uow.commit()
    assert post(client, event()).status_code == 200
    with app.store.unit_of_work() as uow:
        uow.vault.forget(record.person_id)
        uow.commit()
    assert kept(app)[0] == []
