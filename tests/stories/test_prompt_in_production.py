"""Instructions from the registry to the model: what is in production makes the scores."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.assist.screening import first_prompt
from core.bootstrap import App
from core.domain.evaluation import Gate, RunState
from core.domain.ids import TenantId, UserId
from core.domain.prompts import Label, LabelMove, MoveKind
from core.settings import ROOT, Settings
from core.store import Store
from tests.store_bench import NOON, SECRET, HandClock, open_for

ADA = UserId("ada")
FIRST = first_prompt().prompt
TENANT = TenantId("4711")


class Stern:
    """A model behind a chat-completions address that finds nothing in any resume."""

    def __init__(self) -> None:
        self.systems: list[str] = []

    async def answer(self, request: Request) -> Response:
        asked = await request.json()
        self.systems.append(asked["messages"][0]["content"])
        schema = asked["response_format"]["json_schema"]["schema"]
        ids = schema["properties"]["verdicts"]["items"]["properties"]["criterion"]["enum"]
        verdicts = [
            {"criterion": id, "standing": "not_shown", "quotes": [], "reason": "Nothing."}
            for id in ids
        ]
        message = {"role": "assistant", "content": json.dumps({"verdicts": verdicts})}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        told = {"id": "c1", "object": "chat.completion", "created": 1, "model": "stern"}
        return JSONResponse({**told, "choices": [choice]})


@pytest.fixture
def stern() -> Iterator[tuple[Stern, str]]:
    model = Stern()
    app = Starlette(routes=[Route("/v1/chat/completions", model.answer, methods=["POST"])])
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    serving = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=serving.run, args=([listener],))
    thread.start()
    yield model, address
    serving.should_exit = True
    thread.join()


def promote(store: Store, text: str) -> str:
    """Put a text into production, as two people would through the registry."""
    with store.unit_of_work() as uow:
        made = uow.prompts.add("screening", text, ADA, "Clearer", NOON)
        uow.prompts.put_move(
            LabelMove(
                ref=made.prompt.ref, label=Label.PRODUCTION, kind=MoveKind.PROMOTED, by=ADA, at=NOON
            )
        )
        uow.commit()
    return made.prompt.version


def test_each_score_is_made_with_the_version_in_production_at_that_moment(
    store: Store, clock: HandClock
) -> None:
    app = App(
        Settings(llm_model="stern", llm_base_url="http://127.0.0.1:9/v1", icims_customer_id="1"),
        clock,
    )
    app.__dict__["store"] = store
    assert app.assessors()[0].version == "model-1 prompt-1 stern@127.0.0.1"
    version = promote(store, f"{FIRST.text}\nBe brief.")
    assert app.assessors()[0].version == f"model-1 prompt-{version} stern@127.0.0.1"
    assert app.assessors()[-1].version.startswith("built-in")


def test_without_a_model_no_version_is_looked_up(store: Store, clock: HandClock) -> None:
    app = App(Settings(icims_customer_id="1"), clock)
    (only,) = app.assessors()
    assert only.version.startswith("built-in")
    assert "store" not in app.__dict__


def evaluate(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("COPILOT_")}
    return subprocess.run(
        [sys.executable, "-m", "core", "evaluate", *arguments],
        cwd=ROOT, env={**inherited, **environment}, capture_output=True, text=True,
        timeout=140, check=False,
    )  # fmt: skip


@pytest.mark.timeout(300)
def test_the_command_line_checks_the_built_in_assessor_where_no_model_is_connected() -> None:
    done = evaluate()
    assert done.returncode == 0, done.stderr
    told = done.stdout.splitlines()
    assert told[0] == "Built-in assessor, version 6"
    assert {line.split()[0] for line in told[1:]} == set(Gate)


@pytest.mark.timeout(300)
def test_the_command_line_fails_when_a_gate_does_and_every_figure_is_kept(
    stern: tuple[Stern, str], tmp_path: Path, clock: HandClock
) -> None:
    model, address = stern
    url = f"sqlite:///{tmp_path / 'story.db'}"
    store = open_for(url, clock, TENANT)
    store.migrate()
    version = promote(store, f"{FIRST.text}\nBe brief.")
    store.close()
    done = evaluate(
        COPILOT_LLM_MODEL="stern", COPILOT_LLM_BASE_URL=address, COPILOT_DATABASE_URL=url,
        COPILOT_ICIMS_CUSTOMER_ID=TENANT, COPILOT_SECRET_KEY=SECRET,
        COPILOT_ICIMS_CLIENT_ID="c", COPILOT_ICIMS_CLIENT_SECRET="s",
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert f"screening, version {version}, with stern@127.0.0.1" in done.stdout
    assert "agreement" in done.stdout
    assert "FAILED" in done.stdout
    assert all("Be brief." in system for system in model.systems)
    again = open_for(url, clock, TENANT)
    with again.unit_of_work() as uow:
        (run,) = uow.prompts.evaluations("screening")
        facts = [event.fact.action for event in uow.audit.events()]
    again.close()
    assert (run.state, run.done, run.passed) == (RunState.DONE, run.total, False)
    assert {Gate.AGREEMENT, Gate.QUOTES} <= set(run.failed_gates)
    assert facts == ["prompt.evaluation_asked", "prompt.evaluated"]
