"""The day's requests, on every answer."""

import httpx

from tests.sandbox_server import HandClock, RunningSandbox
from tests.small_world import ANNA, SOUTH


def remaining(answer: httpx.Response) -> int:
    return int(answer.headers["x-ratelimit-remaining"])


def test_every_answer_says_what_is_left(north: httpx.Client, clock: HandClock) -> None:
    fine = north.get(f"/people/{ANNA}")
    missing = north.get("/people/1")
    refused = httpx.get(str(north.base_url), auth=("who", "knows"))
    assert [remaining(answer) for answer in (fine, missing, refused)] == [999, 998, 997]
    assert fine.headers["x-ratelimit-limit"] == "1000"
    midnight = 86_400 - clock().hour * 3_600 - clock().minute * 60 - clock().second
    assert fine.headers["x-ratelimit-reset"] == str(midnight)


def test_customers_have_a_quota_each(north: httpx.Client, south: httpx.Client) -> None:
    north.get("")
    assert remaining(south.get("")) == 999


def test_exhausted_quota_is_429_sometimes_without_retry_after(
    sandbox: RunningSandbox, south: httpx.Client
) -> None:
    sandbox.admin.leave_quota(SOUTH.customer_id, 1)
    assert south.get("").status_code == 200
    refused = [south.get("") for _ in range(20)]
    assert {answer.status_code for answer in refused} == {429}
    assert {"retry-after" in answer.headers for answer in refused} == {True, False}
    assert {remaining(answer) for answer in refused} == {0}


def test_quota_is_new_at_midnight_utc(
    sandbox: RunningSandbox, south: httpx.Client, clock: HandClock
) -> None:
    sandbox.admin.leave_quota(SOUTH.customer_id, 0)
    refused = south.get("")
    clock.forward(seconds=int(refused.headers["x-ratelimit-reset"]))
    assert (refused.status_code, south.get("").status_code) == (429, 200)


def test_every_answer_has_a_transaction_of_its_own(
    sandbox: RunningSandbox, north: httpx.Client
) -> None:
    answers = [north.get(""), north.get("/people/1"), httpx.post(sandbox.token_url)]
    assert len({answer.headers["x-transaction"] for answer in answers}) == 3
