"""The unit of work on every database engine there is."""

from collections.abc import Iterator

import pytest

from core.store import Store
from tests.store_bench import HandClock, database, open_for


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with database(request.param, tmp_path_factory.mktemp("store")) as empty:
        first = open_for(empty, HandClock())
        first.migrate()
        first.close()
        yield empty


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def store(url: str, clock: HandClock) -> Iterator[Store]:
    opened = open_for(url, clock)
    yield opened
    opened.close()
