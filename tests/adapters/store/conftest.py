"""A store of its own for every test, on each engine where the engine matters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.store import Store
from tests.store_bench import HandClock, database, fresh_sqlite, open_for


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def store(tmp_path: Path, clock: HandClock) -> Iterator[Store]:
    """An empty SQLite store."""
    opened = open_for(fresh_sqlite(tmp_path), clock)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_store(request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock) -> Iterator[Store]:
    """An empty store on each engine."""
    with database(request.param, tmp_path) as url:
        opened = open_for(url, clock)
        opened.migrate()
        yield opened
        opened.close()
