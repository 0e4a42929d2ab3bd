"""How far people and an assessor agree on one job: figures to read, nothing that acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from core.domain.assessment import Standing
from core.domain.criteria import Criterion
from core.domain.ids import ApplicationId, CriterionId
from core.domain.judgement import Leaning, Override, OverrideReason, OwnView
from core.domain.routing import Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One scored application whose evidence somebody had on the screen.

    ``own`` are the assessor's verdicts, ``overrides`` those of people in force. ``score`` is the
    assessor's, 0 to 100, None where it could not be graded. ``accepted`` says whether the
    proposed score was approved (True), refused (False) or not answered.
    """

    application_id: ApplicationId
    own: Mapping[CriterionId, Standing]
    score: int | None
    suggestion: Suggestion | None
    overrides: Mapping[CriterionId, Override] = field(default_factory=dict)
    views: Sequence[OwnView] = ()
    accepted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionAgreement:
    """One criterion over the reviewed: verdicts people left, raised, lowered or filled in.

    ``told`` counts verdicts given where the assessor had "no data".
    """

    criterion: Criterion
    reviewed: int
    raised: int = 0
    lowered: int = 0
    told: int = 0
    reasons: Mapping[OverrideReason, Sequence[ApplicationId]] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        """Count the verdicts that people see differently."""
        return self.raised + self.lowered + self.told

    @property
    def left(self) -> int:
        """Count the verdicts nobody changed: seen, which is less than confirmed."""
        return self.reviewed - self.changed


class Advice(StrEnum):
    """What a recruiter might do about a criterion."""

    ADD_WORDS = "add_words"
    ASK_LESS = "ask_less"
    NARROW_WORDS = "narrow_words"
    ASK_CANDIDATES = "ask_candidates"
    TELLS_NOTHING = "tells_nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionAdvice:
    """A suggestion with the applications it rests on; ``count`` of ``out_of``."""

    criterion: Criterion
    advice: Advice
    count: int
    out_of: int
    applications: Sequence[ApplicationId] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewAgreement:
    """What people thought against what the score suggested.

    ``ordered`` is the share of pairs, one person advanced and one "not now" by the same reviewer,
    in which the advanced one scores higher, ties as half (the Mann–Whitney statistic over its
    maximum); None without such a pair.
    """

    views: int
    counts: Mapping[tuple[Suggestion, Leaning], int]
    pairs: int
    ordered: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementReport:
    """One job: ``scored`` applications under its frozen criteria, ``reviewed`` of them looked at.

    ``blind`` holds only views recorded before the score was shown; ``seen`` all others.
    """

    scored: int
    reviewed: int
    accepted: int
    refused: int
    criteria: Sequence[CriterionAgreement]
    advice: Sequence[CriterionAdvice]
    blind: ViewAgreement
    seen: ViewAgreement
