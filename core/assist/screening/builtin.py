"""The built-in assessor: no key, no network, the same verdicts for the same text for ever."""

from collections.abc import Sequence
from functools import lru_cache
from operator import mul

from core.assist.screening.duties import FIELD_OF_WORK, by_rank, judge_duty, judge_field
from core.assist.screening.finding import Finding, verdict
from core.assist.screening.qualifications import (
    judge_availability,
    judge_certificate,
    judge_education,
    judge_language,
    judge_skill,
)
from core.assist.screening.reading import Reading
from core.assist.screening.tables import table, vocabulary
from core.assist.screening.tenure import judge_years
from core.domain.assessment import AssessmentRequest, Verdict
from core.domain.criteria import Criterion, CriterionKind
from core.domain.ids import CriterionId
from core.ports import Embedder

RULES = "6"
"""Raise with every change that can move a verdict."""

GIST_WORDS = 45
"""Words of a resume that are read for meaning: more costs 0.2 ms each and ranks no better."""

REMEMBERED = 512
"""Criteria whose meaning is kept between resumes."""


class BuiltInAssessor:
    """Implements ``Assessor`` with word evidence and an ``Embedder``."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._meaning = lru_cache(REMEMBERED)(lambda text: _vector(embedder, text))
        words = f"{table('criteria/common_words')['version']}.{vocabulary().version}"
        self.version = f"built-in-{RULES} words-{words} {embedder.version}"

    def assess(self, request: AssessmentRequest) -> tuple[Verdict, ...]:
        """Give one verdict per criterion, in criteria order."""
        reading = Reading(request)
        criteria = request.criteria.criteria
        closeness = self._closeness(criteria, reading)
        return tuple(
            verdict(c, _judge(c, reading, closeness.get(c.id, 0.0)), reading) for c in criteria
        )

    def _closeness(
        self, criteria: Sequence[Criterion], reading: Reading
    ) -> dict[CriterionId, float]:
        """Cosine between each duty and the resume's passages that speak most of the work."""
        duties = [c for c in criteria if c.kind is CriterionKind.DUTY]
        gist = _gist(duties, reading)
        if not gist:
            return {}
        vector = self._embedder.embed([gist])[0]
        return {c.id: sum(map(mul, self._meaning(_core(c)), vector)) for c in duties}


def _vector(embedder: Embedder, text: str) -> tuple[float, ...]:
    return tuple(embedder.embed([text])[0])


def _core(criterion: Criterion) -> str:
    """The part of a criterion that carries its meaning: the title, or the posting's sentence."""
    _, mark, title = criterion.label.partition(": ")
    if criterion.id == FIELD_OF_WORK and mark:
        return title
    return criterion.source or criterion.label


def _gist(duties: Sequence[Criterion], reading: Reading) -> str:
    """Join the passages that share most with the weightiest duty, up to ``GIST_WORDS``."""
    leading = max(duties, key=lambda c: c.weight, default=None)
    if leading is None:
        return ""
    gist: list[str] = []
    room = GIST_WORDS
    for passage in reading.ranked(by_rank(leading.terms or (leading.label,)), GIST_WORDS):
        room -= passage.text.count(" ") + 1
        if gist and room < 0:
            break
        gist.append(passage.text)
    return ". ".join(gist)


def _judge(criterion: Criterion, reading: Reading, meaning: float) -> Finding:
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
        case CriterionKind.DUTY if criterion.id == FIELD_OF_WORK:
            return judge_field(criterion, reading, meaning)
        case CriterionKind.DUTY:
            return judge_duty(criterion, reading, meaning)
