"""Instructions from the registry to the model: what is in production makes the scores."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.assist.screening import first_prompt
from core.bootstrap import App
from core.domain.evaluation import Gate, RunState
from core.domain.ids import TenantId, UserId
from core.domain.prompts import Label, LabelMove, MoveKind
from core.settings import ROOT, Settings
from core.store import Store
from tests.llm_bench import Provider, finding_nothing, serving
from tests.store_bench import NOON, SECRET, HandClock, open_for

ADA = UserId("ada")
FIRST = first_prompt().prompt
TENANT = TenantId("4711")


@pytest.fixture
def stern() -> Iterator[Provider]:
    with serving() as provider:
        provider.always = finding_nothing
        yield provider


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
    assert app.assessors()[0].version == "model-2 prompt-1 stern@127.0.0.1"
    version = promote(store, f"{FIRST.text}\nBe brief.")
    assert app.assessors()[0].version == f"model-2 prompt-{version} stern@127.0.0.1"
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
    stern: Provider, tmp_path: Path, clock: HandClock
) -> None:
    url = f"sqlite:///{tmp_path / 'story.db'}"
    store = open_for(url, clock, TENANT)
    store.migrate()
    version = promote(store, f"{FIRST.text}\nBe brief.")
    store.close()
    done = evaluate(
        COPILOT_LLM_MODEL="stern", COPILOT_LLM_BASE_URL=stern.url, COPILOT_DATABASE_URL=url,
        COPILOT_ICIMS_CUSTOMER_ID=TENANT, COPILOT_SECRET_KEY=SECRET,
        COPILOT_ICIMS_CLIENT_ID="c", COPILOT_ICIMS_CLIENT_SECRET="s",
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert f"screening, version {version}, with stern@127.0.0.1" in done.stdout
    assert "agreement" in done.stdout
    assert "FAILED" in done.stdout
    assert all("Be brief." in asked["messages"][0]["content"] for asked in stern.requests)
    again = open_for(url, clock, TENANT)
    with again.unit_of_work() as uow:
        (run,) = uow.prompts.evaluations("screening")
        facts = [event.fact.action for event in uow.audit.events()]
    again.close()
    assert (run.state, run.done, run.passed) == (RunState.DONE, run.total, False)
    assert {Gate.AGREEMENT, Gate.QUOTES} <= set(run.failed_gates)
    first, *asked, last = facts
    assert (first, last) == ("prompt.evaluation_asked", "prompt.evaluated")
    assert asked == ["model.asked", "model.ended"] * len(stern.bodies)
