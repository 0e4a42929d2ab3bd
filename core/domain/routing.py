"""What a score suggests as the next step: always a suggestion, thresholds are the tenant's."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.domain.assessment import Score
from core.domain.document import FlagKind
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


def suggest(score: Score | None, thresholds: Thresholds) -> Suggestion:
    """Suggest a step; an ungraded document always goes to a person's review."""
    if score is None:
        return Suggestion.REVIEW
    if score.value < thresholds.pool:
        return Suggestion.TALENT_POOL
    if score.value > thresholds.call:
        return Suggestion.SCREENING_CALL
    return Suggestion.REVIEW


def is_close_call(score: Score | None, thresholds: Thresholds) -> bool:
    """Say whether the score's band reaches across a threshold, so the suggestion could be other."""
    if score is None:
        return False
    low, high = score.low, score.high
    return low <= thresholds.pool <= high or low <= thresholds.call <= high


class Eyes(StrEnum):
    """Why a person should look at an application before anything is made of its score."""

    UNGRADED = "ungraded"
    UNSURE = "unsure"
    UNREADABLE = "unreadable"
    CLOSE_CALL = "close_call"
    FLAGGED = "flagged"


SUSPECT = frozenset(FlagKind) - {FlagKind.PHOTO, FlagKind.SCANNED, FlagKind.EMBEDDED_OBJECT}
"""Flags that may mean a document says other things to a machine than to a reader."""


class Limits(Protocol):
    """Where a tenant draws the lines; ``TenantPolicy`` has them."""

    @property
    def thresholds(self) -> Thresholds: ...
    @property
    def sure_from(self) -> float: ...
    @property
    def readable_from(self) -> float: ...


def eyes(
    score: Score | None,
    confidence: float,
    health: float,
    flags: Collection[FlagKind],
    limits: Limits,
) -> tuple[Eyes, ...]:
    """Say why a person should look at an assessed application; ``score`` None is ungraded.

    Confidence and health are 0 to 1. How sure an assessor was of no score says nothing.
    """
    found = (
        (Eyes.UNGRADED, score is None),
        (Eyes.UNSURE, score is not None and confidence < limits.sure_from),
        (Eyes.UNREADABLE, health < limits.readable_from),
        (Eyes.CLOSE_CALL, is_close_call(score, limits.thresholds)),
        (Eyes.FLAGGED, is_flagged(flags)),
    )
    return tuple([why for why, holds in found if holds])


def is_flagged(flags: Collection[FlagKind]) -> bool:
    """Say whether a document holds what might be meant to deceive, or was cut off."""
    return not SUSPECT.isdisjoint(flags)
