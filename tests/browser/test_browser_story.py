"""One day of a recruiter on the whole product, in a browser."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from core.domain.ids import RequisitionId
from core.domain.rows import PipelineRow
from core.ui.menu import SCREENS
from tests.browser.conftest import settled, sign_in, start_screens
from tests.whole import PASSWORD, RECRUITER, STORE, SUPPORT, Whole, start_whole

pytestmark = pytest.mark.browser

SIGN_IN_ONLY = re.compile(r"^Recruiter copilot.*Sign in.*nora\.falk.{0,30}$", re.DOTALL)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Whole]:
    """The product with one requisition pulled and scored."""
    folder = tmp_path_factory.mktemp("whole")
    with start_whole(folder) as started:
        started.score(SUPPORT)
        started.pull(STORE)
        yield started


@pytest.fixture(scope="module")
def address(whole: Whole) -> Iterator[str]:
    """The real screens on the same database and the same sandbox."""
    with start_screens("app.py", port=0, **whole.environment) as started:
        yield started


@dataclass(frozen=True)
class Known:
    """What one recruiter knows of a job, and how addresses name it."""

    job: RequisitionId
    title: str
    people: tuple[PipelineRow, ...]

    @property
    def names(self) -> set[str]:
        return {self.title, *(row.name for row in self.people if row.name)}

    def addresses(self) -> list[str]:
        """Every page there is, with everything of this job in its query."""
        first, second = self.people[0], self.people[1]
        query = (
            f"req={self.job}&app={first.application_id}&proposal={first.proposal_id}"
            f"&apps={first.application_id},{second.application_id}"
        )
        asked = "&score=40..&words=customer&state=proposed"
        return [
            f"/?{query}",
            *(f"/{name}?{query}" for name in SCREENS if name != "sign_out"),
            f"/pipeline?{query}{asked}",
            f"/application?{query}{asked}",
        ]


NO_PAGE = ("/app", "/home")


@pytest.fixture
def known(whole: Whole) -> dict[RequisitionId, Known]:
    rosa = whole.sign_in(RECRUITER)
    views = (whole.app.pipeline.open(rosa, job) for job in (SUPPORT, STORE))
    return {v.requisition.id: Known(v.requisition.id, v.requisition.title, v.rows) for v in views}


def test_signed_out_every_address_right_after_the_start_shows_the_sign_in_only(
    whole: Whole, known: dict[RequisitionId, Known], context: BrowserContext
) -> None:
    addresses = [*known[SUPPORT].addresses(), *NO_PAGE, "/sign_out"]
    with start_screens("app.py", port=0, **whole.environment) as fresh:
        pages = [context.new_page() for _ in addresses]
        for page, path in zip(pages, addresses, strict=True):
            page.goto(fresh + path, wait_until="commit")
        titles = {screen.title for screen in SCREENS.values()}
        for page, path in zip(pages, addresses, strict=True):
            expect(page.get_by_label("Password", exact=True)).to_be_visible()
            said = settled(page).get_by_test_id("stMain")
            # The demo's user names end the sign-in; nothing may follow them.
            expect(said).to_have_text(SIGN_IN_ONLY)
            expect(page.get_by_role("navigation")).to_have_count(0)
            if path not in NO_PAGE:  # Streamlit says so there, in a window over the sign-in
                expect(page.get_by_role("dialog")).to_have_count(0)
            inside = page.content()
            assert not [name for name in known[SUPPORT].names | titles if name in inside]


@pytest.mark.parametrize(
    ("manager", "own", "foreign"),
    [("paul.grey", STORE, SUPPORT), ("mina.osei", SUPPORT, STORE)],
    ids=["paul", "mina"],
)
def test_a_hiring_manager_sees_nothing_of_anothers_job_at_any_address(
    address: str,
    known: dict[RequisitionId, Known],
    context: BrowserContext,
    manager: str,
    own: RequisitionId,
    foreign: RequisitionId,
) -> None:
    page = context.new_page()
    page.goto(address)
    sign_in(page, manager, PASSWORD)
    page.goto(f"{address}/pipeline?req={own}")
    expect(page.get_by_role("heading", name=known[own].title)).to_be_visible()
    secret = known[foreign].names - known[own].names
    count = re.compile(rf"\b{len(known[foreign].people)}\b")
    for path in known[foreign].addresses():
        page.goto(address + path)
        page.get_by_test_id("stMainBlockContainer").wait_for()
        inside = settled(page).content()
        assert not [name for name in secret if name in inside or escape(name) in inside], path
        if "/password" not in path:
            assert not count.search(page.get_by_test_id("stMain").inner_text()), path


def test_the_sign_in_gets_all_it_is_made_of_without_a_session(
    address: str, context: BrowserContext
) -> None:
    page = context.new_page()
    refused: list[str] = []
    page.on("response", lambda answer: refused.append(answer.url) if not answer.ok else None)
    page.goto(address)
    page.get_by_label("User name").wait_for()
    settled(page)
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    assert not [url for url in refused if "oauth" not in url]


def test_the_address_of_a_list_taken_away_is_for_nobody_else_and_dies_with_the_session(
    address: str, browser: Browser, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(address)
    sign_in(page, RECRUITER, PASSWORD)
    page.goto(f"{address}/pipeline?req={SUPPORT}")
    page.get_by_role("button", name="Take the list away").wait_for()
    with page.expect_download() as download:
        settled(page).get_by_role("button", name="Take the list away").click()
    assert len(download.value.path().read_text("utf-8-sig").splitlines()) > 20
    stranger = browser.new_context()
    assert stranger.request.get(download.value.url).status == 403
    assert context.request.get(download.value.url).status == 200
    page.get_by_role("button", name="Rosa Delgado").click()
    page.get_by_text("Sign out").click()
    expect(page.get_by_role("heading", name="Recruiter copilot")).to_be_visible()
    settled(page)
    for browsers in (stranger, context):
        assert browsers.request.get(download.value.url).status in (403, 404)
    stranger.close()


def test_from_sign_in_to_an_approved_write_and_its_trail(
    whole: Whole, address: str, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(address)
    sign_in(page, RECRUITER, PASSWORD)

    expect(page.get_by_role("heading", name="Requisitions")).to_be_visible()
    page.locator("[class*=st-key-open-] button").first.click()
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
    expect(page.locator(".timeline").get_by_text("Written to iCIMS").first).to_be_visible()


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
