"""What iCIMS tells us unasked, and what we found by asking."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.ids import ApplicationId, EventId, PersonId, RequisitionId, TenantId


class EventKind(StrEnum):
    """What an event says; ``UNKNOWN`` is kept and counted, and starts nothing."""

    APPLICATION_COMPLETED = "application_completed"
    STAGE_CHANGED = "stage_changed"
    JOB_POSTED = "job_posted"
    JOB_UNPOSTED = "job_unposted"
    JOB_EDITED = "job_edited"
    UNKNOWN = "unknown"

    @property
    def about_a_job(self) -> bool:
        """Say whether the record to read again is a job."""
        return self in (EventKind.JOB_POSTED, EventKind.JOB_UNPOSTED, EventKind.JOB_EDITED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtsEvent:
    """An event as far as it is understood: which record to read again.

    Events come twice, late, out of order or never, so they say only *what* to read, never what it
    holds. ``application`` is None where the event names only person and job.
    """

    kind: EventKind
    tenant: TenantId
    application: ApplicationId | None = None
    requisition: RequisitionId | None = None
    person: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedEvent:
    """A line of the events page: no body."""

    id: EventId
    event: AtsEvent
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StageChange:
    """An application that moved in iCIMS, as noticed when it was read again.

    Stages are list-node ids like ``C20786``.
    """

    application_id: ApplicationId
    requisition_id: RequisitionId
    before: str
    after: str
    seen_at: datetime


class SweepKind(StrEnum):
    """A poll asks what changed lately, a sweep lists everything there is."""

    POLL = "poll"
    SWEEP = "sweep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What a comparison with iCIMS found.

    ``listed`` records were named by iCIMS; ``missed`` of them we had not heard of or had not read
    since they changed; ``gone`` of ours were no longer listed. ``seconds`` is how long it took.
    """

    kind: SweepKind
    at: datetime
    listed: int
    missed: int
    gone: int = 0
    seconds: float = 0.0
