"""The stand-in identity provider speaks the protocol, and misbehaves when told to."""

import base64
import hashlib
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from core.sandbox.oidc import Fault, Provider
from tests.identity_provider import ROSA, start_provider

BACK = "http://127.0.0.1:1/oauth2callback"
VERIFIER = "a verifier that only the client knows, long enough"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=")
Json = dict[str, object]


@pytest.fixture
def provider() -> Iterator[Provider]:
    with start_provider(BACK) as running:
        yield running


@pytest.fixture
def http(provider: Provider) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=provider.issuer, trust_env=False) as client:
        yield client


def asked(**changed: str) -> dict[str, str]:
    return {
        "client_id": "copilot",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "openid email",
        "state": "a state",
        "nonce": "a nonce",
        "code_challenge": CHALLENGE.decode(),
        "code_challenge_method": "S256",
        **changed,
    }


def code(http: httpx.Client, subject: str = ROSA.subject, **changed: str) -> str:
    answer = http.post("/authorize", params=asked(**changed), data={"subject": subject})
    assert answer.status_code == 303
    sent_back = parse_qs(urlsplit(answer.headers["location"]).query)
    assert sent_back["state"] == ["a state"]
    return sent_back["code"][0]


def redeem(http: httpx.Client, provider: Provider, code: str, **changed: str) -> httpx.Response:
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    return http.post(
        "/token",
        data={**sent, "code_verifier": VERIFIER, **changed},
        auth=(provider.client.id, provider.client.secret),
    )


def claims(http: httpx.Client, token: str) -> Json:
    keys = KeySet.import_key_set(http.get("/jwks").json())
    return dict(jwt.decode(token, keys, algorithms=["RS256"]).claims)


def test_discovery_names_addresses_that_answer(http: httpx.Client, provider: Provider) -> None:
    found = http.get("/.well-known/openid-configuration").json()
    assert found["issuer"] == provider.issuer
    assert "Rosa Field" in http.get(found["authorization_endpoint"], params=asked()).text
    assert http.get(found["jwks_uri"]).json()["keys"][0]["kty"] == "RSA"
    assert "d" not in http.get(found["jwks_uri"]).json()["keys"][0]


def test_a_code_becomes_a_signed_token_about_the_person(
    http: httpx.Client, provider: Provider
) -> None:
    given = redeem(http, provider, code(http)).json()
    said = claims(http, given["id_token"])
    assert (said["sub"], said["nonce"], said["aud"]) == (ROSA.subject, "a nonce", "copilot")
    assert (said["email"], said["email_verified"]) == (ROSA.email, True)
    assert said["groups"] == list(ROSA.groups)
    bearer = {"authorization": f"Bearer {given['access_token']}"}
    assert http.get("/userinfo", headers=bearer).json()["sub"] == ROSA.subject


def test_a_code_is_good_once(http: httpx.Client, provider: Provider) -> None:
    once = code(http)
    assert redeem(http, provider, once).status_code == 200
    assert redeem(http, provider, once).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    "changed",
    [{"code_verifier": "guessed"}, {"redirect_uri": "http://elsewhere.example"}],
    ids=["verifier", "address"],
)
def test_a_stolen_code_is_worthless(
    http: httpx.Client, provider: Provider, changed: dict[str, str]
) -> None:
    assert redeem(http, provider, code(http), **changed).json() == {"error": "invalid_grant"}


def test_a_client_without_its_secret_gets_nothing(http: httpx.Client) -> None:
    sent = {"code": code(http), "redirect_uri": BACK, "code_verifier": VERIFIER}
    assert http.post("/token", data=sent, auth=("copilot", "wrong")).status_code == 400


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "another"},
        {"redirect_uri": "http://elsewhere.example"},
        {"response_type": "token"},
        {"scope": "email"},
    ],
    ids=["client", "address", "flow", "scope"],
)
def test_a_request_that_is_not_the_clients_is_refused(
    http: httpx.Client, changed: dict[str, str]
) -> None:
    assert http.get("/authorize", params=asked(**changed)).status_code == 400
    answer = http.post("/authorize", params=asked(**changed), data={"subject": ROSA.subject})
    assert answer.status_code == 400


@pytest.mark.parametrize("fault", [Fault.TAMPERED, Fault.UNSIGNED], ids=lambda f: f.name)
def test_a_token_with_a_bad_signature_does_not_verify(
    http: httpx.Client, provider: Provider, fault: Fault
) -> None:
    provider.faults.add(fault)
    given = redeem(http, provider, code(http)).json()
    with pytest.raises((JoseError, ValueError)):
        claims(http, given["id_token"])


@pytest.mark.parametrize(
    ("fault", "claim"),
    [
        (Fault.WRONG_NONCE, "nonce"),
        (Fault.WRONG_AUDIENCE, "aud"),
        (Fault.WRONG_ISSUER, "iss"),
        (Fault.EXPIRED, "exp"),
        (Fault.UNVERIFIED_EMAIL, "email_verified"),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_a_fault_spoils_just_its_claim(
    http: httpx.Client, provider: Provider, fault: Fault, claim: str
) -> None:
    now = provider.clock()
    provider.clock = lambda: now
    right = claims(http, redeem(http, provider, code(http)).json()["id_token"])
    provider.faults.add(fault)
    wrong = claims(http, redeem(http, provider, code(http)).json()["id_token"])
    allowed = {"exp", "iat"} if fault is Fault.EXPIRED else {claim}
    assert {name for name in right if right[name] != wrong[name]} == allowed


def test_a_broken_provider_answers_500(http: httpx.Client, provider: Provider) -> None:
    provider.faults.add(Fault.SERVER_ERROR)
    assert http.get("/.well-known/openid-configuration").status_code == 500


def test_signing_out_leads_back_to_the_client_only(http: httpx.Client) -> None:
    back = http.get("/logout", params={"post_logout_redirect_uri": BACK})
    assert back.headers["location"] == BACK
    elsewhere = {"post_logout_redirect_uri": "http://elsewhere.example"}
    assert http.get("/logout", params=elsewhere).status_code == 400
