"""People beside the assessor: what counts as a change, what is suggested, and what never is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.agreement import Advice, AgreementReport, CriterionAdvice, Reviewed
from core.domain.assessment import Standing
from core.domain.judgement import Leaning, OverrideReason
from core.oversight.agreement import LEAST_CHANGES, LEAST_SCORED, report
from tests.agreement_bench import LICENCE, licence, override, reviewed, view

MET, PARTLY, NOT_SHOWN, NO_DATA = Standing
Why = OverrideReason


def told(*given: Reviewed, scored: int = 0, standing: Standing = MET) -> AgreementReport:
    return report([licence()], [{LICENCE: standing}] * scored, given)


def changed(own: Standing, new: Standing | None, why: OverrideReason, times: int) -> list[Reviewed]:
    return [reviewed(n, own, override(n, new, why)) for n in range(times)]


def advised(found: AgreementReport) -> list[tuple[Advice, int, int]]:
    return [(one.advice, one.count, one.out_of) for one in found.advice]


@pytest.mark.parametrize(
    ("own", "new", "turn"),
    [
        (NOT_SHOWN, MET, "raised"),
        (NOT_SHOWN, PARTLY, "raised"),
        (PARTLY, MET, "raised"),
        (MET, PARTLY, "lowered"),
        (MET, NO_DATA, "lowered"),
        (PARTLY, NOT_SHOWN, "lowered"),
        (NO_DATA, MET, "told"),
        (NO_DATA, NOT_SHOWN, "told"),
        (MET, MET, "left"),
        (MET, None, "left"),
    ],
)
def test_a_change_goes_the_way_its_credit_goes(
    own: Standing, new: Standing | None, turn: str
) -> None:
    (line,) = told(*changed(own, new, Why.MISREAD, 1)).criteria
    counts = {"raised": line.raised, "lowered": line.lowered, "told": line.told, "left": line.left}
    assert counts == {name: int(name == turn) for name in counts}


@pytest.mark.parametrize(
    ("why", "own", "new", "advice"),
    [
        (Why.OVERLOOKED, NOT_SHOWN, MET, Advice.ADD_WORDS),
        (Why.EQUIVALENT, NOT_SHOWN, MET, Advice.ADD_WORDS),
        (Why.TOO_STRICT, NOT_SHOWN, PARTLY, Advice.ASK_LESS),
        (Why.MISREAD, MET, NOT_SHOWN, Advice.NARROW_WORDS),
        (Why.TOO_LOOSE, MET, PARTLY, Advice.NARROW_WORDS),
        (Why.TOLD_BY_CANDIDATE, NO_DATA, MET, Advice.ASK_CANDIDATES),
        (Why.OUT_OF_DATE, NOT_SHOWN, MET, Advice.ASK_CANDIDATES),
    ],
)
def test_changes_for_one_cause_suggest_what_mends_that_cause(
    why: OverrideReason, own: Standing, new: Standing, advice: Advice
) -> None:
    given = changed(own, new, why, LEAST_CHANGES)
    (only,) = told(*given).advice
    assert (only.advice, only.count, only.out_of) == (advice, LEAST_CHANGES, LEAST_CHANGES)
    assert set(only.applications) == {each.application_id for each in given}


def test_what_was_changed_for_another_reason_suggests_nothing() -> None:
    assert not told(*changed(NOT_SHOWN, MET, Why.OTHER, 9)).advice


def test_few_changes_suggest_nothing() -> None:
    assert not told(*changed(NOT_SHOWN, MET, Why.OVERLOOKED, LEAST_CHANGES - 1)).advice


def test_few_changes_among_many_reviewed_suggest_nothing() -> None:
    untouched = [reviewed(100 + n) for n in range(10 * LEAST_CHANGES)]
    assert not told(*changed(NOT_SHOWN, MET, Why.OVERLOOKED, LEAST_CHANGES), *untouched).advice


def test_a_verdict_that_hardly_ever_differs_tells_nobody_apart() -> None:
    found = told(scored=LEAST_SCORED)
    assert advised(found) == [(Advice.TELLS_NOTHING, LEAST_SCORED, LEAST_SCORED)]


def test_what_resumes_rarely_tell_is_to_be_asked() -> None:
    found = told(scored=LEAST_SCORED, standing=NO_DATA)
    assert advised(found) == [(Advice.ASK_CANDIDATES, LEAST_SCORED, LEAST_SCORED)]


def test_what_people_changed_says_more_than_that_verdicts_are_alike() -> None:
    given = changed(NOT_SHOWN, MET, Why.OVERLOOKED, LEAST_CHANGES)
    found = told(*given, scored=LEAST_SCORED, standing=NOT_SHOWN)
    assert [one.advice for one in found.advice] == [Advice.ADD_WORDS]


def test_too_few_scores_say_nothing_of_a_criterion() -> None:
    assert not told(scored=LEAST_SCORED - 1).advice


def test_a_criterion_that_was_not_judged_counts_nobody() -> None:
    (line,) = told(reviewed(1, own={})).criteria
    assert line.reviewed == 0


def test_pairs_are_those_of_one_reviewer() -> None:
    found = told(
        reviewed(1, score=80, views=[view(Leaning.ADVANCE)]),
        reviewed(2, score=40, views=[view(Leaning.NOT_NOW)]),
        reviewed(3, score=90, views=[view(Leaning.NOT_NOW, "ben")]),
        reviewed(4, score=60, views=[view(Leaning.UNSURE)]),
    )
    assert (found.blind.pairs, found.blind.ordered) == (1, 1.0)


def test_a_view_from_before_the_score_is_never_mixed_with_one_from_after() -> None:
    found = told(
        reviewed(1, score=10, views=[view(Leaning.ADVANCE, blind=False)]),
        reviewed(2, score=90, views=[view(Leaning.NOT_NOW, blind=False)]),
    )
    assert found.blind.ordered is None
    assert found.seen.ordered == 0.0


@given(st.lists(st.tuples(st.integers(0, 100), st.sampled_from(Leaning)), max_size=12))
def test_the_share_of_ordered_pairs_is_what_counting_them_one_by_one_gives(
    people: list[tuple[int, Leaning]],
) -> None:
    found = told(*(reviewed(n, score=s, views=[view(v)]) for n, (s, v) in enumerate(people)))
    better = [score for score, leaning in people if leaning is Leaning.ADVANCE]
    worse = [score for score, leaning in people if leaning is Leaning.NOT_NOW]
    halves = sum(2 if b > w else 1 if b == w else 0 for b in better for w in worse)
    pairs = len(better) * len(worse)
    assert found.blind.pairs == pairs
    assert found.blind.ordered == (pytest.approx(halves / 2 / pairs) if pairs else None)


def test_what_could_not_be_graded_makes_no_pair() -> None:
    found = told(
        reviewed(1, score=None, views=[view(Leaning.ADVANCE)]),
        reviewed(2, views=[view(Leaning.NOT_NOW)]),
    )
    assert found.blind.ordered is None
    assert found.blind.views == 2


def test_answers_to_proposed_scores_are_counted() -> None:
    found = told(reviewed(1, accepted=True), reviewed(2, accepted=False), reviewed(3))
    assert (found.accepted, found.refused, found.reviewed) == (1, 1, 3)


def test_advice_names_its_criterion() -> None:
    (only,) = told(scored=LEAST_SCORED).advice
    assert isinstance(only, CriterionAdvice)
    assert only.criterion == licence()
