"""Compare people with the assessor on one job, and say what their changes suggest.

A report and nothing more: no figure here reaches an assessor, a weight or a threshold. What is
suggested becomes criteria only when a recruiter writes and freezes them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from core.domain.agreement import (
    Advice,
    AgreementReport,
    CriterionAdvice,
    CriterionAgreement,
    Reviewed,
    ViewAgreement,
)
from core.domain.assessment import Standing
from core.domain.criteria import Criterion
from core.domain.ids import ApplicationId, CriterionId, UserId
from core.domain.judgement import CREDIT, Leaning, OverrideReason, OwnView

LEAST_CHANGES, LEAST_SHARE = 3, 0.1
"""Fewer changes for one cause, or a smaller share of those reviewed, suggest nothing."""

LEAST_SCORED, NEARLY_ALL, MOSTLY = 20, 0.95, 0.8
"""From so many scores on, what nearly all or most of them share says something of a criterion."""


def report(
    criteria: Sequence[Criterion],
    scored: Sequence[Mapping[CriterionId, Standing]],
    reviewed: Sequence[Reviewed],
) -> AgreementReport:
    """Compare people with the assessor; ``scored`` are the verdicts of all scored applications."""
    lines = tuple(_line(criterion, reviewed) for criterion in criteria)
    views = [(each, view) for each in reviewed for view in each.views]
    return AgreementReport(
        scored=len(scored),
        reviewed=len(reviewed),
        accepted=sum(each.accepted is True for each in reviewed),
        refused=sum(each.accepted is False for each in reviewed),
        criteria=lines,
        advice=tuple(
            advice
            for line in lines
            for advice in tuple(_from_changes(line)) or tuple(_from_all(line, scored))
        ),
        blind=_agreement([pair for pair in views if pair[1].blind]),
        seen=_agreement([pair for pair in views if not pair[1].blind]),
    )


def _line(criterion: Criterion, reviewed: Sequence[Reviewed]) -> CriterionAgreement:
    judged = [each for each in reviewed if criterion.id in each.own]
    reasons: dict[OverrideReason, list[ApplicationId]] = {}
    turns: Counter[str] = Counter()
    for each in judged:
        override = each.overrides.get(criterion.id)
        if override and (turn := _turn(each.own[criterion.id], override.standing)):
            turns[turn] += 1
            reasons.setdefault(override.reason, []).append(each.application_id)
    return CriterionAgreement(
        criterion=criterion, reviewed=len(judged), reasons=reasons, **dict(turns)
    )


def _turn(own: Standing, given: Standing | None) -> str:
    """Name the way a verdict went; empty where it stayed, also under another reason."""
    if given is None or given is own:
        return ""
    before, after = CREDIT[own], CREDIT[given]
    if before is None:
        return "told"
    return "raised" if after is not None and after > before else "lowered"


_CAUSES: Mapping[Advice, frozenset[OverrideReason]] = {
    Advice.ADD_WORDS: frozenset({OverrideReason.OVERLOOKED, OverrideReason.EQUIVALENT}),
    Advice.ASK_LESS: frozenset({OverrideReason.TOO_STRICT}),
    Advice.NARROW_WORDS: frozenset({OverrideReason.MISREAD, OverrideReason.TOO_LOOSE}),
    Advice.ASK_CANDIDATES: frozenset(
        {OverrideReason.TOLD_BY_CANDIDATE, OverrideReason.OUT_OF_DATE}
    ),
}


def _from_changes(line: CriterionAgreement) -> Iterator[CriterionAdvice]:
    for advice, causes in _CAUSES.items():
        found = [
            id for cause in OverrideReason if cause in causes for id in line.reasons.get(cause, ())
        ]
        if len(found) >= max(LEAST_CHANGES, LEAST_SHARE * line.reviewed):
            yield CriterionAdvice(
                criterion=line.criterion,
                advice=advice,
                count=len(found),
                out_of=line.reviewed,
                applications=tuple(found),
            )


def _from_all(
    line: CriterionAgreement, scored: Sequence[Mapping[CriterionId, Standing]]
) -> Iterator[CriterionAdvice]:
    standings = Counter(v[line.criterion.id] for v in scored if line.criterion.id in v)
    if (total := standings.total()) < LEAST_SCORED:
        return
    untold = standings.pop(Standing.NO_DATA, 0)
    most = max(standings.values(), default=0)
    if untold >= MOSTLY * total:
        advice, count = Advice.ASK_CANDIDATES, untold
    elif most >= NEARLY_ALL * total:
        advice, count = Advice.TELLS_NOTHING, most
    else:
        return
    yield CriterionAdvice(criterion=line.criterion, advice=advice, count=count, out_of=total)


def _agreement(views: Sequence[tuple[Reviewed, OwnView]]) -> ViewAgreement:
    counts = Counter(
        (each.suggestion, view.leaning) for each, view in views if each.suggestion is not None
    )
    wins = [
        (better > worse) + (better == worse) / 2
        for reviewer in {view.by for _, view in views}
        for better, worse in product(
            _scores(views, reviewer, Leaning.ADVANCE), _scores(views, reviewer, Leaning.NOT_NOW)
        )
    ]
    return ViewAgreement(
        views=len(views),
        counts=counts,
        pairs=len(wins),
        ordered=sum(wins) / len(wins) if wins else None,
    )


def _scores(
    views: Sequence[tuple[Reviewed, OwnView]], reviewer: UserId, leaning: Leaning
) -> list[int]:
    return [
        each.score
        for each, view in views
        if view.by == reviewer and view.leaning is leaning and each.score is not None
    ]
