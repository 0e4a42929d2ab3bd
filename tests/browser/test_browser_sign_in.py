"""Signing in and out in a real browser: passwords, cookies and the company's provider."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pydantic import SecretStr

from core.bootstrap import App
from core.domain.actor import Role
from core.domain.ids import PersonId, UserId
from core.ports import Account
from core.sandbox.oidc import Fault, Provider
from core.services.accounts.passwords import hash_password
from core.settings import ROOT, Settings
from core.ui.cookie import ADDRESS, COOKIE
from tests.browser.conftest import free_port, settled, sign_in, start_screens
from tests.identity_provider import ROSA, start_provider

pytestmark = pytest.mark.browser
PASSWORD = "a password kept for tests"
GROUPS = '{"hr-recruiting": "recruiter", "hr-leads": "hiring_manager"}'


@dataclass
class Company:
    """The real screens on a database of their own, and the company's identity provider."""

    app: App
    provider: Provider
    address: str

    def account(self) -> Account:
        with self.app.store.unit_of_work() as unit:
            found = unit.accounts.get(UserId("rosa"))
        assert found is not None
        return found

    def revoke_all(self) -> None:
        """End every session in the database, behind the screens' back."""
        database = self.app.settings.database_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("UPDATE session SET revoked_at = started_at")

    def facts(self) -> list[str]:
        with self.app.store.unit_of_work() as unit:
            return [event.fact.action for event in unit.audit.events()]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Company]:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    settings = Settings(
        icims_customer_id="4711",
        icims_client_id="none",
        icims_client_secret=SecretStr("none"),
        icims_field_map=ROOT / "data" / "demo" / "field_map_4711.json",
        database_url=f"sqlite:///{tmp_path_factory.mktemp('company') / 'company.db'}",
        secret_key=SecretStr("a secret for tests, and only for them"),
    )
    app = App(settings)
    app.prepare()
    with (
        start_provider(f"{base}/oauth2callback") as provider,
        start_screens("app.py", port=port, **_environment(settings, provider, base)) as address,
    ):
        yield Company(app, provider, address)
    app.close()


def _environment(settings: Settings, provider: Provider, base: str) -> dict[str, str]:
    return {
        "COPILOT_ICIMS_CUSTOMER_ID": settings.icims_customer_id,
        "COPILOT_ICIMS_CLIENT_ID": settings.icims_client_id,
        "COPILOT_ICIMS_CLIENT_SECRET": settings.icims_client_secret.get_secret_value(),
        "COPILOT_ICIMS_FIELD_MAP": os.fspath(settings.icims_field_map or Path()),
        "COPILOT_DATABASE_URL": settings.database_url,
        "COPILOT_SECRET_KEY": settings.secret_key.get_secret_value(),
        "COPILOT_OIDC_ISSUER": provider.issuer,
        "COPILOT_OIDC_CLIENT_ID": provider.client.id,
        "COPILOT_OIDC_CLIENT_SECRET": provider.client.secret,
        "COPILOT_OIDC_REDIRECT_BASE": base,
        "COPILOT_OIDC_ROLE_GROUPS": GROUPS,
    }


@pytest.fixture(autouse=True)
def as_on_the_first_day(request: pytest.FixtureRequest) -> None:
    """Give Rosa an unlinked account and the provider its manners."""
    if "company" not in request.fixturenames:
        return
    company: Company = request.getfixturevalue("company")
    company.provider.faults.clear()
    company.provider.people[ROSA.subject] = ROSA
    account = Account(
        id=UserId("rosa"),
        tenant=company.app.tenant,
        username="rosa",
        display_name="Rosa Field",
        email="rosa@example.com",
        password_hash=hash_password(PASSWORD, 4),
        roles=frozenset({Role.RECRUITER}),
        icims_person_id=PersonId("101"),
    )
    with company.app.store.unit_of_work() as unit:
        unit.accounts.put(account)
        unit.commit()


def to_the_provider(page: Page, company: Company) -> Page:
    page.goto(company.address)
    settled(page)
    page.get_by_role("button", name="Sign in with your company account").click()
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    return page


def come_back_as(page: Page, company: Company, name: str = "Rosa Field") -> Page:
    # Tokens are dated to the second, and each has to be younger than the last.
    before = company.provider.clock()
    company.provider.clock = lambda: max(datetime.now(UTC), before + timedelta(seconds=1))
    page.get_by_role("button", name=name).click()
    page.wait_for_url(lambda url: url.startswith(company.address) and "oauth2callback" not in url)
    return settled(page)


def arrive(page: Page, company: Company) -> Page:
    to_the_provider(page, company)
    with page.expect_response(lambda answer: answer.url.endswith(ADDRESS)):
        come_back_as(page, company)
    expect_signed_in(page)
    return page


def expect_signed_in(page: Page) -> None:
    expect(page.get_by_role("button", name="Rosa Field")).to_be_visible()


def expect_signed_out(page: Page) -> None:
    expect(page.get_by_role("heading", name="Recruiter copilot")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with your company account")).to_be_visible()


def test_the_companys_account_opens_the_copilot(company: Company, context: BrowserContext) -> None:
    arrive(context.new_page(), company)
    account = company.account()
    assert account.subject == f"{company.provider.issuer}|{ROSA.subject}"
    assert account.roles == {Role.RECRUITER, Role.HIRING_MANAGER}
    assert company.facts()[-3:] == ["account.linked", "account.roles_taken_over", "session.started"]


def test_a_lost_group_takes_its_role_and_the_sessions_that_had_it(
    company: Company, context: BrowserContext, browser: Browser
) -> None:
    before = arrive(context.new_page(), company)
    expect(before.get_by_role("link", name="Approvals")).to_be_visible()
    company.provider.people[ROSA.subject] = replace(ROSA, groups=("hr-leads",))

    elsewhere = browser.new_context()
    now = arrive(elsewhere.new_page(), company)
    expect(now.get_by_role("link", name="Approvals")).to_be_hidden()

    before.get_by_role("link", name="Approvals").click()
    expect_signed_out(before)
    elsewhere.close()


@pytest.mark.parametrize(
    "fault",
    [
        Fault.TAMPERED,
        Fault.UNSIGNED,
        Fault.WRONG_NONCE,
        Fault.WRONG_AUDIENCE,
        Fault.WRONG_ISSUER,
        Fault.EXPIRED,
        Fault.SERVER_ERROR,
    ],
    ids=lambda fault: fault.name,
)
def test_a_token_that_is_not_right_opens_nothing(
    company: Company, context: BrowserContext, fault: Fault
) -> None:
    facts = len(company.facts())
    page = to_the_provider(context.new_page(), company)
    company.provider.faults.add(fault)
    come_back_as(page, company)
    expect_signed_out(page)
    assert len(company.facts()) == facts


def test_an_address_nobody_vouches_for_is_told_so(
    company: Company, context: BrowserContext
) -> None:
    page = to_the_provider(context.new_page(), company)
    company.provider.faults.add(Fault.UNVERIFIED_EMAIL)
    come_back_as(page, company)
    expect(page.get_by_text("does not vouch for your e-mail address")).to_be_visible()
    expect_signed_out(page)


def test_a_stranger_of_the_company_is_told_whom_to_ask(
    company: Company, context: BrowserContext
) -> None:
    page = come_back_as(to_the_provider(context.new_page(), company), company, "Sam Stranger")
    expect(page.get_by_text("Please ask your administrator to add you")).to_be_visible()
    expect_signed_out(page)
    with company.app.store.unit_of_work() as unit:
        assert [account.id for account in unit.accounts.all()] == ["rosa"]


def test_signing_out_ends_it_here_and_leaves_no_cookie(
    company: Company, context: BrowserContext
) -> None:
    page = arrive(context.new_page(), company)
    page.get_by_role("button", name="Rosa Field").click()
    page.get_by_text("Sign out").click()
    expect_signed_out(page)
    assert company.facts()[-1] == "session.ended"
    settled(page).reload()
    expect_signed_out(page)
    assert "_streamlit_user" not in {cookie["name"] for cookie in context.cookies()}


def test_the_providers_word_opens_no_second_session(
    company: Company, context: BrowserContext, browser: Browser
) -> None:
    page = arrive(context.new_page(), company)
    word = [cookie for cookie in context.cookies() if cookie["name"].startswith("_streamlit_user")]
    assert word
    company.revoke_all()

    copied = browser.new_context()
    copied.add_cookies(word)  # type: ignore[arg-type]  # what one gives the other takes
    other = copied.new_page()
    other.goto(company.address)
    expect_signed_out(settled(other))
    page.reload()
    expect_signed_out(settled(page))
    copied.close()


def test_a_session_revoked_in_the_database_ends_at_the_next_click(
    company: Company, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(company.address)
    sign_in(page, "rosa", PASSWORD)
    expect_signed_in(page)
    company.revoke_all()
    page.get_by_role("link", name="Approvals").click()
    expect_signed_out(page)
    expect(page.get_by_text("Your session has ended")).to_be_visible()


def test_no_script_can_read_the_sessions_cookie(company: Company, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(company.address)
    sign_in(page, "rosa", PASSWORD)
    (cookie,) = (each for each in context.cookies() if each["name"] == COOKIE)
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert COOKIE not in page.evaluate("document.cookie")
    page.reload()
    expect_signed_in(page)


def test_after_signing_in_the_page_runs_again_only_when_somebody_clicks(
    company: Company, context: BrowserContext
) -> None:
    """A run that nobody asked for swallows the click that falls into it."""
    asked: list[str | bytes] = []
    page = context.new_page()
    page.on("websocket", lambda socket: socket.on("framesent", lambda f: asked.append(f)))
    page.goto(company.address)
    sign_in(page, "rosa", PASSWORD)
    expect_signed_in(page)
    settled(page)
    assert len(asked) == 2, "the first look and the form"
