"""What only a browser can show of the application screen: pictures, windows, keys."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter, settled

pytestmark = pytest.mark.browser


def opened(enter: Enter, application: str) -> Page:
    page = enter(f"/application?app={application}")
    expect(page.get_by_role("button", name="Keys")).to_be_visible()
    return settled(page)


def verdict(page: Page, label: str) -> None:
    page.locator("button.verdict", has_text=label).click()


def test_a_chosen_criterion_lights_its_words_on_the_original_page(enter: Enter) -> None:
    page = opened(enter, "20001")
    page.keyboard.press("o")
    sheet = page.locator(".sheet")
    expect(sheet.get_by_role("img", name="Page 1 of 2")).to_be_visible()
    verdict(page, "ACLS certificate")
    expect(sheet.locator(".box.lit")).to_have_count(1)
    expect(sheet.locator(".box.dim")).not_to_have_count(0)


def test_a_quote_that_is_not_found_on_the_page_is_said_to_be_so(enter: Enter) -> None:
    page = opened(enter, "20001")
    page.get_by_role("button", name="Original page", exact=True).click()
    expect(page.locator(".sheet img")).to_be_visible()
    verdict(page, "Night shifts")
    expect(page.locator(".note")).to_contain_text("could not be located on this page")
    page.get_by_role("button", name="Text", exact=True).click()
    expect(page.locator(".text:not([hidden]) mark.lit")).to_contain_text("Charge nurse")


def test_a_criterion_whose_words_stand_on_another_page_leads_there(enter: Enter) -> None:
    page = opened(enter, "20001")
    page.keyboard.press("o")
    page.get_by_role("button", name="The next page").click()
    expect(page.get_by_role("img", name="Page 2 of 2")).to_be_visible()
    verdict(page, "Registered nurse licence")
    expect(page.get_by_role("img", name="Page 1 of 2")).to_be_visible()
    expect(page.locator(".box.lit")).to_have_count(1)


def test_no_key_acts_while_somebody_types_or_behind_a_window(enter: Enter) -> None:
    page = opened(enter, "20002")
    note = page.get_by_placeholder("A note with it (optional)")
    note.press_sequentially("123 jkxg")
    note.press("Shift+A")
    note.press("Control+Enter")
    expect(note).to_have_value("123 jkxgA")
    page.get_by_role("button", name="Change the verdict on ACLS certificate").click()
    window = page.get_by_role("dialog")
    expect(window).to_contain_text("The copilot: ")
    settled(page)
    for key in ("1", "j", "g", "Shift+A", "x"):
        page.keyboard.press(key)
    settled(page)
    expect(window).to_contain_text("Change a verdict")
    expect(page.get_by_test_id("stToast")).to_have_count(0)
    assert "app=20002" in page.url


def test_changing_a_verdict_shows_the_new_score_before_anything_is_kept(enter: Enter) -> None:
    page = opened(enter, "20002")
    page.keyboard.press("e")
    window = page.get_by_role("dialog")
    window.get_by_text("Not shown").click()
    expect(window).to_contain_text(re.compile("Score 92 ± 5 → 85 ± 5"))
    save = window.get_by_role("button", name="Save")
    expect(save).to_be_disabled()
    window.get_by_role("combobox").nth(1).click()
    page.get_by_role("option", name="The resume was misread").click()
    expect(save).to_be_enabled()
    quote = window.get_by_role("textbox", name="Words of the resume")
    quote.fill("never written there")
    save.click()
    expect(window).to_contain_text("do not stand in the resume")
    quote.fill("")
    save.click()
    expect(window).to_be_hidden()
    expect(page.get_by_test_id("stToast")).to_contain_text("Your verdict is kept")


def test_a_window_that_was_closed_gives_the_keys_back(enter: Enter) -> None:
    page = opened(enter, "20001")
    page.keyboard.press("h")
    expect(page.get_by_role("dialog")).to_contain_text("Keys on this screen")
    expect(page.get_by_role("button", name="Next Shortcut →")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Next Shortcut →")).to_be_visible()
    settled(page).keyboard.press("ArrowRight")
    expect(page.get_by_text("Denise Okafor").first).to_be_visible()


def test_a_window_closed_while_typing_keeps_the_words_and_gives_the_keys_back(
    enter: Enter,
) -> None:
    page = opened(enter, "20001")
    page.keyboard.press("e")
    window = page.get_by_role("dialog")
    note = window.get_by_label("Note (optional)")
    settled(page)
    note.press_sequentially("Ask about nights")
    note.press("Escape")
    expect(window).to_be_hidden()
    expect(page.get_by_role("button", name="Next Shortcut →")).to_be_visible()
    settled(page).keyboard.press("e")
    expect(note).to_have_value("Ask about nights")


def test_a_switch_that_was_clicked_leaves_the_keys_to_the_screen(enter: Enter) -> None:
    page = opened(enter, "20001")
    page.get_by_text("Go on to the next person after deciding").click()
    settled(page).keyboard.press("j")
    expect(page.get_by_text("Denise Okafor").first).to_be_visible()


def test_back_in_the_browser_leads_to_the_person_before(enter: Enter) -> None:
    page = opened(enter, "20001")
    page.keyboard.press("j")
    expect(page.get_by_text("Denise Okafor").first).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Maria Alvarez").first).to_be_visible()


def test_one_of_the_compared_can_be_opened(enter: Enter) -> None:
    page = enter("/compare?apps=20001,20010")
    sheet = page.get_by_role("table")
    expect(sheet).to_contain_text("They differ on")
    assert sheet.locator("img, a").count() == 0
    sheet.get_by_role("button", name="Open Maria Alvarez").click()
    expect(page.get_by_role("button", name="Keys")).to_be_visible()
    assert "/application" in page.url
    assert "app=20001" in page.url


def test_whoever_stays_with_a_person_has_looked_at_them(enter: Enter) -> None:
    page = opened(enter, "20001")
    expect(page.get_by_text("Counts as looked at after 3 seconds")).to_be_visible()
    expect(page.get_by_text("Counts as looked at by you")).to_be_visible()
    page.keyboard.press("j")
    expect(page.get_by_text("Denise Okafor").first).to_be_visible()
    expect(page.get_by_text("Counts as looked at after 3 seconds")).to_be_visible()
    expect(page.get_by_text("Counts as looked at by you")).to_be_visible()


def test_a_held_key_leads_to_the_next_person_only(enter: Enter) -> None:
    page = opened(enter, "20001")
    for _ in range(8):
        page.keyboard.down("j")
        settled(page)
    page.keyboard.up("j")
    expect(page.get_by_text("Denise Okafor").first).to_be_visible()
    expect(page.get_by_text("2 of 24")).to_be_visible()
