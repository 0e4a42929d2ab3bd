"""The assess step: verdicts from any assessor become a frozen assessment with its score."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.assessment import (
    Assessment,
    AssessmentRequest,
    FreezeKey,
    Remarks,
    Verdict,
    score_of,
)
from core.domain.criteria import CriteriaStatus
from core.domain.document import ParseHealth
from core.domain.ids import ApplicationId, DocumentHash, TenantId
from core.errors import (
    CriteriaRefused,
    LeakDetected,
    ModelUnavailable,
    ModelWithheld,
    WorkStopped,
)
from core.ports import Assessor

LEAST_HEALTH = 0.35
"""Below this the text is too broken to grade fairly; a person reads the document instead."""

LEAST_HISTORY = 20
"""Fewer historic scores than this say nothing about where a score stands."""


STOOD_IN = "The language model did not answer; the built-in assessor judged instead."
NOTHING_SENT = (
    "What was to be sent held what looks like a personal detail, so no language model was asked."
    " The built-in assessor judged instead."
)

Remark = Callable[[AssessmentRequest, Sequence[Verdict], ParseHealth], Remarks]
"""Puts verdicts into sentences; see ``core.assist.screening.remark``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose document is assessed: ids only."""

    tenant: TenantId
    application_id: ApplicationId
    document: DocumentHash
    health: ParseHealth


def assess(
    assessors: Sequence[Assessor],
    remark: Remark,
    request: AssessmentRequest,
    subject: Subject,
    *,
    now: datetime,
    history: Sequence[int] = (),
) -> Assessment:
    """Judge ``request`` and freeze the result under (document, criteria, assessor).

    ``assessors`` are asked in order; the first that is available judges, and the freeze key
    names that one. ``history`` holds scores of past applicants of similar requisitions. A
    document of poor parse health is not graded and says why. Raises ``CriteriaRefused`` for a
    draft, ``ModelUnavailable`` when the last assessor cannot answer and ``WorkStopped`` when a
    model did not answer because the work is to end.
    """
    if request.criteria.status is not CriteriaStatus.FROZEN:
        raise CriteriaRefused("freeze the criteria before scoring")
    if subject.health.score < LEAST_HEALTH:
        return _ungraded(assessors[0].version, request, subject, unreadable(subject.health), now)
    version, verdicts, stood_in = _judge(assessors, request)
    score = score_of(request.criteria.criteria, verdicts, subject.health.score)
    if score is None:
        return _ungraded(version, request, subject, "No criterion could be checked.", now)
    remarks = remark(request, verdicts, subject.health)
    return Assessment(
        tenant=subject.tenant,
        application_id=subject.application_id,
        key=FreezeKey(subject.document, request.criteria.hash, version),
        criteria_version=request.criteria.version,
        verdicts=verdicts,
        score=score,
        confidence=remarks.confidence,
        parse_health=subject.health.score,
        bullets=(*remarks.bullets, *stood_in),
        green_flags=remarks.green_flags,
        questions=remarks.questions,
        percentile=percentile(score.value, history),
        made_at=now,
    )


def _judge(
    assessors: Sequence[Assessor], request: AssessmentRequest
) -> tuple[str, tuple[Verdict, ...], tuple[str, ...]]:
    """Give the version that judged, its verdicts, and a remark where it stood in for another.

    Work that was told to end is not finished by a stand-in: its score would be frozen.
    """
    *preferred, last = assessors
    stood_in: tuple[str, ...] = ()
    for assessor in preferred:
        try:
            return assessor.version, assessor.assess(request), stood_in
        except (ModelUnavailable, LeakDetected) as error:
            if request.watch.stopping():
                raise WorkStopped from error
            stood_in = (_stood_in(error),)
    return last.version, last.assess(request), stood_in


def _stood_in(error: ModelUnavailable | LeakDetected) -> str:
    if isinstance(error, LeakDetected):
        return NOTHING_SENT
    if isinstance(error, ModelWithheld):
        return f"{error} The built-in assessor judged instead."
    return STOOD_IN


def percentile(value: int, history: Sequence[int]) -> float | None:
    """Place ``value`` among historic scores, 0 to 100, ties counted half; None below 20 scores."""
    if len(history) < LEAST_HISTORY:
        return None
    ordered = sorted(history)
    below, upto = bisect_left(ordered, value), bisect_right(ordered, value)
    return round(100 * (below + upto) / 2 / len(ordered), 1)


def unreadable(health: ParseHealth) -> str:
    """Say why a document cannot be graded, in the recruiter's words."""
    reasons = "; ".join(health.reasons) or "too little readable text"
    return f"Could not be graded: {reasons}. Please read the document itself."


def _ungraded(
    version: str, request: AssessmentRequest, subject: Subject, why: str, now: datetime
) -> Assessment:
    return Assessment(
        tenant=subject.tenant,
        application_id=subject.application_id,
        key=FreezeKey(subject.document, request.criteria.hash, version),
        criteria_version=request.criteria.version,
        verdicts=(),
        score=None,
        confidence=0.0,
        parse_health=subject.health.score,
        ungraded=why,
        made_at=now,
    )
