"""What a proposal is made under: the tenant's fields, choices and words."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.domain.actor import Actor
from core.domain.assessment import Standing
from core.domain.criteria import Importance
from core.domain.ids import ProposalId
from core.domain.judgement import OverrideReason
from core.domain.routing import Suggestion, Thresholds

SCORE, SKILLS, REASONING = "ai_match_score", "ai_skills_json", "ai_reasoning"
TAGS, NOTE = "tags", "private_note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """The tenant's words: labels of its tag list, its assessment's name, and how results read."""

    high_match: str = "High_Match"
    needs_review: str = "Needs_Review"
    assessment_name: str = "Recruiter copilot"
    standings: dict[Standing, str] = field(
        default_factory=lambda: {
            Standing.MET: "met",
            Standing.PARTLY: "partly met",
            Standing.NOT_SHOWN: "not shown in the resume",
            Standing.NO_DATA: "cannot be told from the resume",
        }
    )
    importances: dict[Importance, str] = field(
        default_factory=lambda: {
            Importance.REQUIRED: "Required",
            Importance.PREFERRED: "Preferred",
        }
    )
    suggestions: dict[Suggestion, str] = field(
        default_factory=lambda: {
            Suggestion.TALENT_POOL: "consider for the talent pool",
            Suggestion.REVIEW: "review by a recruiter",
            Suggestion.SCREENING_CALL: "consider a screening call",
        }
    )
    reasons: dict[OverrideReason, str] = field(
        default_factory=lambda: {
            OverrideReason.OVERLOOKED: "something in the resume was overlooked",
            OverrideReason.MISREAD: "the resume was misread",
            OverrideReason.EQUIVALENT: "something equivalent counts",
            OverrideReason.TOLD_BY_CANDIDATE: "the candidate said so",
            OverrideReason.TOO_STRICT: "it was judged too strictly",
            OverrideReason.TOO_LOOSE: "it was judged too loosely",
            OverrideReason.OUT_OF_DATE: "the resume is out of date",
            OverrideReason.OTHER: "another reason",
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Who makes a proposal, when, how long it holds, the tenant's choices.

    ``available`` are the logical names in the tenant's field map.
    """

    id: ProposalId
    made_by: Actor
    now: datetime
    valid_for: timedelta
    available: Collection[str]
    thresholds: Thresholds = field(default_factory=Thresholds)
    words: Presentation = field(default_factory=Presentation)
