"""Without a session no page says anything but: sign in."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.ids import SessionId
from core.ui.access import provide
from tests.twins.app import PASSWORD, TwinApp

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "pages").rglob("*.py"))
SCRIPTS = [ROOT / "app.py", *PAGES]


class Sealed(TwinApp):
    """An App whose every question but the sign-in is an error."""

    def __init__(self) -> None:
        super().__init__()
        for name in ("requisitions", "pipeline", "screening", "review", "criteria"):
            delattr(self, name)
        for name in ("approvals", "audit", "connection"):
            delattr(self, name)


@pytest.fixture
def sealed() -> TwinApp:
    app = Sealed()
    provide(app)
    return app


def script(path: Path) -> AppTest:
    page = AppTest.from_file(str(path), default_timeout=30)
    page.query_params["req"] = "1017"
    page.query_params["app"] = "20001"
    return page


def assert_only_sign_in(page: AppTest) -> None:
    assert not page.exception
    assert [title.value for title in page.title] == ["Recruiter copilot"]
    assert [field.label for field in page.text_input] == ["User name", "Password"]
    assert not page.dataframe


def test_there_are_pages() -> None:
    assert len(PAGES) >= 9


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.stem)
def test_a_page_opened_signed_out_shows_only_the_sign_in(path: Path, sealed: TwinApp) -> None:
    assert_only_sign_in(script(path).run())


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.stem)
@pytest.mark.parametrize("session", ["", "made up", "x" * 10_000])
def test_a_made_up_session_shows_only_the_sign_in(
    path: Path, session: str, sealed: TwinApp
) -> None:
    page = script(path)
    page.session_state["copilot_session"] = session
    assert_only_sign_in(page.run())


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_a_session_that_ended_shows_only_the_sign_in(path: Path, sealed: TwinApp) -> None:
    ended = sealed.sign_in.verify("rosa", PASSWORD, "local").session.id
    sealed.sign_in.end(ended)
    page = script(path)
    page.session_state["copilot_session"] = ended
    page.run()
    assert_only_sign_in(page)
    assert any("sign in again" in box.value for box in page.info)


def test_a_wrong_password_is_refused_in_words(sealed: TwinApp) -> None:
    page = script(ROOT / "app.py").run()
    page.text_input[0].set_value("rosa")
    page.text_input[1].set_value("wrong")
    page.button[0].click().run()
    assert_only_sign_in(page)
    assert "not right" in page.warning[0].value


def test_the_right_password_opens_a_session_on_the_server() -> None:
    app = TwinApp()
    provide(app)
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    page.text_input[0].set_value("rosa")
    page.text_input[1].set_value(PASSWORD)
    page.button[0].click().run()
    assert not page.exception
    session = SessionId(str(page.session_state["copilot_session"]))
    assert app.sign_in.resume(session).id == "u-rosa"
    assert [title.value for title in page.title] == ["Requisitions"]


def test_the_company_account_is_offered_where_there_is_one(sealed: TwinApp) -> None:
    sealed.single_sign_on = {"client_id": "copilot"}
    assert "Sign in with your company account" in [b.label for b in opened().button]
    sealed.single_sign_on = {}
    assert "Sign in with your company account" not in [b.label for b in opened().button]


def test_where_passwords_are_off_none_is_asked_for(sealed: TwinApp) -> None:
    sealed.single_sign_on, sealed.password_sign_in = {"client_id": "copilot"}, False
    page = opened()
    assert not page.exception
    assert not page.text_input
    assert [button.label for button in page.button] == ["Sign in with your company account"]


def opened() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()


def test_the_demo_accounts_are_listed_in_the_demo_only() -> None:
    app = TwinApp()
    provide(app)
    shown = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    assert any(button.label == "Rosa Field" for button in shown.button)
    app.demo = False
    shown = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    assert [button.label for button in shown.button] == ["Sign in"]
    assert not [line for line in shown.markdown if PASSWORD in line.value]
