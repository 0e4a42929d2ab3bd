"""What the screen of instructions to AI models shows."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.evaluation import Evaluation
from core.domain.ids import RequisitionId
from core.domain.prompts import Label, MoveKind, Promotion, Prompt
from core.domain.trials import Trial


@dataclass(frozen=True, slots=True)
class SampleJob:
    """A job that instructions can be tried on; ``scored`` of its applications have a score."""

    id: RequisitionId
    title: str
    scored: int


@dataclass(frozen=True, slots=True)
class TrialLine:
    """A trial, who asked for it, and the title of the job its resumes are of."""

    trial: Trial
    who: str
    job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """One version; ``who`` and ``at`` are empty for the one that comes with the product.

    ``evaluation`` and ``trial`` are the newest of exactly this text. ``hindrance`` says why nobody
    can ask for its promotion, empty when one can.
    """

    prompt: Prompt
    who: str = ""
    at: datetime | None = None
    note: str = ""
    labels: frozenset[Label] = frozenset()
    evaluation: Evaluation | None = None
    evaluated_by: str = ""
    trial: TrialLine | None = None
    hindrance: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionLine:
    """A promotion that waits; ``hindrance`` says why the reader cannot confirm it."""

    promotion: Promotion
    who: str
    mine: bool
    hindrance: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLine:
    """A label that was put on a version, by whom and why."""

    version: str
    label: Label
    kind: MoveKind
    who: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptsView:
    """Every version of one name, newest first; moves newest first.

    ``model`` is empty while none is connected. ``earlier`` are the versions that production can go
    back to.
    """

    name: str
    model: str
    versions: tuple[VersionLine, ...]
    earlier: tuple[str, ...]
    moves: tuple[MoveLine, ...]
    may_write: bool
    promotion: PromotionLine | None = None

    @property
    def production(self) -> VersionLine:
        """Find the version in use."""
        return next(line for line in self.versions if Label.PRODUCTION in line.labels)
