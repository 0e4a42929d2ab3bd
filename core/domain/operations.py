"""What an administrator sees of the work behind the screens: ids and counts, never a person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.canonical import content_hash
from core.domain.events import EventKind, Sweep
from core.domain.jobs import DeadJob, Depth, JobKind, Priority
from core.domain.views import BudgetView

PERIOD = timedelta(hours=24)
"""What counts of events and comparisons look back on."""
LATELY = timedelta(hours=1)
"""What iCIMS's speed is judged by."""

_IDLE_AFTER = timedelta(minutes=5)
_BEHIND_AFTER = timedelta(minutes=15)
_MISSED_POLLS = 3
_FEW = 5
_OFTEN = 20
"""One in so many changes without an event is more than events that are merely late."""
_BADLY = 5
"""One in so many requests without an answer is more than a hiccup."""


class DropReason(StrEnum):
    """Why work that was given up need not be done any more; coded, as the log holds no texts."""

    DONE_ELSEWHERE = "done_elsewhere"
    NOT_NEEDED = "not_needed"
    HOPELESS = "hopeless"


class Concern(StrEnum):
    """What may be wrong, the most pressing first."""

    IDLE = "idle"
    NOT_COMPARED = "not_compared"
    ICIMS_DOWN = "icims_down"
    GIVEN_UP = "given_up"
    WRITES = "writes"
    USED_UP = "used_up"
    LOST_EVENTS = "lost_events"
    BEHIND = "behind"

    @property
    def is_severe(self) -> bool:
        """Say whether work has come to a halt or ended without its result."""
        return self in (Concern.IDLE, Concern.NOT_COMPARED, Concern.ICIMS_DOWN, Concern.GIVEN_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsIn:
    """What iCIMS told us unasked; ``counts`` of the last day, ``set_up`` whether anybody may."""

    set_up: bool
    counts: Mapping[EventKind, int]
    last_at: datetime | None

    @property
    def unknown(self) -> int:
        """Count those we did not understand."""
        return self.counts.get(EventKind.UNKNOWN, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparisons:
    """What asking iCIMS found: ``listed`` changes of the last day, ``missed`` without an event.

    ``poll`` and ``sweep`` are the newest of their kind, ``every`` is how often polls are due.
    """

    listed: int
    missed: int
    every: timedelta
    poll: Sweep | None = None
    sweep: Sweep | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSpeed:
    """How requests of one kind went lately; times in milliseconds of the answered ones."""

    what: str
    count: int
    failed: int
    refused: int
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteTroubles:
    """Approved writes that ended otherwise than in iCIMS, or are being looked up there.

    ``refused`` by iCIMS; ``moved``: not sent because the record had changed; ``in_doubt``: sent
    without an answer.
    """

    refused: int = 0
    moved: int = 0
    in_doubt: int = 0

    @property
    def total(self) -> int:
        """Count all of them."""
        return self.refused + self.moved + self.in_doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Work of one kind that was given up for the same reason, newest first."""

    kind: JobKind
    error: str
    jobs: tuple[DeadJob, ...]

    @property
    def key(self) -> str:
        """Name the failure, the same at every look."""
        return content_hash((self.kind, self.error))[:12]


def failures(dead: Sequence[DeadJob]) -> tuple[Failure, ...]:
    """Put together what failed alike, the most frequent first."""
    alike: dict[tuple[JobKind, str], list[DeadJob]] = {}
    for job in dead:
        alike.setdefault((job.kind, job.error), []).append(job)
    found = (Failure(kind=kind, error=e, jobs=tuple(jobs)) for (kind, e), jobs in alike.items())
    return tuple(sorted(found, key=lambda failure: -len(failure.jobs)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How much of one kind there is to do, whatever its priority."""

    kind: JobKind
    due: int
    running: int
    put_off: int
    oldest_due_at: datetime | None
    next_at: datetime | None
    why: str

    @property
    def left(self) -> int:
        """Count what could be done now."""
        return self.due + self.running


def work_by_kind(depths: Sequence[Depth]) -> tuple[Work, ...]:
    """Sum depths up by kind, the kind of the most urgent work first."""
    order = sorted(depths, key=lambda depth: depth.priority)
    kinds = dict.fromkeys(depth.kind for depth in order)
    return tuple(_work([depth for depth in order if depth.kind is kind]) for kind in kinds)


def _work(depths: Sequence[Depth]) -> Work:
    return Work(
        kind=depths[0].kind,
        due=sum(depth.due for depth in depths),
        running=sum(depth.running for depth in depths),
        put_off=sum(depth.put_off for depth in depths),
        oldest_due_at=min((d.oldest_due_at for d in depths if d.oldest_due_at), default=None),
        next_at=min((d.next_at for d in depths if d.next_at), default=None),
        why=next((depth.why for depth in depths if depth.why), ""),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsView:
    """Is everything flowing, and where not; as it was ``at``.

    ``more_failed`` says that more was given up than ``failures`` holds.
    """

    at: datetime
    events: EventsIn
    comparisons: Comparisons
    depths: tuple[Depth, ...]
    budget: BudgetView
    calls: tuple[CallSpeed, ...] = ()
    failures: tuple[Failure, ...] = ()
    more_failed: bool = False
    writes: WriteTroubles = WriteTroubles()

    @property
    def given_up(self) -> int:
        """Count the failed work that is listed."""
        return sum(len(failure.jobs) for failure in self.failures)

    @property
    def concerns(self) -> tuple[Concern, ...]:
        """List what may be wrong, the most pressing first; empty when all is well."""
        return tuple(concern for concern in Concern if concern in set(_concerns(self)))


def _concerns(view: OperationsView) -> Iterator[Concern]:
    due = [depth for depth in view.depths if depth.oldest_due_at]
    fresh = [depth for depth in due if depth.priority is not Priority.BACKLOG]
    if _waits(due, view.at - _IDLE_AFTER):
        if not any(depth.running for depth in view.depths):
            yield Concern.IDLE
        elif _waits(fresh, view.at - _BEHIND_AFTER):
            yield Concern.BEHIND
    poll = view.comparisons.poll
    if poll is not None and poll.at < view.at - _MISSED_POLLS * view.comparisons.every:
        yield Concern.NOT_COMPARED
    if _few_answers(view.calls):
        yield Concern.ICIMS_DOWN
    if view.failures:
        yield Concern.GIVEN_UP
    if view.writes.total:
        yield Concern.WRITES
    if view.budget.waiting:
        yield Concern.USED_UP
    missed, listed = view.comparisons.missed, view.comparisons.listed
    if view.events.set_up and missed >= _FEW and missed * _OFTEN >= listed:
        yield Concern.LOST_EVENTS


def _waits(depths: Sequence[Depth], since: datetime) -> bool:
    return any(depth.oldest_due_at is not None and depth.oldest_due_at < since for depth in depths)


def _few_answers(calls: Sequence[CallSpeed]) -> bool:
    failed, asked = sum(call.failed for call in calls), sum(call.count for call in calls)
    return failed >= _FEW and failed * _BADLY >= asked
