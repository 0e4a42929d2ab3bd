"""The write step: one approved write goes to iCIMS, exactly once.

iCIMS has no idempotency key, so the outbox row says how far a write has come. SENDING is
committed before the call; a row found in SENDING, after a crash or a broken connection, is in
doubt and is read back before anything else. Between the loss and the read-back lies at least
``Pace.settle``: a request that outlives our side of its connection is over by then.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.actor import service_actor
from core.domain.approval import (
    AtsWrite,
    OutboxEntry,
    OutboxState,
    Receipt,
    split_writes,
)
from core.domain.audit import Fact, about, fact_by
from core.domain.budget import Lane
from core.domain.jobs import JobKind, JobRequest, Priority
from core.domain.own_changes import take_back
from core.domain.pacing import backoff
from core.domain.policy import Capability, Stop, stopped
from core.domain.proposal import Change, Proposal, needed_to_write, record_basis
from core.errors import (
    AtsDenied,
    AtsRejected,
    AtsUnavailable,
    CopilotError,
    FieldMapInvalid,
    IntegrityError,
    NotFound,
    QuotaExhausted,
    RecordMoved,
    UserError,
    WriteInDoubt,
)
from core.ports import Ats, Clock, Trigger, UnitOfWork, UnitOfWorkFactory

DROPPED = "an earlier part of the same approval was not written"
"""What a step says that was not tried because one before it came to nothing."""

_SWITCHED = {Capability.WRITING: "Writing to iCIMS", Capability.SCREENING: "Scoring"}


class Outcome(StrEnum):
    """What became of one attempt.

    HELD: an administrator's stop keeps it waiting; TAKEN: somebody else settled the row meanwhile.
    """

    WRITTEN = "done"
    FOUND = "found"
    STALE = "stale"
    FAILED = "failed"
    DELAYED = "delayed"
    IN_DOUBT = "in_doubt"
    HELD = "held"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Times in seconds.

    ``lease`` must outlast one attempt and ``settle``; ``settle`` the client's own timeout;
    ``held``, after which a stopped write is looked at again, the lease.
    """

    lease: float = 120.0
    settle: float = 35.0
    first_wait: float = 10.0
    longest_wait: float = 900.0
    attempts: int = 100
    held: float = 300.0


def write_next(
    unit_of_work: UnitOfWorkFactory, ats: Ats, clock: Clock, pace: Pace | None = None
) -> Outcome | None:
    """Carry out the next due write; None when none is due.

    Whatever happens is recorded with its audit fact in one commit. Only what is a fault of this
    program or of its database is raised; the row is then taken up again when its lease ends.
    """
    pace = pace or Pace()
    with unit_of_work() as uow:
        entry = uow.outbox.claim_due(clock.now(), pace.lease)
        if entry is None:
            return None
        try:
            write, earlier = _restore(uow, entry)
        except (UserError, IntegrityError) as error:
            return _discard(uow, entry, clock, error)
        attempt = _Attempt(unit_of_work, ats, clock, pace, entry, write, earlier)
        stop = None if attempt.in_doubt else _stop(uow, write.proposal)
        if stop is not None:
            # Giving the claim back keeps a long stop from using up the attempts.
            uow.rollback()
            return attempt.hold(uow, stop)
        uow.commit()
    return attempt.run()


def _restore(uow: UnitOfWork, entry: OutboxEntry) -> tuple[AtsWrite, tuple[Change, ...]]:
    """Build the write anew from the stored approval, every rule re-checked."""
    try:
        proposal = uow.proposals.get(entry.proposal_id)
        approval = uow.proposals.approval(entry.proposal_id)
    except ValueError:
        raise IntegrityError("what was approved cannot be read any more") from None
    if proposal is None or approval is None or approval.id != entry.approval_id:
        raise NotFound("what was approved is no longer on file")
    steps = split_writes(proposal)
    earlier = tuple(change for step in steps[: entry.step] for change in step)
    return AtsWrite(approval, proposal, steps[entry.step]), earlier


def _stop(uow: UnitOfWork, proposal: Proposal) -> Stop | None:
    """Find the stop that holds a proposal's writes; one that nobody can place holds as well."""
    needed = needed_to_write(proposal)
    stops = [
        stop
        for stop in uow.policies.stops()
        if stop.capability in needed and stop.lifted_at is None
    ]
    if not stops:
        return None
    requisition = uow.requisitions.get(proposal.requisition_id)
    if requisition is None:
        return stops[0]
    return next((s for each in needed if (s := stopped(stops, each, requisition))), None)


def _discard(uow: UnitOfWork, entry: OutboxEntry, clock: Clock, error: CopilotError) -> Outcome:
    now = clock.now()
    uow.outbox.move(entry.id, expect=entry.state, to=OutboxState.FAILED, now=now, error=str(error))
    fact = fact_by(
        service_actor("writer", entry.tenant), now, "write.failed", f"proposal:{entry.proposal_id}",
        write=entry.id, approval=entry.approval_id, reason=type(error).__name__,
        dropped=_drop_later_steps(uow, entry, clock),
    )  # fmt: skip
    uow.audit.append(fact)
    uow.commit()
    return Outcome.FAILED


def _drop_later_steps(uow: UnitOfWork, entry: OutboxEntry, clock: Clock) -> int:
    """Cancel what was to follow ``entry``; return how many steps that were."""
    later = [other for other in uow.outbox.of(entry.proposal_id) if other.step > entry.step]
    return sum(
        uow.outbox.move(
            other.id,
            expect=OutboxState.WAITING,
            to=OutboxState.CANCELLED,
            now=clock.now(),
            error=DROPPED,
        )
        for other in later
    )


@dataclass(slots=True)
class _Attempt:
    """One try at one write. ``state`` is the row's as far as this attempt has moved it."""

    unit_of_work: UnitOfWorkFactory
    ats: Ats
    clock: Clock
    pace: Pace
    entry: OutboxEntry
    write: AtsWrite
    earlier: tuple[Change, ...]
    state: OutboxState = field(init=False)
    in_doubt: bool = field(init=False)
    send_before: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.state = self.entry.state
        self.in_doubt = self.state is OutboxState.SENDING
        pace = self.pace
        self.send_before = self.clock.now() + timedelta(seconds=pace.lease - pace.settle)

    def run(self) -> Outcome:
        """Read back if in doubt, check that nothing moved, send, settle."""
        try:
            done = self._seen() or self._sent()
        except WriteInDoubt as error:
            return self._wait(self.pace.settle, OutboxState.SENDING, error, Outcome.IN_DOUBT)
        except RecordMoved as error:
            return self._end(OutboxState.STALE, Outcome.STALE, error)
        except QuotaExhausted as error:
            return self._later(error.resets_in, error)
        except (AtsUnavailable, AtsDenied) as error:
            return self._later(self._backoff(), error)
        except (AtsRejected, FieldMapInvalid, NotFound) as error:
            return self._end(OutboxState.FAILED, Outcome.FAILED, error)
        return self._done(done) if isinstance(done, Receipt) else done

    def hold(self, uow: UnitOfWork, stop: Stop) -> Outcome:
        """Leave the row waiting while ``stop`` holds; said once a stop, not at every look."""
        now = self.clock.now()
        due_at = now + timedelta(seconds=self.pace.held)
        why = (
            f"{_SWITCHED[stop.capability]} is switched off since {stop.at:%d %B %Y}: {stop.reason}"
        )
        waiting = OutboxState.WAITING
        if not uow.outbox.move(
            self.entry.id, expect=self.state, to=waiting, now=now, due_at=due_at, error=why
        ):
            return Outcome.TAKEN
        if self.entry.last_error != why:
            uow.audit.append(self._fact(Outcome.HELD, stop=stop.id, due_at=due_at.isoformat()))
        uow.commit()
        return Outcome.HELD

    def _seen(self) -> Receipt | None:
        if not self.in_doubt:
            return None
        receipt = self.ats.find(self._trigger, self.write)
        self.in_doubt = False
        return receipt

    def _sent(self) -> Receipt | Outcome:
        """Send, after a live look, unless the row was held, taken back or settled meanwhile."""
        self._require_unmoved()
        if self.entry.attempts > self.pace.attempts:
            raise AtsRejected(f"given up after {self.pace.attempts} attempts")
        if self.clock.now() >= self.send_before:
            raise AtsUnavailable("the attempt took so long that its lease might end under way")
        return self._kept_back() or self.ats.apply(self._trigger, self.write)

    def _require_unmoved(self) -> None:
        proposal = self.write.proposal
        record = self.ats.application(self._trigger, self.write.application_id, live=True)
        before = take_back(record, self.earlier, self.write.marker)
        if record_basis(before, proposal.changes) != proposal.basis:
            raise RecordMoved("the record changed in iCIMS after the approval")

    def _kept_back(self) -> Outcome | None:
        """Move the row to SENDING; otherwise say why not. A stop is looked for in that commit."""
        with self.unit_of_work() as uow:
            if stop := _stop(uow, self.write.proposal):
                return self.hold(uow, stop)
            moved = uow.outbox.move(
                self.entry.id, expect=self.state, to=OutboxState.SENDING, now=self.clock.now()
            )
            uow.commit()
        self.state = OutboxState.SENDING
        return None if moved else Outcome.TAKEN

    def _done(self, receipt: Receipt) -> Outcome:
        now = self.clock.now()
        outcome = Outcome.FOUND if receipt.found else Outcome.WRITTEN
        with self.unit_of_work() as uow:
            if not uow.outbox.move(self.entry.id, expect=self.state, to=OutboxState.DONE, now=now):
                return Outcome.TAKEN
            uow.outbox.put_receipt(replace(receipt, outbox_id=self.entry.id, at=now))
            uow.audit.append(
                self._fact(
                    outcome,
                    status=receipt.status,
                    transaction=receipt.transaction,
                    location=receipt.location,
                )
            )
            uow.jobs.enqueue(self._reread, now)
            uow.commit()
        return outcome

    def _end(self, state: OutboxState, outcome: Outcome, error: CopilotError) -> Outcome:
        """Close the row for good, and the steps that were to follow it."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            if not uow.outbox.move(
                self.entry.id, expect=self.state, to=state, now=now, error=str(error)
            ):
                return Outcome.TAKEN
            dropped = _drop_later_steps(uow, self.entry, self.clock)
            uow.audit.append(
                self._fact(
                    outcome,
                    reason=type(error).__name__,
                    fields=",".join(getattr(error, "fields", ())),
                    dropped=dropped,
                )
            )
            uow.jobs.enqueue(self._reread, now)
            uow.commit()
        return outcome

    def _later(self, seconds: float, error: CopilotError) -> Outcome:
        """Try again later; what is in doubt stays so until it has been read back."""
        to = OutboxState.SENDING if self.in_doubt else OutboxState.WAITING
        return self._wait(seconds, to, error, Outcome.DELAYED)

    def _wait(
        self, seconds: float, to: OutboxState, error: CopilotError, outcome: Outcome
    ) -> Outcome:
        now = self.clock.now()
        due_at = now + timedelta(seconds=seconds)
        with self.unit_of_work() as uow:
            if not uow.outbox.move(
                self.entry.id, expect=self.state, to=to, now=now, due_at=due_at, error=str(error)
            ):
                return Outcome.TAKEN
            reason = type(error).__name__
            uow.audit.append(self._fact(outcome, reason=reason, due_at=due_at.isoformat()))
            uow.commit()
        return outcome

    def _backoff(self) -> float:
        pace = self.pace
        return backoff(
            self.entry.attempts, self.entry.id, first=pace.first_wait, longest=pace.longest_wait
        )

    def _fact(self, outcome: Outcome, **data: str | float | bool | None) -> Fact:
        write = self.write
        return fact_by(
            service_actor("writer", write.tenant), self.clock.now(), f"write.{outcome.value}",
            about(write.application_id), write=self.entry.id, proposal=write.proposal.id,
            approval=write.approval.id, approved_by=write.approval.actor.id,
            content=write.approval.hash_seen, person=write.proposal.person_id,
            step=self.entry.step, attempt=self.entry.attempts,
            was_in_doubt=self.entry.state is OutboxState.SENDING, **data,
        )  # fmt: skip

    @property
    def _reread(self) -> JobRequest:
        """Ask for the record as it is now, so that screens and later proposals rest on it."""
        application = self.write.application_id
        return JobRequest(
            kind=JobKind.REFRESH_APPLICATION,
            tenant=self.write.tenant,
            dedupe_key=f"{JobKind.REFRESH_APPLICATION}:{application}",
            payload={"application": application},
            priority=Priority.FRESH,
        )

    @property
    def _trigger(self) -> Trigger:
        # Somebody decided this: not a backlog, though nobody looks on.
        return Trigger(
            reason=f"write {self.entry.id}",
            actor=self.write.approval.actor.id,
            background=Lane.EVENTS,
        )
