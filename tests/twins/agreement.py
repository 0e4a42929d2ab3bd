"""The in-memory App's report on how people and the assessor agree."""

from core.domain.actor import Actor
from core.domain.agreement import AgreementReport, Reviewed
from core.domain.assessment import Standing
from core.domain.ids import ApplicationId, CriterionId, RequisitionId
from core.domain.judgement import Leaning, OverrideReason
from core.domain.policy import TenantPolicy
from core.domain.routing import Suggestion
from core.oversight.agreement import report
from tests.agreement_bench import override, view
from tests.twins import people
from tests.twins.workbench import Part

_CHANGES = {
    "c4": (OverrideReason.EQUIVALENT, Standing.NOT_SHOWN, Standing.MET, range(5)),
    "c2": (OverrideReason.TOO_STRICT, Standing.NOT_SHOWN, Standing.PARTLY, range(3, 6)),
    "c5": (OverrideReason.TOLD_BY_CANDIDATE, Standing.NO_DATA, Standing.MET, range(6, 8)),
    "c3": (OverrideReason.MISREAD, Standing.MET, Standing.NOT_SHOWN, range(2, 3)),
}


class AgreementDesk(Part):
    """Answers from the pipeline's own rows; a few verdicts on them were changed."""

    def of(self, actor: Actor, id: RequisitionId) -> AgreementReport | None:
        if self.app.state == "empty":
            return None
        rows = [row for row in people.rows() if row.score]
        given = [_reviewed(number, str(row.application_id)) for number, row in enumerate(rows[:14])]
        return report(people.CRITERIA.criteria, [_spread(place) for place in range(20)], given)


def _own(number: int) -> dict[CriterionId, Standing]:
    own = {verdict.criterion_id: verdict.standing for verdict in people.VERDICTS}
    for id, (_, before, _, places) in _CHANGES.items():
        if number in places:
            own[CriterionId(id)] = before
    return own


def _spread(place: int) -> dict[CriterionId, Standing]:
    """Give verdicts that differ from person to person, but for the licence and the language."""
    alike = {CriterionId("c1"), CriterionId("c6")}
    return {
        id: standing if id in alike or (place + each) % 3 else Standing.NOT_SHOWN
        for each, (id, standing) in enumerate(_own(99).items())
    }


def _reviewed(number: int, id: str) -> Reviewed:
    overrides = {
        CriterionId(criterion): override(number, after, reason, CriterionId(criterion))
        for criterion, (reason, _, after, places) in _CHANGES.items()
        if number in places
    }
    score = 90 - 5 * number
    leaning = Leaning.ADVANCE if number in (0, 1, 2, 4, 6) else Leaning.NOT_NOW
    return Reviewed(
        application_id=ApplicationId(id),
        own=_own(number),
        score=score,
        suggestion=Suggestion.REVIEW if number == 3 else _suggestion(score),
        overrides=overrides,
        views=[view(leaning, blind=number < 9)] if number < 12 else (),
        accepted=number not in (5, 9) if number < 11 else None,
    )


def _suggestion(score: int) -> Suggestion:
    thresholds = TenantPolicy().thresholds
    if score < thresholds.pool:
        return Suggestion.TALENT_POOL
    return Suggestion.SCREENING_CALL if score > thresholds.call else Suggestion.REVIEW
