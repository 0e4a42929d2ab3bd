"""Events at full speed into a gateway process of its own, on SQLite and PostgreSQL.

    python -m bench.events_in [EVENTS]

10,000 gzipped, signed status changes of as many applications over 32 connections, as fast as the
gateway answers, with group commit and with a commit for each; then how many rows of the same size
one process alone puts into the same table, one commit each. Wall-clock of the client; the gateway,
the database and the client share the machine.
"""

import asyncio
import gzip
import json
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

import psycopg
import pytest

from core.domain.ids import ApplicationId, TenantId
from core.sandbox.icims.signing import signed_headers
from core.store import open_store
from tests.gateway_process import CUSTOMER, EVENTS, KEY, USER, start_gateway
from tests.store_bench import NOON, SECRET, HandClock, database, open_for

CONNECTIONS, TOGETHER, PLAIN = 32, 200, 2_000
COLUMNS = "tenant, received_at, kind, application_id, requisition_id, person_id, proof, day, sealed"


def events(number: int) -> list[bytes]:
    """Write ``number`` requests as they go over the wire."""
    base, at = f"https://api.icims.com/customers/{CUSTOMER}", datetime.now(UTC)
    return [_request(base, id, at) for id in range(1, number + 1)]


def _request(base: str, id: int, at: datetime) -> bytes:
    event = {
        "eventType": "WorkFlowStatusChangeEvent", "systemId": str(id), "customerId": CUSTOMER,
        "personId": str(id), "jobId": "102", "userId": "7", "oldStatus": "1", "newStatus": "2",
        "links": [
            {"rel": "applicantworkflow", "title": "A", "url": f"{base}/applicantworkflows/{id}"},
            {"rel": "person", "title": "P", "url": f"{base}/people/{id}"},
            {"rel": "job", "title": "J", "url": f"{base}/jobs/102"},
        ],
    }  # fmt: skip
    body = gzip.compress(json.dumps(event).encode(), mtime=0)
    headers = {
        "host": "127.0.0.1",
        "content-type": "application/json",
        "content-encoding": "gzip",
        "content-length": str(len(body)),
        **signed_headers(USER, KEY, EVENTS, "", body, at),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {EVENTS} HTTP/1.1\r\n{head}\r\n".encode() + body


async def send(port: int, requests: Sequence[bytes]) -> tuple[list[float], set[str], float]:
    """Send them all; return seconds of each answer, the ids answered 200, seconds altogether."""
    taken: list[float] = []
    kept: set[str] = set()
    waiting = count()

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (place := next(waiting)) < len(requests):
            start = time.perf_counter()
            writer.write(requests[place])
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length))
            taken.append(time.perf_counter() - start)
            if head.startswith(b"HTTP/1.1 200"):
                kept.add(str(place + 1))
        writer.close()

    start = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return taken, kept, time.perf_counter() - start


def lost(url: str, kept: set[str]) -> int:
    """Count what was answered 200 and is not in the table."""
    store = open_store(url, tenant=TenantId(CUSTOMER), secret_key=SECRET, clock=HandClock())
    with closing(store), store.unit_of_work() as uow:
        return len(kept - uow.events.told([ApplicationId(id) for id in kept], NOON))


def through_gateway(engine: str, number: int, together: int, folder: Path) -> float:
    """Measure one gateway; return events a second."""
    with database(engine, folder) as url:
        _migrate(url)
        serve = ("bench.events_in", "--serve", str(together))
        with start_gateway(url, serve, auth="hmac") as gateway:
            taken, kept, seconds = asyncio.run(send(gateway.port, events(number)))
        ordered = sorted(taken)
        p50, p99 = (1_000 * ordered[int(len(ordered) * share)] for share in (0.5, 0.99))
        rate = number / seconds
        print(
            f"{engine:<11} at most {together:>3} a commit: {rate:7.0f} events/s,"
            f" p50 {p50:6.1f} ms, p99 {p99:6.1f} ms, {len(kept):,} answered 200,"
            f" {lost(url, kept)} of them lost",
            flush=True,
        )
        return rate


def plain(engine: str, folder: Path) -> float:
    """Insert rows of the same size by one process, one commit each; return rows a second."""
    with database(engine, folder) as url:
        _migrate(url)
        insert = _plain_sqlite(url) if engine == "sqlite" else _plain_postgresql(url)
        with closing(insert):
            commit = insert.send
            next(insert)
            start = time.perf_counter()
            for number in range(PLAIN):
                commit(number)
            return PLAIN / (time.perf_counter() - start)


def _row(number: int, moment: Callable[[datetime], object]) -> tuple[object, ...]:
    at, id = datetime.now(UTC), str(number)
    told = (CUSTOMER, moment(at), "stage_changed", id, "102", id)
    return (*told, f"signature:{number:064x}", at.date().isoformat(), os.urandom(640))


def _plain_sqlite(url: str) -> Generator[None, int, None]:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as db:
        db.execute("PRAGMA synchronous=FULL")
        marks = ", ".join("?" * 9)
        while True:
            number = yield
            row = _row(number, lambda at: at.isoformat(" "))
            db.execute(f"INSERT INTO ats_event ({COLUMNS}) VALUES ({marks})", row)


def _plain_postgresql(url: str) -> Generator[None, int, None]:
    with psycopg.connect(url, autocommit=True) as db:
        marks = ", ".join(["%s"] * 9)
        while True:
            number = yield
            row = _row(number, lambda at: at)
            db.execute(f"INSERT INTO ats_event ({COLUMNS}) VALUES ({marks})", row)


def _migrate(url: str) -> None:
    store = open_for(url, HandClock())
    store.migrate()
    store.close()


def serve(together: int) -> None:
    """Serve as ``python -m core gateway`` does, with groups of another size."""
    import uvicorn

    from core.bootstrap import get_app
    from core.gateway import create_gateway

    app = get_app()
    uvicorn.run(
        create_gateway(app, together=together), host="127.0.0.1",
        port=app.settings.gateway_port, log_level="warning", access_log=False,
    )  # fmt: skip


def main(number: int = 10_000) -> None:
    """Measure every engine there is."""
    for engine in ("sqlite", "postgresql"):
        with suppress(pytest.skip.Exception):
            alone = _in_a_folder(partial(plain, engine))
            print(f"{engine:<11} plain inserts, a commit each: {alone:7.0f} rows/s", flush=True)
            for together in (TOGETHER, 1):
                rate = _in_a_folder(partial(through_gateway, engine, number, together))
                print(f"{engine:<11} ratio to plain inserts: {rate / alone:.2f}", flush=True)


def _in_a_folder(measure: Callable[[Path], float]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        return measure(Path(folder))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(int(sys.argv[2]))
    else:
        main(*map(int, sys.argv[1:]))
