"""A person at the screens: what they click, and when the page has settled after it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from playwright.async_api import BrowserContext, Error, Page

from bench.seeded import PASSWORD, USERNAME
from core.domain.ids import RequisitionId

_PATIENCE = 60_000
_COOKIE = "recruiter_copilot"
_WATCH = """
(() => {
  const watch = (window.copilotWatch = { began: 0, changed: 0, asked: 0, answered: 0 });
  const change = () => (watch.changed = performance.now());
  const begin = () => {
    watch.began = change();
    watch.asked = watch.answered = 0;
  };
  for (const kind of ["click", "input"]) addEventListener(kind, begin, true);
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  // A grid is drawn on a canvas; its copy for screen readers, inside it, follows 200 ms later.
  const seen = ({ target }) => !(target.parentElement ?? target).closest("canvas");
  new MutationObserver((found) => found.some(seen) && change()).observe(document, all);
  window.WebSocket = class extends WebSocket {
    constructor(...where) {
      super(...where);
      this.addEventListener("message", () => (change(), (watch.answered = watch.asked)));
    }
    send(message) {
      watch.asked += 1;
      super.send(message);
    }
  };
})();
"""
_SETTLED = """
async () => new Promise((resolve, reject) => {
  const watch = window.copilotWatch;
  const look = () => {
    const app = document.querySelector("[data-testid=stApp]");
    const settled = watch.asked && watch.answered === watch.asked &&
      app?.dataset.testScriptState === "notRunning" &&
      !document.querySelector("[data-stale=true]") && (%s);
    if (settled && performance.now() - watch.changed > 150) resolve(watch.changed - watch.began);
    else if (performance.now() - watch.began > %d) reject(new Error("not settled"));
    else requestAnimationFrame(look);
  };
  look();
})
"""
_GRID = "document.querySelector('[data-testid=data-grid-canvas]')"
_FEWER = "document.body.innerText.includes('nobody was removed')"
_READER = "document.querySelector('[data-testid^=stBidiComponent]')"


@dataclass(frozen=True, slots=True)
class Click:
    """One thing a person does: ``drawn`` is the JavaScript condition of what must then stand there.

    ``like`` names the click on the empty page that it is compared with.
    """

    name: str
    like: str
    do: Callable[[Page], Awaitable[None]]
    drawn: str

    async def timed(self, page: Page) -> float:
        """Click and return the milliseconds until the page last changed and no script runs."""
        await self.do(page)
        try:
            return float(await page.evaluate(_SETTLED % (self.drawn, _PATIENCE)))
        except Error as error:
            raise SystemExit(f"{self.name}: {error.message}") from None


def key(name: str) -> Callable[[Page], Awaitable[None]]:
    """Click the button with this key."""

    async def click(page: Page) -> None:
        await page.locator(f".st-key-{name} button").click()

    return click


def link(name: str) -> Callable[[Page], Awaitable[None]]:
    """Click an entry of the menu."""

    async def click(page: Page) -> None:
        await page.get_by_role("link", name=name, exact=True).click()

    return click


def text(name: str, value: str) -> Callable[[Page], Awaitable[None]]:
    """Put ``value`` into the field with this key, at once."""

    async def fill(page: Page) -> None:
        await page.locator(f".st-key-{name} input").fill(value)

    return fill


async def _view(page: Page) -> None:
    await page.locator(".st-key-show").get_by_text("For me to decide").click()


async def _row(page: Page) -> None:
    await page.get_by_test_id("stDataFrame").click(position={"x": 90, "y": 60})


EMPTY = (
    Click("again", "again", key("again"), "true"),
    Click("type", "type", text("type", "ada"), "document.body.innerText.includes('ada')"),
    Click("switch", "switch", link("Second"), "location.pathname.endsWith('/second')"),
)


def tour(job: RequisitionId) -> Sequence[Click]:
    """List what a recruiter does in a job, beginning and ending on the requisitions page."""
    pipeline = f"location.search.includes('req={job}') && {_GRID}"
    return (
        Click("open the pipeline", "switch", key(f"open-{job}"), pipeline),
        Click("choose a view", "again", _view, f"{_FEWER} && {_GRID}"),
        Click(
            "type a filter",
            "type",
            text("find", "lund"),
            f"location.search.includes('lund') && {_GRID}",
        ),
        Click("open an application", "switch", _row, _READER),
        Click("next application", "again", key("next"), _READER),
        Click("back to the pipeline", "switch", key("to_pipeline"), pipeline),
    )


TRAY = Click(
    "approvals tray", "switch", link("Approvals"), "location.pathname.endsWith('/approvals')"
)


async def sign_in(context: BrowserContext, address: str) -> Page:
    """Sign in by password; the context's cookie then opens further sessions."""
    page = await open_page(context, address)
    await page.get_by_label("User name").fill(USERNAME)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_label("Password", exact=True).press("Enter")
    await page.get_by_role("heading", name="Requisitions").wait_for()
    while not any(cookie.get("name") == _COOKIE for cookie in await context.cookies()):
        await page.evaluate("() => new Promise(requestAnimationFrame)")
    return page


async def open_page(context: BrowserContext, address: str) -> Page:
    """Open a tab that watches itself."""
    context.set_default_timeout(_PATIENCE)
    page = await context.new_page()
    await page.add_init_script(_WATCH)
    await page.goto(address)
    return page
