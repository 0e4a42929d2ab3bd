"""What happened to an application before: overrides, own views, earlier scores, the trail."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from core.domain.approval import split_writes
from core.domain.assessment import Assessment, Standing
from core.domain.assessors import assessor_name
from core.domain.audit import AuditEvent, about
from core.domain.criteria import Criteria
from core.domain.events import StageChange
from core.domain.ids import ApplicationId, CriterionId, UserId
from core.domain.judgement import Override, in_force
from core.domain.proposal import SetStage
from core.domain.views import EarlierScore, OverrideLine, OwnViewLine, TrailLine
from core.ports import UnitOfWork
from core.services.choices import Sight
from core.services.review.judged import Judged
from core.services.wording import trail_line

Names = Mapping[str, str]
Stages = Mapping[str, str]

_UNDER_WAY = timedelta(minutes=5)
"""The longest a write is under way before its receipt is kept."""


def override_lines(
    assessments: Sequence[Assessment],
    versions: Mapping[int, Criteria],
    overrides: Sequence[Override],
    names: Names,
) -> tuple[OverrideLine, ...]:
    """Show people's verdicts beside the assessor's, newest first; in force only on the newest."""
    by_id = {assessment.key.id: assessment for assessment in assessments}
    newest = assessments[-1].key.id if assessments else None
    holding = {o.id for o in in_force(newest, overrides).values()} if newest else set()
    lines = []
    for override in reversed(overrides):
        of = by_id.get(override.assessment_id)
        criteria = versions.get(of.criteria_version) if of else None
        lines.append(
            OverrideLine(
                override=override,
                criterion=_labels(criteria).get(override.criterion_id, override.criterion_id),
                who=names.get(override.by, override.by),
                before=_standings(of).get(override.criterion_id, Standing.NO_DATA),
                in_force=override.id in holding,
            )
        )
    return tuple(lines)


def own_views(
    uow: UnitOfWork, person: UserId, id: ApplicationId, seen: Sight, names: Names
) -> tuple[OwnViewLine, ...]:
    """Show what everybody thought; only their own to who may not see the score.

    Others may have thought so because of the score, and may say so.
    """
    views = uow.judgements.views(id)
    alone = seen.hides(id) is not None
    return tuple(
        OwnViewLine(view=view, who=names.get(view.by, view.by))
        for view in views
        if view.by == person or not alone
    )


def earlier_scores(
    assessments: Sequence[Assessment],
    versions: Mapping[int, Criteria],
    overrides: Sequence[Override],
) -> tuple[EarlierScore, ...]:
    """Show the scores that newer ones replaced, newest first, each with why the next differs."""
    given = [Judged(each, versions.get(each.criteria_version), overrides) for each in assessments]
    return tuple(reversed([_earlier(old, new) for old, new in pairwise(given)]))


def _earlier(old: Judged, new: Judged) -> EarlierScore:
    before, after = _standings(old.assessment), _standings(new.assessment)
    labels = _labels(new.criteria)
    return EarlierScore(
        score=old.assessment.score,
        made_at=old.own.made_at,
        criteria_version=old.own.criteria_version,
        why_new=_why_new(old.own, new.own),
        changed=tuple(
            (labels.get(id, id), before[id], standing)
            for id, standing in after.items()
            if id in before and before[id] is not standing
        ),
    )


def _why_new(old: Assessment, new: Assessment) -> tuple[str, ...]:
    reasons = (
        (old.key.document != new.key.document, "Another resume was read."),
        (
            old.key.criteria != new.key.criteria,
            f"Other criteria were frozen (version {new.criteria_version}).",
        ),
        (
            old.key.assessor != new.key.assessor,
            f"Another assessor scored it: {assessor_name(new.key.assessor)}.",
        ),
    )
    return tuple(words for holds, words in reasons if holds)


def trail(
    uow: UnitOfWork, id: ApplicationId, seen: Sight, names: Names, stages: Stages
) -> tuple[TrailLine, ...]:
    """Tell what happened to one application, oldest first, without hidden scores.

    ``stages`` names hiring stages by their ids, as far as they are known.
    """
    events = uow.audit.of_subject(about(id))
    lines = [trail_line(event, names) for event in events]
    if seen.hides(id) is not None:
        lines = [_masked(event, line) for event, line in zip(events, lines, strict=True)]
    return tuple(sorted([*lines, *_moves(uow, id, stages)], key=lambda line: line.at))


def _moves(uow: UnitOfWork, id: ApplicationId, stages: Stages) -> list[TrailLine]:
    """Tell how the application moved in iCIMS, but for moves that we wrote and told of already."""
    moves = uow.stage_changes.of(id)
    if not moves:
        return []
    cached, names = uow.applications.get(id), dict(stages)
    if cached is not None:
        names[cached.application.stage.id] = cached.application.stage.label
    ours = _written_stages(uow, id)
    lines = []
    for change in moves:
        if (written := next((w for w in ours if _is(change, w)), None)) is not None:
            ours.remove(written)
            continue
        before, after = (
            names.get(node) or f"stage {node}" for node in (change.before, change.after)
        )
        what = f"Moved in iCIMS from {before} to {after}"
        lines.append(TrailLine(0, change.seen_at, "iCIMS", what, "", "", "stage.changed"))
    return lines


def _written_stages(uow: UnitOfWork, id: ApplicationId) -> list[tuple[str, datetime]]:
    """List the stages that approved writes have set, with when they were done."""
    found = []
    for proposal in uow.proposals.of(id):
        steps = split_writes(proposal)
        for entry in uow.outbox.of(proposal.id):
            receipt = uow.outbox.receipt(entry.id)
            stages = [c.new.id for c in steps[entry.step] if isinstance(c, SetStage)]
            found += [(stage, receipt.at) for stage in stages if receipt is not None]
    return found


def _is(change: StageChange, written: tuple[str, datetime]) -> bool:
    """Say whether a move is the written one; it may be noticed just before the receipt is kept."""
    stage, at = written
    return change.after == stage and change.seen_at >= at - _UNDER_WAY


def _masked(event: AuditEvent, line: TrailLine) -> TrailLine:
    """Say that something happened and not with what result, not even whether there was one."""
    if event.fact.action in ("application.ungraded", "application.confirmed"):
        event = replace(event, fact=replace(event.fact, action="application.assessed"))
        line = replace(trail_line(event, {}), who=line.who)
    return replace(line, detail="", hash="", references="")


def _standings(assessment: Assessment | None) -> dict[CriterionId, Standing]:
    verdicts = assessment.verdicts if assessment else ()
    return {verdict.criterion_id: verdict.standing for verdict in verdicts}


def _labels(criteria: Criteria | None) -> dict[CriterionId, str]:
    return {c.id: c.label for c in criteria.criteria} if criteria else {}
