"""What only a browser can show: cookies, clicks on rows, lit quotes, keys, hostile text."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

from core.ui.menu import SCREENS
from tests.browser.conftest import Enter, settled

pytestmark = pytest.mark.browser

NESTED = [f"/{folder}{s.script[:-3]}" for s in SCREENS.values() for folder in ("", "pages/")]


def test_a_script_cannot_be_reached_by_its_path(context: BrowserContext, twin_address: str) -> None:
    for path in NESTED:
        answer = context.request.get(twin_address + path)
        assert "guard" not in answer.text()
        assert answer.headers["content-type"].startswith("text/html")


def test_an_address_somebody_was_sent_leads_there_after_the_sign_in(enter: Enter) -> None:
    page = enter("/application?app=20001")
    expect(page.get_by_text("Maria Alvarez").first).to_be_visible()
    assert "app=20001" in page.url


def test_a_copied_cookie_is_worthless_after_signing_out(
    enter: Enter, browser: Browser, twin_address: str
) -> None:
    page = enter()
    copied = [c for c in page.context.cookies() if c["name"] == "recruiter_copilot"]
    assert copied[0]["sameSite"] == "Strict"

    def opened_with_the_copy() -> Page:
        thief = browser.new_context()
        thief.add_cookies(copied)  # type: ignore[arg-type]  # what cookies() gave
        elsewhere = thief.new_page()
        elsewhere.goto(twin_address)
        return elsewhere

    before = opened_with_the_copy()
    expect(before.get_by_role("heading", name="Requisitions")).to_be_visible()

    page.get_by_text("Rosa Field").first.click()
    page.get_by_text("Sign out").click()
    expect(page.get_by_role("heading", name="Recruiter copilot")).to_be_visible()

    after = opened_with_the_copy()
    expect(after.get_by_role("heading", name="Recruiter copilot")).to_be_visible()
    assert "Registered nurse" not in settled(after).inner_text("body")
    before.reload()
    expect(before.get_by_role("heading", name="Recruiter copilot")).to_be_visible()
    for opened in (before, after):
        opened.context.close()


def test_a_cookie_signed_with_another_key_does_not_sign_in(
    context: BrowserContext, twin_address: str
) -> None:
    forged = "eyJhbGciOiJub25lIn0.eyJ1c2VybmFtZSI6InJvc2EiLCJleHBfZGF0ZSI6OTk5OTk5OTk5OX0."
    context.add_cookies([{"name": "recruiter_copilot", "value": forged, "url": twin_address}])
    page = context.new_page()
    page.goto(twin_address)
    expect(page.get_by_role("heading", name="Recruiter copilot")).to_be_visible()


def test_a_click_on_a_row_opens_the_person_and_going_back_stays_back(enter: Enter) -> None:
    page = enter("/pipeline?req=1017")
    table = page.get_by_test_id("stDataFrame").locator("canvas").first
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 60, box["y"] + 38 + 19 + 38)
    expect(page.get_by_text("Denise Okafor").first).to_be_visible()
    assert "app=20002" in page.url
    page.get_by_test_id("stBaseButton-tertiary").filter(has_text="Registered nurse").click()
    expect(page.get_by_role("button", name="All requisitions")).to_be_visible()
    settled(page)
    assert "/pipeline" in page.url


def test_a_chosen_criterion_lights_its_words_and_only_those(enter: Enter) -> None:
    page = enter("/application?app=20001")
    page.locator("button.verdict", has_text="ACLS certificate").click()
    lit = page.locator("mark.lit").all_inner_texts()
    assert "ACLS and BLS, American Heart Association, renewed 2025" in lit
    assert len({text for text in lit if "Nurse" in text}) == 0


def test_the_models_view_names_nobody(enter: Enter) -> None:
    page = enter("/application?app=20001")
    paper = page.locator(".paper")
    expect(paper.get_by_text("maria.alvarez@example.com")).to_be_visible()
    page.get_by_role("button", name="As the model saw it").click()
    shown = paper.locator(".text:not([hidden])").inner_text()
    assert "[NAME_1]" in shown
    assert "Alvarez" not in shown


def test_the_next_person_is_one_key_away(enter: Enter) -> None:
    page = enter("/application?app=20001")
    expect(page.get_by_role("button", name="Next")).to_have_count(2)
    page.keyboard.press("j")
    expect(page.get_by_text("Denise Okafor").first).to_be_visible()
    page.keyboard.press("k")
    expect(page.get_by_text("Maria Alvarez").first).to_be_visible()


def test_nothing_a_candidate_wrote_runs_or_becomes_markup(
    enter: Enter, context: BrowserContext
) -> None:
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    context.on("dialog", note)
    page = enter("/application?app=20010")
    expect(page.get_by_text("<img src=x onerror=").first).to_be_visible()
    shown = page.locator(".paper .text:not([hidden])")
    expect(shown).to_contain_text("<script>alert('resume')</script> **not bold** [not a link]")
    settled(page)
    assert not dialogs
    assert page.title() != "owned"
    assert page.locator("img[src='x'], a[href*='evil.example']").count() == 0
    assert page.locator(".paper script, .paper b, .paper a").count() == 0


def test_no_request_leaves_the_machine(context: BrowserContext, twin_address: str) -> None:
    hosts: set[str | None] = set()
    page = context.new_page()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.goto(twin_address + "/application?app=20001")
    expect(page.get_by_role("heading", name="Recruiter copilot")).to_be_visible()
    settled(page).get_by_role("button", name="Rosa Field").click()
    expect(page.get_by_text("Maria Alvarez").first).to_be_visible()
    settled(page)
    assert hosts <= {"127.0.0.1", None}
