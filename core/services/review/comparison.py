"""Two to four people of one requisition side by side."""

from collections.abc import Mapping, Sequence

from core.domain.assessment import Standing, Verdict
from core.domain.criteria import Criterion
from core.domain.ids import ApplicationId
from core.domain.judgement import Hidden
from core.domain.records import Requisition
from core.domain.rows import PipelineRow
from core.domain.views import ComparedLine, ComparisonView
from core.errors import InvalidInput
from core.ports import UnitOfWork
from core.services.review.judged import Judged, latest_judged

FEWEST, MOST = 2, 4


def chosen(ids: Sequence[ApplicationId]) -> tuple[ApplicationId, ...]:
    """Give the applications to compare, each once; raises ``InvalidInput`` unless 2 to 4."""
    found = tuple(dict.fromkeys(ids))
    if not FEWEST <= len(found) <= MOST:
        raise InvalidInput(f"Choose {FEWEST} to {MOST} people to compare.")
    return found


def comparison(
    uow: UnitOfWork,
    requisition: Requisition,
    rows: Sequence[PipelineRow],
    hidden: Mapping[ApplicationId, Hidden | None],
) -> ComparisonView:
    """Compare the people of ``rows``; nothing is told of those whose scores are hidden."""
    given = [
        None
        if hidden[row.application_id]
        else latest_judged(uow, requisition.id, row.application_id)
        for row in rows
    ]
    frozen = uow.criteria.frozen(requisition.id)
    lines = [_line(criterion, given) for criterion in (frozen.criteria if frozen else ())]
    return ComparisonView(
        requisition=requisition,
        rows=tuple(rows),
        lines=tuple(sorted(lines, key=lambda x: (-_spread(x.verdicts), -x.criterion.weight))),
        bullets=tuple(each.assessment.bullets if each else () for each in given),
    )


def _line(criterion: Criterion, given: Sequence[Judged | None]) -> ComparedLine:
    verdicts = tuple(_verdict(criterion, each) for each in given)
    return ComparedLine(criterion=criterion, verdicts=verdicts, disagree=_spread(verdicts) > 1)


def _verdict(criterion: Criterion, given: Judged | None) -> Verdict | None:
    """Find the verdict on a criterion; one on another wording of it is none on this."""
    asked = given.criteria.criteria if given and given.criteria else ()
    if given is None or not any(_same(criterion, other) for other in asked):
        return None
    verdicts = given.assessment.verdicts
    return next((v for v in verdicts if v.criterion_id == criterion.id), None)


def _same(one: Criterion, other: Criterion) -> bool:
    def asks(criterion: Criterion) -> tuple[object, ...]:
        c = criterion
        return c.id, c.kind, c.label, c.terms, c.minimum, c.level

    return asks(one) == asks(other)


def _spread(verdicts: Sequence[Verdict | None]) -> int:
    """Count the different standings among those that are known."""
    known: set[Standing] = {verdict.standing for verdict in verdicts if verdict}
    return len(known)
