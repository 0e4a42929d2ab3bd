"""A store on each engine, where the engine matters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.store import Store
from tests.store_bench import HandClock, database, open_for


@pytest.fixture(params=["sqlite", "postgresql"])
def any_store(request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock) -> Iterator[Store]:
    """An empty store on each engine."""
    with database(request.param, tmp_path) as url:
        opened = open_for(url, clock)
        opened.migrate()
        yield opened
        opened.close()
