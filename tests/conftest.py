"""A clock to move and an empty store for whoever asks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from core.store import Store
from tests.store_bench import HandClock, fresh_sqlite, open_for

# How long an example takes says how busy the machine is.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def store(tmp_path: Path, clock: HandClock) -> Iterator[Store]:
    """An empty SQLite store."""
    opened = open_for(fresh_sqlite(tmp_path), clock)
    yield opened
    opened.close()
