"""A recruiter's morning on a job with 1,252 applications: twenty approved, two taken back."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.domain.approval import OutboxState
from core.domain.assessment import Standing
from core.domain.ids import ApplicationId, CriterionId, ProposalId
from core.domain.proposal import (
    AddAssessmentResult,
    AddTags,
    AppendText,
    Change,
    SetField,
    SetStage,
)
from core.domain.rows import PipelineRow
from core.domain.views import PipelineView
from core.sandbox.icims.seed import Json
from core.sandbox.icims.world.library import demo_json
from core.services.audit import walk
from tests.browser.conftest import settled, sign_in, start_screens
from tests.browser.grid import open_line, tick_first
from tests.whole import CUSTOMER, PASSWORD, RECRUITER, STORE, Whole, start_whole

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

EVERYBODY, SCORED, APPROVED, UNDONE = 1_252, 60, 20, 2
UNDO_SECONDS = 25
LEAST = 30


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Whole]:
    """The product with a large job pulled from iCIMS, nothing scored yet."""
    folder = tmp_path_factory.mktemp("workbench")
    with start_whole(folder, people=3_000, undo_seconds=UNDO_SECONDS) as started:
        started.pull(STORE)
        yield started


@pytest.fixture(scope="module")
def address(whole: Whole) -> Iterator[str]:
    with start_screens("app.py", port=0, **whole.environment) as started:
        yield started


@dataclass(frozen=True)
class Desk:
    """What the recruiter has in front of them, and what the services say of it."""

    page: Page
    whole: Whole

    def pipeline(self) -> PipelineView:
        return self.whole.app.pipeline.open(self.whole.sign_in(RECRUITER), STORE)

    def changes(self, id: ProposalId) -> tuple[Change, ...]:
        with self.whole.app.store.unit_of_work() as uow:
            found = uow.proposals.get(id)
        assert found is not None
        return found.changes


def test_twenty_are_approved_two_taken_back_and_icims_holds_exactly_eighteen(
    whole: Whole, address: str, context: BrowserContext
) -> None:
    before = whole.sandbox.records(CUSTOMER, "applicantworkflows")
    page = context.new_page()
    page.goto(address)
    desk = Desk(sign_in(page, RECRUITER, PASSWORD), whole)
    open_the_job(page)
    freeze_the_criteria(page)
    with whole.working():
        score_some_and_stop(page)
        asked = filter_by_criterion_and_score(desk)
        changed = override_the_first(desk, asked)
        read_the_next_one_and_go_back(desk, asked)
        chosen = {row.application_id: row for row in answering(desk, asked)[:APPROVED]}
        assert changed in chosen
        approve_all_of(page, len(chosen))
        undone = take_back_two(desk, [row for id, row in chosen.items() if id != changed])
        expect(page.get_by_text("approved, not written yet")).to_be_hidden(timeout=90_000)
    whole.write()

    after = whole.sandbox.records(CUSTOMER, "applicantworkflows")
    written = {ApplicationId(str(id)) for id in after if after[id] != before[id]}
    assert written == chosen.keys() - undone
    assert len(written) == APPROVED - UNDONE
    for id in written:
        assert_holds(after[int(id)], before[int(id)], desk.changes(proposal_of(chosen[id])))
    assert after[int(changed)]["field19001"] == score_value(chosen[changed])
    assert {entry["id"] for entry in whole.sandbox.admin.journal()} == set(map(int, written))
    assert_recorded(whole, chosen, undone)
    page.goto(f"{address}/pipeline?req={STORE}&state=written")
    expect(page.get_by_text(f"{len(written)} of {EVERYBODY:,} shown")).to_be_visible()


# --- What the recruiter does ---------------------------------------------------------------------


def open_the_job(page: Page) -> None:
    expect(page.get_by_role("heading", name="Requisitions")).to_be_visible()
    page.get_by_role("button", name="Open").first.click()
    expect(page.get_by_role("button", name="All requisitions")).to_be_visible()
    expect(page.get_by_text(f"Everybody {EVERYBODY:,}")).to_be_visible()


def freeze_the_criteria(page: Page) -> None:
    page.get_by_role("button", name="Write criteria").click()
    expect(page.get_by_role("heading", name="Criteria")).to_be_visible()
    settled(page).get_by_role("button", name="Freeze", exact=True).click()
    expect(page.get_by_role("button", name=f"Score {EVERYBODY:,} applications")).to_be_visible()


def score_some_and_stop(page: Page) -> None:
    page.get_by_role("button", name=f"Score {EVERYBODY:,} applications").click()
    page.get_by_role("button", name="Start scoring").click()
    done = re.compile(rf"Scored ([{str(SCORED)[0]}-9]\d|\d{{3}}|1,\d{{3}}) of {EVERYBODY:,}")
    expect(page.get_by_text(done)).to_be_visible(timeout=120_000)
    page.get_by_role("button", name="Stop scoring").click()
    expect(page.get_by_role("button", name="Stop scoring")).to_be_hidden()


def filter_by_criterion_and_score(desk: Desk) -> CriterionId:
    """Ask for who meets what most people meet, with a score from ``LEAST``."""
    page, view = settled(desk.page), desk.pipeline()
    assert view.criteria is not None
    short = {c.id: c.label for c in view.criteria.criteria if len(c.label) < 50}
    met = Counter(
        id
        for row in view.rows
        for id, standing in row.verdicts.items()
        if standing is Standing.MET and id in short
    )
    most = met.most_common(1)[0][0]
    label = short[most]
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("combobox", name="Criterion").click()
    page.get_by_role("option", name=label).click()
    settled(page).get_by_role("button", name="Add", exact=True).click()
    chip = page.get_by_role("button", name=f"{label}: met")
    expect(chip).to_be_visible()
    lowest = settled(page).get_by_role("slider", name="Score").first
    lowest.focus()
    for _ in range(LEAST // 10):
        lowest.press("PageUp")
    expect(page.get_by_role("button", name=f"Score from {LEAST}")).to_be_visible()
    page.keyboard.press("Escape")
    expect_shown(desk, most)
    return most


def answering(desk: Desk, asked: CriterionId) -> list[PipelineRow]:
    """Who answers the question, in the order of the screen."""
    return [
        row
        for row in desk.pipeline().rows
        if row.score and row.score.value >= LEAST and row.verdicts.get(asked) is Standing.MET
    ]


def expect_shown(desk: Desk, asked: CriterionId) -> None:
    count = len(answering(desk, asked))
    assert count > APPROVED
    expect(desk.page.get_by_text(f"{count} of {EVERYBODY:,} shown; nobody was")).to_be_visible()


def override_the_first(desk: Desk, asked: CriterionId) -> ApplicationId:
    """Open the first line, read a quote, change a verdict; both scores are shown."""
    page = desk.page
    open_line(page, 0)
    expect(page.get_by_role("button", name="Keys")).to_be_visible()
    first = ApplicationId(re.findall(r"app=(\d+)", settled(page).url)[0])
    quoted = page.locator("button.verdict", has=page.locator("q")).first
    quote = quoted.locator("q").first.inner_text()
    quoted.click()
    expect(page.locator(".paper .text:not([hidden]) mark.lit", has_text=quote)).to_be_visible()

    criterion, own = met_besides(desk, first, asked), page.locator(".panel .value").inner_text()
    page.get_by_role("button", name=f"Change the verdict on {criterion}", exact=True).click()
    window = page.get_by_role("dialog")
    window.get_by_text("Not shown").click()
    preview = window.get_by_text(re.compile(rf"^Score {re.escape(own)} → "))
    expect(preview).to_be_visible()
    new = preview.inner_text().partition("→ ")[2]
    assert int(new.split()[0]) < int(own.split()[0])
    window.get_by_role("combobox", name="Why").click()
    page.get_by_role("option", name="It was judged too loosely").click()
    window.get_by_role("button", name="Save").click()
    expect(window).to_be_hidden()
    expect(page.locator(".panel .value")).to_have_text(new)
    expect(page.locator(".panel .before")).to_have_text(f"copilot {own}")
    return first


def met_besides(desk: Desk, id: ApplicationId, asked: CriterionId) -> str:
    """Name a criterion that somebody meets, other than the one asked for."""
    view = desk.pipeline()
    (row,) = (row for row in view.rows if row.application_id == id)
    assert view.criteria is not None
    return next(
        criterion.label
        for criterion in view.criteria.criteria
        if criterion.id != asked and row.verdicts[criterion.id] is Standing.MET
    )


def read_the_next_one_and_go_back(desk: Desk, asked: CriterionId) -> None:
    page, title = desk.page, desk.pipeline().requisition.title
    before = page.url
    settled(page).keyboard.press("j")
    page.wait_for_url(lambda url: url != before)
    settled(page).get_by_role("button", name=title, exact=True).click()
    expect(page.get_by_role("button", name="All requisitions")).to_be_visible()
    expect(page.get_by_role("button", name=f"Score from {LEAST}")).to_be_visible()
    assert asked in settled(page).url


def approve_all_of(page: Page, count: int) -> None:
    """Tick, read whom the sample asks for, and confirm."""
    tick_first(page, count)
    dialog = page.get_by_role("dialog")
    asked_to_read = 0
    while True:
        page.get_by_role("button", name=f"Approve {count} …").click()
        settled(page)
        sample = dialog.locator("[class*=st-key-sample-] button")
        expect(sample.or_(dialog.get_by_role("button", name="Approve")).first).to_be_visible()
        if not sample.count():
            break
        asked_to_read += 1
        sample.first.click()
        expect(page.get_by_text("Counts as looked at by you")).to_be_visible()
        settled(page).go_back()
        expect(page.get_by_text(f"{count} ticked")).to_be_visible()
        settled(page)
    assert asked_to_read > 0
    dialog.get_by_role("button", name=f"Approve {count} people").click()
    expect(page.get_by_text(f"✓ {count} approved")).to_be_visible()


def take_back_two(desk: Desk, rows: list[PipelineRow]) -> set[ApplicationId]:
    page = desk.page
    settled(page).get_by_role("link", name="Approvals").click()
    expect(page.get_by_text(f"{APPROVED} approved, not written yet")).to_be_visible()
    page.get_by_text("Who", exact=True).click()
    for place, row in enumerate(rows[:UNDONE], 1):
        page.locator(f".st-key-undo-{proposal_of(row)} button").click()
        expect(page.get_by_text(f"{APPROVED - place} approved, not written yet")).to_be_visible()
    return {row.application_id for row in rows[:UNDONE]}


# --- What has to be true afterwards --------------------------------------------------------------


def proposal_of(row: PipelineRow) -> ProposalId:
    assert row.proposal_id is not None
    return row.proposal_id


def score_value(row: PipelineRow) -> int:
    assert row.score is not None
    return row.score.value


def assert_holds(now: Json, before: Json, changes: tuple[Change, ...]) -> None:
    """The record holds every change as approved, and nothing else of it is different."""
    fields = demo_json(f"field_map_{CUSTOMER}.json")["fields"]
    touched = set()
    for change in changes:
        match change:
            case SetField():
                touched.add(id := fields[change.field]["json_id"])
                assert now[id] == change.new
            case AddTags():
                touched.add(id := fields[change.field]["json_id"])
                assert [tag["value"] for tag in now.get(id, ())] == list(change.new)
            case AppendText():
                touched.add(id := fields[change.field]["json_id"])
                assert now[id].startswith(before.get(id, ""))
                assert change.text in now[id]
            case AddAssessmentResult():
                touched.add("assessmentresults")
                *kept, added = now["assessmentresults"]
                assert kept == before.get("assessmentresults", [])
                assert added["assessmentscore"] == change.score
            case SetStage():
                raise AssertionError("a score moves nobody")
    apart = {name for name in now.keys() | before.keys() if now.get(name) != before.get(name)}
    assert apart == touched


def assert_recorded(
    whole: Whole, chosen: Mapping[ApplicationId, PipelineRow], undone: set[ApplicationId]
) -> None:
    """One row of the log for each person and decision; every write has its receipt."""
    with whole.app.store.unit_of_work() as uow:
        events = list(uow.audit.events())
        states = {
            row.application_id: [e.state for e in uow.outbox.of(proposal_of(row))]
            for row in chosen.values()
        }
    assert not walk(iter(events)).problem
    for action, people in (
        ("proposal.approved", set(chosen)),
        ("approval.undone", undone),
    ):
        rows = [event.fact.subject for event in events if event.fact.action == action]
        assert sorted(rows) == sorted(f"application:{id}" for id in people)
    for id, found in states.items():
        assert set(found) == {OutboxState.CANCELLED if id in undone else OutboxState.DONE}
