"""What a score suggests as the next step: always a suggestion, thresholds are the tenant's."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.assessment import Assessment
from core.errors import InvalidInput


class Suggestion(StrEnum):
    """A next step to consider; no path leads from here to a rejection."""

    TALENT_POOL = "talent_pool"
    REVIEW = "review"
    SCREENING_CALL = "screening_call"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores below ``pool`` suggest the talent pool, above ``call`` a call, else a review."""

    pool: int = 40
    call: int = 80

    def __post_init__(self) -> None:
        if not 0 <= self.pool <= self.call <= 100:
            raise InvalidInput("thresholds must satisfy 0 ≤ pool ≤ call ≤ 100")


def suggest(assessment: Assessment, thresholds: Thresholds) -> Suggestion:
    """Suggest a step; an ungraded document always goes to a person's review."""
    score = assessment.score
    if score is None:
        return Suggestion.REVIEW
    if score.value < thresholds.pool:
        return Suggestion.TALENT_POOL
    if score.value > thresholds.call:
        return Suggestion.SCREENING_CALL
    return Suggestion.REVIEW


def is_close_call(assessment: Assessment, thresholds: Thresholds) -> bool:
    """Say whether the score's band reaches across a threshold, so the suggestion could be other."""
    score = assessment.score
    return score is not None and any(
        score.low <= edge <= score.high for edge in (thresholds.pool, thresholds.call)
    )
