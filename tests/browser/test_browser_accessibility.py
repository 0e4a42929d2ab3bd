"""axe-core finds nothing serious on any screen, in the light or in the dark."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from core.ui.menu import SCREENS
from tests.browser.conftest import settled, sign_in
from tests.browser.visits import SIGN_IN, VISITS

pytestmark = pytest.mark.browser
Theme = Literal["light", "dark"]
_WHO = sorted({visit.who for visit in VISITS})


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> Theme:
    chosen: Theme = request.param
    return chosen


@pytest.fixture
def page(browser: Browser, theme: Theme) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=theme)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


_AT_REST = """
() => !document.querySelector("[data-stale=true]") &&
  document.getAnimations().every((each) => each.playState !== "running")
"""
_LOOKS = 3
"""A screen that is being redrawn is faint for a moment; what is wrong with it stays."""


def serious(page: Page) -> list[str]:
    """Name what is wrong with the page however often one looks."""
    found: list[str] = []
    for _ in range(_LOOKS):
        settled(page).wait_for_function(_AT_REST)
        found = seriously(page)
        if not found:
            break
    return found


def seriously(page: Page) -> list[str]:
    """Name what axe-core calls serious or critical, with the place."""
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {rule['help']} at {node['target']}\n{node['html'][:200]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"][:3]
    ]


def test_every_screen_is_visited() -> None:
    assert {visit.name for visit in VISITS} >= set(SCREENS) - {"sign_out"}


def test_the_sign_in_is_free_of_serious_findings(page: Page, twin_address: str) -> None:
    page.goto(twin_address + SIGN_IN.path)
    page.get_by_label("User name").wait_for()
    assert not serious(page)


@pytest.mark.parametrize("who", _WHO)
def test_screens_are_free_of_serious_findings(page: Page, twin_address: str, who: str) -> None:
    page.goto(twin_address)
    sign_in(page, who)
    found = {}
    for visit in (visit for visit in VISITS if visit.who == who):
        page.goto(twin_address + visit.path)
        page.get_by_test_id("stMainBlockContainer").wait_for()
        found[visit.name] = serious(page)
    assert not {name: problems for name, problems in found.items() if problems}
