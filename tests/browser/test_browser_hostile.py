"""What hostile candidates put into names and resumes stays text on every screen and in exports.

The whole product, with an iCIMS in which most applicants of one job mean harm.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit
from zlib import crc32

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, expect

from core.sandbox.icims.seed import Record, StoredFile
from core.sandbox.icims.world import DemoWorld
from tests.browser.conftest import settled, sign_in, start_screens
from tests.browser.grid import cell, scroll_to, tick_first
from tests.whole import PASSWORD, RECRUITER, SUPPORT, TODAY, Whole, start_whole

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

MARKUP = "<img src=https://evil.example/x.png onerror=\"window.owned='name'\">"
SCRIPT = "</script><script>window.owned='script';alert(1)</script>"
MARKDOWN = "**bold** [click](https://evil.example) ![x](https://evil.example/y.png) :red[r] $x^2$"
FORMULA = "=cmd|'/c calc'!A1"
REVERSED = "\u202eatad laitnedifnoc\u202c Reversed"
ENDLESS = "Endless" + "X" * 10_000
SURNAMES = (MARKUP, SCRIPT, MARKDOWN, FORMULA, REVERSED, ENDLESS)
FIRST_NAMES = ("Markup", "Script", "Markdown", "=1+1", "Direction", "")
PAPER = f"""{{name}}
Customer support specialist

{MARKUP}
{SCRIPT}
<svg onload="window.owned='svg'"></svg> <iframe src="https://evil.example/frame"></iframe>
{MARKDOWN}
{FORMULA}
{REVERSED}

EXPERIENCE
Customer Support Specialist, {FORMULA}, Northgate Ltd
January 2015 – today
- Answered 80 customer calls and e-mails a day in Zendesk and Salesforce {MARKUP}
- Handled complaints, refunds and escalations; {MARKDOWN} customer satisfaction 96 %
- {"Long" * 2_500}

SKILLS
Zendesk, Salesforce, de-escalation, {SCRIPT}, Excel, typing 70 words a minute

LANGUAGES
English (C2), {FORMULA}, Spanish (B2)
"""


class HostileWorld(DemoWorld):
    """The demo's customers, where everybody who is on no staff means harm."""

    def records(self, customer_id: str) -> Iterator[Record]:
        staff = {member.id for member in self.population(customer_id).tenant.staff}
        for record in super().records(customer_id):
            is_candidate = record.record_type == "people" and record.id not in staff
            if is_candidate and "resume" in record.body:
                yield _hostile(record, crc32(str(record.id).encode()) % len(SURNAMES))
            else:
                yield record

    def file(self, customer_id: str, record_type: str, id: int, name: str) -> StoredFile | None:
        found = super().file(customer_id, record_type, id, name)
        if found is None or (record_type, name) != ("people", "resume"):
            return found
        text = PAPER.format(name=f"Number {id}")
        return StoredFile(f"{MARKUP}.txt", "text/plain; charset=utf-8", text.encode())


def _hostile(record: Record, number: int) -> Record:
    file = {**record.body["resume"], "filename": f"{MARKUP}.txt"}
    skills = [{"entry": 1, "skill": text} for text in (MARKUP, FORMULA)]
    body = {
        **record.body,
        "firstname": FIRST_NAMES[number],
        "lastname": SURNAMES[number],
        "resume": file,
        "skillset": skills,
    }
    return replace(record, body=body)


@dataclass
class Watched:
    """A browser whose every request and dialog is noted."""

    context: BrowserContext
    address: str
    hosts: set[str] = field(default_factory=set)
    dialogs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.on("request", lambda r: self.hosts.add(urlsplit(r.url).hostname or ""))
        self.context.on("dialog", self._dismiss)

    def _dismiss(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def enter(self, username: str = RECRUITER) -> Page:
        page = self.context.new_page()
        page.goto(self.address)
        return sign_in(page, username, PASSWORD)

    def visit(self, page: Page, path: str) -> Page:
        page.goto(self.address + path)
        page.get_by_test_id("stMainBlockContainer").wait_for()
        return settled(page)

    def harm(self, page: Page) -> list[str]:
        """Say what ran, what was made of texts, what left the machine and what sticks out."""
        found = [f"dialog {message}" for message in self.dialogs]
        found += [f"request to {host}" for host in self.hosts - {"127.0.0.1", ""}]
        found += [f"ran: {owned}"] if (owned := page.evaluate("window.owned")) else []
        found += page.locator(_MADE_OF_TEXT).evaluate_all("all => all.map(one => one.outerHTML)")
        return [*found, *page.evaluate(_STICKS_OUT)]

    def assert_harmless(self, page: Page) -> None:
        assert self.harm(settled(page)) == [], page.url


_MADE_OF_TEXT = ", ".join(
    (
        "[src*='evil.example']",
        "[href*='evil.example']",
        "[onerror]",
        "svg[onload]",
        "iframe[src*='evil']",
        "strong:text-is('bold')",
        "b:text-is('bold')",
        ".katex",
    )
)
_STICKS_OUT = """() => ["html", "body", "[data-testid=stMain]", "[data-testid=stAppViewContainer]"]
    .map(where => document.querySelector(where))
    .filter(part => part && part.scrollWidth > part.clientWidth + 1)
    .map(part => `${part.tagName} ${part.dataset.testid ?? ""} ${part.scrollWidth}`)"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Whole]:
    """The product on the hostile iCIMS, one job scored."""
    folder = tmp_path_factory.mktemp("hostile")
    with start_whole(folder, world=HostileWorld(7, 300, TODAY)) as started:
        started.score(SUPPORT)
        yield started


@pytest.fixture(scope="module")
def address(whole: Whole) -> Iterator[str]:
    with start_screens("app.py", port=0, **whole.environment) as started:
        yield started


@pytest.fixture
def watched(context: BrowserContext, address: str) -> Watched:
    return Watched(context, address)


@pytest.fixture(scope="module")
def people(whole: Whole) -> dict[str, str]:
    """One application for each kind of name."""
    rows = whole.app.pipeline.open(whole.sign_in(RECRUITER), SUPPORT).rows
    found = {name: next(r for r in rows if name in r.name) for name in SURNAMES}
    return {name: row.application_id for name, row in found.items()}


def shown(surname: str) -> str:
    """Say how a name reads on the screen: on one line, without direction marks, not endless."""
    whole_name = f"{FIRST_NAMES[SURNAMES.index(surname)]} {surname}".strip()
    line = " ".join(whole_name.replace("\u202e", " ").replace("\u202c", " ").split())
    return line if len(line) <= 120 else line[:119] + "…"


def test_the_watch_notices_what_comes_to_life(context: BrowserContext) -> None:
    context.route("**/*", lambda route: route.abort())
    watched, page = Watched(context, ""), context.new_page()
    assert not watched.harm(page)
    page.set_content(f"<!doctype html>{MARKUP}<p style='width: 3000px'>wide</p>")
    page.wait_for_function("window.owned")
    assert len(watched.harm(page)) >= 4


def test_lists_show_hostile_names_as_text(watched: Watched, whole: Whole) -> None:
    page = watched.enter()
    for path in ("/requisitions", "/queue", f"/pipeline?req={SUPPORT}"):
        watched.visit(page, path)
        watched.assert_harmless(page)
    read = names_in_the_table(
        page, len(whole.app.pipeline.open(whole.sign_in(RECRUITER), SUPPORT).rows)
    )
    assert read == set(map(shown, SURNAMES))
    watched.visit(page, f"/pipeline?req={SUPPORT}&words=Zendesk")
    expect(page.get_by_role("button", name="In resumes: Zendesk")).to_be_visible()
    cells = page.get_by_test_id("stDataFrame").locator("canvas td")
    expect(cells.filter(has_text="«Zendesk»").first).to_be_attached()
    watched.assert_harmless(page)


def names_in_the_table(page: Page, count: int) -> set[str]:
    """Read the names of all lines, the first screenful and the last."""
    names = page.get_by_test_id("stDataFrame").locator("canvas td[aria-colindex='1']")
    expect(cell(page, 1, 0)).to_be_attached()
    first = names.all_text_contents()
    scroll_to(page, count - 1)
    return {*first, *names.all_text_contents()}


def test_an_application_shows_each_hostile_name_as_text(
    watched: Watched, people: dict[str, str]
) -> None:
    page = watched.enter()
    for surname in SURNAMES:
        watched.visit(page, f"/application?app={people[surname]}")
        expect(page.get_by_text(shown(surname), exact=True).first).to_be_visible()
        watched.assert_harmless(page)


def test_an_application_shows_a_hostile_paper_and_profile_as_text(
    watched: Watched, people: dict[str, str]
) -> None:
    page = watched.enter()
    watched.visit(page, f"/application?app={people[MARKUP]}")
    paper = page.locator(".paper")
    for text in (MARKUP, SCRIPT, MARKDOWN, FORMULA, "<svg onload="):
        expect(paper.locator(".text:not([hidden])")).to_contain_text(text)
    watched.assert_harmless(page)
    for words, inside in (
        ("iCIMS profile and resume", page.get_by_test_id("stDataFrame").first),
        ("What happened so far", page.locator(".timeline")),
    ):
        page.get_by_text(words).click()
        expect(inside).to_be_visible()
        watched.assert_harmless(page)
    page.get_by_role("button", name="As the model saw it").click()
    expect(paper.locator(".text:not([hidden])")).to_contain_text("satisfaction 96")
    watched.assert_harmless(page)
    page.get_by_role("button", name="Change a verdict").click()
    expect(page.get_by_role("dialog")).to_contain_text("The copilot: ")
    watched.assert_harmless(page)


def test_a_resumes_file_is_handed_out_under_a_plain_name(
    watched: Watched, people: dict[str, str]
) -> None:
    page = watched.enter()
    watched.visit(page, f"/application?app={people[MARKUP]}")
    with page.expect_download() as download:
        page.get_by_role("button", name="Resume file").click()
    assert not set(download.value.suggested_filename) & set("<>\"'/\\:=|")
    assert MARKUP in download.value.path().read_text("utf-8")


@pytest.mark.parametrize("of", [SURNAMES[:3], SURNAMES[3:]], ids=["markup", "signs"])
def test_side_by_side_hostile_people_are_text(
    watched: Watched, people: dict[str, str], of: Sequence[str]
) -> None:
    page = watched.enter()
    watched.visit(page, f"/compare?apps={','.join(people[name] for name in of)}")
    for name in of:
        expect(page.locator(".comparison .name", has_text=shown(name)[:70])).to_be_visible()
    watched.assert_harmless(page)


def test_tray_and_batch_dialogs_show_hostile_people_as_text(watched: Watched, whole: Whole) -> None:
    page, together = watched.enter(), 5
    watched.visit(page, "/approvals")
    batch_dialog(page, together).locator("[class*=st-key-sample-]").first.wait_for()
    watched.assert_harmless(page)
    page.keyboard.press("Escape")
    for name in ("Next", "Next", "Previous"):
        settled(page).get_by_role("button", name=name).click()
        watched.assert_harmless(page)

    rosa = whole.sign_in(RECRUITER)
    waiting = whole.app.approvals.tray(rosa)
    for line in waiting:
        whole.app.review.opened(rosa, line.application_id)
    watched.visit(page, "/approvals")
    dialog = batch_dialog(page, together)
    expect(dialog.get_by_role("button", name=f"Approve {together} people")).to_be_visible()
    watched.assert_harmless(page)


def batch_dialog(page: Page, together: int) -> Locator:
    tick_first(page, together)
    page.get_by_role("button", name=f"Approve {together} …").click()
    return page.get_by_role("dialog")


def test_no_cell_of_the_list_taken_away_begins_a_formula(
    watched: Watched, people: dict[str, str]
) -> None:
    page = watched.enter()
    watched.visit(page, f"/pipeline?req={SUPPORT}")
    with page.expect_download() as download:
        page.get_by_role("button", name="Take the list away").click()
    text = download.value.path().read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.lstrip(' \t\r\n"').startswith(tuple("=+-@"))]
    assert not [cell for cell in cells if set(cell) & set("\u202e\u202c\t\r\n")]
    assert any(MARKUP in row[0] for row in rows)
    assert any(FORMULA in row[0] for row in rows)


def test_the_audit_log_names_no_hostile_person(watched: Watched) -> None:
    page = watched.enter("irene.castellan")
    expect(page.get_by_role("heading", name="Audit log")).to_be_visible()
    watched.assert_harmless(page)
    cells = settled(page).get_by_test_id("stDataFrame").locator("canvas td")
    expect(cells.first).to_be_attached()
    words = " ".join(cells.all_text_contents())
    assert not [name for name in ("onerror", "script", "cmd|", "Endless") if name in words]
