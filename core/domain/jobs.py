"""Units of background work: ids and versions only, so that a job can run anywhere, twice."""

from collections.abc import Callable, Mapping
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

    RECONCILE = "reconcile"
    SWEEP = "sweep"
    HOUSEKEEPING = "housekeeping"
    REFRESH_REQUISITION = "refresh_requisition"
    FIND_APPLICATION = "find_application"
    SYNC_APPLICATIONS = "sync_applications"
    REFRESH_PERSON = "refresh_person"
    FETCH_PEOPLE = "fetch_people"
    READ_HIDDEN = "read_hidden"
    REFRESH_APPLICATION = "refresh_application"
    SCREEN = "screen"
    GATHER_BASELINE = "gather_baseline"
    SCORE_BASELINE = "score_baseline"
    EVALUATE_PROMPT = "evaluate_prompt"
    TRY_PROMPT = "try_prompt"


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


def never() -> bool:
    """Say no: what has nobody to stop it."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A claimed job; ``attempts`` counts this one, ``spared`` those that were no fault of its own.

    ``abandoned``: the attempt before this one ended without an outcome, as when its worker died.
    ``stopping``: asked between records by what takes long; true once the worker is to end or the
    job was cancelled.
    """

    id: JobId
    kind: JobKind
    tenant: TenantId
    payload: Mapping[str, str]
    attempts: int
    group: str = ""
    abandoned: bool = False
    spared: int = 0
    priority: Priority = Priority.BACKLOG
    stopping: Callable[[], bool] = field(default=never, compare=False, repr=False)

    @property
    def counted(self) -> int:
        """Attempts that count against the job."""
        return self.attempts - self.spared


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadJob:
    """A job that was given up: what it was for, and the error in our own words."""

    id: JobId
    kind: JobKind
    payload: Mapping[str, str]
    attempts: int
    error: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How much work of one kind and priority there is.

    ``due`` waits for a worker since ``oldest_due_at``; ``put_off`` is tried again from
    ``next_at`` on, ``why`` being the newest reason.
    """

    kind: JobKind
    priority: Priority
    due: int
    running: int
    put_off: int
    oldest_due_at: datetime | None = None
    next_at: datetime | None = None
    why: str = ""
