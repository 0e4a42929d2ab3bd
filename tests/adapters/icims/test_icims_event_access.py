"""Who may send events: right secrets get in, everything else stays out, in the same time."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import NotAllowed
from core.icims import BasicAccess, EventAccess, SignedAccess, TokenAccess
from core.icims.event_access import Knock
from core.icims.hmac_signing import SCHEME, canonical_request, signature, signed_headers
from core.sandbox.icims import signing
from tests.store_bench import NOON, CountedIds

USER, SECRET, BODY = "icims", "a shared secret", b'{"eventType":"x"}'
SIGNED = SignedAccess(USER, SECRET)
BASIC = BasicAccess(USER, SECRET, CountedIds())
TOKENS = TokenAccess(USER, SECRET, CountedIds(), "k" * 64)


def knock(headers: Mapping[str, str | None], body: bytes = BODY) -> Knock:
    return Knock(method="POST", path="/icims/events", query="a=1", headers=headers, body=body)


def signed(
    user: str = USER, key: str = SECRET, body: bytes = BODY, **by: float
) -> dict[str, str | None]:
    at = NOON + timedelta(**by)
    return {**signing.signed_headers(user, key, "/icims/events", "a=1", body, at)}


def basic(pair: str) -> dict[str, str | None]:
    return {"authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def bearer(token: str) -> dict[str, str | None]:
    return {"authorization": f"Bearer {token}"}


def test_a_signature_by_icims_own_scheme_gets_in_and_repeats_its_proof() -> None:
    first, again = (SIGNED.proof(knock(signed()), NOON) for _ in range(2))
    assert first == again
    assert first != SIGNED.proof(knock(signed(seconds=1)), NOON)


def test_a_signature_that_covers_the_host_gets_in() -> None:
    headers = signed_headers(
        user=USER, key=SECRET, method="POST", path="/icims/events", query="a=1",
        host="events.example.com", body=BODY, at=NOON, content_type="application/json",
    )  # fmt: skip
    assert SIGNED.proof(knock(headers), NOON)


def test_the_list_of_signed_headers_counts_in_the_order_it_was_sent() -> None:
    headers = signed()
    names = "x-icims-date;x-icims-content-sha256"
    parts = {name: headers[name] or "" for name in names.split(";")}
    canonical = canonical_request("POST", "/icims/events", "a=1", parts, names)
    mark = signature(SECRET, parts["x-icims-date"], canonical)
    headers["authorization"] = f"{SCHEME} user={USER}, signedheaders={names}, signature={mark}"
    assert SIGNED.proof(knock(headers), NOON)


@pytest.mark.parametrize("minutes", [-5, 5])
def test_a_clock_may_be_five_minutes_off(minutes: int) -> None:
    assert SIGNED.proof(knock(signed(minutes=minutes)), NOON)


@pytest.mark.parametrize("minutes", [-5.1, 5.1, 1e6])
def test_no_older_or_later_signature_gets_in(minutes: float) -> None:
    with pytest.raises(NotAllowed, match="five minutes"):
        SIGNED.proof(knock(signed(minutes=minutes)), NOON)


def only_date_signed() -> dict[str, str | None]:
    headers = signed()
    date = headers["x-icims-date"] or ""
    mark = signing.signature(
        SECRET, "POST", "/icims/events", "a=1", {"x-icims-date": date}, ["x-icims-date"]
    )
    headers["authorization"] = f"{SCHEME} user={USER}, signedheaders=x-icims-date, signature={mark}"
    return headers


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(user="somebody"),
        signed(key="another secret"),
        signed(body=b"another body"),
        only_date_signed(),
        {**signed(), "x-icims-date": "2026-03-10T12:00:01+0000"},
        {**signed(), "x-icims-date": None},
        {**signed(), "authorization": None},
        {**signed(), "authorization": SCHEME},
        {**signed(), "authorization": f"{SCHEME} user={USER}, signedheaders=, signature="},
        {**signed(), "authorization": f"{SCHEME} ,,=,é"},
        basic(f"{USER}:{SECRET}"),
    ],
)
def test_what_is_not_signed_by_us_both_stays_out(headers: Mapping[str, str | None]) -> None:
    with pytest.raises(NotAllowed):
        SIGNED.proof(knock(headers), NOON)


@pytest.mark.parametrize(
    "other",
    [
        replace(knock(signed()), method="PUT"),
        replace(knock(signed()), path="/icims"),
        replace(knock(signed()), query=""),
        replace(knock(signed()), body=BODY + b" "),
    ],
)
def test_the_signature_holds_for_nothing_else_than_what_was_signed(other: Knock) -> None:
    with pytest.raises(NotAllowed):
        SIGNED.proof(other, NOON)


def test_user_and_password_get_in_as_a_new_request_every_time() -> None:
    headers = basic(f"{USER}:{SECRET}")
    assert BASIC.proof(knock(headers), NOON) != BASIC.proof(knock(headers), NOON)


@pytest.mark.parametrize(
    "headers",
    [
        basic("icims:wrong"),
        basic(f"other:{SECRET}"),
        basic(""),
        {"authorization": "Basic ???"},
        {"authorization": "Basic é"},
        {"authorization": "Basic /////w=="},
        {"authorization": None},
        {},
        signed(),
    ],
)
def test_a_wrong_password_stays_out(headers: Mapping[str, str | None]) -> None:
    with pytest.raises(NotAllowed):
        BASIC.proof(knock(headers), NOON)


def test_a_token_gets_in_until_it_ends() -> None:
    headers = bearer(TOKENS.issue(USER, SECRET, NOON))
    assert TOKENS.proof(knock(headers), NOON + TOKENS.lifetime - timedelta(seconds=1))
    with pytest.raises(NotAllowed):
        TOKENS.proof(knock(headers), NOON + TOKENS.lifetime + timedelta(seconds=1))


@pytest.mark.parametrize(("user", "secret"), [(USER, "wrong"), ("other", SECRET), ("", "")])
def test_nobody_else_is_given_a_token(user: str, secret: str) -> None:
    with pytest.raises(NotAllowed):
        TOKENS.issue(user, secret, NOON)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJpY2ltcyIsImF1ZCI6ImljaW1zLWV2ZW50cyJ9.",
        TokenAccess(USER, SECRET, CountedIds(), "o" * 64).issue(USER, SECRET, NOON),
        TokenAccess("other", SECRET, CountedIds(), "k" * 64).issue("other", SECRET, NOON),
    ],
)
def test_a_token_that_is_not_ours_stays_out(token: str) -> None:
    with pytest.raises(NotAllowed):
        TOKENS.proof(knock(bearer(token)), NOON)


@pytest.mark.parametrize("access", [SIGNED, BASIC, TOKENS])
def test_a_refusal_repeats_nothing_that_was_sent_and_no_secret(access: EventAccess) -> None:
    with pytest.raises(NotAllowed) as refused:
        access.proof(knock({"authorization": "Basic c29tZWJvZHk6c2VjcmV0"}), NOON)
    assert "c29t" not in str(refused.value)
    assert SECRET not in str(refused.value) + repr(access)
