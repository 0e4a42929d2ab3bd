"""Rules of trying instructions on a sample: nothing is kept but figures that lead to nobody."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from core.assist.screening import first_prompt, golden_cases
from core.domain.actor import Actor, Role
from core.domain.assessment import AssessmentRequest, Standing, Verdict, locate
from core.domain.evaluation import RunState
from core.domain.ids import ApplicationId, DocumentHash, PersonId, RequisitionId, TrialId
from core.domain.jobs import Job, JobKind, never
from core.domain.model_costs import TokenLimits, Tokens
from core.domain.model_log import RunFilter
from core.domain.prompt_views import TrialLine
from core.domain.prompts import Label, LabelMove, MoveKind, Prompt
from core.domain.trials import LEAST_RESUMES, MOST_RESUMES, Trial, Turn
from core.errors import InvalidInput, ModelUnavailable, NotAllowed, WorkStopped
from core.ports import Assessor
from core.queue.running import JobRunner
from core.services.prompts import Prompts
from core.services.scoring.evaluating import Evaluating
from core.services.scoring.golden_check import Check
from core.services.scoring.prompt_runs import NO_MODEL, ConnectedModel
from core.services.scoring.sampling import drawn
from core.services.scoring.trying import Trying
from core.store.store import SqlUnitOfWork
from tests.desk import TENANT
from tests.model_runs_bench import SENT, call, leaving
from tests.screening_shop import CRANE, FORKLIFT, POLL, THREE, Shop, open_shop, parse
from tests.store_bench import CountedIds

NAME = "screening"
JOB = RequisitionId("101")
FIRST = first_prompt()


@dataclass
class Model:
    """A connected model that sees the forklift where it stands, and credits cranes to nobody.

    ``sees`` names what it finds besides; each resume is one request of 100 tokens.
    """

    version: str = "gpt-x@ai.example.com"
    connected: bool = True
    sees: str = ""
    fails: str = ""
    body: bytes = SENT
    followed: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def __call__(self) -> ConnectedModel | None:
        return ConnectedModel(self.version, self._judge) if self.connected else None

    def _judge(self, prompt: Prompt) -> Assessor:
        self.followed.append(prompt.version)
        return self

    def assess(self, request: AssessmentRequest) -> tuple[Verdict, ...]:
        request.watch.admit(leaving(self.body, 50))
        if self.fails:
            raise ModelUnavailable(self.fails)
        request.watch.called(call())
        self.texts.append(request.text.text)
        return tuple(self._verdict(request, c.id) for c in request.criteria.criteria)

    def _verdict(self, request: AssessmentRequest, id: Any) -> Verdict:
        found = locate(request.text, "Drove") if id == self.sees else None
        return Verdict(
            criterion_id=id, standing=Standing.MET if found else Standing.NOT_SHOWN,
            credit=1.0 if found else 0.0, evidence=(found,) if found else (), reason="so",
        )  # fmt: skip


@dataclass
class Office:
    """A job with scored resumes, the registry and a model."""

    shop: Shop
    prompts: Prompts
    trying: Trying
    model: Model

    def admin(self) -> Actor:
        return self.shop.desk.person("ines", Role.ADMIN)

    def scored(self, number: int) -> None:
        self.shop.scored(THREE)
        self.shop.more(number - 1)

    def version(self) -> str:
        return self.prompts.write(self.admin(), NAME, f"{FIRST.prompt.text}\nBe brief.", "Shorter")

    def ask(self, version: str) -> TrialId:
        self.prompts.try_out(self.admin(), NAME, version, JOB)
        return self.line(version).trial.id

    def tried(self, version: str = "") -> Trial:
        version = version or self.version()
        self.trying.carry_out(self.ask(version))
        return self.line(version).trial

    def line(self, version: str) -> TrialLine:
        lines = self.prompts.view(self.admin(), NAME).versions
        found = next(each.trial for each in lines if each.prompt.version == version)
        assert found is not None
        return found

    def stored(self) -> dict[str, object]:
        """Everything that scoring keeps of the job."""
        with self.shop.desk.store.unit_of_work() as uow:
            ids = uow.applications.present(JOB)
            return {
                "assessments": {id: uow.assessments.of(id) for id in ids},
                "proposals": {id: uow.proposals.of(id) for id in ids},
                "baselines": {
                    a.key.criteria: uow.baselines.scores(a.key.criteria)
                    for a in uow.assessments.latest_of(JOB).values()
                },
            }


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_shop(tmp_path) as shop:
        model = Model(sees=FORKLIFT.id)
        given: dict[str, Any] = {
            "unit_of_work": shop.desk.store.unit_of_work, "clock": shop.desk.clock,
            "ids": CountedIds(), "firsts": {NAME: FIRST}, "model": model,
        }  # fmt: skip
        work = {**given, "tenant": TENANT, "recorder": shop.screening.recorder}
        evaluating = Evaluating(**work, check=Check(golden_cases(), parse))
        trying = Trying(**work, grader=shop.screening.grader)
        prompts = Prompts(**given, evaluating=evaluating, trying=trying)
        yield Office(shop, prompts, trying, model)


# --- What is asked -----------------------------------------------------------------------------


def test_a_trial_asks_about_at_most_ten_scored_resumes_and_compares_their_scores(
    office: Office,
) -> None:
    office.scored(12)
    office.model.sees = CRANE.id
    run = office.tried()
    assert (run.state, run.done, run.total) == (RunState.DONE, MOST_RESUMES, MOST_RESUMES)
    assert [(line.before, line.after) for line in run.resumes] == [(50, 17)] * MOST_RESUMES
    assert run.mean_change == -33
    assert run.turns == {Turn.MORE: 10, Turn.LESS: 10}
    assert [(change.label, change.turns) for change in run.criteria_changes] == [
        (FORKLIFT.label, {Turn.LESS: 10}), (CRANE.label, {Turn.MORE: 10}), ("English", {}),
    ]  # fmt: skip


def test_the_same_verdicts_change_nothing(office: Office) -> None:
    office.scored(5)
    run = office.tried()
    assert (run.mean_change, run.turns) == (0, {})


def test_the_sample_is_drawn_by_hash_and_is_the_same_for_every_version(office: Office) -> None:
    office.scored(14)
    first, second = (
        office.version(),
        office.prompts.write(office.admin(), NAME, f"{FIRST.prompt.text}\nBe thorough.", "Longer"),
    )
    asked = []
    for version in (first, second):
        office.tried(version)
        with office.shop.desk.store.unit_of_work() as uow:
            runs = uow.model_runs.newest(RunFilter())[:MOST_RESUMES]
            present = uow.applications.present(JOB)
        asked.append([run.subject.application_id for run in reversed(runs)])
    assert asked[0] == asked[1] == drawn(present, JOB)[:MOST_RESUMES]


def test_the_model_is_shown_pseudonymised_texts_only(office: Office) -> None:
    office.scored(5)
    office.tried()
    assert not [text for text in office.model.texts if "Anna" in text or "Berg" in text]


def test_nothing_leaves_that_holds_a_detail_of_the_person(office: Office) -> None:
    office.scored(5)
    office.model.body = b'{"messages":["Rate Anna Berg"]}'
    run = office.tried()
    assert run.state is RunState.BROKEN
    assert "A personal detail" in run.problem
    assert (run.requests, office.model.texts) == (0, [])


@pytest.mark.parametrize("left_out", ["gone", "erased", "another resume", "other criteria"])
def test_what_is_gone_erased_or_scored_otherwise_is_left_out(office: Office, left_out: str) -> None:
    office.scored(LEAST_RESUMES + 1)
    store, now = office.shop.desk.store, office.shop.desk.clock.now()
    with store.unit_of_work() as uow:
        match left_out:
            case "gone":
                uow.applications.mark_gone(office.shop.id, now)
            case "another resume":
                uow.applications.set_resume(office.shop.id, DocumentHash("0ther"))
            case "erased":
                assert isinstance(uow, SqlUnitOfWork)
                uow.vault.forget(PersonId("2101"))
        uow.commit()
    if left_out == "other criteria":
        office.shop.freeze(version=2, asked=(FORKLIFT, CRANE))
        for number in range(LEAST_RESUMES):
            office.shop.screening.screen(ApplicationId(f"{8000 + number}"), POLL)
    assert office.tried().total == LEAST_RESUMES
    with store.unit_of_work() as uow:
        assert not uow.model_runs.of(office.shop.id)


# --- What is kept ------------------------------------------------------------------------------


def test_no_assessment_proposal_or_baseline_comes_of_a_trial(office: Office) -> None:
    office.scored(6)
    before = office.stored()
    office.model.sees = CRANE.id
    assert office.tried().state is RunState.DONE
    assert office.stored() == before


def test_every_request_is_recorded_as_the_persons_and_counted(office: Office) -> None:
    office.scored(5)
    run = office.tried()
    with office.shop.desk.store.unit_of_work() as uow:
        lines = uow.model_runs.newest(RunFilter(requisition=JOB))
        present = uow.applications.present(JOB)
        body = uow.model_runs.body(lines[0].id)
    assert {line.subject.application_id for line in lines} == present
    assert body is not None
    assert (run.requests, run.tokens) == (5, Tokens(450, 50))


def test_what_is_kept_of_a_trial_leads_to_nobody(office: Office) -> None:
    office.scored(5)
    office.tried()
    store = office.shop.desk.store
    with store.unit_of_work() as uow:
        ids = {*uow.applications.present(JOB), *uow.applications.people()}
        people = {uow.applications.candidate(id) for id in uow.applications.people()}
        facts = [e.fact for e in uow.audit.events() if "trial" in e.fact.data]
    names = {name for found in people if found for name in (found[0].first_name, "Berg")}
    with store.engine.begin() as connection:
        kept = connection.exec_driver_sql("SELECT document FROM prompt_trial").scalar_one()
    told = [f'"{id}"' for id in ids] + [*names, "forklift for six"]
    assert not [word for word in told if word in kept]
    assert {fact.subject for fact in facts} == {f"prompt:{NAME}"}
    assert not [fact for fact in facts if ids & set(map(str, fact.data.values()))]


def test_the_order_of_the_lines_does_not_tell_how_they_were_drawn(office: Office) -> None:
    office.scored(5)
    office.shop.more(7, b"Anna Berg\nSpoke english at the harbour, with a crane, for six years.")
    scores = [line.before for line in office.tried().resumes]
    assert scores == sorted(scores, reverse=True)


def test_asking_and_the_end_are_in_the_log(office: Office) -> None:
    office.scored(5)
    office.tried()
    asked, ended = office.shop.facts("prompt.trial_asked", "prompt.tried")
    assert (asked["by"], asked["requisition"], asked["version"]) == ("ines", JOB, "2")
    assert (ended["by"], ended["resumes"], ended["requests"]) == ("service:worker", 5, 5)


# --- Who and when ------------------------------------------------------------------------------

ASKED: dict[str, Callable[[Prompts, Actor], object]] = {
    "jobs": lambda p, who: p.sample_jobs(who),
    "start": lambda p, who: p.try_out(who, NAME, "2", JOB),
    "cancel": lambda p, who: p.cancel_trial(who, TrialId("t")),
}


@pytest.mark.parametrize("command", ASKED)
@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMIN])
def test_only_an_administrator_tries_instructions(office: Office, command: str, role: Role) -> None:
    with pytest.raises(NotAllowed):
        ASKED[command](office.prompts, office.shop.desk.person("somebody", role, icims="101"))


def test_the_version_in_production_is_not_tried(office: Office) -> None:
    office.scored(5)
    with pytest.raises(InvalidInput, match="in production"):
        office.prompts.try_out(office.admin(), NAME, "1", JOB)


def test_without_a_model_nothing_is_tried(office: Office) -> None:
    office.model.connected = False
    with pytest.raises(InvalidInput, match="built-in assessor"):
        office.prompts.try_out(office.admin(), NAME, "1", JOB)


def test_one_trial_of_a_version_at_a_time(office: Office) -> None:
    office.scored(5)
    version = office.version()
    office.ask(version)
    with pytest.raises(InvalidInput, match="being tried already"):
        office.ask(version)


def test_jobs_are_offered_where_enough_is_scored_and_scoring_is_not_stopped(
    office: Office,
) -> None:
    office.scored(LEAST_RESUMES - 1)
    assert office.prompts.sample_jobs(office.admin()) == ()
    office.shop.more(LEAST_RESUMES)
    (job,) = office.prompts.sample_jobs(office.admin())
    assert (job.id, job.title, job.scored) == (JOB, "Store lead", LEAST_RESUMES + 1)
    office.shop.stop()
    assert office.prompts.sample_jobs(office.admin()) == ()


def test_too_few_resumes_break_a_trial_which_says_so(office: Office) -> None:
    office.scored(LEAST_RESUMES - 1)
    run = office.tried()
    assert run.state is RunState.BROKEN
    assert "fewer than 5 resumes" in run.problem
    assert office.model.texts == []


def test_a_job_whose_scoring_is_stopped_is_not_tried_on(office: Office) -> None:
    office.scored(5)
    version = office.version()
    id = office.ask(version)
    office.shop.stop()
    office.trying.carry_out(id)
    assert "Scoring is switched off here" in office.line(version).trial.problem
    assert office.model.texts == []
    with pytest.raises(InvalidInput, match="switched off"):
        office.ask(version)


# --- How it goes on and ends -------------------------------------------------------------------


def worker(office: Office, stopping: Callable[[], bool] = never) -> JobRunner:
    def run(job: Job) -> None:
        office.trying.carry_out(job.payload["trial"], stopping)

    desk = office.shop.desk
    return JobRunner(desk.store.unit_of_work, desk.clock, {JobKind.TRY_PROMPT: run})


def test_a_trial_is_work_for_the_background(office: Office) -> None:
    office.scored(5)
    version = office.version()
    office.ask(version)
    assert office.line(version).trial.state is RunState.WAITING
    assert worker(office).run_next_job()
    assert office.line(version).trial.state is RunState.DONE
    assert (office.line(version).who, office.line(version).job) == ("Ines", "Store lead")


def test_a_trial_whose_worker_ends_goes_on_later(office: Office) -> None:
    office.scored(5)
    version = office.version()
    office.ask(version)
    assert worker(office, lambda: True).run_next_job()
    office.shop.desk.clock.forward(seconds=60)
    assert worker(office).run_next_job()
    assert office.line(version).trial.state is RunState.DONE


def test_a_model_that_falls_silent_because_the_worker_ends_does_not_break_a_trial(
    office: Office,
) -> None:
    office.scored(5)
    version = office.version()
    id = office.ask(version)
    office.model.fails = "ended before it answered"
    with pytest.raises(WorkStopped):
        office.trying.carry_out(id, lambda: True)
    assert office.line(version).trial.under_way


def test_a_cancelled_trial_stays_cancelled_and_asks_no_more(office: Office) -> None:
    office.scored(6)
    version = office.version()
    id = office.ask(version)
    seen: list[int] = []

    def cancel_at_the_third() -> bool:
        seen.append(1)
        if len(seen) == 3:
            office.prompts.cancel_trial(office.admin(), id)
        return False

    with pytest.raises(WorkStopped):
        office.trying.carry_out(id, cancel_at_the_third)
    run = office.line(version).trial
    assert (run.state, run.resumes) == (RunState.CANCELLED, ())
    assert len(office.model.texts) == 2
    office.trying.carry_out(id)
    assert len(office.model.texts) == 2


def test_a_model_that_does_not_answer_breaks_a_trial_which_says_why(office: Office) -> None:
    office.scored(5)
    office.model.fails = "the service was away"
    run = office.tried()
    assert (run.state, run.resumes) == (RunState.BROKEN, ())
    assert run.problem == "The model did not answer: the service was away."


def test_a_trial_ends_where_the_jobs_tokens_end(office: Office) -> None:
    office.scored(5)
    limits = TokenLimits(per_requisition=250)
    trying = replace(office.trying, recorder=replace(office.trying.recorder, limits=limits))
    version = office.version()
    trying.carry_out(office.ask(version))
    run = office.line(version).trial
    assert run.state is RunState.BROKEN
    assert "limit of 250 tokens" in run.problem
    assert run.requests == 2


def test_a_model_that_was_taken_away_breaks_the_trial(office: Office) -> None:
    office.scored(5)
    version = office.version()
    id = office.ask(version)
    office.model.connected = False
    office.trying.carry_out(id)
    assert office.line(version).trial.problem == NO_MODEL


def test_a_trial_neither_opens_nor_closes_the_way_to_production(office: Office) -> None:
    office.scored(5)
    version = office.version()
    office.tried(version)
    with pytest.raises(InvalidInput, match="Check this version first"):
        office.prompts.ask_promotion(office.admin(), NAME, version, "Faster")


def test_a_version_that_goes_into_production_meanwhile_keeps_its_trial(office: Office) -> None:
    office.scored(5)
    version = office.version()
    run = office.tried(version)
    desk = office.shop.desk
    with desk.store.unit_of_work() as uow:
        uow.prompts.put_move(
            LabelMove(
                ref=run.ref, label=Label.PRODUCTION, kind=MoveKind.PROMOTED,
                by=run.asked_by, at=desk.clock.now(),
            )
        )  # fmt: skip
        uow.commit()
    assert office.line(version).trial == run
