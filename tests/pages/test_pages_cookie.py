"""The session's cookie is set by the server, for a ticket of ours and for nothing else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.ui import format as f
from core.ui.cookie import ADDRESS, COOKIE, LASTS, ROUTES, TICKETS, Tickets
from tests.store_bench import NOON

JSON = {"content-type": "application/json", "sec-fetch-site": "same-origin"}


@pytest.fixture
def http() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=ROUTES), base_url="https://copilot.example") as client:
        yield client


def ticket(*, secure: bool = True) -> str:
    return TICKETS.issue("a signed token", f.now(), secure=secure)


def test_a_ticket_brings_a_cookie_that_no_script_can_read(http: TestClient) -> None:
    answer = http.post(ADDRESS, content=ticket(), headers=JSON)
    assert answer.status_code == 204
    cookie, *traits = (part.strip() for part in answer.headers["set-cookie"].split(";"))
    assert cookie == f'{COOKIE}="a signed token"'
    assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/"} <= set(traits)
    assert f"Max-Age={LASTS // timedelta(seconds=1)}" in traits
    assert answer.headers["cache-control"] == "no-store"


def test_without_tls_the_cookie_is_not_kept_for_tls(http: TestClient) -> None:
    answer = http.post(ADDRESS, content=ticket(secure=False), headers=JSON)
    assert "Secure" not in answer.headers["set-cookie"]


def test_a_ticket_is_good_once(http: TestClient) -> None:
    once = ticket()
    assert http.post(ADDRESS, content=once, headers=JSON).status_code == 204
    assert http.post(ADDRESS, content=once, headers=JSON).status_code == 403


@pytest.mark.parametrize("body", [b"", b"made up", b"x" * 100_000, b"\xff\xfe"], ids=range(4))
def test_no_ticket_no_cookie(http: TestClient, body: bytes) -> None:
    answer = http.post(ADDRESS, content=body, headers=JSON)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {**JSON, "sec-fetch-site": "cross-site"},
        {**JSON, "sec-fetch-site": "same-site"},
        {**JSON, "content-type": "text/plain"},
        {},
    ],
    ids=["another site", "a sister site", "a form", "nothing"],
)
def test_other_sites_can_neither_bring_a_ticket_nor_drop_the_cookie(
    http: TestClient, headers: dict[str, str]
) -> None:
    mine = ticket()
    assert http.post(ADDRESS, content=mine, headers=headers).status_code == 403
    assert http.delete(ADDRESS, headers=headers).status_code == 403
    assert http.post(ADDRESS, content=mine, headers=JSON).status_code == 204


def test_dropping_takes_the_cookie_out_of_the_browser(http: TestClient) -> None:
    answer = http.delete(ADDRESS, headers=JSON)
    assert answer.headers["set-cookie"].startswith(f'{COOKIE}="";')
    assert "Max-Age=0" in answer.headers["set-cookie"]


def test_an_address_bar_gets_nothing(http: TestClient) -> None:
    assert http.get(ADDRESS).status_code == 405


def test_a_ticket_waits_a_minute_and_no_longer() -> None:
    tickets = Tickets()
    made = tickets.issue("token", NOON, secure=True)
    assert tickets.waits(made, NOON + timedelta(seconds=59))
    assert not tickets.waits(made, NOON + timedelta(seconds=60))
    assert tickets.redeem(made, NOON + timedelta(seconds=60)) is None


def test_forgotten_tickets_do_not_pile_up() -> None:
    tickets = Tickets()
    for minute in range(50):
        tickets.issue("token", NOON + timedelta(minutes=minute), secure=True)
    assert len(tickets) == 1
