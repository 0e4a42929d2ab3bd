"""The tray in a real Chromium: choosing lines, ticking several, taking back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import settled, sign_in, start_screens

pytestmark = pytest.mark.browser
_TICK, _NAME, _LINE = 16, 90, 36


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with start_screens("tests/twins/serve.py", "full") as started:
        yield started


@pytest.fixture
def tray(context: BrowserContext, address: str) -> Page:
    """The tray as it was before anybody decided anything."""
    assert context.request.post(f"{address}/begin_again").ok
    page = context.new_page()
    page.goto(f"{address}/approvals")
    sign_in(page, "rosa")
    page.get_by_role("heading", name="Approvals").wait_for()
    # A tick that is set while the rest of the screen is still being drawn can be lost.
    expect(page.locator(".changes")).to_have_count(1)
    return settled(page)


def click_line(page: Page, number: int, x: int) -> None:
    """Click line ``number`` (from 1) of the table, ``x`` pixels from its left edge."""
    box = page.get_by_test_id("stDataFrame").bounding_box()
    assert box
    page.mouse.click(box["x"] + x, box["y"] + _LINE * number + _LINE // 2)
    settled(page)


def choose(page: Page, number: int, who: str) -> None:
    """Click a line and wait until its proposal is drawn, and nothing else any more."""
    click_line(page, number, _NAME)
    expect(page.locator("[class*=st-key-strong-one]").filter(has_text=who)).to_be_visible()
    expect(page.locator(".changes")).to_have_count(1)
    settled(page)


def test_a_click_on_a_line_shows_its_change_and_keeps_the_ticks(tray: Page) -> None:
    click_line(tray, 1, _TICK)
    expect(tray.get_by_text("1 ticked")).to_be_visible()
    click_line(tray, 2, _TICK)
    expect(tray.get_by_text("2 ticked")).to_be_visible()
    choose(tray, 3, "Denise Okafor")
    expect(tray.locator(".changes")).to_contain_text("five years on a 24-bed")
    expect(tray.get_by_text("2 ticked")).to_be_visible()


def test_the_change_marks_words_and_makes_no_markup_of_them(tray: Page) -> None:
    choose(tray, 3, "Denise Okafor")
    expect(tray.locator(".changes del").first).to_have_text("71 ± 6")
    expect(tray.locator(".changes ins").first).to_have_text("92 ± 5")
    expect(tray.locator(".changes")).to_contain_text("<b>not bold</b> **not bold**")
    expect(tray.locator(".changes b")).to_have_count(0)


def test_what_was_approved_leaves_the_list_and_a_click_takes_it_back(tray: Page) -> None:
    expect(tray.locator("[class*=st-key-strong-one]")).to_contain_text("Samuel Ortiz")
    tray.get_by_role("button", name="Approve and write to iCIMS").click()
    expect(tray.get_by_text("Samuel Ortiz approved, not written yet")).to_be_visible()
    expect(tray.locator("[class*=st-key-strong-one]")).to_contain_text("Maria Alvarez")
    tray.get_by_role("button", name="Undo", exact=False).first.click()
    expect(tray.get_by_text("Samuel Ortiz approved, not written yet")).to_be_hidden()
    tray.keyboard.press("k")
    expect(tray.locator("[class*=st-key-strong-one]")).to_contain_text("Samuel Ortiz")


def test_a_key_asks_why_not_and_the_answer_takes_the_proposal_off_the_list(tray: Page) -> None:
    choose(tray, 2, "Maria Alvarez")
    tray.keyboard.press("x")
    dialog = tray.get_by_role("dialog")
    dialog.get_by_label("Why not?").fill("The licence is on page 2")
    dialog.get_by_role("button", name="Do not write").click()
    expect(tray.get_by_text("Your reason is kept")).to_be_visible()
    expect(tray.locator("[class*=st-key-strong-one]")).to_contain_text("Denise Okafor")
    expect(tray.get_by_text("Everything 4")).to_be_visible()


def test_what_is_sent_back_is_said_with_what_should_be_left_out(tray: Page) -> None:
    tray.get_by_role("button", name="Send back …").click()
    tray.get_by_role("button", name="Tags", exact=True).click()
    tray.get_by_role("button", name="Send back", exact=True).click()
    expect(tray.get_by_text("Sent back. It cannot be approved any more.")).to_be_visible()


def test_what_is_to_be_sent_back_stays_until_it_is(tray: Page) -> None:
    opener = tray.get_by_role("button", name="Send back …")
    note = tray.get_by_role("textbox", name="What should be different?")
    opener.click()
    note.press_sequentially("The level is in the letter")
    tray.keyboard.press("Escape")
    expect(note).to_be_hidden()
    settled(tray).keyboard.press("j")
    expect(tray.locator("[class*=st-key-strong-one]")).to_contain_text("Maria Alvarez")
    settled(tray).keyboard.press("k")
    expect(tray.locator("[class*=st-key-strong-one]")).to_contain_text("Samuel Ortiz")
    settled(tray)
    opener.click()
    expect(note).to_have_value("The level is in the letter")


def test_the_evidence_is_one_click_away_and_back_leads_to_the_tray(tray: Page) -> None:
    tray.get_by_role("button", name="Read the evidence").click()
    expect(tray.get_by_role("heading", name="Approvals")).to_be_hidden()
    expect(tray.get_by_text("Samuel Ortiz").first).to_be_visible()
    tray.go_back()
    expect(tray.get_by_role("heading", name="Approvals")).to_be_visible()


def test_a_no_stays_until_a_reason_is_given_and_keeps_what_was_typed(tray: Page) -> None:
    tray.keyboard.press("x")
    dialog = tray.get_by_role("dialog")
    dialog.get_by_role("button", name="Do not write").click()
    expect(dialog.get_by_text("Say why, in a few words")).to_be_visible()
    dialog.get_by_label("Why not?").press_sequentially("Too far away")
    tray.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    # Keys rest until the server knows that the window is closed.
    expect(tray.get_by_role("button", name="Do not write … Shortcut X")).to_be_visible()
    settled(tray).keyboard.press("x")
    expect(dialog.get_by_label("Why not?")).to_have_value("Too far away")
    dialog.get_by_role("button", name="Do not write").click()
    expect(tray.get_by_text("Your reason is kept")).to_be_visible()


def test_a_batch_shows_each_change_and_stays_until_a_reason_is_given(tray: Page) -> None:
    click_line(tray, 2, _TICK)
    tray.get_by_role("button", name="Do not write 1 …").click()
    dialog = tray.get_by_role("dialog")
    table = dialog.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    settled(tray)
    box = table.bounding_box()
    assert box
    tray.mouse.click(box["x"] + 60, box["y"] + _LINE + _LINE // 2)
    expect(dialog.locator(".changes")).to_contain_text("±")
    dialog.get_by_role("button", name="Do not write 1 person").click()
    expect(dialog.get_by_text("Say why, in a few words")).to_be_visible()
    dialog.get_by_label("Why not?").fill("Hired elsewhere")
    dialog.get_by_role("button", name="Do not write 1 person").click()
    expect(tray.get_by_text("1 not written, as you said")).to_be_visible()


def test_a_key_takes_back_who_was_approved_last(tray: Page) -> None:
    tray.keyboard.press("Shift+A")
    bar = tray.locator(".st-key-just-decided")
    expect(bar).to_contain_text("Samuel Ortiz approved, not written yet")
    settled(tray).keyboard.press("u")
    expect(bar).to_be_hidden()
    expect(tray.get_by_text("Everything 5")).to_be_visible()


def hold(page: Page, key: str, *, repeats: int = 12) -> None:
    """Hold a key down as a keyboard does: one press, then repeats."""
    for _ in range(repeats):
        page.keyboard.down(key)
        settled(page)
    page.keyboard.up(key)


def test_a_held_key_approves_one_person(tray: Page) -> None:
    expect(tray.get_by_text("Everything 5")).to_be_visible()
    tray.keyboard.down("Shift")
    hold(tray, "A")
    tray.keyboard.up("Shift")
    expect(tray.get_by_text("Samuel Ortiz approved, not written yet")).to_be_visible()
    expect(tray.get_by_text("Everything 4")).to_be_visible()
    expect(tray.get_by_text("very quick")).to_have_count(0)


def test_a_key_held_on_a_focused_button_presses_it_once(tray: Page) -> None:
    tray.get_by_role("button", name="Approve and write to iCIMS").focus()
    hold(tray, "Enter")
    expect(tray.get_by_text("Samuel Ortiz approved, not written yet")).to_be_visible()
    expect(tray.get_by_text("Everything 4")).to_be_visible()


def test_a_double_click_approves_one_person(tray: Page) -> None:
    tray.get_by_role("button", name="Approve and write to iCIMS").click(click_count=2)
    expect(tray.get_by_text("Samuel Ortiz approved, not written yet")).to_be_visible()
    expect(tray.get_by_text("Everything 4")).to_be_visible()


_AT_ONCE = """
() => {
  const name = () => document.querySelector("[class*=st-key-approve-]")?.className;
  const before = name();
  const press = () => {
    if (!name() || name() === before) return;
    seen.disconnect();
    const key = { key: "A", code: "KeyA", shiftKey: true, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new KeyboardEvent("keydown", key));
    document.querySelector("[class*=st-key-approve-] button").click();
    window.pressedAtOnce = true;
  };
  const seen = new MutationObserver(press);
  seen.observe(document.body, { subtree: true, childList: true, attributes: true });
}
"""


def test_a_proposal_is_not_answered_the_moment_it_is_drawn(tray: Page) -> None:
    tray.evaluate(_AT_ONCE)
    tray.keyboard.press("Shift+A")
    tray.wait_for_function("window.pressedAtOnce")
    expect(settled(tray).get_by_text("Samuel Ortiz approved, not written yet")).to_be_visible()
    expect(tray.get_by_text("Everything 4")).to_be_visible()
