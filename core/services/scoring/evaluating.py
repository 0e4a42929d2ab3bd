"""Evaluations of instructions to models: asked for by a person, carried out by the worker."""

from dataclasses import dataclass, replace
from typing import ClassVar

from core.assist.screening import questions
from core.domain.access import Command
from core.domain.actor import Actor, service_actor
from core.domain.audit import fact_by
from core.domain.canonical import content_hash
from core.domain.evaluation import Evaluation, RunState
from core.domain.ids import EvaluationId, TenantId
from core.domain.jobs import JobKind
from core.domain.model_log import RunSubject
from core.domain.model_runs import PromptRef
from core.domain.prompts import FIRST, Label
from core.errors import InvalidInput, NotFound
from core.ports import Assessor, UnitOfWork
from core.services.access import admit
from core.services.scoring.golden_check import Check
from core.services.scoring.prompt_runs import Progress, PromptRuns, find_prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluating(PromptRuns[Evaluation]):
    """Start, run and cancel evaluations."""

    check: Check

    kind: ClassVar = JobKind.EVALUATE_PROMPT
    payload: ClassVar = "evaluation"

    def start(self, actor: Actor, name: str, version: str) -> EvaluationId:
        """Queue an evaluation with the connected model.

        Raises ``InvalidInput`` without a model, for an unknown version and while one of this
        version is under way.
        """
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.WRITE_PROMPT, self.clock.now())
            run = self._begin(uow, actor, PromptRef(name, version))
            self._queue(uow, run)
            uow.commit()
        return run.id

    def run_now(self, name: str, version: str) -> Evaluation:
        """Evaluate in this process, for the command line; no ``version`` means that in production.

        Raises as ``start`` does.
        """
        operator = service_actor("command-line", self.tenant)
        with self.unit_of_work() as uow:
            version = version or uow.prompts.labelled(name, Label.PRODUCTION) or FIRST
            run = self._begin(uow, operator, PromptRef(name, version))
            uow.commit()
        self.carry_out(run.id)
        with self.unit_of_work() as uow:
            return self._known(uow, run.id)

    def _begin(self, uow: UnitOfWork, actor: Actor, ref: PromptRef) -> Evaluation:
        model = self._connected()
        prompt = find_prompt(uow, self.firsts, ref)
        if any(run.under_way and run.ref == ref for run in uow.prompts.evaluations(ref.name)):
            raise InvalidInput(f"Version {ref.version} is being checked already.")
        run = Evaluation(
            id=EvaluationId(self.ids.new()),
            ref=ref,
            sha256=prompt.sha256,
            model=model.version,
            cases=self.check.golden.version,
            asked_by=actor.id,
            asked_at=self.clock.now(),
            total=questions(self.check.golden),
        )
        uow.prompts.put_evaluation(run)
        _record(uow, actor, "prompt.evaluation_asked", run)
        return run

    def _ask(self, judge: Assessor, progress: Progress[Evaluation]) -> Evaluation:
        subject = _subject(self.tenant, progress.run, judge.version)
        watch = self.recorder.watch(subject, progress.stopping)
        gates = self.check.run(judge, progress.step, watch)
        return replace(progress.run, gates=gates)

    def _known(self, uow: UnitOfWork, id: str) -> Evaluation:
        run = uow.prompts.evaluation(EvaluationId(id))
        if run is None:
            raise NotFound(f"evaluation {id} does not exist")
        return run

    def _move(self, uow: UnitOfWork, run: Evaluation) -> bool:
        return uow.prompts.move_evaluation(run)

    def _record_cancelled(self, uow: UnitOfWork, actor: Actor, run: Evaluation) -> None:
        _record(uow, actor, "prompt.evaluation_cancelled", run)

    def _record_ended(self, uow: UnitOfWork, actor: Actor, run: Evaluation) -> None:
        _record(uow, actor, "prompt.evaluated", run)


def _subject(tenant: TenantId, run: Evaluation, assessor: str) -> RunSubject:
    """Say what a model is asked for when instructions are checked: nobody's document."""
    input = content_hash((run.sha256, run.cases))
    return RunSubject(tenant=tenant, assessor=assessor, input=input)


def _record(uow: UnitOfWork, actor: Actor, action: str, run: Evaluation) -> None:
    ended = run.state in (RunState.DONE, RunState.BROKEN)
    uow.audit.append(
        fact_by(
            actor, run.ended_at or run.asked_at, action, f"prompt:{run.ref.name}",
            version=run.ref.version, evaluation=run.id, hash=run.sha256, model=run.model,
            passed=run.passed if ended else None, gates_failed=len(run.failed_gates),
        )
    )  # fmt: skip
