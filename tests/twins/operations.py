"""The in-memory App's answers about the work behind the screens."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from core.domain.actor import Actor
from core.domain.budget import USED_UP, Lane
from core.domain.events import EventKind, Sweep, SweepKind
from core.domain.ids import JobId
from core.domain.jobs import DeadJob, Depth, JobKind, Priority
from core.domain.operations import (
    CallSpeed,
    Comparisons,
    DropReason,
    EventsIn,
    OperationsView,
    WriteTroubles,
    failures,
)
from core.domain.views import BudgetView, LaneView, Waiting
from tests.twins import people

_DENIED = "iCIMS hides the application from the integration user <b>(group 301)</b>"
_BROKEN = "it ended its worker every time"


class State(Protocol):
    """What the parts ask the App: full, empty or failing."""

    state: str


class Operations:
    """A rush being worked off, nothing yet, or everything stuck; ``deeds`` is what was done."""

    def __init__(self, app: State) -> None:
        self.app = app
        self.dead = _dead()
        self.deeds: list[str] = []

    def view(self, actor: Actor) -> OperationsView:
        if self.app.state == "empty":
            return _empty()
        if self.app.state == "failing":
            return _failing(self.dead)
        return _full()

    def replay(self, actor: Actor, ids: Collection[JobId]) -> int:
        return self._settle("replay", ids)

    def drop(self, actor: Actor, ids: Collection[JobId], reason: DropReason) -> int:
        return self._settle(f"drop {reason}", ids)

    def _settle(self, deed: str, ids: Collection[JobId]) -> int:
        before = len(self.dead)
        self.dead = [job for job in self.dead if job.id not in ids]
        self.deeds.append(f"{deed} {' '.join(ids)}")
        return before - len(self.dead)


def _budget(remaining: int | None, waiting: Waiting | None = None) -> BudgetView:
    limit, reset = 10_000, people.now() + timedelta(hours=6)
    kept = {Lane.PEOPLE: 125, Lane.EVENTS: 75, Lane.RECONCILE: 150, Lane.BACKLOG: 0}
    return BudgetView(
        limit=limit if remaining is not None else None,
        used=limit - remaining if remaining is not None else None,
        remaining=remaining,
        resets_at=reset if remaining is not None else None,
        paused_until=None,
        short=bool(waiting),
        lanes=tuple(
            LaneView(
                lane=lane,
                open=remaining,
                kept=kept[lane],
                waiting=waiting if lane is Lane.BACKLOG else None,
            )
            for lane in Lane
        ),
    )


def _empty() -> OperationsView:
    return OperationsView(
        at=people.now(),
        events=EventsIn(set_up=False, counts={}, last_at=None),
        comparisons=Comparisons(listed=0, missed=0, every=timedelta(minutes=10)),
        depths=(),
        budget=_budget(None),
    )


def _full() -> OperationsView:
    now = people.now()
    return OperationsView(
        at=now,
        events=EventsIn(
            set_up=True,
            counts={
                EventKind.APPLICATION_COMPLETED: 1_846,
                EventKind.STAGE_CHANGED: 412,
                EventKind.JOB_POSTED: 6,
                EventKind.JOB_EDITED: 9,
                EventKind.UNKNOWN: 3,
            },
            last_at=now - timedelta(seconds=12),
        ),
        comparisons=Comparisons(
            listed=2_272,
            missed=14,
            every=timedelta(minutes=10),
            poll=Sweep(kind=SweepKind.POLL, at=now - timedelta(minutes=4), listed=31, missed=0),
            sweep=Sweep(
                kind=SweepKind.SWEEP, at=now - timedelta(hours=7), listed=5_204, missed=2, gone=1
            ),
        ),
        depths=(
            _depth(JobKind.REFRESH_APPLICATION, Priority.FRESH, 23, 2, seconds=20),
            _depth(JobKind.SCREEN, Priority.BACKLOG, 1_204, 3, seconds=190),
            replace(
                _depth(JobKind.READ_HIDDEN, Priority.BACKLOG, 0, 0),
                put_off=7,
                next_at=now + timedelta(hours=11),
                why="iCIMS hides the application from us",
            ),
        ),
        budget=_budget(6_164),
        calls=_CALLS,
    )


def _failing(dead: list[DeadJob]) -> OperationsView:
    now, until = people.now(), people.now() + timedelta(hours=6)
    waiting = Waiting(1_240, until)
    return replace(
        _full(),
        events=EventsIn(
            set_up=True,
            counts={EventKind.APPLICATION_COMPLETED: 312, EventKind.UNKNOWN: 40},
            last_at=now - timedelta(hours=5),
        ),
        comparisons=replace(
            _full().comparisons,
            missed=1_604,
            poll=Sweep(kind=SweepKind.POLL, at=now - timedelta(minutes=52), listed=31, missed=9),
        ),
        depths=(
            _depth(JobKind.RECONCILE, Priority.FRESH, 1, 0, seconds=2_500),
            replace(
                _depth(JobKind.SCREEN, Priority.BACKLOG, 88, 0, seconds=1_900),
                put_off=1_240,
                next_at=until,
                why=f"{USED_UP} <b>",
            ),
        ),
        budget=_budget(180, waiting),
        calls=(replace(_CALLS[0], failed=190, refused=12), *_CALLS[1:]),
        failures=failures(dead),
        writes=WriteTroubles(refused=2, moved=1, in_doubt=1),
    )


def _depth(kind: JobKind, priority: Priority, due: int, running: int, seconds: int = 0) -> Depth:
    return Depth(
        kind=kind,
        priority=priority,
        due=due,
        running=running,
        put_off=0,
        oldest_due_at=people.now() - timedelta(seconds=seconds) if due else None,
    )


_CALLS = (
    CallSpeed(
        what="Fetching resumes", count=402, failed=0, refused=0, p50_ms=820.0, p95_ms=2_340.0
    ),
    CallSpeed(what="Searching", count=118, failed=0, refused=0, p50_ms=340.0, p95_ms=910.0),
    CallSpeed(
        what="Reading applications", count=431, failed=2, refused=0, p50_ms=180.0, p95_ms=420.0
    ),
    CallSpeed(what="Reading people", count=402, failed=0, refused=0, p50_ms=150.0, p95_ms=390.0),
)


def _dead() -> list[DeadJob]:
    hidden = [
        _given_up(900 + number, JobKind.REFRESH_APPLICATION, _DENIED, number)
        for number in range(12)
    ]
    return [*hidden, _given_up(990, JobKind.SCREEN, _BROKEN, 40)]


def _given_up(number: int, kind: JobKind, error: str, minutes: int) -> DeadJob:
    return DeadJob(
        id=JobId(str(number)),
        kind=kind,
        payload={"application": str(20_000 + number), "event": ""},
        attempts=6,
        error=error,
        at=people.now() - timedelta(minutes=4 + minutes),
    )
