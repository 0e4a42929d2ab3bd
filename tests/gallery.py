"""Take a picture of every screen, light and dark, full, empty and failing: ``make gallery``."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import FLAGS, ROOT, settled, sign_in, start_screens
from tests.browser.visits import SIGN_IN, STATES, VISITS, Visit

TARGET = ROOT / "docs" / "screens"
_TALLEST = 1800
Theme = Literal["light", "dark"]
_THEMES: tuple[Theme, ...] = ("light", "dark")


def main() -> None:
    """Draw all pictures anew; what is no screen any more goes away."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for old in TARGET.glob("*.webp"):
        old.unlink()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for state in STATES:
            with start_screens("tests/twins/serve.py", state) as address:
                for theme in _THEMES:
                    _take_all(browser, address, state, theme)
        browser.close()


def _take_all(browser: Browser, address: str, state: str, theme: Theme) -> None:
    with _opened(browser, theme) as page:
        page.goto(address + SIGN_IN.path)
        page.get_by_label("User name").wait_for()
        _take(page, SIGN_IN, state, theme)
    for who in sorted({visit.who for visit in VISITS}):
        with _opened(browser, theme) as page:
            page.goto(address)
            sign_in(page, who)
            for visit in (visit for visit in VISITS if visit.who == who):
                page.goto(address + visit.path)
                page.get_by_test_id("stMainBlockContainer").wait_for()
                _take(page, visit, state, theme)


def _take(page: Page, visit: Visit, state: str, theme: Theme) -> None:
    settled(page)
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    page.wait_for_load_state("networkidle")
    height = int(page.evaluate(_HEIGHT))
    page.set_viewport_size({"width": 1440, "height": min(max(900, height), _TALLEST)})
    settled(page)
    page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    _save(page.screenshot(), TARGET / f"{visit.name}-{state}-{theme}.webp")
    page.set_viewport_size({"width": 1440, "height": 900})


_HEIGHT = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  return main ? main.scrollHeight + 10 : document.body.scrollHeight;
}"""


def _save(png: bytes, path: Path) -> None:
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").save(path, "WEBP", quality=72, method=6)


@contextmanager
def _opened(browser: Browser, theme: Theme) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        color_scheme=theme,
        locale="en-GB",
        timezone_id="Europe/Berlin",
    )
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


if __name__ == "__main__":
    main()
