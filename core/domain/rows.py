"""A line of a ranked pipeline, as screens show and filters question it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.domain.assessment import Score, Standing
from core.domain.ids import ApplicationId, CriterionId, PersonId, ProposalId
from core.domain.judgement import Hidden, Leaning
from core.domain.routing import Eyes, Suggestion


class WorkState(StrEnum):
    """How far the copilot is with an application."""

    NEW = "new"
    QUEUED = "queued"
    ASSESSED = "assessed"
    UNGRADED = "ungraded"
    PROPOSED = "proposed"
    APPROVED = "approved"
    WRITTEN = "written"
    REFUSED = "refused"
    NEEDS_ATTENTION = "needs_attention"


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineRow:
    """One application in a ranked pipeline; nothing is left out, whatever its score.

    ``hidden`` says why score, verdicts and suggestion are not shown to this person although they
    exist; they are then empty here as well. ``score_before`` is the assessor's own score where
    people overrode a verdict. ``looks`` counts the people who opened the evidence, ``looked`` says
    whether this person did. ``reasons`` say why it waits for a person's eyes. ``known`` is False
    until the person was read from iCIMS and has a name.
    """

    application_id: ApplicationId
    person_id: PersonId
    name: str
    stage: str
    applied_at: datetime | None
    days_waiting: int | None
    state: WorkState
    score: Score | None
    confidence: float | None
    parse_health: float | None
    standings: dict[Standing, int]
    required_met: int
    required_total: int
    suggestion: Suggestion | None
    close_call: bool
    ungraded: str
    flags: tuple[str, ...]
    proposal_id: ProposalId | None
    icims_url: str
    verdicts: Mapping[CriterionId, Standing] = field(default_factory=dict)
    score_before: Score | None = None
    hidden: Hidden | None = None
    own_view: Leaning | None = None
    looks: int = 0
    looked: bool = False
    reasons: tuple[Eyes, ...] = ()
    known: bool = True
