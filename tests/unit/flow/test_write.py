"""An approved write reaches the ATS exactly once, whatever breaks on the way."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from core.domain.approval import OutboxEntry, OutboxState
from core.domain.audit import about, verify_chain
from core.domain.ids import ApplicationId, AssessmentId, ProposalId, StopId, UserId
from core.domain.jobs import JobKind
from core.domain.policy import Capability, Stop, StopScope
from core.domain.proposal import AddAssessmentResult, Change, Proposal, SetStage
from core.domain.records import Application, FieldValue, ListNode, Presence
from core.errors import (
    AtsDenied,
    AtsUnavailable,
    CopilotError,
    NotFound,
    QuotaExhausted,
)
from core.flow.approve import approve, undo
from core.flow.write import Outcome, Pace, write_next
from core.store import Store
from tests.store_bench import (
    CHANGES,
    NOON,
    CountedIds,
    HandClock,
    application,
    open_for,
    proposal,
    recruiter,
    requisition,
)
from tests.twins.ats import Fate, MemoryAts

ANNAS = ApplicationId("7001")
ENTRY = AddAssessmentResult("Recruiter copilot", NOON.date(), 87, "good", "notes")
STAGE = SetStage(ListNode("C1", "New"), ListNode("C2", "Interview"))
PACE = Pace()


@pytest.fixture
def ats(store: Store, clock: HandClock) -> MemoryAts:
    record = application(store.tenant)
    return MemoryAts(clock, applications={record.id: record})


def approved(
    store: Store,
    ats: MemoryAts,
    *changes: Change,
    undo_seconds: float = 0,
    scored: bool = False,
    reverses: ProposalId | None = None,
) -> Proposal:
    """Propose and approve ``changes`` to the record as it is in the ATS."""
    record = ats.applications[ANNAS]
    now = store.clock.now()
    plan = replace(
        proposal(record, *(changes or CHANGES), at=now),
        assessment_id=AssessmentId("a-1") if scored else None,
        reverses=reverses,
    )
    made = approve(
        plan,
        recruiter(store.tenant, now),
        plan.hash,
        record,
        now=now,
        undo_window=timedelta(seconds=undo_seconds),
        ids=CountedIds(),
    )
    with store.unit_of_work() as uow:
        uow.proposals.put(plan)
        uow.proposals.approve(made.approval)
        for entry in made.entries:
            uow.outbox.add(entry)
        uow.commit()
    return plan


def entries(store: Store, plan: Proposal) -> list[OutboxEntry]:
    with store.unit_of_work() as uow:
        return list(uow.outbox.of(plan.id))


def states(store: Store, plan: Proposal) -> list[OutboxState]:
    return [entry.state for entry in entries(store, plan)]


def actions(store: Store) -> list[str]:
    with store.unit_of_work() as uow:
        verify_chain(uow.audit.events())
        return [event.fact.action for event in uow.audit.of_subject(about(ANNAS))]


def write(store: Store, ats: MemoryAts) -> Outcome | None:
    return write_next(store.unit_of_work, ats, store.clock)


def field(ats: MemoryAts, name: str) -> object:
    return ats.applications[ANNAS].fields[name].value


def test_nothing_due_is_nothing_done(store: Store, ats: MemoryAts) -> None:
    approved(store, ats, undo_seconds=30)
    assert write(store, ats) is None
    assert not ats.calls


def test_an_approved_write_is_sent_and_receipt_state_and_fact_are_kept_together(
    store: Store, ats: MemoryAts
) -> None:
    plan = approved(store, ats)
    assert write(store, ats) is Outcome.WRITTEN
    assert field(ats, "ai_match_score") == 87
    assert states(store, plan) == [OutboxState.DONE]
    assert actions(store) == ["write.done"]
    with store.unit_of_work() as uow:
        receipt = uow.outbox.receipt(entries(store, plan)[0].id)
        assert receipt is not None
        assert not receipt.found
        again = uow.jobs.claim(NOON, 60, [JobKind.REFRESH_APPLICATION.value])
        assert again is not None
        assert again.payload == {"application": ANNAS}
    assert write(store, ats) is None


def test_all_steps_of_a_proposal_go_out_though_each_changes_the_record(
    store: Store, ats: MemoryAts
) -> None:
    plan = approved(store, ats, *CHANGES, ENTRY, STAGE)
    outcomes = [write(store, ats) for _ in range(3)]
    assert outcomes == [Outcome.WRITTEN] * 3
    assert states(store, plan) == [OutboxState.DONE] * 3
    assert ats.applications[ANNAS].stage == STAGE.new
    assert len(ats.applications[ANNAS].assessment_results) == 1


SOMEBODY: list[Callable[[MemoryAts], None]] = [
    lambda ats: ats.edit(ANNAS, stage=ListNode("C9", "Withdrawn")),
    lambda ats: edit_field(ats, "ai_match_score", 3),
    lambda ats: edit_field(ats, "private_note", "Somebody wrote here."),
    lambda ats: edit_field(ats, "tags", ("Do_Not_Call",)),
]


def edit_field(ats: MemoryAts, name: str, value: object) -> None:
    there: Application = ats.applications[ANNAS]
    present = FieldValue(Presence.PRESENT, value)  # type: ignore[arg-type]  # as given above
    ats.edit(ANNAS, fields={**there.fields, name: present})


@pytest.mark.parametrize("somebody", SOMEBODY)
def test_a_record_that_moved_since_the_approval_is_not_written(
    store: Store, ats: MemoryAts, somebody: Callable[[MemoryAts], None]
) -> None:
    plan = approved(store, ats, *CHANGES, ENTRY)
    somebody(ats)
    assert write(store, ats) is Outcome.STALE
    assert states(store, plan) == [OutboxState.STALE, OutboxState.CANCELLED]
    assert actions(store) == ["write.stale"]
    assert not ats.applied


@pytest.mark.parametrize("somebody", SOMEBODY)
def test_a_record_that_moved_between_two_steps_stops_the_second(
    store: Store, ats: MemoryAts, somebody: Callable[[MemoryAts], None]
) -> None:
    plan = approved(store, ats, *CHANGES, ENTRY)
    assert write(store, ats) is Outcome.WRITTEN
    somebody(ats)
    assert write(store, ats) is Outcome.STALE
    assert states(store, plan) == [OutboxState.DONE, OutboxState.STALE]
    assert len(ats.applied) == 1


def test_a_broken_connection_is_read_back_after_the_settling_time_and_not_repeated(
    store: Store, ats: MemoryAts, clock: HandClock
) -> None:
    plan = approved(store, ats)
    ats.fates.append(Fate.APPLIED_UNANSWERED)
    assert write(store, ats) is Outcome.IN_DOUBT
    assert states(store, plan) == [OutboxState.SENDING]
    assert write(store, ats) is None
    clock.forward(seconds=PACE.settle)
    assert write(store, ats) is Outcome.FOUND
    assert states(store, plan) == [OutboxState.DONE]
    assert len(ats.applied) == 1
    assert actions(store) == ["write.in_doubt", "write.found"]


def test_a_write_in_doubt_that_did_not_arrive_is_sent_again(
    store: Store, ats: MemoryAts, clock: HandClock
) -> None:
    approved(store, ats)
    ats.fates.append(Fate.LOST)
    assert write(store, ats) is Outcome.IN_DOUBT
    clock.forward(seconds=PACE.settle)
    assert write(store, ats) is Outcome.WRITTEN
    assert len(ats.applied) == 1


def test_a_write_in_doubt_that_did_not_arrive_is_not_sent_over_somebodys_edit(
    store: Store, ats: MemoryAts, clock: HandClock
) -> None:
    plan = approved(store, ats)
    ats.fates.append(Fate.LOST)
    write(store, ats)
    edit_field(ats, "ai_match_score", 3)
    clock.forward(seconds=PACE.settle)
    assert write(store, ats) is Outcome.STALE
    assert states(store, plan) == [OutboxState.STALE]
    assert field(ats, "ai_match_score") == 3


class WorkerDied(BaseException):
    """The process ends here: nothing after it runs."""


class DyingAts(MemoryAts):
    """Takes the worker with it just before or just after a write is applied."""

    applied_first = False

    def apply(self, trigger: object, write: object) -> object:  # type: ignore[override]
        if self.applied_first:
            super().apply(trigger, write)  # type: ignore[arg-type]
        raise WorkerDied


@pytest.mark.parametrize(("applied", "outcome"), [(True, "found"), (False, "done")])
def test_what_a_dead_worker_was_sending_is_read_back_before_anything_else(
    store: Store, ats: MemoryAts, clock: HandClock, applied: bool, outcome: str
) -> None:
    approved(store, ats)
    dying = DyingAts(clock, applications=ats.applications)
    dying.applied_first = applied
    with pytest.raises(WorkerDied):
        write(store, dying)
    assert write(store, ats) is None
    clock.forward(seconds=PACE.lease)
    assert write(store, ats) == outcome
    assert len(ats.applied) + len(dying.applied) == 1
    assert next(name for name, _ in ats.calls) == "find"


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (AtsUnavailable("away"), PACE.first_wait),
        (AtsDenied("the token was refused"), PACE.first_wait),
        (QuotaExhausted("used up", resets_in=7_200), 7_200),
    ],
)
def test_what_may_pass_is_tried_again_later(
    store: Store, ats: MemoryAts, clock: HandClock, error: CopilotError, wait: float
) -> None:
    plan = approved(store, ats)
    ats.read_errors.append(error)
    assert write(store, ats) is Outcome.DELAYED
    assert states(store, plan) == [OutboxState.WAITING]
    clock.forward(seconds=wait * 0.7)
    assert write(store, ats) is None
    clock.forward(seconds=wait)
    assert write(store, ats) is Outcome.WRITTEN
    assert actions(store) == ["write.delayed", "write.done"]


@pytest.mark.parametrize("fate", [Fate.UNAVAILABLE, Fate.NO_QUOTA])
def test_what_surely_was_not_sent_waits_and_is_not_in_doubt(
    store: Store, ats: MemoryAts, fate: Fate
) -> None:
    plan = approved(store, ats)
    ats.fates.append(fate)
    assert write(store, ats) is Outcome.DELAYED
    assert states(store, plan) == [OutboxState.WAITING]


def test_a_write_stays_in_doubt_while_it_cannot_be_read_back(
    store: Store, ats: MemoryAts, clock: HandClock
) -> None:
    plan = approved(store, ats)
    ats.fates.append(Fate.APPLIED_UNANSWERED)
    write(store, ats)
    for _ in range(3):
        ats.read_errors.append(AtsUnavailable("away"))
        clock.forward(hours=1)
        assert write(store, ats) is Outcome.DELAYED
        assert states(store, plan) == [OutboxState.SENDING]
    clock.forward(hours=1)
    assert write(store, ats) is Outcome.FOUND
    assert len(ats.applied) == 1


def test_a_refused_write_fails_for_good_with_what_icims_asked_for(
    store: Store, ats: MemoryAts
) -> None:
    plan = approved(store, ats, *CHANGES, ENTRY)
    ats.fates.append(Fate.REJECTED)
    assert write(store, ats) is Outcome.FAILED
    assert states(store, plan) == [OutboxState.FAILED, OutboxState.CANCELLED]
    assert entries(store, plan)[0].last_error == "the ATS refused the write"
    with store.unit_of_work() as uow:
        (event,) = uow.audit.of_subject(about(ANNAS))
    assert (event.fact.action, event.fact.data["fields"]) == ("write.failed", "cost centre")
    assert event.fact.data["dropped"] == 1
    assert write(store, ats) is None


def test_a_record_that_is_gone_fails(store: Store, ats: MemoryAts) -> None:
    approved(store, ats)
    ats.read_errors.append(NotFound("application 7001 does not exist"))
    assert write(store, ats) is Outcome.FAILED


def test_a_write_that_never_succeeds_is_given_up(
    store: Store, ats: MemoryAts, clock: HandClock
) -> None:
    plan = approved(store, ats)
    ats.fates.extend([Fate.UNAVAILABLE] * 5)
    few = replace(PACE, attempts=3)
    outcomes = []
    for _ in range(4):
        outcomes.append(write_next(store.unit_of_work, ats, clock, few))
        clock.forward(hours=1)
    assert outcomes == [Outcome.DELAYED] * 3 + [Outcome.FAILED]
    assert "given up" in entries(store, plan)[0].last_error


def test_what_was_taken_back_between_claim_and_sending_is_not_sent(
    store: Store, ats: MemoryAts
) -> None:
    plan = approved(store, ats)

    class TakingBack(MemoryAts):
        def application(self, *args: object, **more: object) -> Application:
            with store.unit_of_work() as uow:
                for entry in uow.outbox.of(plan.id):
                    uow.outbox.move(
                        entry.id, expect=entry.state, to=OutboxState.CANCELLED, now=NOON
                    )
                uow.commit()
            return super().application(*args, **more)  # type: ignore[arg-type]

    racing = TakingBack(ats.clock, applications=ats.applications)
    assert write(store, racing) is Outcome.TAKEN
    assert not racing.applied
    assert states(store, plan) == [OutboxState.CANCELLED]


def test_an_undone_approval_is_never_written(
    store: Store, ats: MemoryAts, clock: HandClock
) -> None:
    plan = approved(store, ats, undo_seconds=30)
    with store.unit_of_work() as uow:
        yes = uow.proposals.approval(plan.id)
        assert yes is not None
        rosa = recruiter(store.tenant)
        for id in undo(plan, yes, uow.outbox.of(plan.id), rosa, now=NOON).cancel:
            waiting = OutboxState.WAITING
            assert uow.outbox.move(id, expect=waiting, to=OutboxState.CANCELLED, now=NOON)
        uow.commit()
    clock.forward(hours=1)
    assert write(store, ats) is None
    assert not ats.applied


def test_an_attempt_that_took_too_long_does_not_send(store: Store, ats: MemoryAts) -> None:
    approved(store, ats)

    class Slow(MemoryAts):
        def application(self, *args: object, **more: object) -> Application:
            clock = store.clock
            assert isinstance(clock, HandClock)
            clock.forward(seconds=PACE.lease)
            return super().application(*args, **more)  # type: ignore[arg-type]

    slow = Slow(ats.clock, applications=ats.applications)
    assert write(store, slow) is Outcome.DELAYED
    assert not slow.applied


@pytest.mark.parametrize(
    "forgery",
    [
        """UPDATE approval SET document = replace(document, '"hash_seen":"', '"hash_seen":"0')""",
        """UPDATE approval SET document = replace(document, '"person"', '"model"')""",
        "UPDATE approval SET document = '{}'",
        "UPDATE outbox SET approval_id = 'another'",
        "UPDATE proposal SET sealed = substr(sealed, 1, length(sealed) - 1)",
        "DELETE FROM approval",
        "DELETE FROM vault_key",
    ],
)
def test_a_row_whose_approval_does_not_hold_is_not_written(
    store: Store, ats: MemoryAts, forgery: str
) -> None:
    plan = approved(store, ats, *CHANGES, ENTRY)
    with store.engine.begin() as connection:
        connection.execute(text(forgery))
    assert write(store, ats) is Outcome.FAILED
    assert not ats.applied
    assert states(store, plan) == [OutboxState.FAILED, OutboxState.CANCELLED]
    with store.unit_of_work() as uow:
        assert [e.fact.action for e in uow.audit.events()] == ["write.failed"]


# --- Writing stopped by an administrator ---------------------------------------------------------


def stop(
    store: Store,
    capability: Capability = Capability.WRITING,
    scope: StopScope = StopScope.EVERYWHERE,
    where: str = "",
) -> Stop:
    made = Stop(
        id=StopId("stop-1"),
        capability=capability,
        scope=scope,
        where=where,
        reason="Legal is looking at the notes",
        by=UserId("viktor"),
        at=NOON,
    )
    put_stop(store, made)
    return made


def lift(store: Store, made: Stop) -> None:
    put_stop(store, replace(made, lifted_by=UserId("viktor"), lifted_at=NOON))


def put_stop(store: Store, made: Stop) -> None:
    with store.unit_of_work() as uow:
        uow.policies.put_stop(made)
        uow.commit()


def test_a_stopped_write_waits_with_the_reason_and_goes_out_once_after_lifting(
    store: Store, ats: MemoryAts, clock: HandClock
) -> None:
    plan = approved(store, ats, *CHANGES, ENTRY)
    made = stop(store)
    assert write(store, ats) is Outcome.HELD
    assert not ats.calls
    (first, second) = entries(store, plan)
    assert (first.state, second.state) == (OutboxState.WAITING, OutboxState.WAITING)
    assert "10 March 2026: Legal is looking at the notes" in first.last_error
    assert write(store, ats) is None
    lift(store, made)
    clock.forward(seconds=PACE.held)
    assert [write(store, ats), write(store, ats)] == [Outcome.WRITTEN] * 2
    assert actions(store) == ["write.held", "write.done", "write.done"]


def test_a_long_stop_neither_uses_up_the_attempts_nor_fills_the_log(
    store: Store, ats: MemoryAts, clock: HandClock
) -> None:
    plan = approved(store, ats)
    made = stop(store)
    for _ in range(PACE.attempts + 5):
        assert write(store, ats) is Outcome.HELD
        clock.forward(seconds=PACE.held)
    assert entries(store, plan)[0].attempts == 0
    assert actions(store) == ["write.held"]
    lift(store, made)
    assert write(store, ats) is Outcome.WRITTEN


def test_writing_stopped_during_the_last_look_is_not_sent(store: Store, ats: MemoryAts) -> None:
    plan = approved(store, ats)

    class StoppedMeanwhile(MemoryAts):
        def application(self, *args: object, **more: object) -> Application:
            stop(store)
            return super().application(*args, **more)  # type: ignore[arg-type]

    racing = StoppedMeanwhile(ats.clock, applications=ats.applications)
    assert write(store, racing) is Outcome.HELD
    assert not racing.applied
    assert states(store, plan) == [OutboxState.WAITING]


@pytest.mark.parametrize(
    ("fate", "outcome", "state"),
    [
        (Fate.APPLIED_UNANSWERED, Outcome.FOUND, OutboxState.DONE),
        (Fate.LOST, Outcome.HELD, OutboxState.WAITING),
    ],
)
def test_a_write_in_doubt_is_still_looked_up_while_writing_is_stopped(
    store: Store, ats: MemoryAts, clock: HandClock, fate: Fate, outcome: Outcome, state: OutboxState
) -> None:
    plan = approved(store, ats)
    ats.fates.append(fate)
    assert write(store, ats) is Outcome.IN_DOUBT
    stop(store)
    clock.forward(seconds=PACE.settle)
    sent = len(ats.applied)
    assert write(store, ats) is outcome
    assert states(store, plan) == [state]
    assert len(ats.applied) == sent


@pytest.mark.parametrize(
    ("capability", "scope", "where", "outcome"),
    [
        (Capability.WRITING, StopScope.REQUISITION, "101", Outcome.HELD),
        (Capability.WRITING, StopScope.REQUISITION, "999", Outcome.WRITTEN),
        (Capability.WRITING, StopScope.JURISDICTION, "US / IL", Outcome.WRITTEN),
        (Capability.SCREENING, StopScope.EVERYWHERE, "", Outcome.WRITTEN),
    ],
)
def test_what_brings_no_score_is_held_only_by_a_stop_of_writing_that_reaches_the_job(
    store: Store,
    ats: MemoryAts,
    capability: Capability,
    scope: StopScope,
    where: str,
    outcome: Outcome,
) -> None:
    with store.unit_of_work() as uow:
        uow.requisitions.put(requisition(store.tenant), NOON)
        uow.commit()
    approved(store, ats)
    stop(store, capability, scope, where)
    assert write(store, ats) is outcome


@pytest.mark.parametrize("capability", list(Capability))
def test_a_score_waits_while_writing_or_scoring_is_stopped_and_goes_out_after_lifting(
    store: Store, ats: MemoryAts, clock: HandClock, capability: Capability
) -> None:
    plan = approved(store, ats, *CHANGES, ENTRY, scored=True)
    made = stop(store, capability)
    assert write(store, ats) is Outcome.HELD
    assert states(store, plan) == [OutboxState.WAITING] * 2
    said = "Writing to iCIMS" if capability is Capability.WRITING else "Scoring"
    why = f"{said} is switched off since 10 March 2026: Legal is looking at the notes"
    assert entries(store, plan)[0].last_error == why
    lift(store, made)
    clock.forward(seconds=PACE.held)
    assert [write(store, ats), write(store, ats)] == [Outcome.WRITTEN] * 2


def test_scoring_stopped_during_the_last_look_keeps_a_score_back(
    store: Store, ats: MemoryAts
) -> None:
    approved(store, ats, scored=True)

    class StoppedMeanwhile(MemoryAts):
        def application(self, *args: object, **more: object) -> Application:
            stop(store, Capability.SCREENING)
            return super().application(*args, **more)  # type: ignore[arg-type]

    racing = StoppedMeanwhile(ats.clock, applications=ats.applications)
    assert write(store, racing) is Outcome.HELD
    assert not racing.applied


def test_what_takes_a_score_back_goes_out_while_scoring_is_stopped(
    store: Store, ats: MemoryAts
) -> None:
    approved(store, ats, scored=True, reverses=ProposalId("earlier"))
    stop(store, Capability.SCREENING)
    assert write(store, ats) is Outcome.WRITTEN


def test_a_write_whose_job_nobody_knows_is_held_by_any_stop_of_writing(
    store: Store, ats: MemoryAts
) -> None:
    approved(store, ats)
    stop(store, scope=StopScope.REQUISITION, where="999")
    assert write(store, ats) is Outcome.HELD


@given(st.lists(st.sampled_from([*Fate] * 2 + [Fate.APPLIED] * 4), max_size=12))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_the_fates_each_write_is_applied_at_most_once_and_says_how_it_ended(
    store: Store, fates: list[Fate]
) -> None:
    clock = HandClock()
    mine = open_for(str(store.engine.url), clock)
    record = application(mine.tenant)
    ats = MemoryAts(clock, applications={record.id: record})
    plan = approved(mine, ats, *CHANGES, ENTRY, STAGE)
    ats.fates.extend(fates)
    while {OutboxState.WAITING, OutboxState.SENDING} & set(states(mine, plan)):
        write_next(mine.unit_of_work, ats, clock)
        clock.forward(hours=1)
    ended = states(mine, plan)
    sent = [made.changes for made in ats.applied]
    assert len(sent) == len(set(sent)) == ended.count(OutboxState.DONE)
    if Fate.REJECTED not in fates:
        assert ended == [OutboxState.DONE] * 3
    assert actions(mine)
    mine.close()
