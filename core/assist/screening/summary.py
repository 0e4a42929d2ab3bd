"""Plain sentences built from verdicts: bullets, green flags, questions, confidence."""

from collections.abc import Sequence

from core.domain.assessment import AssessmentRequest, Remarks, Standing, Verdict
from core.domain.criteria import Criteria, Criterion, CriterionKind, Importance
from core.domain.document import Month, ParseHealth, Position, ResumeFacts

LONG_GAP_MONTHS = 6
MOST_LISTED = 5

_NEVER, _FOREVER = Month(0, 1), Month(9999, 1)

Judged = tuple[Criterion, Verdict]


def pairs(criteria: Criteria, verdicts: Sequence[Verdict]) -> list[Judged]:
    """Join criteria with their verdicts, weightiest first."""
    by_id = {v.criterion_id: v for v in verdicts}
    ordered = sorted(criteria.criteria, key=lambda c: -c.weight)
    return [(c, by_id[c.id]) for c in ordered]


def remark(request: AssessmentRequest, verdicts: Sequence[Verdict], health: ParseHealth) -> Remarks:
    """Put verdicts into sentences for the recruiter."""
    return Remarks(
        confidence=confidence(request.criteria, verdicts, health),
        bullets=bullets(request.criteria, verdicts),
        green_flags=green_flags(request.criteria, verdicts),
        questions=questions(request.criteria, verdicts, request.facts),
    )


def bullets(criteria: Criteria, verdicts: Sequence[Verdict]) -> tuple[str, str, str]:
    """Say in three sentences what is shown, what only partly, and what could not be found."""
    judged = pairs(criteria, verdicts)
    met = _labels(judged, Standing.MET)
    partly = _labels(judged, Standing.PARTLY)
    missing = _labels(judged, Standing.NOT_SHOWN)
    unknown = sum(v.standing is Standing.NO_DATA for _, v in judged)
    total = len(judged)
    return (
        f"Shown in the resume: {_list(met)} ({len(met)} of {total} criteria)."
        if met
        else f"None of the {total} criteria is fully shown in the resume.",
        f"Partly shown: {_list(partly)}." if partly else "Nothing is only partly shown.",
        (f"Not found: {_list(missing)}" if missing else "Nothing asked for is missing")
        + (f"; {unknown} could not be told from the resume." if unknown else "."),
    )


def green_flags(criteria: Criteria, verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    """Name strengths: every must-have met, and preferred criteria met on top."""
    judged = pairs(criteria, verdicts)
    required = [
        v for c, v in judged if c.importance is Importance.REQUIRED and v.credit is not None
    ]
    flags = []
    if required and all(v.standing is Standing.MET for v in required):
        flags.append("Every required criterion that can be checked is met.")
    flags += [
        f"Also brings: {c.label}."
        for c, v in judged
        if c.importance is Importance.PREFERRED and v.standing is Standing.MET
    ]
    return tuple(flags[:MOST_LISTED])


def questions(
    criteria: Criteria, verdicts: Sequence[Verdict], facts: ResumeFacts
) -> tuple[str, ...]:
    """Ask about what the resume leaves open; a gap is asked about, never counted."""
    judged = pairs(criteria, verdicts)
    asked = [_question(c, v) for c, v in judged if v.standing is Standing.NO_DATA]
    asked += [
        _question(c, v)
        for c, v in judged
        if c.importance is Importance.REQUIRED
        and v.standing in (Standing.NOT_SHOWN, Standing.PARTLY)
        and c.kind is not CriterionKind.DUTY
    ]
    return (*asked, *_gaps(facts.positions))[: MOST_LISTED + 3]


def confidence(criteria: Criteria, verdicts: Sequence[Verdict], health: ParseHealth) -> float:
    """Rate 0 to 1 how far to trust the score: share of weight with data × parse health.

    A partly met criterion counts as half known. Rounded to two places.
    """
    known = {Standing.MET: 1.0, Standing.NOT_SHOWN: 1.0, Standing.PARTLY: 0.5}
    judged = pairs(criteria, verdicts)
    total = sum(c.weight for c, _ in judged)
    share = sum(c.weight * known.get(v.standing, 0.0) for c, v in judged) / total if total else 0.0
    return round(share * health.score, 2)


def _labels(judged: Sequence[Judged], standing: Standing) -> list[str]:
    return [c.label for c, v in judged if v.standing is standing]


def _list(labels: Sequence[str]) -> str:
    shown = "; ".join(labels[:3])
    return f"{shown}; and {len(labels) - 3} more" if len(labels) > 3 else shown


def _question(criterion: Criterion, verdict: Verdict) -> str:
    subject = criterion.label.rstrip(".")
    match criterion.kind:
        case CriterionKind.SHIFT:
            return f"Can you work as the job needs: {subject}?"
        case CriterionKind.LOCATION:
            return f"Does the place of work suit you: {subject}?"
        case CriterionKind.YEARS:
            return f"How long have you done this, and where: {subject}?"
        case CriterionKind.CERTIFICATE | CriterionKind.EDUCATION:
            return f"Do you hold this, or are you working towards it: {subject}?"
        case CriterionKind.LANGUAGE:
            return f"How well do you use it at work: {subject}?"
    if verdict.standing is Standing.PARTLY:
        return f"Could you tell us more about: {subject}?"
    return f"Have you worked with this: {subject}?"


def _gaps(positions: Sequence[Position]) -> list[str]:
    found = []
    covered: Month | None = None
    for position in sorted((p for p in positions if p.start), key=lambda p: p.start or _NEVER):
        start, end = position.start or _NEVER, position.end or position.start or _NEVER
        if covered and start.index - covered.index > LONG_GAP_MONTHS:
            found.append(
                f"Is there anything you would like to say about {covered.year} to {start.year}? "
                "(no position is dated there; you need not answer)"
            )
        covered = max(covered or end, end, _FOREVER if position.current else end)
    return found
