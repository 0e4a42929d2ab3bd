"""What people think: overridden verdicts, own views, and who has looked at what."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from core.domain.assessment import Assessment, Evidence, Standing, Verdict, score_of
from core.domain.canonical import content_hash
from core.domain.criteria import Criteria
from core.domain.ids import ApplicationId, AssessmentId, CriterionId, OverrideId, UserId
from core.errors import InvalidInput

CREDIT: dict[Standing, float | None] = {
    Standing.MET: 1.0,
    Standing.PARTLY: 0.5,
    Standing.NOT_SHOWN: 0.0,
    Standing.NO_DATA: None,
}
"""The share of a criterion's weight that a person's verdict gives."""


class OverrideReason(StrEnum):
    """Why a person changed a verdict; coded, so that criteria can learn from it."""

    OVERLOOKED = "overlooked"
    MISREAD = "misread"
    EQUIVALENT = "equivalent"
    TOLD_BY_CANDIDATE = "told_by_candidate"
    TOO_STRICT = "too_strict"
    TOO_LOOSE = "too_loose"
    OUT_OF_DATE = "out_of_date"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A person's verdict on one criterion of one assessment, beside the assessor's own.

    ``standing`` None takes earlier overrides of that criterion back. ``evidence`` is a passage of
    the candidate's own document where the person named one. OTHER needs a ``note``.
    """

    id: OverrideId
    application_id: ApplicationId
    assessment_id: AssessmentId
    criterion_id: CriterionId
    standing: Standing | None
    reason: OverrideReason
    by: UserId
    at: datetime
    note: str = ""
    evidence: tuple[Evidence, ...] = ()

    def __post_init__(self) -> None:
        if self.reason is OverrideReason.OTHER and self.standing and not self.note.strip():
            raise InvalidInput("Say in a few words why you see it differently.")


def in_force(
    assessment: AssessmentId, overrides: Sequence[Override]
) -> dict[CriterionId, Override]:
    """Pick the newest override of each criterion of ``assessment``; ``overrides`` oldest first."""
    newest = {o.criterion_id: o for o in overrides if o.assessment_id == assessment}
    return {id: override for id, override in newest.items() if override.standing is not None}


def judged(assessment: Assessment, criteria: Criteria, overrides: Sequence[Override]) -> Assessment:
    """Put people's verdicts in the place of the assessor's and add the score up again.

    ``criteria`` are those the assessment was made under. The assessment itself is untouched;
    without an override in force it is returned as it is. What could not be graded gets a score
    as soon as a person has judged one criterion.
    """
    given = in_force(assessment.key.id, overrides)
    if not given:
        return assessment
    own = {verdict.criterion_id: verdict for verdict in assessment.verdicts}
    verdicts = tuple(
        _by_person(given[c.id]) if c.id in given else own.get(c.id, _unread(c.id))
        for c in criteria.criteria
    )
    score = score_of(criteria.criteria, verdicts, assessment.parse_health)
    why = "" if score else assessment.ungraded or "No criterion could be told from the document."
    return replace(assessment, verdicts=verdicts, score=score, ungraded=why)


def _by_person(override: Override) -> Verdict:
    standing = override.standing or Standing.NO_DATA
    return Verdict(
        criterion_id=override.criterion_id,
        standing=standing,
        credit=CREDIT[standing],
        evidence=override.evidence,
        reason=override.note,
        by=override.by,
    )


def _unread(id: CriterionId) -> Verdict:
    return Verdict(criterion_id=id, standing=Standing.NO_DATA, credit=None)


class Leaning(StrEnum):
    """A person's own view of an application: rejects nobody and is never written to iCIMS."""

    ADVANCE = "advance"
    UNSURE = "unsure"
    NOT_NOW = "not_now"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnView:
    """What a person thought; ``blind`` says that the score was not shown to them yet."""

    application_id: ApplicationId
    by: UserId
    leaning: Leaning
    at: datetime
    blind: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A person had the document and its evidence on the screen.

    ``assessment_id`` is the assessment shown, None when there was none or it was hidden.
    """

    application_id: ApplicationId
    by: UserId
    at: datetime
    assessment_id: AssessmentId | None = None


class BlindMode(StrEnum):
    """Whether reviewers say what they think before they see a score."""

    OFF = "off"
    SAMPLED = "sampled"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Blinding:
    """Blind-first reviewing of a requisition; ``share`` (0 to 1) counts when SAMPLED."""

    mode: BlindMode = BlindMode.OFF
    share: float = 0.2

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise InvalidInput("The share reviewed blind is above 0 and at most 1.")

    def covers(self, application: ApplicationId) -> bool:
        """Say whether ``application`` is reviewed blind: the same answer for everybody, always."""
        if self.mode is not BlindMode.SAMPLED:
            return self.mode is BlindMode.ALWAYS
        return int(content_hash(("blind", application))[:8], 16) < self.share * 2**32


class Hidden(StrEnum):
    """Why a person is not shown a score that exists."""

    OWN_VIEW_FIRST = "own_view_first"
    STOPPED = "stopped"


SAMPLE_SHARE, SAMPLE_LEAST = 0.1, 3


def sample(batch: Sequence[str], person: UserId) -> tuple[str, ...]:
    """Choose what of a batch a person must have opened when not all of it was.

    A tenth, at least three; chosen by hash, so that neither chance nor the person can change it.
    """
    size = max(SAMPLE_LEAST, round(len(batch) * SAMPLE_SHARE + 0.5))
    ordered = sorted(batch, key=lambda member: content_hash(("sample", person, member)))
    return tuple(ordered[:size])
