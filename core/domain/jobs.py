"""Units of background work: ids and versions only, so that a job can run anywhere, twice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from core.domain.ids import JobId, TenantId


class Priority(IntEnum):
    """Lower runs first: a person waiting beats a backlog."""

    CLICK = 0
    FRESH = 10
    BACKLOG = 20


class JobKind(StrEnum):
    """Every kind of job there is."""

    SYNC_REQUISITIONS = "sync_requisitions"
    SYNC_APPLICATIONS = "sync_applications"
    SYNC_PEOPLE = "sync_people"
    FETCH_PEOPLE = "fetch_people"
    READ_HIDDEN = "read_hidden"
    REFRESH_APPLICATION = "refresh_application"
    SCREEN = "screen"
    GATHER_BASELINE = "gather_baseline"
    SCORE_BASELINE = "score_baseline"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRequest:
    """Work to enqueue. While a job with ``dedupe_key`` waits, another is not added.

    ``group`` ties jobs that progress and cancel together, e.g. ``screen:1017``.
    """

    kind: JobKind
    tenant: TenantId
    dedupe_key: str
    payload: Mapping[str, str] = field(default_factory=dict)
    priority: Priority = Priority.BACKLOG
    group: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A claimed job; ``attempts`` counts this one.

    ``abandoned``: the attempt before this one ended without an outcome, as when its worker died.
    """

    id: JobId
    kind: JobKind
    tenant: TenantId
    payload: Mapping[str, str]
    attempts: int
    group: str = ""
    abandoned: bool = False
