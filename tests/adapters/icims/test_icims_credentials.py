"""Tokens shared by threads, and signatures."""

import hashlib
import hmac
import json
import threading
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from core.errors import AtsDenied, AtsUnavailable, CopilotError
from core.icims import BasicCredentials, HmacCredentials, OAuthCredentials
from core.icims.credentials import Token, TokenCache, read_token
from core.icims.hmac_signing import canonical_request
from core.icims.replies import Reply

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class HandClock:
    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at


class Issuer:
    """Counts the tokens it gives out, each good for ``seconds``."""

    def __init__(self, clock: HandClock, seconds: float = 300) -> None:
        self.clock, self.seconds, self.given = clock, seconds, 0

    def __call__(self) -> Token:
        self.given += 1
        good_until = self.clock.now() + timedelta(seconds=self.seconds)
        return Token(f"token-{self.given}", good_until)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def token_reply(status: int = 200, **body: object) -> Reply:
    return Reply(status, content=json.dumps(body).encode())


def test_a_token_is_used_until_it_expires(clock: HandClock) -> None:
    cache, issuer = TokenCache(clock), Issuer(clock)
    assert {cache.token(issuer) for _ in range(5)} == {"token-1"}
    clock.at += timedelta(seconds=300)
    assert cache.token(issuer) == "token-2"


def test_a_token_that_was_turned_down_is_replaced_once_for_all(clock: HandClock) -> None:
    cache, issuer = TokenCache(clock), Issuer(clock)
    first = cache.token(issuer)
    assert cache.token(issuer, not_this=first) == "token-2"
    assert cache.token(issuer, not_this=first) == "token-2"


def test_many_threads_fetch_one_token(clock: HandClock) -> None:
    cache, issuer = TokenCache(clock), Issuer(clock)
    start, tokens = threading.Barrier(8), []

    def ask() -> None:
        start.wait(20)
        tokens.append(cache.token(issuer))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tokens, issuer.given) == (["token-1"] * 8, 1)


def test_a_failed_fetch_leaves_the_cache_usable(clock: HandClock) -> None:
    cache = TokenCache(clock)

    def fail() -> Token:
        raise AtsUnavailable("no")

    with pytest.raises(AtsUnavailable):
        cache.token(fail)
    assert cache.token(Issuer(clock)) == "token-1"


def test_tokens_that_are_never_accepted_do_not_run_into_icims_throttle(clock: HandClock) -> None:
    cache, issuer = TokenCache(clock), Issuer(clock, seconds=0)

    def ask_often() -> None:
        for _ in range(1_000):
            cache.token(issuer)

    with pytest.raises(AtsUnavailable):
        ask_often()
    assert issuer.given < 500
    clock.at += timedelta(minutes=10)
    cache.token(issuer)


def test_a_token_is_given_up_a_little_before_it_expires() -> None:
    long = read_token(token_reply(access_token="a", expires_in=3600), NOON)
    short = read_token(token_reply(access_token="a", expires_in="10"), NOON)
    assert long.good_until == NOON + timedelta(seconds=3570)
    assert short.good_until == NOON + timedelta(seconds=9)


def test_a_token_without_a_lifetime_is_used_once() -> None:
    assert read_token(token_reply(access_token="a"), NOON).good_until <= NOON


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (token_reply(401, error="invalid_client"), AtsDenied),
        (token_reply(403, error="access_denied"), AtsDenied),
        (token_reply(429), AtsUnavailable),
        (token_reply(500), AtsUnavailable),
        (token_reply(200, token="wrong key"), AtsUnavailable),
        (Reply(200, content=b"<html>"), AtsUnavailable),
    ],
)
def test_no_token_says_who_can_act(reply: Reply, error: type[CopilotError]) -> None:
    with pytest.raises(error):
        read_token(reply, NOON)


def test_secrets_do_not_show_when_credentials_are_printed() -> None:
    shown = repr(
        (
            OAuthCredentials(token_url="https://t", client_id="c", client_secret="hush"),
            BasicCredentials(username="u", password="hush"),
            HmacCredentials(username="u", key="hush"),
            Token("hush", NOON),
        )
    )
    assert "hush" not in shown


# --- HMAC ---


def test_the_canonical_request_has_sorted_headers_and_their_names() -> None:
    text = canonical_request(
        "get", "/customers/1/people/7", "fields=a%2Cb", {"Host": " h ", "B": "2"}
    )
    assert text == "GET\n/customers/1/people/7\nfields=a%2Cb\nb:2\nhost:h\n\nb;host"


def test_a_signature_follows_icimss_recipe() -> None:
    request = httpx.Request(
        "POST", "https://api.icims.com/customers/1/search/jobs?staleness=0", json={"a": 1}
    )
    headers = HmacCredentials(username="signer", key="k").vouch(request, NOON)
    body_hash = hashlib.sha256(request.content).hexdigest()
    canonical = "\n".join(
        [
            "POST",
            "/customers/1/search/jobs",
            "staleness=0",
            "content-type:application/json",
            "host:api.icims.com",
            f"x-icims-content-sha256:{body_hash}",
            "x-icims-date:2026-03-02T12:00:00+0000",
            "",
            "content-type;host;x-icims-content-sha256;x-icims-date",
        ]
    )
    to_sign = "\n".join(
        [
            "x-icims-v1-hmac-sha256",
            "2026-03-02T12:00:00+0000",
            hashlib.sha256(canonical.encode()).hexdigest(),
        ]
    )
    mark = hmac.new(b"k", to_sign.encode(), hashlib.sha256).hexdigest()
    assert headers["authorization"] == (
        "x-icims-v1-hmac-sha256 user=signer, "
        "signedheaders=content-type;host;x-icims-content-sha256;x-icims-date, "
        f"signature={mark}"
    )
