"""The course of work that has a model follow instructions: asked for, carried out, ended."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Generic, TypeVar

from core.domain.access import Command
from core.domain.actor import Actor, service_actor
from core.domain.evaluation import PromptRun, RunState
from core.domain.ids import TenantId
from core.domain.jobs import JobKind, JobRequest, Priority, never
from core.domain.model_runs import PromptRef
from core.domain.prompts import FirstPrompt, Label, Prompt
from core.errors import InvalidInput, LeakDetected, ModelUnavailable, ModelWithheld, WorkStopped
from core.ports import Assessor, Clock, IdSource, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit
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
R = TypeVar("R", bound=PromptRun)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptRuns(ABC, Generic[R]):
    """Cancel and carry out runs of one kind; ``firsts`` are the versions that come with us.

    A kind says where its runs are kept, how they are recorded and what the model is asked.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: IdSource
    tenant: TenantId
    firsts: Firsts
    model: Connected
    recorder: Recorder

    kind: ClassVar[JobKind]
    payload: ClassVar[str]

    def cancel(self, actor: Actor, id: str) -> None:
        """End a run that is under way; what it found so far counts for nothing."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.WRITE_PROMPT, now)
            ended = replace(self._known(uow, id), state=RunState.CANCELLED, ended_at=now)
            if self._move(uow, ended):
                uow.jobs.cancel(self._group(id), now)
                self._record_cancelled(uow, actor, ended)
                uow.commit()

    def carry_out(self, id: str, stopping: Callable[[], bool] = never) -> None:
        """Ask the model and keep the figures; safe to repeat.

        A model that is gone or does not answer breaks the run, which says why. Raises
        ``WorkStopped`` when the work is to end; a run that ended stays as it is.
        """
        with self.unit_of_work() as uow:
            run = self._known(uow, id)
            prompt = find_prompt(uow, self.firsts, run.ref)
        model = self.model()
        if not run.under_way:
            return
        if model is None:
            self._end(replace(run, state=RunState.BROKEN, problem=NO_MODEL))
            return
        begun = replace(run, state=RunState.RUNNING, model=model.version, done=0)
        progress = Progress(self, begun, stopping)
        try:
            found = self._ask(model.judge(prompt), progress)
        except (InvalidInput, ModelUnavailable, LeakDetected) as error:
            if stopping():
                raise WorkStopped from error
            self._end(replace(progress.run, state=RunState.BROKEN, problem=_why(error)))
        else:
            self._end(replace(found, state=RunState.DONE))

    def keep(self, run: R) -> bool:
        """Keep how far a run is; False when it ended meanwhile."""
        with self.unit_of_work() as uow:
            kept = self._move(uow, run)
            uow.commit()
        return kept

    def _queue(self, uow: UnitOfWork, run: R) -> None:
        request = JobRequest(
            kind=self.kind,
            tenant=self.tenant,
            dedupe_key=f"{self.kind}:{run.id}",
            payload={self.payload: run.id},
            priority=Priority.CLICK,
            group=self._group(run.id),
        )
        uow.jobs.enqueue(request, run.asked_at)

    def _connected(self) -> ConnectedModel:
        model = self.model()
        if model is None:
            raise InvalidInput(NO_MODEL)
        return model

    def _end(self, run: R) -> None:
        ended = replace(run, ended_at=self.clock.now())
        with self.unit_of_work() as uow:
            if self._move(uow, ended):
                self._record_ended(uow, service_actor("worker", self.tenant), ended)
                uow.commit()

    def _group(self, id: str) -> str:
        return f"{self.kind}:{id}"

    @abstractmethod
    def _known(self, uow: UnitOfWork, id: str) -> R:
        """Find a run; raises ``NotFound``."""

    @abstractmethod
    def _move(self, uow: UnitOfWork, run: R) -> bool:
        """Keep how far a run is; False when it had ended already."""

    @abstractmethod
    def _record_cancelled(self, uow: UnitOfWork, actor: Actor, run: R) -> None: ...

    @abstractmethod
    def _record_ended(self, uow: UnitOfWork, actor: Actor, run: R) -> None: ...

    @abstractmethod
    def _ask(self, judge: Assessor, progress: "Progress[R]") -> R:
        """Have the model judge and give the run with all its figures."""


@dataclass(slots=True)
class Progress(Generic[R]):
    """Counts a run's steps where others can see it, and ends it when it was cancelled."""

    runs: PromptRuns[R]
    run: R
    stopping: Callable[[], bool]

    def step(self) -> None:
        """Count one more."""
        self.keep(replace(self.run, done=self.run.done + 1))

    def keep(self, run: R) -> None:
        """Keep how far the run is; raises ``WorkStopped`` when it is to end."""
        self.run = run
        if self.stopping() or not self.runs.keep(run):
            raise WorkStopped


def production_version(uow: UnitOfWork, first: Prompt) -> str:
    """Name the version in production."""
    return uow.prompts.labelled(first.name, Label.PRODUCTION) or first.version


def find_first(firsts: Firsts, name: str) -> FirstPrompt:
    """Find the version that comes with us; raises ``InvalidInput`` for a name without one."""
    if name not in firsts:
        raise InvalidInput(f"There are no instructions called “{name[:40]}”.")
    return firsts[name]


def find_prompt(uow: UnitOfWork, firsts: Firsts, ref: PromptRef) -> Prompt:
    """Find a version's text; raises ``InvalidInput`` for one that nobody wrote."""
    first = find_first(firsts, ref.name)
    if ref == first.prompt.ref:
        return first.prompt
    written = uow.prompts.version(ref.name, ref.version)
    if written is None:
        raise InvalidInput(_UNKNOWN.format(ref.version[:20]))
    return written.prompt


def _why(error: InvalidInput | ModelUnavailable | LeakDetected) -> str:
    """Say why a run broke; what was withheld on purpose says it itself."""
    told = str(error).rstrip(".")
    match error:
        case InvalidInput() | ModelWithheld():
            return f"{told}."
        case LeakDetected():
            return f"Stopped before anything was sent: {told}."
    return f"The model did not answer: {told}."
