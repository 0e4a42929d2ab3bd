"""A score suggests a next step; it never decides one."""

from dataclasses import replace

import pytest

from core.domain.assessment import Score
from core.domain.document import FlagKind
from core.domain.ids import TenantId
from core.domain.policy import TenantPolicy
from core.domain.routing import (
    Eyes,
    Suggestion,
    Thresholds,
    eyes,
    is_close_call,
    is_flagged,
    suggest,
)
from core.errors import InvalidInput
from tests.store_bench import assessment

MADE = assessment(TenantId("4711"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, Suggestion.TALENT_POOL),
        (39, Suggestion.TALENT_POOL),
        (40, Suggestion.REVIEW),
        (80, Suggestion.REVIEW),
        (81, Suggestion.SCREENING_CALL),
        (100, Suggestion.SCREENING_CALL),
    ],
)
def test_thresholds_split_below_40_to_80_and_above(value: int, expected: Suggestion) -> None:
    made = replace(MADE, score=Score(value=value, band=2))
    assert suggest(made.score, Thresholds()) is expected


def test_what_could_not_be_graded_goes_to_a_person() -> None:
    unread = assessment(TenantId("4711"), score=None)
    assert suggest(unread.score, Thresholds()) is Suggestion.REVIEW


def test_no_suggestion_is_a_rejection() -> None:
    assert not [s for s in Suggestion if "reject" in s or "decline" in s]


def test_thresholds_are_the_tenants() -> None:
    made = replace(MADE, score=Score(value=55, band=2))
    assert suggest(made.score, Thresholds(60, 90)) is Suggestion.TALENT_POOL


@pytest.mark.parametrize(("pool", "call"), [(-1, 50), (60, 50), (40, 101)])
def test_thresholds_that_make_no_sense_are_refused(pool: int, call: int) -> None:
    with pytest.raises(InvalidInput):
        Thresholds(pool, call)


def test_a_band_across_a_threshold_is_a_close_call() -> None:
    near = replace(MADE, score=Score(value=78, band=3))
    assert is_close_call(near.score, Thresholds())
    assert not is_close_call(Score(value=60, band=3), Thresholds())


GOOD = (Score(value=60, band=3), 0.9, 0.9, ())


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (GOOD, ()),
        ((None, 0.0, 0.9, ()), (Eyes.UNGRADED,)),
        ((GOOD[0], 0.49, 0.9, ()), (Eyes.UNSURE,)),
        ((GOOD[0], 0.5, 0.6, ()), ()),
        ((GOOD[0], 0.9, 0.59, ()), (Eyes.UNREADABLE,)),
        ((Score(value=42, band=3), 0.9, 0.9, ()), (Eyes.CLOSE_CALL,)),
        ((GOOD[0], 0.9, 0.9, (FlagKind.PHOTO, FlagKind.SCANNED)), ()),
        ((GOOD[0], 0.9, 0.9, (FlagKind.PHOTO, FlagKind.TRUNCATED)), (Eyes.FLAGGED,)),
    ],
    ids=["good", "ungraded", "unsure", "just", "unreadable", "close", "photo", "truncated"],
)
def test_a_person_looks_where_the_score_cannot_be_taken_at_its_word(
    seen: tuple[Score | None, float, float, tuple[FlagKind, ...]], expected: tuple[Eyes, ...]
) -> None:
    assert eyes(*seen, TenantPolicy()) == expected


def test_flags_that_may_deceive_or_cut_off_are_told_from_the_harmless() -> None:
    harmless = {FlagKind.PHOTO, FlagKind.SCANNED, FlagKind.EMBEDDED_OBJECT}
    assert {kind for kind in FlagKind if not is_flagged((kind,))} == harmless
