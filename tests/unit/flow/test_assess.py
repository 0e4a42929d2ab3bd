"""The assess step: what is frozen, what is refused, who judged."""

from dataclasses import dataclass, replace

import pytest

from core.assist.screening import BuiltInAssessor, remark
from core.domain.assessment import Assessment, AssessmentRequest, Verdict, contributions
from core.domain.criteria import CriterionKind
from core.domain.document import ParseHealth
from core.domain.ids import ApplicationId, DocumentHash, TenantId
from core.errors import CriteriaRefused, LeakDetected, ModelUnavailable
from core.flow.assess import NOTHING_SENT, STOOD_IN, Subject, assess, percentile
from core.ports import Assessor
from tests.screening_bench import NOW, WordVectors, criterion, drafted, request_for

SUBJECT = Subject(
    tenant=TenantId("1"),
    application_id=ApplicationId("12"),
    document=DocumentHash("d" * 64),
    health=ParseHealth(0.9),
)
BUILT_IN = BuiltInAssessor(WordVectors())


@dataclass
class Absent:
    """An assessor that never answers."""

    version: str = "absent"

    def assess(self, request: AssessmentRequest) -> tuple[Verdict, ...]:
        raise ModelUnavailable("not today")


class Leaking(Absent):
    """An assessor whose request, criteria and all, looks as if it held a telephone number."""

    def assess(self, request: AssessmentRequest) -> tuple[Verdict, ...]:
        raise LeakDetected("the payload still holds: phone")


def run(*assessors: Assessor, health: float = 0.9, history: tuple[int, ...] = ()) -> Assessment:
    subject = replace(SUBJECT, health=ParseHealth(health, ("scanned",)))
    return assess(
        assessors or (BUILT_IN,), remark, request_for(), subject, now=NOW, history=history
    )


def test_the_score_is_the_sum_of_its_lines() -> None:
    made = run()
    assert made.score
    assert made.score.value == round(sum_of_points(made))


def sum_of_points(made: Assessment) -> float:
    return sum(x.points for x in contributions(request_for().criteria.criteria, made.verdicts))


def test_equal_input_gives_the_equal_assessment() -> None:
    assert run() == run() == run()


def test_the_key_names_document_criteria_and_assessor() -> None:
    key = run().key
    assert key.document == SUBJECT.document
    assert key.criteria == request_for().criteria.hash
    assert key.assessor == BUILT_IN.version


def test_draft_criteria_cannot_score() -> None:
    request = replace(request_for(), criteria=drafted())
    with pytest.raises(CriteriaRefused):
        assess((BUILT_IN,), remark, request, SUBJECT, now=NOW)


def test_poor_parse_health_is_not_graded_and_says_why() -> None:
    made = run(health=0.2)
    assert made.score is None
    assert "scanned" in made.ungraded
    assert made.verdicts == ()


def test_nothing_to_check_is_not_graded() -> None:
    request = request_for(criterion(CriterionKind.SHIFT, terms=("nights",)))
    made = assess((BUILT_IN,), remark, request, SUBJECT, now=NOW)
    assert made.score is None
    assert made.ungraded


def test_the_one_who_stood_in_is_named_in_the_key() -> None:
    made = run(Absent(), BUILT_IN)
    assert made.key.assessor == BUILT_IN.version
    assert made.bullets[-1] == STOOD_IN


def test_what_may_not_be_sent_is_judged_here_and_the_score_says_so() -> None:
    """A criterion like “CPT 99213-99215 99281” would else leave a whole job ungraded."""
    made = run(Leaking(), BUILT_IN)
    assert made.score == run(BUILT_IN).score
    assert (made.key.assessor, made.bullets[-1]) == (BUILT_IN.version, NOTHING_SENT)


def test_without_a_stand_in_the_failure_rises() -> None:
    with pytest.raises(ModelUnavailable):
        run(Absent())


def test_a_stand_in_is_not_mentioned_when_the_first_answered() -> None:
    assert STOOD_IN not in run(BUILT_IN, Absent()).bullets


@pytest.mark.parametrize(
    ("value", "history", "expected"),
    [
        (50, (), None),
        (50, tuple(range(19)), None),
        (50, tuple(range(100)), 50.5),
        (50, (50,) * 20, 50.0),
        (0, tuple(range(10, 60)), 0.0),
        (100, tuple(range(10, 60)), 100.0),
    ],
)
def test_percentile_needs_twenty_scores_and_counts_ties_half(
    value: int, history: tuple[int, ...], expected: float | None
) -> None:
    assert percentile(value, history) == expected
