"""One day of a recruiter on the whole product, in a browser."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from core.ports import Trigger
from tests.browser.conftest import settled, sign_in, start_screens
from tests.whole import CUSTOMER, PASSWORD, RECRUITER, SUPPORT, Whole, start_whole

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Whole]:
    """The product with one requisition pulled and scored."""
    folder = tmp_path_factory.mktemp("whole")
    with start_whole(folder) as started:
        actor = started.sign_in(RECRUITER)
        started.app.sync.requisition(SUPPORT, Trigger("test", "service:test"))
        started.app.sync.applications(SUPPORT, Trigger("test", "service:test"))
        saved = started.app.criteria.save(
            actor, SUPPORT, started.app.criteria.open(actor, SUPPORT).criteria.criteria
        )
        started.app.criteria.freeze(actor, SUPPORT, saved.criteria.version)
        started.app.screening.start(actor, SUPPORT)
        started.work()
        yield started


@pytest.fixture(scope="module")
def address(whole: Whole) -> Iterator[str]:
    """The real screens on the same database and the same sandbox."""
    settings = whole.app.settings
    with start_screens(
        "app.py",
        COPILOT_ICIMS_API_BASE=settings.icims_api_base,
        COPILOT_ICIMS_TOKEN_URL=settings.icims_token_url,
        COPILOT_ICIMS_CUSTOMER_ID=CUSTOMER,
        COPILOT_ICIMS_CLIENT_ID=settings.icims_client_id,
        COPILOT_ICIMS_CLIENT_SECRET=settings.icims_client_secret.get_secret_value(),
        COPILOT_ICIMS_FIELD_MAP=os.fspath(settings.icims_field_map or ""),
        COPILOT_DATABASE_URL=settings.database_url,
        COPILOT_SECRET_KEY=settings.secret_key.get_secret_value(),
        COPILOT_UNDO_SECONDS="0",
        COPILOT_DEMO="true",
    ) as started:
        yield started


def test_from_sign_in_to_an_approved_write_and_its_trail(
    whole: Whole, address: str, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(address)
    sign_in(page, RECRUITER, PASSWORD)

    expect(page.get_by_role("heading", name="Requisitions")).to_be_visible()
    page.get_by_role("button", name="Open").first.click()
    expect(page.get_by_role("button", name="All requisitions")).to_be_visible()
    table = page.get_by_test_id("stDataFrame").locator("canvas").first
    table.wait_for()
    box = settled(page) and table.bounding_box()
    assert box
    page.mouse.click(box["x"] + 60, box["y"] + 38 + 19)

    expect(page.get_by_text("Proposed for iCIMS").first).to_be_visible()
    expect(page.locator("mark").first).to_be_visible()
    page.get_by_role("button", name="Approve and write to iCIMS").click()
    expect(page.get_by_text("Approved by Rosa Delgado").first).to_be_visible()
    assert not whole.sandbox.admin.journal()

    assert whole.write() > 0
    assert whole.sandbox.admin.journal()
    page.reload()
    expect(page.get_by_text("Written to iCIMS").first).to_be_visible()
    page.get_by_text("What happened so far").click()
    expect(page.get_by_test_id("stDataFrame").last).to_be_visible()


def test_the_reviewer_verifies_the_log_of_that_day(address: str, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(address)
    sign_in(page, "irene.castellan", PASSWORD)
    expect(page.get_by_role("heading", name="Audit log")).to_be_visible()
    page.get_by_role("button", name="Verify the log").click()
    expect(page.get_by_text("Nothing was changed, nothing is missing")).to_be_visible()


def test_the_administrator_sees_a_sound_connection(address: str, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(address)
    sign_in(page, "viktor.lund", PASSWORD)
    expect(page.get_by_text("Everything works")).to_be_visible()
