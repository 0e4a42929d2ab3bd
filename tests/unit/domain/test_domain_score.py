"""Promise 3: a score is the visible sum of verdicts, each with a quote, and unknown is not zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.assessment import (
    Evidence,
    Standing,
    Verdict,
    contributions,
    locate,
    score_of,
)
from core.domain.criteria import Criterion, CriterionKind, Importance
from core.domain.document import Span
from core.domain.identity import IdentityKind, PseudonymisedText, Replacement
from core.domain.ids import CriterionId

QUOTE = Evidence("drove a forklift", Span(0, 16), Span(0, 16))


def criterion(number: int, weight: float = 1.0) -> Criterion:
    return Criterion(
        id=CriterionId(f"c{number}"),
        label=f"Criterion {number}",
        kind=CriterionKind.SKILL,
        importance=Importance.REQUIRED,
        weight=weight,
    )


def verdict(number: int, credit: float | None) -> Verdict:
    if credit is None:
        return Verdict(
            criterion_id=CriterionId(f"c{number}"), standing=Standing.NO_DATA, credit=None
        )
    standing = (
        Standing.NOT_SHOWN if credit == 0 else Standing.MET if credit >= 0.7 else Standing.PARTLY
    )
    evidence = (QUOTE,) if credit else ()
    return Verdict(
        criterion_id=CriterionId(f"c{number}"), standing=standing, credit=credit, evidence=evidence
    )


credits = st.one_of(st.none(), st.floats(0, 1))
weights = st.floats(0.1, 10)
pairs = st.lists(st.tuples(weights, credits), min_size=1, max_size=12)


@given(pairs, st.floats(0, 1))
def test_points_shown_add_up_to_the_score(rows: list[tuple[float, float | None]], h: float) -> None:
    criteria = [criterion(n, w) for n, (w, _) in enumerate(rows)]
    verdicts = [verdict(n, c) for n, (_, c) in enumerate(rows)]
    score = score_of(criteria, verdicts, h)
    lines = contributions(criteria, verdicts)
    if score is None:
        assert all(c is None for _, c in rows)
        return
    assert abs(sum(line.points for line in lines) - score.value) <= 0.5 + 1e-9
    assert sum(line.possible for line in lines) == pytest.approx(100)


@given(pairs)
def test_unknown_neither_raises_nor_lowers_the_score(
    rows: list[tuple[float, float | None]],
) -> None:
    criteria = [criterion(n, w) for n, (w, _) in enumerate(rows)]
    verdicts = [verdict(n, c) for n, (_, c) in enumerate(rows)]
    more = criterion(99, 3)
    before = score_of(criteria, verdicts, 1.0)
    after = score_of([*criteria, more], [*verdicts, verdict(99, None)], 1.0)
    assert (before and before.value) == (after and after.value)


def test_unknown_widens_the_band() -> None:
    criteria = [criterion(1), criterion(2)]
    sure = score_of(criteria, [verdict(1, 1.0), verdict(2, 1.0)], 1.0)
    unsure = score_of(criteria, [verdict(1, 1.0), verdict(2, None)], 1.0)
    assert sure is not None
    assert unsure is not None
    assert unsure.band > sure.band


def test_poor_reading_widens_the_band() -> None:
    rows = ([criterion(1), criterion(2)], [verdict(1, 0.5), verdict(2, 1.0)])
    clear, blurred = score_of(*rows, 1.0), score_of(*rows, 0.4)
    assert clear is not None
    assert blurred is not None
    assert blurred.band > clear.band


def test_verdict_without_a_quote_has_no_credit() -> None:
    with pytest.raises(ValueError, match="quote"):
        Verdict(criterion_id=CriterionId("c"), standing=Standing.MET, credit=1.0)


def test_not_shown_never_has_credit() -> None:
    with pytest.raises(ValueError, match="credit"):
        Verdict(
            criterion_id=CriterionId("c"),
            standing=Standing.NOT_SHOWN,
            credit=0.2,
            evidence=(QUOTE,),
        )


def test_no_data_is_not_a_zero() -> None:
    with pytest.raises(ValueError, match="no-data"):
        Verdict(criterion_id=CriterionId("c"), standing=Standing.NO_DATA, credit=0.0)


TEXT = "Ms [NAME_1] led a team of nine nurses."
HIDDEN = PseudonymisedText(
    TEXT, (Replacement(IdentityKind.NAME, Span(3, 16), Span(3, 11), "[NAME_1]"),), ()
)


@pytest.mark.parametrize("quote", ["led a team of ten nurses", "Led a team", "", "  "])
def test_quote_that_is_not_there_character_for_character_is_no_evidence(quote: str) -> None:
    assert locate(HIDDEN, quote) is None


def test_quote_points_at_the_same_words_in_the_candidates_own_document() -> None:
    original = "Ms Aurelia Ochoa led a team of nine nurses."
    evidence = locate(HIDDEN, "team of nine")
    assert evidence is not None
    assert evidence.original.of(original) == evidence.quote == evidence.span.of(TEXT)
