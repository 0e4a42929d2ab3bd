"""A store for the steps that commit."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.store import Store
from tests.store_bench import HandClock, open_for


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def store(tmp_path: Path, clock: HandClock) -> Iterator[Store]:
    opened = open_for(f"sqlite:///{tmp_path / 'store.db'}", clock)
    opened.migrate()
    yield opened
    opened.close()
