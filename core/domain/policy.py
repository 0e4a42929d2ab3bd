"""A tenant's own choices: thresholds, and what is stopped where."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.domain.ids import RequisitionId, StopId, UserId
from core.domain.judgement import Blinding
from core.domain.records import Requisition
from core.domain.routing import Thresholds
from core.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantPolicy:
    """What an administrator may set.

    ``thresholds`` decide what is suggested. Below ``sure_from`` (confidence, 0 to 1) or
    ``readable_from`` (parse health, 0 to 1) an application waits in the queue for a person's eyes.
    ``blinding`` holds for requisitions that have no choice of their own.
    """

    thresholds: Thresholds = field(default_factory=Thresholds)
    sure_from: float = 0.5
    readable_from: float = 0.6
    blinding: Blinding = field(default_factory=Blinding)

    def __post_init__(self) -> None:
        if not (0 <= self.sure_from <= 1 and 0 <= self.readable_from <= 1):
            raise InvalidInput("Confidence and read quality are between 0 and 100 %.")


class Capability(StrEnum):
    """What can be stopped.

    Stopped scoring also hides the scores there are and keeps approved ones from being written.
    """

    SCREENING = "screening"
    WRITING = "writing"


class StopScope(StrEnum):
    """How far a stop reaches."""

    EVERYWHERE = "everywhere"
    REQUISITION = "requisition"
    JURISDICTION = "jurisdiction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A capability switched off by a person, until it is lifted.

    ``where`` is a requisition id, a jurisdiction as ``jurisdictions`` names it, or empty.
    """

    id: StopId
    capability: Capability
    scope: StopScope
    where: str
    reason: str
    by: UserId
    at: datetime
    lifted_by: UserId | None = None
    lifted_at: datetime | None = None

    def __post_init__(self) -> None:
        if (self.scope is StopScope.EVERYWHERE) == bool(self.where):
            raise InvalidInput("Say which requisition or place is stopped, or stop everywhere.")
        if not self.reason.strip():
            raise InvalidInput("Say why it is stopped; people will ask.")

    def reaches(self, requisition: Requisition) -> bool:
        """Say whether the stop holds for ``requisition``."""
        match self.scope:
            case StopScope.REQUISITION:
                return requisition.id == RequisitionId(self.where)
            case StopScope.JURISDICTION:
                return self.where in jurisdictions(requisition)
        return True


def jurisdictions(requisition: Requisition) -> tuple[str, ...]:
    """Name the places whose law a job is under: country, and its region."""
    place = requisition.location
    if not place.country:
        return ()
    regions = (f"{place.country} / {place.region}",) if place.region else ()
    return (place.country, *regions)


def stopped(stops: Iterable[Stop], capability: Capability, requisition: Requisition) -> Stop | None:
    """Find the stop of ``capability`` that holds for ``requisition``, if any."""
    return next(
        (
            stop
            for stop in stops
            if stop.capability is capability
            and stop.lifted_at is None
            and stop.reaches(requisition)
        ),
        None,
    )
