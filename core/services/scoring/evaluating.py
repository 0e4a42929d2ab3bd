"""Evaluations of instructions to models: asked for by a person, carried out by the worker."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from core.assist.screening import questions
from core.domain.access import Command
from core.domain.actor import Actor, service_actor
from core.domain.audit import fact_by
from core.domain.canonical import content_hash
from core.domain.evaluation import Evaluation, RunState
from core.domain.ids import EvaluationId, TenantId
from core.domain.jobs import JobKind, JobRequest, Priority, never
from core.domain.model_log import RunSubject
from core.domain.model_runs import PromptRef
from core.domain.prompts import FIRST, FirstPrompt, Label, Prompt
from core.errors import InvalidInput, LeakDetected, ModelUnavailable, NotFound, WorkStopped
from core.ports import Assessor, Clock, IdSource, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit
from core.services.scoring.golden_check import Check
from core.services.scoring.model_runs import Recorder

NO_MODEL = (
    "No AI model is connected, so there is nothing to try the instructions on. Scoring goes on"
    " with the built-in assessor, which takes no instructions."
)
_UNKNOWN = "There is no version {} of these instructions."


@dataclass(frozen=True, slots=True)
class ConnectedModel:
    """The language model this deployment is set up with; ``judge`` has it follow a prompt."""

    version: str
    judge: Callable[[Prompt], Assessor]


Connected = Callable[[], ConnectedModel | None]
Firsts = Mapping[str, FirstPrompt]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluating:
    """Start, run and cancel evaluations; ``firsts`` are the versions that come with us."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: IdSource
    tenant: TenantId
    firsts: Firsts
    model: Connected
    check: Check
    recorder: Recorder

    def start(self, actor: Actor, name: str, version: str) -> EvaluationId:
        """Queue an evaluation with the connected model.

        Raises ``InvalidInput`` without a model, for an unknown version and while one of this
        version is under way.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.WRITE_PROMPT, now)
            run = self._begin(uow, actor, PromptRef(name, version))
            request = JobRequest(
                kind=JobKind.EVALUATE_PROMPT,
                tenant=self.tenant,
                dedupe_key=f"{JobKind.EVALUATE_PROMPT}:{run.id}",
                payload={"evaluation": run.id},
                priority=Priority.CLICK,
                group=evaluation_group(run.id),
            )
            uow.jobs.enqueue(request, now)
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
            return uow.prompts.evaluation(run.id) or run

    def cancel(self, actor: Actor, id: EvaluationId) -> None:
        """End an evaluation that is under way; what it found so far counts for nothing."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.WRITE_PROMPT, now)
            run = _known(uow, id)
            ended = replace(run, state=RunState.CANCELLED, ended_at=now)
            if uow.prompts.move_evaluation(ended):
                uow.jobs.cancel(evaluation_group(id), now)
                _record(uow, actor, "prompt.evaluation_cancelled", ended)
                uow.commit()

    def carry_out(self, id: EvaluationId, stopping: Callable[[], bool] = never) -> None:
        """Ask the model every question and keep the figures; safe to repeat.

        A model that is gone or does not answer breaks the run, which says why. Raises
        ``WorkStopped`` when the work is to end; an evaluation that ended stays as it is.
        """
        with self.unit_of_work() as uow:
            run = _known(uow, id)
            prompt = find_prompt(uow, self.firsts, run.ref)
        model = self.model()
        if not run.under_way:
            return
        if model is None:
            self._end(replace(run, state=RunState.BROKEN, problem=NO_MODEL))
            return
        begun = replace(run, state=RunState.RUNNING, model=model.version, done=0)
        progress = _Progress(self, begun, stopping)
        try:
            judge = model.judge(prompt)
            watch = self.recorder.watch(_subject(self.tenant, begun, judge.version), stopping)
            gates = self.check.run(judge, progress.asked, watch)
        except (ModelUnavailable, LeakDetected) as error:
            sent = not isinstance(error, LeakDetected)
            begin = "The model did not answer" if sent else "Stopped before anything was sent"
            why = f"{begin}: {str(error).rstrip('.')}."
            self._end(replace(progress.run, state=RunState.BROKEN, problem=why))
        else:
            self._end(replace(progress.run, state=RunState.DONE, gates=gates))

    def keep(self, run: Evaluation) -> bool:
        """Keep how far a run is; False when it ended meanwhile."""
        with self.unit_of_work() as uow:
            kept = uow.prompts.move_evaluation(run)
            uow.commit()
        return kept

    def _begin(self, uow: UnitOfWork, actor: Actor, ref: PromptRef) -> Evaluation:
        model = self.model()
        if model is None:
            raise InvalidInput(NO_MODEL)
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

    def _end(self, run: Evaluation) -> None:
        ended = replace(run, ended_at=self.clock.now())
        actor = service_actor("worker", self.tenant)
        with self.unit_of_work() as uow:
            if uow.prompts.move_evaluation(ended):
                _record(uow, actor, "prompt.evaluated", ended)
                uow.commit()


@dataclass(slots=True)
class _Progress:
    """Counts a run's questions where others can see it, and ends it when it was cancelled."""

    evaluating: Evaluating
    run: Evaluation
    stopping: Callable[[], bool]

    def asked(self) -> None:
        """Count one more."""
        self.run = replace(self.run, done=self.run.done + 1)
        if self.stopping() or not self.evaluating.keep(self.run):
            raise WorkStopped("stopped; it goes on later")


def evaluation_group(id: EvaluationId) -> str:
    """Name the group of the job that carries out an evaluation."""
    return f"evaluate:{id}"


def find_prompt(uow: UnitOfWork, firsts: Firsts, ref: PromptRef) -> Prompt:
    """Find a version's text; raises ``InvalidInput`` for one that nobody wrote."""
    first = firsts.get(ref.name)
    if first is None:
        raise InvalidInput(f"There are no instructions called “{ref.name[:40]}”.")
    if ref == first.prompt.ref:
        return first.prompt
    written = uow.prompts.version(ref.name, ref.version)
    if written is None:
        raise InvalidInput(_UNKNOWN.format(ref.version[:20]))
    return written.prompt


def _subject(tenant: TenantId, run: Evaluation, assessor: str) -> RunSubject:
    """Say what a model is asked for when instructions are checked: nobody's document."""
    input = content_hash((run.sha256, run.cases))
    return RunSubject(tenant=tenant, assessor=assessor, input=input)


def _known(uow: UnitOfWork, id: EvaluationId) -> Evaluation:
    run = uow.prompts.evaluation(id)
    if run is None:
        raise NotFound(f"evaluation {id} does not exist")
    return run


def _record(uow: UnitOfWork, actor: Actor, action: str, run: Evaluation) -> None:
    ended = run.state in (RunState.DONE, RunState.BROKEN)
    uow.audit.append(
        fact_by(
            actor, run.ended_at or run.asked_at, action, f"prompt:{run.ref.name}",
            version=run.ref.version, evaluation=run.id, hash=run.sha256, model=run.model,
            passed=run.passed if ended else None, gates_failed=len(run.failed_gates),
        )
    )  # fmt: skip
