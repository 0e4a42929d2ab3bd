"""The built-in assessor: no key, no network, the same verdicts for the same text for ever."""

from core.assist.screening.duties import judge_duty, judge_field
from core.assist.screening.finding import Finding, verdict
from core.assist.screening.qualifications import (
    judge_availability,
    judge_certificate,
    judge_education,
    judge_language,
    judge_skill,
    judge_years,
)
from core.assist.screening.reading import Reading
from core.assist.screening.tables import table, vocabulary
from core.domain.assessment import AssessmentRequest, Verdict
from core.domain.criteria import Criterion, CriterionKind
from core.ports import Embedder

RULES = "1"
"""Raise with every change that can move a verdict."""


class BuiltInAssessor:
    """Implements ``Assessor`` with word evidence and an ``Embedder``."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        words = f"{table('criteria/common_words')['version']}.{vocabulary().version}"
        self.version = f"built-in-{RULES} words-{words} {embedder.version}"

    def assess(self, request: AssessmentRequest) -> tuple[Verdict, ...]:
        """Give one verdict per criterion, in criteria order."""
        reading = Reading(request)
        return tuple(verdict(c, _judge(c, reading), reading) for c in request.criteria.criteria)


def _judge(criterion: Criterion, reading: Reading) -> Finding:
    match criterion.kind:
        case CriterionKind.SKILL:
            return judge_skill(criterion, reading)
        case CriterionKind.YEARS:
            return judge_years(criterion, reading)
        case CriterionKind.CERTIFICATE:
            return judge_certificate(criterion, reading)
        case CriterionKind.EDUCATION:
            return judge_education(criterion, reading)
        case CriterionKind.LANGUAGE:
            return judge_language(criterion, reading)
        case CriterionKind.SHIFT | CriterionKind.LOCATION:
            return judge_availability(criterion, reading)
        case CriterionKind.DUTY if criterion.id.startswith("duty-worked-in-this-field"):
            return judge_field(criterion, reading)
        case CriterionKind.DUTY:
            return judge_duty(criterion, reading)
