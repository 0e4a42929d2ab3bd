"""Versions of instructions: the same rules in the store, on every engine, and in memory."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.domain.evaluation import Evaluation, Failure, Gate, GateResult, RunState
from core.domain.ids import (
    ContentHash,
    CriterionId,
    EvaluationId,
    PromotionId,
    RequisitionId,
    TrialId,
    UserId,
)
from core.domain.model_costs import Tokens
from core.domain.model_runs import PromptRef
from core.domain.prompts import Label, LabelMove, MoveKind, Promotion, PromotionState
from core.domain.trials import CriterionChange, ResumeChange, Trial, Turn
from core.ports import Prompts
from core.store import Store
from tests.store_bench import NOON, HandClock, database, open_for
from tests.twins.prompts import MemoryPrompts

ANN, BEN = UserId("ann"), UserId("ben")
REF = PromptRef("screening", "2")


@pytest.fixture(params=["sqlite", "postgresql"])
def real(request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock) -> Iterator[Store]:
    with database(request.param, tmp_path) as url:
        store = open_for(url, clock)
        store.migrate()
        yield store
        store.close()


@pytest.fixture(params=["sqlite", "postgresql", "memory"])
def prompts(request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock) -> Iterator[Prompts]:
    if request.param == "memory":
        yield MemoryPrompts()
        return
    with database(request.param, tmp_path) as url:
        store = open_for(url, clock)
        store.migrate()
        with store.unit_of_work() as uow:
            yield uow.prompts
            uow.commit()
        store.close()


def move(version: str, label: Label = Label.PRODUCTION) -> LabelMove:
    ref = PromptRef("screening", version)
    return LabelMove(ref=ref, label=label, kind=MoveKind.PROMOTED, by=ANN, at=NOON, reason="So.")


def promotion(id: str = "p1", name: str = "screening") -> Promotion:
    return Promotion(
        id=PromotionId(id), ref=PromptRef(name, "2"), evaluation=EvaluationId("e1"),
        reason="Clearer", asked_by=ANN, asked_at=NOON,
    )  # fmt: skip


def evaluation(id: str = "e1") -> Evaluation:
    return Evaluation(
        id=EvaluationId(id), ref=REF, sha256="ab" * 32, model="gpt@host", cases="1",
        asked_by=ANN, asked_at=NOON, total=40,
    )  # fmt: skip


def trial(id: str = "t1") -> Trial:
    return Trial(
        id=TrialId(id), ref=REF, sha256="ab" * 32, model="gpt@host", asked_by=ANN, asked_at=NOON,
        total=5, requisition_id=RequisitionId("101"), criteria=ContentHash("c0"),
        criteria_version=2,
    )  # fmt: skip


def test_the_first_text_that_a_person_writes_is_version_two(prompts: Prompts) -> None:
    made = prompts.add("screening", "Judge.\n", ANN, "Shorter", NOON)
    assert (made.prompt.version, made.author, made.note, made.created_at) == (
        "2", ANN, "Shorter", NOON,
    )  # fmt: skip
    assert prompts.version("screening", "2") == made


def test_versions_are_numbered_by_name_and_listed_oldest_first(prompts: Prompts) -> None:
    for name in ("screening", "letters", "screening"):
        prompts.add(name, f"Text of {name}", ANN, "", NOON)
    assert [v.prompt.version for v in prompts.versions("screening")] == ["2", "3"]
    assert [v.prompt.version for v in prompts.versions("letters")] == ["2"]


@pytest.mark.parametrize("version", ["1", "9", "", "two", "-1"])
def test_a_version_nobody_wrote_is_none(prompts: Prompts, version: str) -> None:
    prompts.add("screening", "Judge.", ANN, "", NOON)
    assert prompts.version("screening", version) is None


def test_a_label_stands_where_it_was_put_last(prompts: Prompts) -> None:
    assert prompts.labelled("screening", Label.PRODUCTION) is None
    moves = [move("2"), move("3"), move("3", Label.STAGING), move("2")]
    for each in moves:
        prompts.put_move(each)
    assert prompts.labelled("screening", Label.PRODUCTION) == "2"
    assert prompts.labelled("screening", Label.STAGING) == "3"
    assert prompts.labelled("letters", Label.PRODUCTION) is None
    assert prompts.moves("screening") == moves


def test_one_promotion_of_a_name_is_open_at_a_time(prompts: Prompts) -> None:
    assert prompts.ask(promotion())
    assert not prompts.ask(promotion("p2"))
    assert prompts.ask(promotion("p3", "letters"))
    assert prompts.open_promotion("screening") == promotion()


def test_a_promotion_is_answered_once(prompts: Prompts) -> None:
    prompts.ask(promotion())
    confirmed = replace(promotion(), state=PromotionState.CONFIRMED, ended_by=BEN, ended_at=NOON)
    assert prompts.answer(confirmed)
    assert not prompts.answer(replace(confirmed, state=PromotionState.WITHDRAWN))
    assert prompts.open_promotion("screening") is None
    assert prompts.promotions("screening") == [confirmed]
    assert prompts.ask(promotion("p2"))


def test_an_evaluation_keeps_every_figure_and_never_changes_once_it_ended(
    prompts: Prompts,
) -> None:
    prompts.put_evaluation(evaluation())
    assert prompts.move_evaluation(replace(evaluation(), state=RunState.RUNNING, done=3))
    failure = Failure("nurse", "A name was worth 7 points")
    done = replace(
        evaluation(), state=RunState.DONE, done=40, ended_at=NOON + timedelta(minutes=4),
        gates=(GateResult(Gate.NAMES, 7.0, 0.0, 12, (failure,)),),
    )  # fmt: skip
    assert prompts.move_evaluation(done)
    assert not prompts.move_evaluation(replace(done, gates=()))
    assert prompts.evaluation(done.id) == done
    assert prompts.evaluations("screening") == [done]
    assert prompts.evaluations("letters") == []
    assert prompts.evaluation(EvaluationId("none")) is None


def test_a_trial_keeps_every_figure_and_never_changes_once_it_ended(prompts: Prompts) -> None:
    prompts.put_trial(trial())
    assert prompts.move_trial(replace(trial(), state=RunState.RUNNING, done=3, requests=4))
    line = ResumeChange(before=61, after=None, assessor="model-2", turns={Turn.UNTOLD: 2})
    done = replace(
        trial(), state=RunState.DONE, done=5, ended_at=NOON + timedelta(minutes=1),
        resumes=(line,), requests=6, tokens=Tokens(900, 70),
        criteria_changes=(
            CriterionChange(criterion=CriterionId("c1"), label="Excel", turns={Turn.MORE: 1}),
        ),
    )  # fmt: skip
    assert prompts.move_trial(done)
    assert not prompts.move_trial(replace(done, resumes=()))
    assert prompts.trial(done.id) == done
    assert prompts.trials("screening") == [done]
    assert prompts.trials("letters") == []
    assert prompts.trial(TrialId("none")) is None


def test_trials_are_listed_oldest_first(prompts: Prompts) -> None:
    prompts.put_trial(replace(trial("t2"), asked_at=NOON + timedelta(hours=1)))
    prompts.put_trial(trial("t3"))
    prompts.put_trial(trial("t1"))
    assert [run.id for run in prompts.trials("screening")] == ["t1", "t3", "t2"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE prompt_version SET text = 'Hire everybody'",
        "DELETE FROM prompt_version",
        "UPDATE prompt_move SET version = '9'",
        "DELETE FROM prompt_move",
    ],
)
def test_the_database_lets_nobody_change_what_was_written_or_decided(
    real: Store, statement: str
) -> None:
    with real.unit_of_work() as uow:
        written = uow.prompts.add("screening", "Judge.", ANN, "", NOON)
        uow.prompts.put_move(move("2"))
        uow.commit()
    with pytest.raises(DBAPIError, match="never change"), real.engine.begin() as connection:
        connection.execute(text(statement))
    with real.unit_of_work() as uow:
        assert uow.prompts.versions("screening") == [written]
        assert uow.prompts.labelled("screening", Label.PRODUCTION) == "2"


def test_a_version_cannot_be_replaced_by_inserting_it_again(real: Store) -> None:
    with real.unit_of_work() as uow:
        uow.prompts.add("screening", "Judge.", ANN, "", NOON)
        uow.commit()
    again = """INSERT INTO prompt_version SELECT tenant, name, version, 'Hire everybody', sha256,
        author, note, created_at FROM prompt_version"""
    if real.engine.dialect.name == "sqlite":
        again = again.replace("INSERT", "INSERT OR REPLACE", 1)
    with pytest.raises(DBAPIError), real.engine.begin() as connection:
        connection.execute(text(again))


def test_one_tenant_sees_no_version_of_another(real: Store) -> None:
    with real.unit_of_work() as uow:
        uow.prompts.add("screening", "Judge.", ANN, "", NOON)
        uow.prompts.put_evaluation(evaluation())
        uow.prompts.put_trial(trial())
        uow.prompts.ask(promotion())
        uow.commit()
    other = replace(real, tenant=type(real.tenant)("8820"))
    with other.unit_of_work() as uow:
        assert uow.prompts.version("screening", "2") is None
        assert not uow.prompts.versions("screening")
        assert uow.prompts.evaluation(EvaluationId("e1")) is None
        assert uow.prompts.trial(TrialId("t1")) is None
        assert uow.prompts.open_promotion("screening") is None
