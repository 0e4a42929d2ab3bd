"""What a monitor sees: alive, ready or why not, and numbers without names."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from core.bootstrap import App
from core.gateway import create_gateway
from core.settings import Settings


def app_on(url: str) -> App:
    return App(
        Settings(
            icims_customer_id="4711",
            secret_key=SecretStr("a secret for tests, and only for them"),
            database_url=url,
        )
    )


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    made = app_on(f"sqlite:///{tmp_path / 'gateway.db'}")
    made.prepare()
    yield made
    made.close()


def test_ready_and_counting_while_the_database_answers(app: App) -> None:
    with TestClient(create_gateway(app)) as client:
        assert client.get("/readyz").json() == {"status": "ready"}
        assert "copilot_jobs_waiting 0.0" in client.get("/metrics").text


def test_alive_but_not_ready_and_in_words_while_the_database_is_away() -> None:
    with TestClient(create_gateway(app_on("postgresql://127.0.0.1:1/x"))) as client:
        assert client.get("/healthz").status_code == 200
        for place in ("/readyz", "/metrics"):
            answer = client.get(place)
            assert answer.status_code == 503
            assert "the database cannot take this now" in answer.text
