"""How the day's iCIMS requests are used: by one process and by three, under a backlog.

    python -m bench.rate [--limit N] [--day SECONDS] [--engine sqlite|postgresql]

A sandbox in a process of its own answers after a given time. Three figures: the share of a small
day's requests that a backlog larger than it uses, with the number of 429; how long a click waits
for its answer meanwhile, with and without the backlog; and the rate reached against what the
places in flight allow (places / latency).

For the first figure a whole day passes in a minute: every clock runs that much faster, so that
reserves shrink and what is put off comes back as on a real day. Processes are real ones; each runs
three threads of backlog.
"""

import argparse
import asyncio
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import stamina
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from core.domain.budget import Reserves
from core.domain.ids import PersonId, TenantId
from core.errors import OutsideError, QuotaExhausted
from core.icims import BasicCredentials, IcimsClient, parse_field_map
from core.ports import Trigger
from core.sandbox.icims.serve import address, listen
from core.store import Store, open_store
from tests import small_world as world
from tests.store_bench import SECRET, database

CUSTOMER = "4711"
BACKLOG = Trigger("backlog", "service:worker")
CLICK = Trigger("click", "rosa", person_waiting=True)
THREADS, PLACES = 3, 4
# Pauses waited out on the spot are in real seconds, each of them half an hour of a fast day.
stamina.set_active(False)
DAY = 86_400.0
START = 6.0
"""Seconds that processes are given to start."""
MORNING = datetime(2026, 11, 23, tzinfo=UTC)


@dataclass(frozen=True)
class Clock:
    """A day that begins when the clock is made and lasts ``seconds``."""

    seconds: float
    began: float = field(default_factory=time.time)

    @property
    def speed(self) -> float:
        """Say how much faster than the machine's it runs."""
        return DAY / self.seconds

    def now(self) -> datetime:
        """Give the time of day."""
        return MORNING + timedelta(seconds=(time.time() - self.began) * self.speed)


@dataclass
class Day:
    """A day's requests as iCIMS counts them: refused above ``limit``, each takes ``seconds``."""

    limit: int
    seconds: float
    clock: Clock
    used: int = 0
    refused: int = 0
    most: int = 0
    under_way: int = 0

    @property
    def left(self) -> int:
        """Give the seconds to the reset."""
        return max(0, int((MORNING + timedelta(days=1) - self.clock.now()).total_seconds()))


def serve(limit: int, seconds: float, clock: Clock, told: Connection) -> None:
    """Answer as iCIMS does, after ``seconds``; report counts when asked."""
    day = Day(limit, seconds, clock)

    async def answer(request: Request) -> JSONResponse:
        refused = day.used >= day.limit
        day.refused += refused
        day.used += not refused
        headers = {
            "x-ratelimit-limit": str(day.limit),
            "x-ratelimit-remaining": str(day.limit - day.used),
            "x-ratelimit-reset": str(day.left),
        }
        day.under_way += 1
        day.most = max(day.most, day.under_way)
        await asyncio.sleep(day.seconds)
        day.under_way -= 1
        body: dict[str, Any] = {} if refused else {"firstname": "Anna", "lastname": "Berg"}
        return JSONResponse(body, 429 if refused else 200, headers)

    async def counts(request: Request) -> JSONResponse:
        return JSONResponse({"used": day.used, "refused": day.refused, "most": day.most})

    app = Starlette(
        routes=[Route("/counts", counts), Route("/{rest:path}", answer, methods=["GET", "POST"])]
    )
    listener = listen("127.0.0.1", 0)
    told.send(address(listener))
    config = uvicorn.Config(app, log_level="warning", access_log=False, loop="asyncio")
    uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def icims(limit: int, seconds: float, clock: Clock) -> Iterator[str]:
    """Run the server; give its address."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(
        target=serve, args=(limit, seconds, clock, theirs), daemon=True
    )
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def connect(url: str, store: Store, clock: Clock) -> IcimsClient:
    """Open a client as a process has it."""
    return IcimsClient(
        base_url=url,
        customer_id=CUSTOMER,
        credentials=BasicCredentials(username="api4711", password="password-4711"),
        field_map=parse_field_map(world.field_map(CUSTOMER)),
        call_log=store.call_log,
        clock=clock,
        reserves=Reserves(),
        places=store.places(PLACES),
    )


def work(database_url: str, url: str, clock: Clock, until: float) -> None:
    """Be a worker with more to do than the day allows, until then or refused to the reset."""
    store = open_for_bench(database_url, clock)
    ats = connect(url, store, clock)

    def backlog(_: int) -> None:
        while time.time() < until:
            try:
                ats.candidate(BACKLOG, PersonId("2101"))
            except QuotaExhausted as refused:
                time.sleep(max(0.0, min(refused.resets_in / clock.speed, until - time.time())))
            except OutsideError:
                continue

    time.sleep(max(0.0, clock.began - time.time()))
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(backlog, range(THREADS)))
    ats.close()
    store.close()


def open_for_bench(database_url: str, clock: Clock) -> Store:
    """Open the database as every process does."""
    return open_store(database_url, tenant=TenantId(CUSTOMER), secret_key=SECRET, clock=clock)


@contextmanager
def workers(
    number: int, database_url: str, url: str, clock: Clock, seconds: float
) -> Iterator[None]:
    """Run ``number`` workers for ``seconds``; wait for them at the end."""
    until = time.time() + seconds
    started = [
        multiprocessing.Process(target=work, args=(database_url, url, clock, until))
        for _ in range(number)
    ]
    for process in started:
        process.start()
    try:
        yield
    finally:
        for process in started:
            process.join()


def clicks(ats: IcimsClient, seconds: float, every: float = 0.5) -> tuple[list[float], int]:
    """Click ``every`` so many seconds; give the waits in ms and how many were refused."""
    waits, refused, until = [], 0, time.time() + seconds
    while time.time() < until:
        started = time.perf_counter()
        try:
            ats.candidate(CLICK, PersonId("2101"))
            waits.append((time.perf_counter() - started) * 1000)
        except OutsideError:
            refused += 1
        except QuotaExhausted:
            refused += 1
        time.sleep(every)
    return waits, refused


def counted(url: str) -> dict[str, int]:
    """Ask the server what it counted."""
    import httpx

    return dict(httpx.get(f"{url}/counts", timeout=30).json())


def figures(waits: Sequence[float]) -> str:
    """Say median and p95."""
    if len(waits) < 2:
        return "–"
    p95 = statistics.quantiles(waits, n=20)[-1]
    return f"p50 {statistics.median(waits):.0f} ms, p95 {p95:.0f} ms"


def a_day(engine: str, number: int, limit: int, day: float) -> None:
    """Use up a day's requests with ``number`` workers while a person clicks."""
    with (
        tempfile.TemporaryDirectory() as folder,
        database(engine, Path(folder)) as database_url,
    ):
        open_for_bench(database_url, Clock(day)).migrate()
        # Processes take some seconds to start; the day begins when they have.
        clock = Clock(day, time.time() + START)
        with (
            icims(limit, 0.02, clock) as url,
            workers(number, database_url, url, clock, day + START - 0.5),
        ):
            store = open_for_bench(database_url, clock)
            ats = connect(url, store, clock)
            time.sleep(START)
            waits, refused = clicks(ats, day - 0.5)
            told = counted(url)
        print(
            f"{engine}, {number} processes, {limit} requests: used {told['used'] / limit:.1%},"
            f" 429: {told['refused']}, most under way {told['most']}; clicks: {figures(waits)},"
            f" {len(waits)} answered, {refused} refused",
            flush=True,
        )
        ats.close()
        store.close()


def a_pace(engine: str, number: int, latency: float, seconds: float, *, click: bool) -> None:
    """Measure the rate reached with plenty of requests, and clicks beside it."""
    clock = Clock(DAY)
    with (
        tempfile.TemporaryDirectory() as folder,
        database(engine, Path(folder)) as database_url,
        icims(1_000_000, latency, clock) as url,
    ):
        store = open_for_bench(database_url, clock)
        store.migrate()
        ats = connect(url, store, clock)
        with workers(number, database_url, url, clock, seconds + START):
            time.sleep(START)
            before, started = counted(url)["used"], time.perf_counter()
            waits: list[float] = []
            if click:
                waits, _ = clicks(ats, seconds - 1, every=0.2)
            else:
                time.sleep(seconds - 1)
            took = time.perf_counter() - started
            told = counted(url)
        rate = (told["used"] - before) / took
        print(
            f"{engine}, {number} processes, {latency * 1000:.0f} ms: {rate:.1f} requests/s ="
            f" {rate * latency / (PLACES - 1):.1%} of the three places of background work,"
            f" {rate * latency / PLACES:.1%} of all four; most under way {told['most']};"
            f" clicks: {figures(waits)}",
            flush=True,
        )
        ats.close()
        store.close()


def main() -> None:
    """Print every figure."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--limit", type=int, default=2_000)
    asked.add_argument("--day", type=float, default=60.0, help="seconds")
    asked.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    given = asked.parse_args()
    for number in (1, 3):
        a_day(given.engine, number, given.limit, given.day)
    a_pace(given.engine, 0, 0.2, 12, click=True)
    for number in (1, 3):
        a_pace(given.engine, number, 0.2, 12, click=False)
        a_pace(given.engine, number, 0.2, 12, click=True)


if __name__ == "__main__":
    main()
