"""The screens in a real Chromium: on the in-memory App, or on the whole product."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from core.ui.cookie import ADDRESS
from tests.twins.app import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=20_000)
Enter = Callable[..., Page]


# A module at most: while Playwright runs, its event loop is this thread's, and no other may begin.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.skip("skipped: no chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1440, "height": 900})
    opened.set_default_timeout(30_000)
    yield opened
    opened.close()


@contextmanager
def start_screens(script: str, *arguments: str, port: int = 0, **settings: str) -> Iterator[str]:
    """Run the screens in a process of their own; give their address once they answer."""
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.address", "127.0.0.1"]
    with subprocess.Popen(
        [*command, "--server.port", str(port or free_port()), "--", *arguments],
        cwd=ROOT,
        env=_environment(settings),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield _address(process)
        finally:
            # Not terminate: the server would wait for browsers to hang up.
            process.kill()


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COPILOT_")}
    return {**kept, **settings, "PYTHONUNBUFFERED": "1"}


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if "http://" in line:
            return line[line.index("http://") :].strip()
    raise AssertionError("the screens did not start")


@pytest.fixture(scope="module")
def twin_address(browser: Browser) -> Iterator[str]:
    """Screens on the in-memory App."""
    with start_screens("tests/twins/serve.py", "full") as address:
        yield address


def settled(page: Page) -> Page:
    """Wait until no script runs."""
    expect(page.locator("[data-testid=stApp]")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=30_000
    )
    return page


def sign_in(page: Page, username: str, password: str = PASSWORD) -> Page:
    """Type user name and password and wait until the cookie is in the browser."""
    settled(page)
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    with page.expect_response(lambda answer: answer.url.endswith(ADDRESS)):
        page.get_by_label("Password", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Recruiter copilot")).to_be_hidden(timeout=30_000)
    return settled(page)


@pytest.fixture
def enter(context: BrowserContext, twin_address: str) -> Enter:
    """Open an address of the twin signed out, and sign in there."""

    def enter_(path: str = "/", username: str = "rosa") -> Page:
        page = context.new_page()
        page.goto(twin_address + path)
        return sign_in(page, username)

    return enter_
