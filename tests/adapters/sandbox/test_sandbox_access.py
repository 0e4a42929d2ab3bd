"""Who gets in, and for how long."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.sandbox_server import HandClock, RunningSandbox
from tests.small_world import NORTH, SOUTH

AUDIENCE = "https://api.icims.com/v1/"


def credentials(**changes: str) -> dict[str, str]:
    sent = {"grant_type": "client_credentials", "audience": AUDIENCE}
    sent |= {"client_id": NORTH.client_id, "client_secret": NORTH.client_secret}
    return sent | changes


def token(sandbox: RunningSandbox) -> dict[str, Any]:
    answer: dict[str, Any] = httpx.post(sandbox.token_url, data=credentials()).json()
    return answer


def get(sandbox: RunningSandbox, authorization: str, customer: str = "4711") -> httpx.Response:
    return httpx.get(sandbox.customer(customer), headers={"authorization": authorization})


def error_code(answer: httpx.Response) -> int:
    return int(answer.json()["errors"][0]["errorCode"])


def test_token_opens_its_own_customer_only(sandbox: RunningSandbox) -> None:
    bearer = f"Bearer {token(sandbox)['access_token']}"
    assert get(sandbox, bearer).json()["name"] == NORTH.name
    assert get(sandbox, bearer, "4712").status_code == 403


def test_token_works_until_it_expires(sandbox: RunningSandbox, clock: HandClock) -> None:
    issued = token(sandbox)
    bearer = f"Bearer {issued['access_token']}"
    clock.forward(seconds=issued["expires_in"] - 1)
    assert get(sandbox, bearer).status_code == 200
    clock.forward(seconds=1)
    refused = get(sandbox, bearer)
    assert (refused.status_code, error_code(refused)) == (401, 9)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"client_secret": "wrong"}, 401),
        ({"client_id": "wrong"}, 401),
        ({"client_secret": SOUTH.client_secret}, 401),
        ({"audience": "https://elsewhere.example"}, 403),
        ({"grant_type": "password"}, 400),
    ],
)
def test_wrong_credentials_get_no_token(
    sandbox: RunningSandbox, changes: dict[str, str], status: int
) -> None:
    assert httpx.post(sandbox.token_url, data=credentials(**changes)).status_code == status


def test_token_endpoint_reads_forms_not_json(sandbox: RunningSandbox) -> None:
    assert httpx.post(sandbox.token_url, json=credentials()).status_code == 400


def test_more_than_500_tokens_in_ten_minutes_are_throttled(
    sandbox: RunningSandbox, clock: HandClock
) -> None:
    clock.forward(minutes=10)
    with httpx.Client() as client:
        statuses = [
            client.post(sandbox.token_url, data=credentials()).status_code for _ in range(501)
        ]
        clock.forward(minutes=10)
        later = client.post(sandbox.token_url, data=credentials())
    assert statuses == [200] * 500 + [429]
    assert later.status_code == 200


def test_wrong_basic_password_is_error_6(sandbox: RunningSandbox) -> None:
    refused = httpx.get(sandbox.customer("4711"), auth=(NORTH.basic_user, "wrong"))
    assert (refused.status_code, error_code(refused)) == (401, 6)


@pytest.mark.parametrize("authorization", ["", "Bearer x", "Basic !", "Digest x", "Bearer"])
def test_anything_else_is_401(sandbox: RunningSandbox, authorization: str) -> None:
    assert get(sandbox, authorization).status_code == 401


def signed(key: str, date: str, body: bytes, query: str) -> dict[str, str]:
    """Sign as the documentation says, written down here a second time."""
    path = "/customers/4711/search/jobs"
    digest = hashlib.sha256(body).hexdigest()
    lines = [f"x-icims-content-sha256:{digest}", f"x-icims-date:{date}"]
    names = "x-icims-content-sha256;x-icims-date"
    canonical = "\n".join(["POST", path, query, *lines, "", names])
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"x-icims-v1-hmac-sha256\n{date}\n{hashed}"
    proof = hmac.new(key.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    scheme = "x-icims-v1-hmac-sha256"
    return {
        "x-icims-date": date,
        "x-icims-content-sha256": digest,
        "authorization": f"{scheme} user={NORTH.hmac_user}, signedheaders={names}, "
        f"signature={proof}",
    }


BODY = json.dumps({"filters": [{"name": "job.id", "value": ["102"], "operator": "="}]}).encode()


@pytest.mark.parametrize(
    ("key", "minutes", "body", "query", "status"),
    [
        (NORTH.hmac_key, 0, BODY, "staleness=0", 200),
        ("wrong", 0, BODY, "staleness=0", 401),
        (NORTH.hmac_key, 16, BODY, "staleness=0", 401),
        (NORTH.hmac_key, 0, BODY + b" ", "staleness=0", 401),
        (NORTH.hmac_key, 0, BODY, "", 401),
    ],
    ids=["right", "wrong key", "old", "other body", "other query"],
)
def test_signature_covers_key_date_body_and_query(
    sandbox: RunningSandbox,
    clock: HandClock,
    key: str,
    minutes: int,
    body: bytes,
    query: str,
    status: int,
) -> None:
    date = (clock() - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S%z")
    answer = httpx.post(
        f"{sandbox.customer('4711')}/search/jobs?staleness=0",
        content=BODY,
        headers=signed(key, date, body, query),
    )
    assert answer.status_code == status
    if status == 401:
        assert error_code(answer) == 9
