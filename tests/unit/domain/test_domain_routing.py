"""A score suggests a next step; it never decides one."""

from dataclasses import replace

import pytest

from core.domain.assessment import Score
from core.domain.ids import TenantId
from core.domain.routing import Suggestion, Thresholds, is_close_call, suggest
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
    assert suggest(made, Thresholds()) is expected


def test_what_could_not_be_graded_goes_to_a_person() -> None:
    unread = assessment(TenantId("4711"), score=None)
    assert suggest(unread, Thresholds()) is Suggestion.REVIEW


def test_no_suggestion_is_a_rejection() -> None:
    assert not [s for s in Suggestion if "reject" in s or "decline" in s]


def test_thresholds_are_the_tenants() -> None:
    made = replace(MADE, score=Score(value=55, band=2))
    assert suggest(made, Thresholds(60, 90)) is Suggestion.TALENT_POOL


@pytest.mark.parametrize(("pool", "call"), [(-1, 50), (60, 50), (40, 101)])
def test_thresholds_that_make_no_sense_are_refused(pool: int, call: int) -> None:
    with pytest.raises(InvalidInput):
        Thresholds(pool, call)


def test_a_band_across_a_threshold_is_a_close_call() -> None:
    near = replace(MADE, score=Score(value=78, band=3))
    assert is_close_call(near, Thresholds())
    assert not is_close_call(replace(MADE, score=Score(value=60, band=3)), Thresholds())
