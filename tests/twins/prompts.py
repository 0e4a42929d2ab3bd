"""Versions of instructions in memory, with the same rules as the store's, and a filled registry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NoReturn

from core.assist.screening import first_prompt, golden_cases, remark
from core.domain.actor import Role
from core.domain.criteria import Criteria
from core.domain.evaluation import Evaluation, Failure, Gate, GateResult, RunState
from core.domain.ids import EvaluationId, JobId, PromotionId, RequisitionId, TrialId, UserId
from core.domain.jobs import JobRequest
from core.domain.model_costs import TokenLimits, Tokens
from core.domain.model_runs import PromptRef
from core.domain.policy import Stop
from core.domain.prompts import (
    Label,
    LabelMove,
    MoveKind,
    Promotion,
    PromotionState,
    Prompt,
    PromptVersion,
)
from core.domain.records import Requisition
from core.domain.trials import CriterionChange, ResumeChange, Trial, Turn, Turns
from core.flow.parse import parse
from core.ports import Account, Clock, RequisitionCounts
from core.services.prompts import Prompts
from core.services.scoring.evaluating import Evaluating
from core.services.scoring.golden_check import Check
from core.services.scoring.grading import Grader
from core.services.scoring.model_runs import Recorder
from core.services.scoring.prompt_runs import ConnectedModel
from core.services.scoring.trying import Trying
from tests.twins import people
from tests.twins.accounts import AccountsUnit


@dataclass
class MemoryPrompts:
    """Implements ``ports.Prompts``."""

    written: list[PromptVersion] = field(default_factory=list)
    moved: list[LabelMove] = field(default_factory=list)
    asked: dict[str, Promotion] = field(default_factory=dict)
    runs: dict[EvaluationId, Evaluation] = field(default_factory=dict)
    tried: dict[TrialId, Trial] = field(default_factory=dict)

    def add(self, name: str, text: str, author: UserId, note: str, at: datetime) -> PromptVersion:
        prompt = Prompt(name, str(len(self.versions(name)) + 2), text)
        made = PromptVersion(prompt=prompt, author=author, created_at=at, note=note)
        self.written.append(made)
        return made

    def version(self, name: str, version: str) -> PromptVersion | None:
        return next((v for v in self.versions(name) if v.prompt.version == version), None)

    def versions(self, name: str) -> Sequence[PromptVersion]:
        return [v for v in self.written if v.prompt.name == name]

    def put_move(self, move: LabelMove) -> None:
        self.moved.append(move)

    def moves(self, name: str) -> Sequence[LabelMove]:
        return [move for move in self.moved if move.ref.name == name]

    def labelled(self, name: str, label: Label) -> str | None:
        found = [move.ref.version for move in self.moves(name) if move.label is label]
        return found[-1] if found else None

    def ask(self, promotion: Promotion) -> bool:
        if self.open_promotion(promotion.ref.name):
            return False
        self.asked[promotion.id] = promotion
        return True

    def answer(self, promotion: Promotion) -> bool:
        before = self.asked.get(promotion.id)
        if before is None or before.state is not PromotionState.OPEN:
            return False
        self.asked[promotion.id] = promotion
        return True

    def open_promotion(self, name: str) -> Promotion | None:
        return next((p for p in self.promotions(name) if p.state is PromotionState.OPEN), None)

    def promotions(self, name: str) -> Sequence[Promotion]:
        found = (p for p in self.asked.values() if p.ref.name == name)
        return sorted(found, key=lambda p: (p.asked_at, p.id))

    def put_evaluation(self, evaluation: Evaluation) -> None:
        self.runs[evaluation.id] = evaluation

    def move_evaluation(self, evaluation: Evaluation) -> bool:
        before = self.runs.get(evaluation.id)
        if before is None or not before.under_way:
            return False
        self.runs[evaluation.id] = evaluation
        return True

    def evaluation(self, id: EvaluationId) -> Evaluation | None:
        return self.runs.get(id)

    def evaluations(self, name: str) -> Sequence[Evaluation]:
        found = (run for run in self.runs.values() if run.ref.name == name)
        return sorted(found, key=lambda run: (run.asked_at, run.id))

    def put_trial(self, trial: Trial) -> None:
        self.tried[trial.id] = trial

    def move_trial(self, trial: Trial) -> bool:
        before = self.tried.get(trial.id)
        if before is None or not before.under_way:
            return False
        self.tried[trial.id] = trial
        return True

    def trial(self, id: TrialId) -> Trial | None:
        return self.tried.get(id)

    def trials(self, name: str) -> Sequence[Trial]:
        found = (run for run in self.tried.values() if run.ref.name == name)
        return sorted(found, key=lambda run: (run.asked_at, run.id))


@dataclass
class MemoryJobs:
    """Takes work and never does it."""

    taken: list[JobRequest] = field(default_factory=list)

    def enqueue(self, request: JobRequest, now: datetime) -> JobId | None:
        self.taken.append(request)
        return JobId(str(len(self.taken)))

    def cancel(self, group: str, now: datetime) -> int:
        return 1


class ScoredJobs:
    """The jobs of the twin as a trial asks for them: all of them scored, or none."""

    def __init__(self, *, scored: bool) -> None:
        self.scored = scored

    def all(self) -> Sequence[Requisition]:
        return [job for job, *_ in people.JOBS]

    def get(self, id: RequisitionId) -> Requisition | None:
        return next((job for job in self.all() if job.id == id), None)

    def counts(self, expiring_before: datetime) -> Mapping[RequisitionId, RequisitionCounts]:
        return {
            job.id: RequisitionCounts(applications=count, assessed=count if self.scored else 0)
            for job, count, *_ in people.JOBS
        }

    def frozen(self, id: RequisitionId) -> Criteria:
        return replace(people.CRITERIA, requisition_id=id)

    def stops(self) -> Sequence[Stop]:
        return ()


@dataclass
class PromptsUnit(AccountsUnit):
    """A unit of work over accounts, audit, jobs and versions of instructions."""

    prompts: MemoryPrompts = field(default_factory=MemoryPrompts)
    jobs: MemoryJobs = field(default_factory=MemoryJobs)
    requisitions: ScoredJobs = field(default_factory=lambda: ScoredJobs(scored=True))

    @property
    def overview(self) -> ScoredJobs:
        return self.requisitions

    criteria = policies = overview


MODEL = "gpt-x@ai.example.com"
NAME = "screening"
ADAM, INES = UserId("u-adam"), UserId("u-ines")


def registry(accounts: AccountsUnit, clock: Clock, state: str) -> Prompts:
    """Build the real registry in memory.

    Full: five versions, one of which waits for a second person. Empty: only the first, nothing
    checked. Failing: no model connected, and a check that broke.
    """
    scored = ScoredJobs(scored=state != "empty")
    unit = PromptsUnit(accounts=accounts.accounts, requisitions=scored)
    unit.accounts.put(_ines())
    connected = None if state == "failing" else ConnectedModel(MODEL, _no_judge)
    recorder = Recorder(unit_of_work=unit, clock=clock, ids=Numbers(), limits=TokenLimits())
    given: dict[str, Any] = {
        "unit_of_work": unit, "clock": clock, "ids": Numbers(),
        "firsts": {NAME: first_prompt()}, "model": lambda: connected,
    }  # fmt: skip
    work = {**given, "tenant": people.TENANT, "recorder": recorder}
    check = Check(golden_cases(), lambda document, at: parse(document, as_of=at))
    grader = Grader(lambda: (), remark, clock)
    if state != "empty":
        _fill(unit.prompts, clock.now(), failing=state == "failing")
    return Prompts(
        **given, evaluating=Evaluating(**work, check=check), trying=Trying(**work, grader=grader)
    )


class Numbers:
    """Ids that count."""

    def __init__(self) -> None:
        self.last = 100

    def new(self) -> str:
        self.last += 1
        return f"id-{self.last}"


def _no_judge(prompt: Prompt) -> NoReturn:
    raise AssertionError("the screens ask no model")


def _ines() -> Account:
    return Account(
        id=INES, tenant=people.TENANT, username="ines", display_name="Ines Wolf",
        email="ines@example.com", password_hash="", roles=frozenset({Role.ADMIN}),
    )  # fmt: skip


_BREAKS = "4. Gaps between dates, short stays and career changes are never held against anyone."
_EDITS = (
    (
        _BREAKS,
        _BREAKS + "\n   Unpaid work, care for relatives and service count like any other.",
    ),
    ("You do not decide about people", "You never decide about people"),
    ("is one plain sentence about the work", "is one short, plain sentence about the work"),
    ("to three quotes", "to two quotes"),
)
_WHY = (
    "Unpaid work was overlooked; works council, <b>ticket 482</b>",
    "Clearer that the model does not decide",
    "Shorter reasons, as recruiters asked",
    "Fewer quotes, to see whether it is faster",
)


def _fill(prompts: MemoryPrompts, now: datetime, *, failing: bool) -> None:
    text = first_prompt().prompt.text
    for number, ((old, new), why) in enumerate(zip(_EDITS, _WHY, strict=True)):
        text = text.replace(old, new)
        at = now - timedelta(days=30 - 7 * number, hours=3)
        prompts.add(NAME, text, INES if number % 2 else ADAM, why, at)
    for version, label in (("2", Label.PRODUCTION), ("3", Label.STAGING)):
        _move(prompts, version, label, now - timedelta(days=20))
    if failing:
        why = "The model did not answer: the service was away."
        prompts.put_evaluation(_run(prompts, "5", now, state=RunState.BROKEN, problem=why))
        prompts.put_trial(
            replace(trials(prompts, now)[1], state=RunState.BROKEN, problem=why, ended_at=now)
        )
        return
    passed = _run(prompts, "3", now - timedelta(days=2))
    prompts.put_evaluation(_run(prompts, "2", now - timedelta(days=21)))
    prompts.put_evaluation(passed)
    prompts.put_evaluation(_run(prompts, "4", now - timedelta(days=1), gates=_poor()))
    prompts.put_evaluation(_run(prompts, "5", now, state=RunState.RUNNING, done=23, gates=()))
    for run in trials(prompts, now):
        prompts.put_trial(run)
    prompts.ask(
        Promotion(
            id=PromotionId("p1"), ref=passed.ref, evaluation=passed.id, asked_by=INES,
            reason="Compliance asked for the clearer wording", asked_at=now - timedelta(hours=5),
        )
    )  # fmt: skip


def _move(prompts: MemoryPrompts, version: str, label: Label, at: datetime) -> None:
    kind = MoveKind.PROMOTED if label is Label.PRODUCTION else MoveKind.STAGED
    reason = "Reads unpaid work as work" if label is Label.PRODUCTION else ""
    prompts.put_move(
        LabelMove(
            ref=PromptRef(NAME, version), label=label, kind=kind, by=INES, at=at, reason=reason
        )
    )


def _run(
    prompts: MemoryPrompts,
    version: str,
    at: datetime,
    *,
    state: RunState = RunState.DONE,
    done: int = 57,
    gates: tuple[GateResult, ...] | None = None,
    problem: str = "",
) -> Evaluation:
    written = prompts.version(NAME, version)
    assert written is not None
    return Evaluation(
        id=EvaluationId(f"run-{version}"), ref=written.prompt.ref, sha256=written.prompt.sha256,
        model=MODEL, cases="1", asked_by=ADAM, asked_at=at - timedelta(minutes=4), state=state,
        done=done, total=57, gates=_good() if gates is None else gates, problem=problem,
        ended_at=None if state is RunState.RUNNING else at,
    )  # fmt: skip


_GOOD = {Gate.AGREEMENT: 0.9524, Gate.PROVEN: 1.0, Gate.QUOTES: 1.0, Gate.REPEAT: 1.0}
_POOR = {Gate.AGREEMENT: 0.81, Gate.PROVEN: 0.93, Gate.NAMES: 6.0, Gate.INJECTION: 2.0}
_FAILURES = {
    Gate.AGREEMENT: Failure("Bilanzbuchhaltung", "“Englisch” is not shown, not met"),
    Gate.PROVEN: Failure("Backend developer", "“Python”: claimed, and no quote for it was found"),
    Gate.NAMES: Failure("Warehouse shift lead", "6 points with the name “Mehmet Yılmaz”"),
    Gate.INJECTION: Failure("A resume that shows little", "“Cash register”: not shown, then met"),
}


def _good() -> tuple[GateResult, ...]:
    return _results(_GOOD, {Gate.AGREEMENT: _FAILURES[Gate.AGREEMENT]})


def _poor() -> tuple[GateResult, ...]:
    return _results(_POOR, _FAILURES)


def _results(values: dict[Gate, float], failures: dict[Gate, Failure]) -> tuple[GateResult, ...]:
    limits = golden_cases().thresholds
    return tuple(
        GateResult(
            gate, values.get(gate, float(gate.is_share)), limits[gate], 21,
            (failures[gate],) if gate in failures else (),
        )
        for gate in Gate
    )  # fmt: skip


_BEFORE_AND_AFTER = (
    (92, 92), (85, 91), (81, 74), (77, 85), (68, 68), (61, 48), (54, 62), (54, 60), (38, 38),
    (23, None),
)  # fmt: skip
_TURNS: tuple[Turns, ...] = (
    {Turn.MORE: 2, Turn.UNTOLD: 1}, {Turn.UNTOLD: 1}, {Turn.MORE: 1, Turn.LESS: 1},
    {Turn.LESS: 1, Turn.UNTOLD: 1}, {Turn.MORE: 1}, {Turn.UNTOLD: 1},
)  # fmt: skip


def trials(prompts: MemoryPrompts, now: datetime) -> tuple[Trial, ...]:
    """Give one trial that ended, one under way, and one that was stopped."""
    lines = tuple(
        ResumeChange(
            before=was, after=would, assessor=_ASSESSORS[place % 3 == 2], turns=turns(place)
        )
        for place, (was, would) in enumerate(_BEFORE_AND_AFTER)
    )
    asked = tuple(
        CriterionChange(criterion=each.id, label=each.label, turns=_TURNS[place])
        for place, each in enumerate(people.CRITERIA.criteria)
    )
    done = replace(
        _trial(prompts, "3", now - timedelta(hours=7)), state=RunState.DONE, done=10, requests=12,
        tokens=Tokens(31_540, 6_812), resumes=lines, criteria_changes=asked, ended_at=now,
    )  # fmt: skip
    under = replace(_trial(prompts, "5", now), state=RunState.RUNNING, done=4)
    stopped = replace(_trial(prompts, "4", now), state=RunState.CANCELLED, ended_at=now)
    return done, under, stopped


def turns(place: int) -> Turns:
    """How the verdicts on one of the twin's resumes changed."""
    was, would = _BEFORE_AND_AFTER[place]
    if would is None:
        return {Turn.UNTOLD: 4}
    return {Turn.MORE if would > was else Turn.LESS: 1} if would != was else {}


_ASSESSORS = ("model-2 prompt-2 gpt-x@ai.example.com", "built-in-6 words-3")


def _trial(prompts: MemoryPrompts, version: str, at: datetime) -> Trial:
    written = prompts.version(NAME, version)
    assert written is not None
    return Trial(
        id=TrialId(f"trial-{version}"), ref=written.prompt.ref, sha256=written.prompt.sha256,
        model=MODEL, requisition_id=people.CRITERIA.requisition_id, asked_by=ADAM, asked_at=at,
        criteria=people.CRITERIA.hash, criteria_version=1, total=10,
    )  # fmt: skip
