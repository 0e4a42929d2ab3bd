"""What other instructions to a model would change on resumes that were scored: figures only.

Nothing here leads to a person: a line has no name, no text and no number of an application.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from core.domain.assessment import Assessment, Verdict
from core.domain.criteria import Criterion
from core.domain.evaluation import PromptRun
from core.domain.ids import ContentHash, CriterionId, RequisitionId, TrialId
from core.domain.model_costs import Tokens

MOST_RESUMES = 10
LEAST_RESUMES = 5
"""Fewer tell nothing about instructions, and a line might stand for somebody known."""


class Turn(StrEnum):
    """How a verdict changed; TOLD and UNTOLD are to and from a verdict that had data."""

    MORE = "more"
    LESS = "less"
    TOLD = "told"
    UNTOLD = "untold"


Turns = Mapping[Turn, int]
_NONE = Tokens(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeChange:
    """One resume of the sample, scored as it is and as it would be, 0 to 100.

    ``after`` is None where no criterion could be checked. ``assessor`` made the score ``before``.
    """

    before: int
    after: int | None
    assessor: str
    turns: Turns = field(default_factory=dict)

    @property
    def points(self) -> int | None:
        """Say by how many points the score would change."""
        return None if self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionChange:
    """One criterion over the whole sample."""

    criterion: CriterionId
    label: str
    turns: Turns = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial(PromptRun):
    """One version of instructions on a sample of a requisition's scored resumes; a step is one.

    ``resumes`` are ordered by their scores, so that their order does not tell how they were
    drawn. ``requests`` and ``tokens`` count every attempt.
    """

    id: TrialId
    requisition_id: RequisitionId
    criteria: ContentHash
    criteria_version: int
    resumes: tuple[ResumeChange, ...] = ()
    criteria_changes: tuple[CriterionChange, ...] = ()
    requests: int = 0
    tokens: Tokens = _NONE

    @property
    def mean_change(self) -> float | None:
        """Average the change of scores in points; None where nothing could be compared."""
        points = [line.points for line in self.resumes if line.points is not None]
        return sum(points) / len(points) if points else None

    @property
    def turns(self) -> Turns:
        """Count the verdicts that changed, by how."""
        return _sum([line.turns for line in self.resumes])


@dataclass(frozen=True, slots=True)
class Pair:
    """The assessment that is kept of one resume, and what the sample made of it."""

    before: Assessment
    after: Assessment

    def turns(self) -> Mapping[CriterionId, Turn]:
        """Say how the verdicts changed, criterion by criterion; those that did not are left out."""
        were = {verdict.criterion_id: verdict for verdict in self.before.verdicts}
        found = {
            verdict.criterion_id: turn_of(were[verdict.criterion_id], verdict)
            for verdict in self.after.verdicts
            if verdict.criterion_id in were
        }
        return {criterion: turn for criterion, turn in found.items() if turn}


def turn_of(before: Verdict, after: Verdict) -> Turn | None:
    """Say how a verdict changed; None when it counts as much as before."""
    was, now = before.credit, after.credit
    if was == now:
        return None
    if was is None:
        return Turn.TOLD
    if now is None:
        return Turn.UNTOLD
    return Turn.MORE if now > was else Turn.LESS


def resume_changes(pairs: Sequence[Pair]) -> tuple[ResumeChange, ...]:
    """Lay out the sample, the best score as it is first; the order says nothing else."""
    lines = [_line(pair) for pair in pairs]
    return tuple(sorted(lines, key=lambda line: (-line.before, -(line.after or 0))))


def criterion_changes(
    criteria: Sequence[Criterion], pairs: Sequence[Pair]
) -> tuple[CriterionChange, ...]:
    """Count by criterion, in their order, how verdicts changed."""
    turns = [pair.turns() for pair in pairs]
    return tuple(
        CriterionChange(
            criterion=criterion.id,
            label=criterion.label,
            turns=_sum([{each[criterion.id]: 1} for each in turns if criterion.id in each]),
        )
        for criterion in criteria
    )


def _line(pair: Pair) -> ResumeChange:
    before, after = pair.before, pair.after
    if before.score is None:
        raise ValueError("only what was scored can be compared")
    return ResumeChange(
        before=before.score.value,
        after=after.score.value if after.score else None,
        assessor=before.key.assessor,
        turns=_sum([{turn: 1} for turn in pair.turns().values()]),
    )


def _sum(parts: Sequence[Turns]) -> Turns:
    totals = {turn: sum(part.get(turn, 0) for part in parts) for turn in Turn}
    return {turn: count for turn, count in totals.items() if count}
