"""What only a browser shows of a pipeline: clicks on lines, ticks, dialogs, chips, tiles."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Enter, settled, sign_in, start_screens
from tests.twins import people

pytestmark = pytest.mark.browser

_HEAD, _LINE = 36, 36


@pytest.fixture
def enter_alone(context: BrowserContext) -> Iterator[Enter]:
    """Screens of a process of their own, for what changes the twin."""
    with start_screens("tests/twins/serve.py", "full") as address:

        def enter_(path: str = "/", username: str = "rosa") -> Page:
            page = context.new_page()
            page.goto(address + path)
            return sign_in(page, username)

        yield enter_


def click(page: Page, line: int, across: int) -> None:
    """Click into line ``line`` (from 0) of the first table, ``across`` pixels from its left."""
    table = page.get_by_test_id("stDataFrame").locator("canvas").first
    table.wait_for()
    settled(page)
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + across, box["y"] + _HEAD + _LINE * line + _LINE / 2)
    settled(page)


def tick(page: Page, *lines: int) -> None:
    for line in lines:
        click(page, line, 17)
    expect(page.get_by_text(f"{len(lines)} ticked")).to_be_visible()


def asked_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_opening_a_line_hands_the_question_on_and_ticks_survive_the_way_back(
    enter: Enter,
) -> None:
    page = enter("/pipeline?req=1017&score=40..&stage=!Offer")
    tick(page, 0, 2)
    click(page, 1, 120)
    expect(page.get_by_text("Denise Okafor").first).to_be_visible()
    question = {"req": ["1017"], "score": ["40.."], "stage": ["!Offer"]}
    assert asked_of(page) == {"app": ["20002"], **question}
    page.go_back()
    expect(page.get_by_text("2 ticked")).to_be_visible()
    assert "/pipeline" in settled(page).url
    assert asked_of(page) | question == asked_of(page)


def test_a_tick_stays_with_its_person_when_the_list_is_narrowed(enter: Enter) -> None:
    page = enter("/pipeline?req=1017")
    tick(page, 1, 2)
    page.get_by_label("Find by name").fill("okafor")
    expect(page.get_by_text("1 of 24 shown; nobody was removed.")).to_be_visible()
    expect(page.get_by_text("1 ticked")).to_be_visible()
    page.get_by_role("button", name="Name: okafor").click()
    expect(page.get_by_text("1 of 24 shown")).to_be_hidden()
    expect(page.get_by_text("1 ticked")).to_be_visible()
    assert "name" not in asked_of(settled(page))


def test_a_batch_is_approved_line_by_line_and_taken_back(enter_alone: Enter) -> None:
    page = enter_alone("/pipeline?req=1017")
    tick(page, 0, 1)
    page.get_by_role("button", name="Approve 2 …").click()
    dialog = page.get_by_role("dialog")
    changes = sum(len(people.proposal(row).changes) for row in people.rows()[:2])
    expect(dialog.get_by_text(f"{changes} changes in iCIMS")).to_be_visible()
    dialog.get_by_role("button", name="Approve 2 people").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("✓ 2 approved")).to_be_visible()
    page.get_by_role("button", name="Undo all").click()
    expect(page.get_by_text("↶ 2 taken back")).to_be_visible()
    page.get_by_role("button", name="Put away").click()
    expect(page.get_by_text("↶ 2 taken back")).to_be_hidden()


def test_a_batch_of_unread_people_leads_to_the_sample_first(enter: Enter) -> None:
    page = enter("/pipeline?req=1017&state=proposed")
    tick(page, 0, 1, 2, 3, 4)
    page.get_by_role("button", name="Approve 5 …").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("You have opened 2 of these 5 people")).to_be_visible()
    assert dialog.get_by_role("button", name="Approve").count() == 0
    dialog.locator("[class*=st-key-sample-] button").first.click()
    expect(dialog).to_be_hidden()
    page.wait_for_url("**/application?*")
    assert "app" in asked_of(settled(page))


def test_a_bar_of_the_spread_shows_its_people_and_pressed_again_everybody(enter: Enter) -> None:
    page = enter("/pipeline?req=1017")
    bar = page.get_by_role("button", name="Score 90–100: ")
    bar.focus()
    bar.press("Enter")
    expect(page.get_by_role("button", name="Score from 90")).to_be_visible()
    assert asked_of(settled(page))["score"] == ["90.."]
    expect(bar).to_be_focused()
    expect(bar).to_have_attribute("aria-pressed", "true")
    bar.click()
    expect(page.get_by_role("button", name="Score from 90")).to_be_hidden()
    assert "score" not in asked_of(settled(page))


def test_a_number_of_the_day_narrows_the_jobs_and_is_part_of_the_address(enter: Enter) -> None:
    page = enter("/requisitions")
    page.get_by_role("button", name="decisions waiting").click()
    expect(page.get_by_text("3 of 5 jobs shown")).to_be_visible()
    assert asked_of(settled(page)) == {"need": ["decide"]}
    page.get_by_role("button", name="decisions waiting").click()
    expect(page.get_by_text("3 of 5 jobs shown")).to_be_hidden()


def test_a_line_of_the_queue_opens_its_person_among_those_who_wait(enter: Enter) -> None:
    page = enter("/queue")
    click(page, 0, 60)
    expect(page.get_by_text("Jonas Weber").first).to_be_visible()
    assert asked_of(page) == {"app": ["20005"], "eyes": ["1"]}
