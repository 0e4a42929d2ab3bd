"""From click to settled page, against an empty Streamlit page in the same run.

    python -m bench.clicks [--rounds N] [--at-once N] [--sizes 200 1200 5000]

Starts the real screens on a seeded store and an app of two nearly empty pages with the same
flags, each in a process of its own, and drives both with one Chromium in turn. A page has settled
when its script has run, what was asked for is drawn and the document has not changed for 150 ms;
the time ends with the last change. Every click is compared with its like on the empty app: a
button's re-run, typing into a live field, another page of the menu.

With several sessions at once, browsers and servers share the machine: the last lines say how
many processors' worth of time each server took.
"""

import argparse
import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from bench.clicks_app.driving import EMPTY, TRAY, Click, link, open_page, sign_in, tour
from bench.clicks_app.serving import Server, serve
from bench.clicks_app.times import Times
from bench.seeded import SIZES, environment, seed
from core.domain.ids import RequisitionId

_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")
_WINDOW: ViewportSize = {"width": 1440, "height": 900}
_AT_ONCE = 1_200
"""Applications of the job that several people work in at once."""

Jobs = Mapping[int, RequisitionId]


@dataclass(frozen=True, slots=True)
class Person:
    """One session on each of the two apps."""

    real: Page
    empty: Page

    async def work(self, times: Times, case: str, clicks: Sequence[Click]) -> None:
        """Do ``clicks`` on the real screens and return to the requisitions."""
        for click in clicks:
            times.add(case, click.name, await click.timed(self.real))
        await link("Requisitions")(self.real)
        await self.real.get_by_role("heading", name="Requisitions").wait_for()

    async def idle(self, times: Times) -> None:
        """Do each click of the empty app and return to its first page."""
        for click in EMPTY:
            times.add("", click.name, await click.timed(self.empty))
        await link("First")(self.empty)
        await self.empty.locator(".st-key-again").wait_for()


async def alone(one: Person, jobs: Jobs, rounds: int) -> None:
    """Let one person work in each job in turn, on the empty app in between; print the times."""
    times = Times()
    for turn in range(rounds + 1):
        if turn == 1:
            times.forget()  # the first round loads scripts and fills caches
        for size, job in jobs.items():
            await one.idle(times)
            await one.work(times, f"{size:,}", tour(job))
        await one.work(times, "all", (TRAY,))
    for size, job in jobs.items():
        times.report(f"{size:,}", tour(job))
    times.report("all", (TRAY,))


async def together(people: Sequence[Person], job: RequisitionId, servers: Sequence[Server]) -> None:
    """Let everybody do the same at the same time; print times and the servers' share of them."""
    times, case = Times(), f"{len(people)} at once"
    for turn in range(4):
        if turn == 1:
            times.forget()
        works = [person.work(times, case, tour(job)) for person in people]
        idles = [person.idle(times) for person in people]
        shares = [await _share(s, w) for s, w in zip(servers, (works, idles), strict=True)]
    times.report(case, tour(job))
    print(f"\nProcessors used meanwhile: screens {shares[0]:.2f}, empty app {shares[1]:.2f}")


async def _share(server: Server, work: Sequence[Awaitable[None]]) -> float:
    start, used = time.perf_counter(), server.cpu_seconds
    await asyncio.gather(*work)
    return (server.cpu_seconds - used) / (time.perf_counter() - start)


async def _enter(
    browser: Browser, servers: Sequence[Server], cookies: str | None, number: int
) -> list[Person]:
    """Open sessions with the cookies of one that has signed in."""
    people = []
    for _ in range(number):
        # Each page in a window of its own: Chromium slows the timers of a tab behind another.
        mine, other = [
            await browser.new_context(viewport=_WINDOW, storage_state=state)
            for state in (cookies, None)
        ]
        real = await (open_page if cookies else sign_in)(mine, servers[0].address)
        await real.get_by_role("heading", name="Requisitions").wait_for()
        people.append(Person(real, await open_page(other, servers[1].address)))
    return people


async def measure(servers: Sequence[Server], jobs: Jobs, given: argparse.Namespace) -> None:
    """Drive both servers and print what it took."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=_FLAGS)
        (one,) = await _enter(browser, servers, None, 1)
        Times.head()
        await alone(one, jobs, given.rounds)
        cookies = str(Path(given.folder, "cookies.json"))
        await one.real.context.storage_state(path=cookies)
        people = await _enter(browser, servers, cookies, given.at_once)
        await together(people, _middle(jobs), servers)
        await browser.close()


def _middle(jobs: Jobs) -> RequisitionId:
    return jobs[min(jobs, key=lambda size: abs(size - _AT_ONCE))]


async def remember(server: Server, jobs: Jobs, sessions: int) -> None:
    """Print what more sessions add to a warm server, each with a pipeline on the screen."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    clicks = tour(_middle(jobs))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=_FLAGS)
        first = await browser.new_context(viewport=_WINDOW)
        page = await sign_in(first, server.address)
        for _ in range(10):
            for click in clicks:
                await click.timed(page)
            await link("Requisitions")(page)
            await page.get_by_role("heading", name="Requisitions").wait_for()
        before, state = server.resident_mb, await first.storage_state()
        for _ in range(sessions):
            context = await browser.new_context(viewport=_WINDOW, storage_state=state)
            await clicks[0].timed(await open_page(context, server.address))
        each = (server.resident_mb - before) / sessions
        print(f"Memory: {before:.0f} MB warm, {each:.1f} MB more for each of {sessions} sessions")
        await browser.close()


def main() -> None:
    """Seed, serve, measure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--at-once", type=int, default=10)
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    with tempfile.TemporaryDirectory() as folder:
        given = options.parse_args(namespace=argparse.Namespace(folder=folder))
        jobs = seed(Path(folder), given.sizes)
        with (
            serve("app.py", environment(Path(folder))) as real,
            serve("bench/clicks_app/empty.py", {}) as empty,
        ):
            asyncio.run(measure((real, empty), jobs, given))
        with serve("app.py", environment(Path(folder))) as fresh:
            asyncio.run(remember(fresh, jobs, given.at_once))


if __name__ == "__main__":
    main()
