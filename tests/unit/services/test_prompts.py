"""Rules of the registry: versions never change, two people promote, one may go back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.assist.screening import (
    BuiltInAssessor,
    first_prompt,
    golden_cases,
    questions,
    remark,
)
from core.domain.actor import Actor, Role, model_actor, service_actor
from core.domain.assessment import AssessmentRequest, Verdict
from core.domain.assessors import assessor_name
from core.domain.evaluation import Evaluation, Gate, RunState
from core.domain.ids import EvaluationId, RequisitionId, TrialId
from core.domain.jobs import JobKind, never
from core.domain.model_costs import TokenLimits
from core.domain.model_log import RunFilter
from core.domain.prompt_views import PromptsView, VersionLine
from core.domain.prompts import EVALUATION_HOLDS, Label, MoveKind, Prompt
from core.embeddings import MiniLm
from core.errors import (
    InvalidInput,
    LeakDetected,
    ModelUnavailable,
    NotAllowed,
    SessionEnded,
    WorkStopped,
)
from core.flow.parse import parse
from core.ports import Assessor
from core.queue.running import JobRunner
from core.services.details import detail, subject_words
from core.services.prompt_lines import ASKER_GONE
from core.services.prompts import LONGEST_REASON, InProduction, Prompts
from core.services.scoring.evaluating import Evaluating
from core.services.scoring.golden_check import Check
from core.services.scoring.grading import Grader
from core.services.scoring.model_runs import Recorder
from core.services.scoring.prompt_runs import NO_MODEL, ConnectedModel
from core.services.scoring.trying import Trying
from core.services.wording import ACTIONS
from tests.desk import TENANT, Desk, open_desk
from tests.model_runs_bench import SENT, call, leaving
from tests.store_bench import NOON, CountedIds

NAME = "screening"
FIRST = first_prompt()
WHY = "Careers with breaks were judged too hard"


@dataclass
class Model:
    """A connected model that judges like the built-in assessor, or worse, or not at all."""

    assessor: Assessor
    version: str = "gpt-x@ai.example.com"
    connected: bool = True
    silent: bool = False
    leaks: bool = False
    followed: list[str] = field(default_factory=list)

    def __call__(self) -> ConnectedModel | None:
        return ConnectedModel(self.version, self._judge) if self.connected else None

    def _judge(self, prompt: Prompt) -> Assessor:
        self.followed.append(prompt.version)
        return self

    def assess(self, request: AssessmentRequest) -> tuple[Verdict, ...]:
        if self.silent:
            raise ModelUnavailable("the service was away")
        if self.leaks:
            raise LeakDetected("text still holds: email")
        request.watch.admit(leaving())
        request.watch.called(call(asked_at=NOON))
        return self.assessor.assess(request)


@dataclass
class Office:
    """The registry, its people and its model."""

    desk: Desk
    prompts: Prompts
    evaluating: Evaluating
    model: Model

    def admin(self, name: str) -> Actor:
        return self.desk.person(name, Role.ADMIN)

    def text(self, more: str = "Be brief.") -> str:
        return f"{FIRST.prompt.text}\n{more}\n"

    def write(self, who: Actor, more: str = "Be brief.") -> str:
        return self.prompts.write(who, NAME, self.text(more), WHY)

    def checked(self, version: str) -> Evaluation:
        return self.evaluating.run_now(NAME, version)

    def promote(self, version: str, asks: str, confirms: str) -> None:
        self.prompts.ask_promotion(self.admin(asks), NAME, version, WHY)
        self.prompts.confirm(self.admin(confirms), NAME, version)

    def view(self, who: str = "viktor") -> PromptsView:
        return self.prompts.view(self.admin(who), NAME)

    def line(self, version: str) -> VersionLine:
        return next(v for v in self.view().versions if v.prompt.version == version)

    def production(self) -> str:
        return self.view().production.prompt.version

    def facts(self) -> list[str]:
        with self.desk.store.unit_of_work() as uow:
            return [event.fact.action for event in uow.audit.events()]


@pytest.fixture(scope="module")
def built_in() -> Assessor:
    return BuiltInAssessor(MiniLm())


@pytest.fixture
def office(tmp_path: Path, built_in: Assessor) -> Iterator[Office]:
    desk = open_desk(tmp_path)
    model, ids = Model(built_in), CountedIds()
    given: dict[str, Any] = {
        "unit_of_work": desk.store.unit_of_work, "clock": desk.clock, "ids": ids,
        "firsts": {NAME: FIRST}, "model": model,
    }  # fmt: skip
    recorder = Recorder(
        unit_of_work=desk.store.unit_of_work, clock=desk.clock, ids=ids, limits=TokenLimits()
    )
    work = {**given, "tenant": TENANT, "recorder": recorder}
    check = Check(golden_cases(), lambda document, at: parse(document, as_of=at))
    evaluating = Evaluating(**work, check=check)
    trying = Trying(**work, grader=Grader(lambda: (built_in,), remark, desk.clock))
    prompts = Prompts(**given, evaluating=evaluating, trying=trying)
    yield Office(desk, prompts, evaluating, model)
    desk.store.close()


# --- Who may -----------------------------------------------------------------------------------

ASKED: dict[str, Callable[[Prompts, Actor], object]] = {
    "write": lambda p, who: p.write(who, NAME, "", WHY),
    "stage": lambda p, who: p.stage(who, NAME, "1"),
    "evaluate": lambda p, who: p.evaluate(who, NAME, "1"),
    "cancel": lambda p, who: p.cancel_evaluation(who, EvaluationId("e")),
    "jobs to try on": lambda p, who: p.sample_jobs(who),
    "try": lambda p, who: p.try_out(who, NAME, "1", RequisitionId("1")),
    "cancel trial": lambda p, who: p.cancel_trial(who, TrialId("t")),
    "ask": lambda p, who: p.ask_promotion(who, NAME, "1", WHY),
    "confirm": lambda p, who: p.confirm(who, NAME, "1"),
    "withdraw": lambda p, who: p.withdraw(who, NAME, "1"),
    "decline": lambda p, who: p.decline(who, NAME, "1"),
    "roll back": lambda p, who: p.roll_back(who, NAME, "1", WHY),
}


@pytest.mark.parametrize("command", ASKED)
@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMIN])
def test_only_an_administrator_changes_instructions(
    office: Office, command: str, role: Role
) -> None:
    with pytest.raises(NotAllowed):
        ASKED[command](office.prompts, office.desk.person("somebody", role, icims="101"))
    assert not office.facts()


@pytest.mark.parametrize("command", ASKED)
@pytest.mark.parametrize("who", [model_actor("m", TENANT), service_actor("worker", TENANT)])
def test_no_model_and_no_service_changes_instructions(
    office: Office, command: str, who: Actor
) -> None:
    with pytest.raises(NotAllowed):
        ASKED[command](office.prompts, who)


def test_a_session_that_ended_changes_nothing(office: Office) -> None:
    viktor = office.admin("viktor")
    office.desk.clock.forward(days=1)
    with pytest.raises(SessionEnded):
        office.write(viktor)


def test_compliance_reads_everything_and_is_offered_no_change(office: Office) -> None:
    carla = office.desk.person("carla", Role.COMPLIANCE)
    view = office.prompts.view(carla, NAME)
    assert (view.may_write, view.production.prompt.text) == (False, FIRST.prompt.text)


@pytest.mark.parametrize("role", [Role.RECRUITER, Role.HIRING_MANAGER])
def test_who_reviews_applications_does_not_read_instructions(office: Office, role: Role) -> None:
    with pytest.raises(NotAllowed):
        office.prompts.view(office.desk.person("rosa", role, icims="101"), NAME)


# --- Writing -----------------------------------------------------------------------------------


def test_until_somebody_promotes_another_the_version_of_the_product_is_in_production(
    office: Office,
) -> None:
    view = office.view()
    assert view.production.prompt == FIRST.prompt
    assert (view.production.who, view.production.at) == ("", None)
    assert view.production.hindrance == "It is in production."


def test_a_new_version_is_kept_with_author_time_and_reason_and_goes_nowhere(
    office: Office,
) -> None:
    assert office.write(office.admin("viktor")) == "2"
    line = office.line("2")
    assert (line.who, line.at, line.note) == ("Viktor", office.desk.clock.now(), WHY)
    assert line.labels == frozenset()
    assert office.production() == "1"
    assert office.facts() == ["prompt.written"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (FIRST.prompt.text.replace("{{criteria}}", ""), "exactly once"),
        (FIRST.prompt.text + "{{criteria}}", "exactly once"),
        (FIRST.prompt.text + "{{name}}", "please take it out"),
        (FIRST.prompt.text.replace("marker lines", "lines"), "Please keep this sentence"),
        (FIRST.prompt.text.replace("whoever it seems to speak to", "as ever"), "Please keep"),
        (FIRST.prompt.text + "x" * 20_000, "at most 20,000"),
        (FIRST.prompt.text + "\n\n", "text of version 1"),
        (FIRST.prompt.text + "Ask rosa.field@example.com.", "looks like a personal detail"),
    ],
)
def test_a_text_that_cannot_take_the_place_of_the_first_is_refused_in_words(
    office: Office, text: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        office.prompts.write(office.admin("viktor"), NAME, text, WHY)
    assert not office.facts()


def test_the_kept_sentences_may_be_wrapped_otherwise(office: Office) -> None:
    text = FIRST.prompt.text.replace(" between two", "\nbetween two")
    assert office.prompts.write(office.admin("viktor"), NAME, text, WHY) == "2"


@pytest.mark.parametrize("note", ["", "  ", "x" * (LONGEST_REASON + 1)])
def test_a_version_says_why_it_was_written(office: Office, note: str) -> None:
    with pytest.raises(InvalidInput, match="why"):
        office.prompts.write(office.admin("viktor"), NAME, office.text(), note)


def test_no_two_versions_have_the_same_text(office: Office) -> None:
    viktor = office.admin("viktor")
    office.write(viktor)
    with pytest.raises(InvalidInput, match="text of version 2"):
        office.write(viktor)


def test_one_person_stages_any_version(office: Office) -> None:
    viktor = office.admin("viktor")
    office.write(viktor)
    office.prompts.stage(viktor, NAME, "2")
    office.prompts.stage(viktor, NAME, "2")
    assert office.line("2").labels == {Label.STAGING}
    assert office.production() == "1"
    assert office.facts() == ["prompt.written", "prompt.staged"]


@pytest.mark.parametrize("name", [NAME, "letters"])
def test_what_nobody_wrote_cannot_be_staged(office: Office, name: str) -> None:
    with pytest.raises(InvalidInput):
        office.prompts.stage(office.admin("viktor"), name, "7")


# --- Promotion ---------------------------------------------------------------------------------


def test_two_people_and_a_passed_check_put_a_version_into_production(office: Office) -> None:
    office.write(office.admin("viktor"))
    assert office.checked("2").passed
    office.promote("2", "viktor", "wanda")
    view = office.view()
    assert view.production.prompt.version == "2"
    assert view.promotion is None
    (move,) = view.moves
    assert (move.who, move.kind, move.reason) == ("Wanda", MoveKind.PROMOTED, WHY)


def test_nobody_confirms_their_own_promotion(office: Office) -> None:
    office.write(office.admin("viktor"))
    office.checked("2")
    with pytest.raises(InvalidInput, match="second person"):
        office.promote("2", "wanda", "wanda")
    assert office.production() == "1"


def test_nobody_confirms_the_promotion_of_their_own_words(office: Office) -> None:
    office.write(office.admin("viktor"))
    office.checked("2")
    with pytest.raises(InvalidInput, match="You wrote this version"):
        office.promote("2", "wanda", "viktor")
    assert office.production() == "1"


@pytest.mark.parametrize("change", [{"disabled": True}, {"roles": frozenset({Role.COMPLIANCE})}])
def test_who_may_promote_no_more_is_not_one_of_two(
    office: Office, change: Mapping[str, Any]
) -> None:
    office.write(office.admin("viktor"))
    office.checked("2")
    wanda = office.admin("wanda")
    office.prompts.ask_promotion(wanda, NAME, "2", WHY)
    with office.desk.store.unit_of_work() as uow:
        account = uow.accounts.get(wanda.id)
        assert account is not None
        uow.accounts.put(replace(account, **change))
        uow.commit()
    boris = office.admin("boris")
    shown = office.prompts.view(boris, NAME).promotion
    assert shown is not None
    assert shown.hindrance == ASKER_GONE
    with pytest.raises(InvalidInput, match="may do so no more"):
        office.prompts.confirm(boris, NAME, "2")
    office.prompts.decline(boris, NAME, "2")
    assert office.production() == "1"


def test_what_was_never_checked_is_not_promoted(office: Office) -> None:
    office.write(office.admin("viktor"))
    with pytest.raises(InvalidInput, match="Check this version first"):
        office.prompts.ask_promotion(office.admin("wanda"), NAME, "2", WHY)


def test_what_failed_a_gate_is_not_promoted(office: Office) -> None:
    office.write(office.admin("viktor"))
    office.model.assessor = Spoilt(office.model.assessor)
    run = office.checked("2")
    assert run.failed_gates == (Gate.AGREEMENT,)
    with pytest.raises(InvalidInput, match="did not pass every gate"):
        office.prompts.ask_promotion(office.admin("wanda"), NAME, "2", WHY)


@dataclass
class Spoilt:
    """Finds what is not there to find, with a quote that proves something else."""

    honest: Assessor
    version: str = "spoilt"

    def assess(self, request: AssessmentRequest) -> tuple[Verdict, ...]:
        verdicts = self.honest.assess(request)
        good = max(verdicts, key=lambda v: v.credit or 0)
        return tuple(replace(good, criterion_id=v.criterion_id) for v in verdicts)


def test_a_check_of_another_version_promotes_nothing(office: Office) -> None:
    viktor = office.admin("viktor")
    office.write(viktor)
    office.write(viktor, "Be thorough.")
    office.checked("2")
    with pytest.raises(InvalidInput, match="Check this version first"):
        office.prompts.ask_promotion(viktor, NAME, "3", WHY)


def test_a_check_with_another_model_promotes_nothing(office: Office) -> None:
    office.write(office.admin("viktor"))
    office.checked("2")
    office.model.version = "gpt-y@ai.example.com"
    with pytest.raises(InvalidInput, match=r"with gpt-x@ai\.example\.com; now gpt-y"):
        office.prompts.ask_promotion(office.admin("wanda"), NAME, "2", WHY)


@pytest.mark.parametrize(("late", "open_"), [(timedelta(), True), (timedelta(seconds=1), False)])
def test_a_check_counts_for_thirty_days(office: Office, late: timedelta, open_: bool) -> None:
    office.write(office.admin("viktor"))
    office.checked("2")
    office.desk.clock.forward(seconds=(EVALUATION_HOLDS + late).total_seconds())
    assert (office.line("2").hindrance == "") is open_


def test_the_check_is_looked_up_again_when_the_second_person_confirms(office: Office) -> None:
    office.write(office.admin("viktor"))
    office.checked("2")
    office.prompts.ask_promotion(office.admin("viktor"), NAME, "2", WHY)
    office.model.connected = False
    with pytest.raises(InvalidInput, match="No AI model is connected"):
        office.prompts.confirm(office.admin("wanda"), NAME, "2")
    assert office.production() == "1"


def test_what_is_in_production_is_not_promoted_again(office: Office) -> None:
    office.checked("1")
    with pytest.raises(InvalidInput, match="in production already"):
        office.prompts.ask_promotion(office.admin("viktor"), NAME, "1", WHY)


def test_one_promotion_waits_at_a_time(office: Office) -> None:
    office.write(office.admin("viktor"))
    office.checked("2")
    office.prompts.ask_promotion(office.admin("viktor"), NAME, "2", WHY)
    with pytest.raises(InvalidInput, match="answer that first"):
        office.prompts.ask_promotion(office.admin("wanda"), NAME, "2", WHY)


def test_who_asked_can_withdraw_and_nobody_else(office: Office) -> None:
    office.write(office.admin("viktor"))
    office.checked("2")
    office.prompts.ask_promotion(office.admin("viktor"), NAME, "2", WHY)
    with pytest.raises(InvalidInput, match="Only the person who asked"):
        office.prompts.withdraw(office.admin("wanda"), NAME, "2")
    office.prompts.withdraw(office.admin("viktor"), NAME, "2")
    with pytest.raises(InvalidInput, match="Nobody asks"):
        office.prompts.confirm(office.admin("wanda"), NAME, "2")
    assert office.facts()[-1] == "prompt.promotion_withdrawn"


def test_a_second_person_can_decline_and_the_asker_cannot(office: Office) -> None:
    office.write(office.admin("viktor"))
    office.checked("2")
    office.prompts.ask_promotion(office.admin("viktor"), NAME, "2", WHY)
    with pytest.raises(InvalidInput, match="yourself"):
        office.prompts.decline(office.admin("viktor"), NAME, "2")
    office.prompts.decline(office.admin("wanda"), NAME, "2")
    assert office.view().promotion is None
    assert office.production() == "1"


def test_confirming_is_for_the_version_that_was_on_the_screen(office: Office) -> None:
    viktor = office.admin("viktor")
    office.write(viktor)
    office.write(viktor, "Be thorough.")
    office.checked("3")
    office.prompts.ask_promotion(viktor, NAME, "3", WHY)
    with pytest.raises(InvalidInput, match="somebody was faster"):
        office.prompts.confirm(office.admin("wanda"), NAME, "2")


# --- Going back --------------------------------------------------------------------------------


def test_one_person_goes_back_at_once_without_a_model(office: Office) -> None:
    office.write(office.admin("viktor"))
    office.checked("2")
    office.promote("2", "viktor", "wanda")
    office.model.connected = False
    office.prompts.roll_back(office.admin("viktor"), NAME, "1", "Scores fell")
    assert office.production() == "1"
    assert office.view().moves[0].reason == "Scores fell"
    assert office.facts()[-1] == "prompt.rolled_back"


def test_what_production_went_back_from_needs_two_people_again(office: Office) -> None:
    office.write(office.admin("viktor"))
    office.checked("2")
    office.promote("2", "viktor", "wanda")
    office.prompts.roll_back(office.admin("viktor"), NAME, "1", "Scores fell")
    assert office.view().earlier == ()
    with pytest.raises(InvalidInput, match="not in production before"):
        office.prompts.roll_back(office.admin("viktor"), NAME, "2", "Second thoughts")
    office.promote("2", "viktor", "wanda")
    assert office.view().earlier == ("1",)


def test_a_check_of_earlier_cases_promotes_nothing(office: Office) -> None:
    office.write(office.admin("viktor"))
    check = office.evaluating.check
    older = replace(check, golden=replace(check.golden, version="2020-01-01"))
    replace(office.evaluating, check=older).run_now(NAME, "2")
    with pytest.raises(InvalidInput, match="earlier set of cases"):
        office.prompts.ask_promotion(office.admin("viktor"), NAME, "2", WHY)


def test_production_goes_back_only_to_where_it_was(office: Office) -> None:
    viktor = office.admin("viktor")
    office.write(viktor)
    for version in ("2", "1", "9"):
        with pytest.raises(InvalidInput, match="not in production before"):
            office.prompts.roll_back(viktor, NAME, version, WHY)


def test_going_back_says_why(office: Office) -> None:
    office.write(office.admin("viktor"))
    office.checked("2")
    office.promote("2", "viktor", "wanda")
    with pytest.raises(InvalidInput, match="why"):
        office.prompts.roll_back(office.admin("viktor"), NAME, "1", " ")


# --- Checks ------------------------------------------------------------------------------------


def worker(office: Office, stopping: Callable[[], bool] = never) -> JobRunner:
    def run(job: object) -> None:
        payload = getattr(job, "payload", {})
        office.evaluating.carry_out(EvaluationId(payload["evaluation"]), stopping)

    return JobRunner(
        office.desk.store.unit_of_work, office.desk.clock, {JobKind.EVALUATE_PROMPT: run}
    )


def test_a_check_is_work_for_the_background_and_keeps_every_figure(office: Office) -> None:
    viktor = office.admin("viktor")
    office.write(viktor)
    office.prompts.evaluate(viktor, NAME, "2")
    waiting = office.line("2").evaluation
    assert waiting is not None
    assert (waiting.state, waiting.total) == (RunState.WAITING, questions(golden_cases()))
    assert worker(office).run_next_job()
    done = office.line("2").evaluation
    assert done is not None
    assert done.passed
    assert (done.done, done.model) == (done.total, office.model.version)
    assert {result.gate for result in done.gates} == set(Gate)
    assert office.line("2").evaluated_by == "Viktor"
    first, second, *asked, last = office.facts()
    assert (first, second, last) == (
        "prompt.written", "prompt.evaluation_asked", "prompt.evaluated",
    )  # fmt: skip
    assert set(asked) == {"model.asked", "model.ended"}


def test_without_a_model_nothing_is_checked_and_it_says_what_still_works(office: Office) -> None:
    office.model.connected = False
    with pytest.raises(InvalidInput, match="goes on with the built-in assessor"):
        office.prompts.evaluate(office.admin("viktor"), NAME, "1")


def test_what_a_check_sends_is_kept_like_any_request_and_is_about_nobody(office: Office) -> None:
    ines = office.admin("ines")
    version = office.write(ines)
    run = office.checked(version)
    with office.desk.store.unit_of_work() as uow:
        lines = uow.model_runs.newest(RunFilter())
        body = uow.model_runs.body(lines[0].id)
        facts = [e.fact for e in uow.audit.events() if e.fact.action == "model.asked"]
    assert len(lines) == len(facts) > run.total // 2
    assert {(line.subject.application_id, line.subject.requisition_id) for line in lines} == {
        ("", "")
    }
    assert body is not None
    assert body.sent == SENT
    assert {fact.subject for fact in facts} == {f"prompt:{NAME}"}


def test_a_check_ends_where_the_days_tokens_end(office: Office) -> None:
    recorder = replace(office.evaluating.recorder, limits=TokenLimits(per_day=1_000))
    version = office.write(office.admin("ines"))
    run = replace(office.evaluating, recorder=recorder).run_now(NAME, version)
    assert run.state is RunState.BROKEN
    assert "limit of 1,000 tokens" in run.problem


def test_one_check_of_a_version_at_a_time(office: Office) -> None:
    viktor = office.admin("viktor")
    office.prompts.evaluate(viktor, NAME, "1")
    with pytest.raises(InvalidInput, match="being checked already"):
        office.prompts.evaluate(viktor, NAME, "1")


def test_a_cancelled_check_stays_cancelled_and_asks_no_more(office: Office) -> None:
    viktor = office.admin("viktor")
    office.prompts.evaluate(viktor, NAME, "1")
    run = office.line("1").evaluation
    assert run is not None
    office.prompts.cancel_evaluation(viktor, run.id)
    assert not worker(office).run_next_job()
    office.evaluating.carry_out(run.id)
    assert office.model.followed == []
    ended = office.line("1").evaluation
    assert ended is not None
    assert ended.state is RunState.CANCELLED


def test_a_check_that_is_cancelled_under_way_ends_at_the_next_question(office: Office) -> None:
    viktor = office.admin("viktor")
    office.prompts.evaluate(viktor, NAME, "1")
    run = office.line("1").evaluation
    assert run is not None
    asked: list[int] = []

    def cancel_at_the_third() -> bool:
        asked.append(1)
        if len(asked) == 3:
            office.prompts.cancel_evaluation(viktor, run.id)
        return False

    with pytest.raises(WorkStopped):
        office.evaluating.carry_out(run.id, cancel_at_the_third)
    assert len(asked) == 3
    assert not office.line("1").evaluation.passed  # type: ignore[union-attr]


def test_a_check_whose_worker_ends_goes_on_later(office: Office) -> None:
    office.prompts.evaluate(office.admin("viktor"), NAME, "1")
    assert worker(office, lambda: True).run_next_job()
    office.desk.clock.forward(seconds=60)
    assert worker(office).run_next_job()
    run = office.line("1").evaluation
    assert run is not None
    assert run.passed


def test_a_model_that_does_not_answer_breaks_the_check_which_says_why(office: Office) -> None:
    office.model.silent = True
    run = office.checked("1")
    assert (run.state, run.passed) == (RunState.BROKEN, False)
    assert run.problem == "The model did not answer: the service was away."


def test_a_check_that_would_send_a_personal_detail_ends_and_says_so(office: Office) -> None:
    office.model.leaks = True
    run = office.checked("1")
    assert (run.state, run.passed) == (RunState.BROKEN, False)
    assert run.problem == "Stopped before anything was sent: text still holds: email."


def test_a_model_that_was_taken_away_meanwhile_breaks_the_check(office: Office) -> None:
    office.prompts.evaluate(office.admin("viktor"), NAME, "1")
    office.model.connected = False
    worker(office).run_next_job()
    run = office.line("1").evaluation
    assert run is not None
    assert run.problem == NO_MODEL


# --- What scores are made with -----------------------------------------------------------------


def test_scores_follow_the_version_in_production_while_the_worker_runs(office: Office) -> None:
    in_use = InProduction(office.desk.store.unit_of_work, FIRST.prompt)
    assert in_use.prompt() == FIRST.prompt
    office.write(office.admin("viktor"))
    office.checked("2")
    office.promote("2", "viktor", "wanda")
    assert (in_use.prompt().version, in_use.prompt().text) == ("2", office.text())
    office.prompts.roll_back(office.admin("viktor"), NAME, "1", "Scores fell")
    assert in_use.prompt() == FIRST.prompt


def test_a_version_in_production_shows_in_the_name_of_the_assessor() -> None:
    assert assessor_name("model-1 prompt-12 gpt-x@ai.example.com") == (
        "AI model gpt-x, instructions version 12"
    )


def test_the_first_version_is_the_text_it_always_was() -> None:
    """Scores are frozen under its number: another text needs another number."""
    assert FIRST.prompt.sha256.startswith("83baecda82a0e607")
    assert sorted(p.name for p in Path("data/prompts/screening").glob("*.md")) == ["1.md"]


# --- The log -----------------------------------------------------------------------------------


def test_every_act_is_in_the_log_in_words_without_the_texts(office: Office) -> None:
    office.write(office.admin("viktor"), "Secret wording.")
    office.checked("2")
    office.promote("2", "viktor", "wanda")
    with office.desk.store.unit_of_work() as uow:
        events = list(uow.audit.events())
    names = {"viktor": "Viktor", "wanda": "Wanda"}
    assert all(event.fact.action in ACTIONS for event in events)
    assert {subject_words(event.fact.subject, names) for event in events} == {
        "Instructions (screening)"
    }
    assert not [event for event in events if "Secret" in str(event) or WHY in str(event)]
    told = {event.fact.action: detail(event.fact, names) for event in events}
    assert told["prompt.promoted"] == ("version 2, before that version 1, asked for by Viktor")
    assert told["prompt.evaluated"] == "version 2, every gate passed, model gpt-x@ai.example.com"
