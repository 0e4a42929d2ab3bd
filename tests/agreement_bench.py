"""Builders for people who see verdicts differently."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from core.domain.agreement import Reviewed
from core.domain.assessment import Standing
from core.domain.criteria import Criterion, CriterionKind, Importance
from core.domain.ids import ApplicationId, AssessmentId, CriterionId, OverrideId, UserId
from core.domain.judgement import Leaning, Override, OverrideReason, OwnView
from core.domain.routing import Suggestion

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LICENCE = CriterionId("licence")


def licence() -> Criterion:
    """Give the criterion most tests are about."""
    return Criterion(
        id=LICENCE,
        label="Forklift licence",
        kind=CriterionKind.CERTIFICATE,
        importance=Importance.REQUIRED,
        weight=1,
    )


def override(
    number: int, standing: Standing | None, reason: OverrideReason, id: CriterionId = LICENCE
) -> Override:
    """Give a person's verdict on application ``number``."""
    return Override(
        id=OverrideId(f"o{number}"),
        application_id=ApplicationId(f"a{number}"),
        assessment_id=AssessmentId(f"s{number}"),
        criterion_id=id,
        standing=standing,
        reason=reason,
        by=UserId("rosa"),
        at=NOON,
        note="They told me so.",
    )


def view(leaning: Leaning, by: str = "rosa", *, blind: bool = True) -> OwnView:
    """Give what a person thought."""
    return OwnView(
        application_id=ApplicationId("a1"), by=UserId(by), leaning=leaning, at=NOON, blind=blind
    )


def reviewed(
    number: int,
    own: Standing | Mapping[CriterionId, Standing] = Standing.NOT_SHOWN,
    given: Override | None = None,
    *,
    score: int | None = 50,
    views: Sequence[OwnView] = (),
    accepted: bool | None = None,
) -> Reviewed:
    """Give application ``number`` as somebody looked at it."""
    return Reviewed(
        application_id=ApplicationId(f"a{number}"),
        own={LICENCE: own} if isinstance(own, Standing) else own,
        score=score,
        suggestion=Suggestion.REVIEW if score is not None else None,
        overrides={given.criterion_id: given} if given else {},
        views=views,
        accepted=accepted,
    )
