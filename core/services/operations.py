"""The work behind the screens, for the tenant's administrator; candidates appear nowhere in it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.access import Command
from core.domain.actor import Actor
from core.domain.audit import fact_by
from core.domain.events import Sweep, SweepKind
from core.domain.ids import JobId
from core.domain.jobs import DeadJob
from core.domain.operations import (
    LATELY,
    PERIOD,
    CallSpeed,
    Comparisons,
    DropReason,
    EventsIn,
    OperationsView,
    failures,
)
from core.ports import CallLatency, Clock, QuotaState, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit
from core.services.budget import budget
from core.services.wording import call_words

_MOST = 1_000
"""Failures looked at; a burst that fails as a whole can be tried again in a few clicks."""
_TOGETHER = 50
"""Failures settled in one transaction."""
_TWO_NIGHTS = timedelta(days=2)
_Settle = Callable[[UnitOfWork, JobId, datetime], bool]
_IDS = ("application", "requisition", "person")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """What comes in, what waits and what was given up.

    ``quota`` tells the day's requests, ``compared_every`` is how often changes are asked for,
    ``events_set_up`` whether iCIMS may tell us of any. Every method raises ``NotAllowed`` and
    ``SessionEnded`` as ``admit`` does.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    quota: Callable[[], QuotaState]
    compared_every: timedelta
    events_set_up: bool

    def view(self, actor: Actor) -> OperationsView:
        """Show how the work is flowing."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.SEE_OPERATIONS, now)
        quota = self.quota()
        with self.unit_of_work() as uow:
            dead = uow.jobs.dead(_MOST + 1)
            return OperationsView(
                at=now,
                events=self._events(uow, now),
                comparisons=self._comparisons(uow, now),
                depths=tuple(uow.jobs.depths(now)),
                budget=budget(uow, quota, now),
                calls=tuple(_speed(each) for each in uow.calls.latencies(now - LATELY)),
                failures=failures(dead[:_MOST]),
                more_failed=len(dead) > _MOST,
                writes=uow.outbox.troubles(now - PERIOD),
            )

    def replay(self, actor: Actor, ids: Collection[JobId]) -> int:
        """Have work that was given up done after all; return how much of it was still given up."""
        return self._settle(actor, ids, "job.replayed", _replay)

    def drop(self, actor: Actor, ids: Collection[JobId], reason: DropReason) -> int:
        """Take work that was given up off the list for good; return how much was on it."""
        return self._settle(actor, ids, "job.dropped", _drop, reason=reason.value)

    def _settle(
        self, actor: Actor, ids: Collection[JobId], action: str, settle: _Settle, **data: str
    ) -> int:
        """Settle each job that is still given up, and record each by itself.

        Not all in one transaction: what comes in meanwhile has to be kept, too.
        """
        wanted = list(dict.fromkeys(ids))
        parts = range(0, max(1, len(wanted)), _TOGETHER)
        return sum(
            self._settle_part(actor, wanted[at : at + _TOGETHER], action, settle, data)
            for at in parts
        )

    def _settle_part(
        self,
        actor: Actor,
        ids: Sequence[JobId],
        action: str,
        settle: _Settle,
        data: Mapping[str, str],
    ) -> int:
        now, settled = self.clock.now(), 0
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.REPLAY, now)
            given_up = {job.id: job for job in uow.jobs.dead(_MOST)}
            for job in (given_up[id] for id in ids if id in given_up):
                if settle(uow, job.id, now):
                    about = {**_about(job), **data}
                    uow.audit.append(fact_by(actor, now, action, f"job:{job.id}", **about))
                    settled += 1
            uow.commit()
        return settled

    def _events(self, uow: UnitOfWork, now: datetime) -> EventsIn:
        return EventsIn(
            set_up=self.events_set_up,
            counts=uow.events.counts(now - PERIOD),
            last_at=uow.events.last_at(),
        )

    def _comparisons(self, uow: UnitOfWork, now: datetime) -> Comparisons:
        found = uow.sweeps.since(now - _TWO_NIGHTS)
        polls = [each for each in found if each.kind is SweepKind.POLL]
        today = [poll for poll in polls if poll.at >= now - PERIOD]
        return Comparisons(
            listed=sum(poll.listed for poll in today),
            missed=sum(poll.missed for poll in today),
            every=self.compared_every,
            poll=_newest(polls),
            sweep=_newest([each for each in found if each.kind is SweepKind.SWEEP]),
        )


def _replay(uow: UnitOfWork, id: JobId, now: datetime) -> bool:
    return uow.jobs.replay(id, now)


def _drop(uow: UnitOfWork, id: JobId, now: datetime) -> bool:
    return uow.jobs.drop(id, now)


def _newest(sweeps: Sequence[Sweep]) -> Sweep | None:
    return max(sweeps, key=lambda sweep: sweep.at, default=None)


def _about(job: DeadJob) -> Mapping[str, str | float]:
    ids = {name: job.payload[name] for name in _IDS if job.payload.get(name)}
    return {"kind": job.kind.value, "attempts": job.attempts, **ids}


def _speed(latency: CallLatency) -> CallSpeed:
    return CallSpeed(
        what=call_words(latency.call),
        count=latency.count,
        failed=latency.failed,
        refused=latency.refused,
        p50_ms=latency.p50_ms,
        p95_ms=latency.p95_ms,
    )
