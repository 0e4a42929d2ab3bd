"""What an operator has to set for company sign-in, and what is refused in words."""

import pytest
from pydantic import SecretStr, ValidationError

from core.bootstrap import App
from core.domain.actor import Role
from core.errors import InvalidInput
from core.settings import Settings

ALL = {
    "oidc_issuer": "https://login.example/",
    "oidc_client_id": "copilot",
    "oidc_client_secret": SecretStr("a secret"),
    "oidc_redirect_base": "https://copilot.example/",
}


def app(**given: object) -> App:
    return App(Settings(secret_key=SecretStr("a key"), **given))  # type: ignore[arg-type]


def test_without_a_provider_nothing_is_handed_to_streamlit() -> None:
    assert app().single_sign_on == {}
    assert app().password_sign_in


def test_a_provider_is_described_as_streamlit_wants_it() -> None:
    described = app(**ALL).single_sign_on
    assert described["redirect_uri"] == "https://copilot.example/oauth2callback"
    metadata = "https://login.example/.well-known/openid-configuration"
    assert described["server_metadata_url"] == metadata
    assert described["client_secret"] == "a secret"


def test_the_key_of_streamlits_cookie_is_one_of_its_own() -> None:
    wired = app(**ALL)
    assert wired.single_sign_on["cookie_secret"] not in {wired.cookie_key, "a key"}


@pytest.mark.parametrize("name", list(ALL))
def test_half_a_provider_is_refused_by_the_name_of_what_is_missing(name: str) -> None:
    half = {each: value for each, value in ALL.items() if each != name}
    with pytest.raises(InvalidInput, match=f"COPILOT_{name.upper()}"):
        _ = app(**half).single_sign_on


def test_passwords_cannot_be_switched_off_while_nothing_else_opens() -> None:
    with pytest.raises(InvalidInput, match="COPILOT_OIDC_"):
        _ = app(password_sign_in=False).password_sign_in
    assert not app(password_sign_in=False, **ALL).password_sign_in


@pytest.mark.parametrize("text", ["{", '{"hr": "boss"}', "hr"], ids=["broken", "no role", "bare"])
def test_a_mapping_of_groups_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="oidc_role_groups"):
        app(oidc_role_groups=text)


def test_a_mapping_names_roles_by_group() -> None:
    wired = app(oidc_role_groups='{"hr": "recruiter"}')
    assert wired.settings.oidc_role_groups == {"hr": Role.RECRUITER}
