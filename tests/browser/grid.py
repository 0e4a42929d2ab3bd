"""Tables on a canvas, used as a person does: by clicking where a line is."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import settled

LINE = 36
_TICK, _NAME = 17, 120


def table(page: Page) -> Locator:
    """Give the first table of the screen once it is drawn and nothing runs."""
    found = page.get_by_test_id("stDataFrame").locator("canvas").first
    found.wait_for()
    settled(page)
    found.scroll_into_view_if_needed()
    return found


def scroll_to(page: Page, line: int) -> int:
    """Bring a line (from 0) into view; return how many pixels the table is scrolled then."""
    canvas = table(page)
    box = canvas.bounding_box()
    assert box is not None
    down = max(0, line - int(box["height"] // LINE) + 3) * LINE
    page.mouse.move(box["x"] + _NAME, box["y"] + 3 * LINE)
    if down:
        page.mouse.wheel(0, down)
    expect(cell(page, 1, line)).to_be_attached()
    return down


def click(page: Page, line: int, across: int, *, shift: bool = False) -> None:
    """Click into a line, ``across`` pixels from the left, of a table not yet scrolled."""
    scrolled, box = scroll_to(page, line), table(page).bounding_box()
    assert box is not None
    if shift:
        page.keyboard.down("Shift")
    page.mouse.click(box["x"] + across, box["y"] + LINE * (line + 1) - scrolled + LINE / 2)
    if shift:
        page.keyboard.up("Shift")
    settled(page)


def open_line(page: Page, line: int) -> None:
    """Open the person of a line."""
    click(page, line, _NAME)


def tick_first(page: Page, count: int) -> None:
    """Tick the first ``count`` lines: the first, and with Shift all up to the last."""
    click(page, 0, _TICK)
    expect(page.get_by_text("1 ticked")).to_be_visible()
    click(page, count - 1, _TICK, shift=True)
    expect(page.get_by_text(f"{count} ticked")).to_be_visible()


def cell(page: Page, column: int, line: int) -> Locator:
    """Give a cell as screen readers meet it: of the lines in view only."""
    return page.get_by_test_id("stDataFrame").first.get_by_test_id(f"glide-cell-{column}-{line}")
