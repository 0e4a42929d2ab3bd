"""Faults on demand."""

import json

import httpx
import pytest

from tests.sandbox_server import RunningSandbox
from tests.small_world import ANNA, ANNA_APPLICATION, NORTH

APPLICATION = f"/applicantworkflows/{ANNA_APPLICATION}"
SCORE = "field19001"


def score(client: httpx.Client) -> object:
    return client.get(APPLICATION, params={"fields": SCORE}).json().get(SCORE)


def test_connection_reset_before_the_write_applies_nothing(
    sandbox: RunningSandbox, north: httpx.Client
) -> None:
    sandbox.admin.fault("reset_before", "*/applicantworkflows/*", "PATCH", count=1)
    with pytest.raises(httpx.ReadError, match="reset"):
        north.patch(APPLICATION, json={SCORE: 87})
    assert score(north) is None
    assert sandbox.admin.journal() == []


def test_connection_reset_after_the_write_has_applied_it(
    sandbox: RunningSandbox, north: httpx.Client
) -> None:
    sandbox.admin.fault("reset_after", "*/applicantworkflows/*", "PATCH", count=1)
    with pytest.raises(httpx.ReadError, match="reset"):
        north.patch(APPLICATION, json={SCORE: 87})
    assert score(north) == 87
    assert len(sandbox.admin.journal()) == 1


@pytest.mark.parametrize(
    ("fault", "status"), [("error", 500), ("unavailable", 503), ("throttled", 429)]
)
@pytest.mark.parametrize("retry_after", [None, 7])
def test_refusal_applies_nothing(
    sandbox: RunningSandbox, north: httpx.Client, fault: str, status: int, retry_after: int | None
) -> None:
    sandbox.admin.fault(fault, method="PATCH", count=1, retry_after=retry_after)
    answer = north.patch(APPLICATION, json={SCORE: 87})
    told = fault != "error" and retry_after is not None
    assert (answer.status_code, "retry-after" in answer.headers) == (status, told)
    assert "x-ratelimit-remaining" in answer.headers
    assert score(north) is None


def test_truncated_answer_is_half_a_json(sandbox: RunningSandbox, north: httpx.Client) -> None:
    whole = north.get(APPLICATION).content
    sandbox.admin.fault("truncated")
    cut = north.get(APPLICATION)
    assert (cut.status_code, cut.content) == (200, whole[: len(whole) // 2])
    with pytest.raises(json.JSONDecodeError):
        cut.json()


def test_slow_answer_outlasts_an_impatient_client_and_is_applied(
    sandbox: RunningSandbox, north: httpx.Client
) -> None:
    sandbox.admin.fault("slow", method="PATCH", seconds=60)
    with pytest.raises(httpx.ReadTimeout):
        north.patch(APPLICATION, json={SCORE: 87}, timeout=0.2)
    assert score(north) == 87


def test_stalled_text_ends_in_a_404(sandbox: RunningSandbox, north: httpx.Client) -> None:
    sandbox.admin.fault("stalled_text", "*/text", seconds=60)
    path = f"/people/{ANNA}/fields/resume"
    with pytest.raises(httpx.ReadTimeout):
        north.get(f"{path}/text", timeout=0.2)
    sandbox.admin.clear_faults()
    sandbox.admin.fault("stalled_text", "*/text")
    assert north.get(f"{path}/text").status_code == 404
    assert north.get(f"{path}/binary").status_code == 200


def test_tokens_can_expire_at_once(sandbox: RunningSandbox) -> None:
    form = {"grant_type": "client_credentials", "audience": "https://api.icims.com/v1/"}
    form |= {"client_id": NORTH.client_id, "client_secret": NORTH.client_secret}
    token = httpx.post(sandbox.token_url, data=form).json()["access_token"]
    sandbox.admin.fault("expire_tokens", "/customers/*", count=1)
    refused = httpx.get(sandbox.customer("4711"), headers={"authorization": f"Bearer {token}"})
    assert (refused.status_code, refused.json()["errors"][0]["errorCode"]) == (401, 9)


def statuses(sandbox: RunningSandbox, client: httpx.Client, **rule: object) -> list[int]:
    sandbox.admin.clear_faults()
    sandbox.admin.fault("error", **rule)  # type: ignore[arg-type]  # a rule's own words
    return [client.get("").status_code for _ in range(12)]


def test_count_and_skip_say_which_requests_are_hit(
    sandbox: RunningSandbox, north: httpx.Client
) -> None:
    assert statuses(sandbox, north, count=2, skip=3) == [200] * 3 + [500] * 2 + [200] * 7


def test_chance_is_the_same_for_the_same_seed(sandbox: RunningSandbox, north: httpx.Client) -> None:
    one = statuses(sandbox, north, probability=0.5, seed=7)
    assert one == statuses(sandbox, north, probability=0.5, seed=7)
    assert one != statuses(sandbox, north, probability=0.5, seed=8)
    assert {200, 500} == set(one)


def test_rules_hit_only_their_path_and_method(sandbox: RunningSandbox, north: httpx.Client) -> None:
    sandbox.admin.fault("error", "*/people/*", "GET")
    assert north.get(f"/people/{ANNA}").status_code == 500
    assert north.get(APPLICATION).status_code == 200
    assert north.patch(f"/people/{ANNA}", json={"email": "a@example.com"}).status_code == 204


def test_rules_can_be_listed_with_how_often_they_fired(
    sandbox: RunningSandbox, north: httpx.Client
) -> None:
    sandbox.admin.fault("error", count=1)
    north.get("")
    [rule] = sandbox.admin.request("GET", "faults")
    assert (rule["fault"], rule["fired"]) == ("error", 1)


@pytest.mark.parametrize("rule", [{"fault": "gremlins"}, {}, {"fault": "error", "where": "*"}])
def test_rule_that_makes_no_sense_is_refused(
    sandbox: RunningSandbox, rule: dict[str, object]
) -> None:
    with pytest.raises(httpx.HTTPStatusError):
        sandbox.admin.request("POST", "faults", rule)


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", "Basic sandbox-admin"])
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "journal"), ("POST", "faults"), ("POST", "reset")]
)
def test_admin_path_is_refused_without_the_token(
    sandbox: RunningSandbox, authorization: str, method: str, path: str
) -> None:
    headers = {"authorization": authorization}
    answer = httpx.request(method, f"{sandbox.url}/_admin/{path}", headers=headers)
    assert answer.status_code == 403
