"""What a requisition asks for: criteria written by people, versioned, frozen before scoring."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from core.domain.canonical import content_hash
from core.domain.ids import ContentHash, CriterionId, RequisitionId, TenantId, UserId
from core.errors import CriteriaRefused


class CriterionKind(StrEnum):
    """How a criterion is checked."""

    SKILL = "skill"
    YEARS = "years"
    CERTIFICATE = "certificate"
    EDUCATION = "education"
    LANGUAGE = "language"
    SHIFT = "shift"
    LOCATION = "location"
    DUTY = "duty"


class Importance(StrEnum):
    """Required criteria are the must-haves; nothing is ever rejected for missing one."""

    REQUIRED = "required"
    PREFERRED = "preferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing asked for.

    ``label`` is what people read. ``terms`` are the words that show it (synonyms included),
    lower-case. ``minimum`` is years for YEARS; ``level`` a degree level (EDUCATION) or CEFR
    level (LANGUAGE, whose first term is the ISO 639-1 code). ``source`` is the posting's
    sentence it was drafted from, empty when a person added it.
    """

    id: CriterionId
    label: str
    kind: CriterionKind
    importance: Importance
    weight: float
    terms: tuple[str, ...] = ()
    minimum: float | None = None
    level: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if not self.label.strip():
            raise CriteriaRefused("a criterion needs a name")
        if not 0 < self.weight <= 10:
            raise CriteriaRefused(f"the weight of “{self.label}” must be above 0 and at most 10")
        if self.kind is CriterionKind.YEARS and not (self.minimum and 0 < self.minimum <= 50):
            raise CriteriaRefused(f"“{self.label}” needs a number of years between 0 and 50")


class CriteriaStatus(StrEnum):
    """A draft can be edited and cannot score; frozen criteria are the other way round."""

    DRAFT = "draft"
    FROZEN = "frozen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Version ``version`` of what requisition ``requisition_id`` asks for."""

    tenant: TenantId
    requisition_id: RequisitionId
    version: int
    criteria: tuple[Criterion, ...]
    status: CriteriaStatus
    author: UserId
    created_at: datetime
    frozen_at: datetime | None = None
    frozen_by: UserId | None = None

    def __post_init__(self) -> None:
        ids = [c.id for c in self.criteria]
        if len(set(ids)) != len(ids):
            raise CriteriaRefused("two criteria share an id")

    @property
    def hash(self) -> ContentHash:
        """Hash of the criteria themselves, whoever wrote them and whenever."""
        return content_hash(self.criteria)

    def freeze(self, by: UserId, now: datetime) -> "Criteria":
        """Close the draft for scoring; raises ``CriteriaRefused`` when empty or already frozen."""
        if self.status is CriteriaStatus.FROZEN:
            raise CriteriaRefused("these criteria are already frozen")
        if not self.criteria:
            raise CriteriaRefused("add at least one criterion before scoring")
        return replace(self, status=CriteriaStatus.FROZEN, frozen_at=now, frozen_by=by)


class Severity(StrEnum):
    """BLOCK: cannot be frozen. WARN: shown while typing, can be kept."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class CriterionConcern:
    """Why a wording is unlawful or risky; ``rule`` and ``source`` say on what ground."""

    severity: Severity
    phrase: str
    message: str
    rule: str
    source: str
