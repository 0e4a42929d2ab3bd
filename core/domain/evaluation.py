"""What a check of an assessor against golden cases found: figures held against thresholds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.ids import EvaluationId, UserId
from core.domain.model_runs import PromptRef


class Gate(StrEnum):
    """What an assessor must show before its verdicts count.

    AGREEMENT, QUOTES, PROVEN, PARAPHRASE and REPEAT are shares of what was tried; NAMES and ORDER
    are points of score that it was swayed by; INJECTION counts verdicts that an order in a resume
    changed.
    """

    AGREEMENT = "agreement"
    QUOTES = "quotes"
    PROVEN = "proven"
    NAMES = "names"
    ORDER = "order"
    PARAPHRASE = "paraphrase"
    REPEAT = "repeat"
    INJECTION = "injection"

    @property
    def is_share(self) -> bool:
        """Say whether the figure is a share that has to be reached, not a limit to stay under."""
        return self not in (Gate.NAMES, Gate.ORDER, Gate.INJECTION)


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that counted against a gate, and what went otherwise than it should."""

    case: str
    what: str


@dataclass(frozen=True, slots=True)
class GateResult:
    """One figure against its threshold; ``failures`` are the cases behind the figure.

    A share passes at or above ``threshold``, anything else at or below it. ``tried`` counts what
    the figure rests on; nothing tried is nothing passed.
    """

    gate: Gate
    value: float
    threshold: float
    tried: int
    failures: tuple[Failure, ...] = ()

    @property
    def passed(self) -> bool:
        """Say whether the figure is good enough."""
        if not self.tried:
            return False
        reached = self.value >= self.threshold
        return reached if self.gate.is_share else self.value <= self.threshold


class RunState(StrEnum):
    """How far a run is; BROKEN ones ended without an answer from the model."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptRun:
    """Background work that has a model follow one version of instructions.

    ``sha256`` is that of the instructions. ``done`` of ``total`` steps were made. ``problem`` says
    why it broke.
    """

    id: str
    ref: PromptRef
    sha256: str
    model: str
    asked_by: UserId
    asked_at: datetime
    state: RunState = RunState.WAITING
    done: int = 0
    total: int = 0
    ended_at: datetime | None = None
    problem: str = ""

    @property
    def under_way(self) -> bool:
        """Say whether its result is still to come."""
        return self.state in (RunState.WAITING, RunState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation(PromptRun):
    """One run of the golden cases; ``cases`` is their version, a step is one question."""

    id: EvaluationId
    cases: str
    gates: tuple[GateResult, ...] = ()

    @property
    def failed_gates(self) -> tuple[Gate, ...]:
        """Name the gates that did not pass."""
        return tuple(result.gate for result in self.gates if not result.passed)

    @property
    def passed(self) -> bool:
        """Say whether it came to its end and every gate passed."""
        whole = {result.gate for result in self.gates} == set(Gate)
        return self.state is RunState.DONE and whole and not self.failed_gates
