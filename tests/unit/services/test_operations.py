"""What the administrator is told of the work behind the screens, and what they may do about it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.domain.actor import Actor, Role, model_actor, service_actor
from core.domain.audit import Fact
from core.domain.budget import USED_UP, QuotaReading, Reserves
from core.domain.events import AtsEvent, EventKind, Sweep, SweepKind
from core.domain.ids import ApplicationId, JobId
from core.domain.jobs import JobKind, JobRequest, Priority
from core.domain.operations import (
    CallSpeed,
    Concern,
    DropReason,
    EventsIn,
    WriteTroubles,
    failures,
    work_by_kind,
)
from core.errors import NotAllowed, SessionEnded
from core.ports import AtsCall, QuotaState, Trigger
from core.services.operations import Operations
from core.services.wording import ACTIONS, call_words
from tests.desk import TENANT, Desk, open_desk
from tests.store_bench import NOON

POLL = timedelta(minutes=10)
QUIET = "iCIMS hides the application from us"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(tmp_path)
    yield opened
    opened.store.close()


@pytest.fixture
def operations(desk: Desk) -> Operations:
    return Operations(
        unit_of_work=desk.store.unit_of_work,
        clock=desk.clock,
        quota=lambda: desk.ats.budget,
        compared_every=POLL,
        events_set_up=True,
    )


@pytest.fixture
def viktor(desk: Desk) -> Actor:
    return desk.person("viktor", Role.ADMIN)


def facts(desk: Desk) -> list[Fact]:
    with desk.store.unit_of_work() as uow:
        return [event.fact for event in uow.audit.events()]


def queue(desk: Desk, number: int, **more: object) -> JobId:
    """Queue the scoring of an application."""
    request = JobRequest(
        kind=JobKind.SCREEN,
        tenant=TENANT,
        dedupe_key=f"screen:{number}",
        payload={"application": str(number), "by": "rosa"},
    )
    with desk.store.unit_of_work() as uow:
        # dataclasses.replace checks the names itself.
        id = uow.jobs.enqueue(replace(request, **more), desk.clock.now())  # type: ignore[arg-type]
        uow.commit()
    assert id is not None
    return id


def give_up(desk: Desk, number: int, error: str = QUIET) -> JobId:
    """Queue work and have it given up."""
    id = queue(desk, number)
    with desk.store.unit_of_work() as uow:
        job = uow.jobs.claim_one(id, desk.clock.now(), 60)
        assert job is not None
        uow.jobs.bury(job, desk.clock.now(), error)
        uow.commit()
    return id


def compare(desk: Desk, kind: SweepKind, at: datetime, listed: int, missed: int) -> None:
    with desk.store.unit_of_work() as uow:
        uow.sweeps.put(Sweep(kind=kind, at=at, listed=listed, missed=missed, gone=1))
        uow.commit()


# --- Who may -------------------------------------------------------------------------------------

COMMANDS: dict[str, Callable[[Operations, Actor, JobId], object]] = {
    "view": lambda operations, actor, _: operations.view(actor),
    "replay": lambda operations, actor, one: operations.replay(actor, [one]),
    "drop": lambda operations, actor, one: operations.drop(actor, [one], DropReason.NOT_NEEDED),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_other_roles_neither_see_nor_touch_the_work(
    desk: Desk, operations: Operations, command: str, role: Role
) -> None:
    id = give_up(desk, 1)
    with pytest.raises(NotAllowed):
        COMMANDS[command](operations, desk.person("somebody", role, icims="101"), id)
    assert not facts(desk)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "actor",
    [model_actor("built-in/1", TENANT), service_actor("worker", TENANT)],
    ids=["model", "worker"],
)
def test_no_model_and_no_service_touches_the_work(
    desk: Desk, operations: Operations, command: str, actor: Actor
) -> None:
    with pytest.raises(NotAllowed):
        COMMANDS[command](operations, actor, give_up(desk, 1))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_session_that_ended_sees_nothing(
    desk: Desk, operations: Operations, viktor: Actor, command: str
) -> None:
    id = give_up(desk, 1)
    desk.clock.forward(days=1)
    with pytest.raises(SessionEnded):
        COMMANDS[command](operations, viktor, id)


# --- What is shown -------------------------------------------------------------------------------


def test_a_house_in_which_nothing_happened_yet_has_no_concerns(
    operations: Operations, viktor: Actor
) -> None:
    view = operations.view(viktor)
    assert view.concerns == ()
    assert (view.events.last_at, view.comparisons.poll, view.depths) == (None, None, ())


def test_events_of_the_last_day_are_counted_by_kind(
    desk: Desk, operations: Operations, viktor: Actor
) -> None:
    moved = AtsEvent(kind=EventKind.STAGE_CHANGED, tenant=TENANT, application=ApplicationId("7001"))
    odd = AtsEvent(kind=EventKind.UNKNOWN, tenant=TENANT)
    with desk.store.unit_of_work() as uow:
        for number, (event, hours) in enumerate(((moved, 25), (moved, 23), (moved, 1), (odd, 2))):
            uow.events.add(event, b"{}", f"proof {number}", NOON - timedelta(hours=hours))
        uow.commit()
    events = operations.view(viktor).events
    assert events.counts == {EventKind.STAGE_CHANGED: 2, EventKind.UNKNOWN: 1}
    assert (events.unknown, events.last_at) == (1, NOON - timedelta(hours=1))


def test_what_polls_of_the_last_day_found_is_added_up(
    desk: Desk, operations: Operations, viktor: Actor
) -> None:
    for hours in (30, 23, 1):
        compare(desk, SweepKind.POLL, NOON - timedelta(hours=hours), 100, 7)
    compare(desk, SweepKind.SWEEP, NOON - timedelta(hours=34), 5000, 2)
    compare(desk, SweepKind.SWEEP, NOON - timedelta(hours=10), 5204, 3)
    found = operations.view(viktor).comparisons
    assert (found.listed, found.missed, found.every) == (200, 14, POLL)
    assert found.poll is not None
    assert found.poll.at == NOON - timedelta(hours=1)
    assert found.sweep is not None
    assert found.sweep.listed == 5204


def test_the_speed_of_icims_is_that_of_the_last_hour_in_words(
    desk: Desk, operations: Operations, viktor: Actor
) -> None:
    for minutes, latency in ((70, 9000.0), (50, 300.0), (5, 100.0)):
        desk.store.call_log.record(
            AtsCall(
                tenant=TENANT,
                at=NOON - timedelta(minutes=minutes),
                method="GET",
                path="/customers/4711/people/2101",
                fields=(),
                trigger=Trigger("a test", "service:worker"),
                status=200,
                transaction="",
                latency_ms=latency,
            )
        )
    (speed,) = operations.view(viktor).calls
    assert speed == CallSpeed(
        what="Reading people", count=2, failed=0, refused=0, p50_ms=100.0, p95_ms=300.0
    )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("POST search", "Searching"),
        ("POST oauth token", "Signing in to iCIMS"),
        ("PATCH applicantworkflows", "Writing approved changes"),
        ("POST applicantworkflows submittalstatuslog", "Adding approved entries"),
        ("GET something new", "Something new"),
    ],
)
def test_every_call_has_words(call: str, words: str) -> None:
    assert call_words(call) == words


def test_failures_alike_are_one_and_the_most_frequent_comes_first(
    desk: Desk, operations: Operations, viktor: Actor
) -> None:
    give_up(desk, 1, "the file is broken")
    first, second = give_up(desk, 2), give_up(desk, 3)
    found = operations.view(viktor).failures
    assert [(each.error, [job.id for job in each.jobs]) for each in found] == [
        (QUIET, [second, first]),
        ("the file is broken", ["1"]),
    ]
    assert len({each.key for each in found}) == 2


def test_no_name_title_or_text_is_shown(desk: Desk, operations: Operations, viktor: Actor) -> None:
    give_up(desk, 7001)
    queue(desk, 7002)
    shown = str(operations.view(viktor))
    assert not [word for word in ("Anna", "Berg", desk.requisition.title) if word in shown]


# --- The way out ---------------------------------------------------------------------------------


def test_trying_again_makes_work_due_and_is_recorded_for_each(
    desk: Desk, operations: Operations, viktor: Actor
) -> None:
    first, second = give_up(desk, 1), give_up(desk, 2)
    assert operations.replay(viktor, [first, second, first]) == 2
    view = operations.view(viktor)
    assert view.failures == ()
    assert [depth.due for depth in view.depths] == [2]
    recorded = facts(desk)
    assert [(f.action, f.subject, f.actor) for f in recorded] == [
        ("job.replayed", f"job:{first}", "viktor"),
        ("job.replayed", f"job:{second}", "viktor"),
    ]
    assert recorded[0].data == {"kind": "screen", "attempts": 1, "application": "1"}


def test_dropping_is_for_good_and_recorded_with_its_reason(
    desk: Desk, operations: Operations, viktor: Actor
) -> None:
    id = give_up(desk, 1)
    assert operations.drop(viktor, [id], DropReason.DONE_ELSEWHERE) == 1
    assert operations.view(viktor).failures == ()
    assert operations.view(viktor).depths == ()
    (fact,) = facts(desk)
    assert (fact.action, fact.data["reason"]) == ("job.dropped", "done_elsewhere")


def test_what_somebody_else_has_settled_is_neither_settled_nor_recorded_again(
    desk: Desk, operations: Operations, viktor: Actor
) -> None:
    id, waits = give_up(desk, 1), queue(desk, 2)
    assert operations.replay(viktor, [id]) == 1
    assert operations.replay(viktor, [id, waits, JobId("999"), JobId("no number")]) == 0
    assert operations.drop(viktor, [id], DropReason.NOT_NEEDED) == 0
    assert len(facts(desk)) == 1


def test_many_are_settled_and_recorded_one_by_one(
    desk: Desk, operations: Operations, viktor: Actor
) -> None:
    ids = [give_up(desk, number) for number in range(101)]
    assert operations.replay(viktor, ids) == 101
    assert len({fact.subject for fact in facts(desk)}) == 101


@pytest.mark.parametrize("action", ["job.replayed", "job.dropped"])
def test_the_log_has_words_for_it(action: str) -> None:
    assert ACTIONS[action]


# --- What is wrong -------------------------------------------------------------------------------


def take(desk: Desk) -> None:
    with desk.store.unit_of_work() as uow:
        assert uow.jobs.claim(desk.clock.now(), 3600) is not None
        uow.commit()


def seen(operations: Operations, viktor: Actor) -> tuple[Concern, ...]:
    return operations.view(viktor).concerns


def test_work_that_nobody_takes_up_is_a_concern_after_five_minutes(
    desk: Desk, operations: Operations, viktor: Actor
) -> None:
    queue(desk, 1)
    desk.clock.forward(minutes=5)
    assert seen(operations, viktor) == ()
    desk.clock.forward(seconds=1)
    assert seen(operations, viktor) == (Concern.IDLE,)


def test_a_long_backlog_that_is_worked_on_is_none_but_late_news_is(
    desk: Desk, operations: Operations, viktor: Actor
) -> None:
    queue(desk, 1)
    queue(desk, 2)
    take(desk)
    desk.clock.forward(minutes=16)
    assert seen(operations, viktor) == ()
    queue(desk, 3, priority=Priority.FRESH, due_at=NOON)
    assert seen(operations, viktor) == (Concern.BEHIND,)


def test_polls_that_stay_away_are_a_concern(
    desk: Desk, operations: Operations, viktor: Actor
) -> None:
    compare(desk, SweepKind.POLL, NOON - 2 * POLL, 3, 0)
    desk.clock.forward(minutes=10)
    assert seen(operations, viktor) == ()
    desk.clock.forward(seconds=1)
    assert seen(operations, viktor) == (Concern.NOT_COMPARED,)


def test_work_that_was_given_up_is_a_concern(
    desk: Desk, operations: Operations, viktor: Actor
) -> None:
    give_up(desk, 1)
    assert seen(operations, viktor) == (Concern.GIVEN_UP,)


def test_work_without_requests_is_a_concern(
    desk: Desk, operations: Operations, viktor: Actor
) -> None:
    desk.ats.budget = QuotaState(
        QuotaReading(10_000, 0, NOON + timedelta(hours=2)), Reserves(400, 200, 400)
    )
    queue(desk, 1)
    with desk.store.unit_of_work() as uow:
        job = uow.jobs.claim(NOON, 60)
        assert job is not None
        uow.jobs.retry(job, NOON + timedelta(hours=2), USED_UP, spared=True)
        uow.commit()
    view = operations.view(viktor)
    assert view.concerns == (Concern.USED_UP,)
    assert view.budget.used == 10_000


@pytest.mark.parametrize(
    ("listed", "missed", "concerns"),
    [
        (1230, 14, ()),
        (40, 4, ()),
        (100, 5, (Concern.LOST_EVENTS,)),
        (101, 5, ()),
    ],
)
def test_losing_one_event_in_twenty_is_a_concern(
    desk: Desk,
    operations: Operations,
    viktor: Actor,
    listed: int,
    missed: int,
    concerns: tuple[Concern, ...],
) -> None:
    compare(desk, SweepKind.POLL, NOON, listed, missed)
    assert seen(operations, viktor) == concerns


def test_nobody_misses_events_that_were_never_set_up(
    desk: Desk, operations: Operations, viktor: Actor
) -> None:
    compare(desk, SweepKind.POLL, NOON, 100, 100)
    assert seen(replace(operations, events_set_up=False), viktor) == ()


def speed(count: int, failed: int) -> CallSpeed:
    return CallSpeed(what="", count=count, failed=failed, refused=0, p50_ms=1.0, p95_ms=1.0)


@pytest.mark.parametrize(
    ("calls", "is_down"),
    [((speed(4, 4),), False), ((speed(20, 3), speed(5, 2)), True), ((speed(26, 5),), False)],
)
def test_one_request_in_five_without_an_answer_is_a_concern(
    operations: Operations, viktor: Actor, calls: tuple[CallSpeed, ...], is_down: bool
) -> None:
    view = replace(operations.view(viktor), calls=calls)
    assert (Concern.ICIMS_DOWN in view.concerns) is is_down


def test_writes_in_doubt_are_a_concern(operations: Operations, viktor: Actor) -> None:
    view = replace(operations.view(viktor), writes=WriteTroubles(in_doubt=1))
    assert view.concerns == (Concern.WRITES,)


def test_concerns_come_in_the_order_of_their_weight(
    desk: Desk, operations: Operations, viktor: Actor
) -> None:
    give_up(desk, 1)
    queue(desk, 2)
    desk.clock.forward(minutes=6)
    concerns = replace(operations.view(viktor), writes=WriteTroubles(refused=1)).concerns
    assert concerns == (Concern.IDLE, Concern.GIVEN_UP, Concern.WRITES)
    assert [concern.is_severe for concern in concerns] == [True, True, False]


# --- Sums ----------------------------------------------------------------------------------------


def test_one_kind_of_work_is_one_line_whatever_its_priorities(
    desk: Desk, operations: Operations, viktor: Actor
) -> None:
    queue(desk, 1)
    queue(desk, 2, priority=Priority.FRESH)
    queue(desk, 3, priority=Priority.FRESH, due_at=NOON + timedelta(hours=1))
    queue(desk, 4, kind=JobKind.SWEEP)
    scoring, sweep = work_by_kind(operations.view(viktor).depths)
    assert (scoring.kind, scoring.due, scoring.put_off, scoring.left) == (JobKind.SCREEN, 2, 1, 2)
    assert (scoring.oldest_due_at, scoring.next_at) == (NOON, NOON + timedelta(hours=1))
    assert sweep.kind is JobKind.SWEEP


def test_sums_of_nothing_are_nothing() -> None:
    assert failures(()) == ()
    assert work_by_kind(()) == ()
    assert EventsIn(set_up=True, counts={}, last_at=None).unknown == 0
