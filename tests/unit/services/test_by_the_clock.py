"""Regular work is queued once however many processes ask; what is old goes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.domain.jobs import Job, JobKind
from core.services.housekeeping import Housekeeping
from core.services.timetable import Timetable, last_quiet
from tests.ingest_bench import TENANT, Ingested, open_ingested


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Ingested]:
    opened = open_ingested(tmp_path)
    yield opened
    opened.store.close()


def table(world: Ingested) -> Timetable:
    return Timetable(
        unit_of_work=world.store.unit_of_work,
        clock=world.clock,
        tenant=TENANT,
        poll_every=timedelta(minutes=10),
        quiet_hour=2,
    )


def due(world: Ingested) -> list[Job]:
    """Take every job that is due, and finish it."""
    jobs = []
    with world.store.unit_of_work() as uow:
        while job := uow.jobs.claim(world.clock.now(), 60):
            uow.jobs.complete(job, world.clock.now())
            jobs.append(job)
        uow.commit()
    return jobs


def test_what_changed_is_asked_for_at_the_start_and_every_ten_minutes(world: Ingested) -> None:
    polls = []
    for _ in range(41):
        table(world).queue()
        polls += due(world)
        world.clock.forward(seconds=30)
    assert [job.kind for job in polls] == [JobKind.RECONCILE] * 3


def test_two_who_ask_at_once_queue_it_once(world: Ingested) -> None:
    table(world).queue()
    first = due(world)
    table(world).queue()
    assert (len(first), due(world)) == (1, [])


def test_the_nightly_work_waits_for_the_first_night_and_is_made_up_for_when_missed(
    world: Ingested,
) -> None:
    seen: list[tuple[str, datetime]] = []
    for forward in (timedelta(), timedelta(hours=13), timedelta(hours=2), timedelta(days=2)):
        world.clock.at += forward
        table(world).queue()
        seen += [(job.kind, world.clock.at) for job in due(world) if job.kind == JobKind.SWEEP]
    # Noon, one at night, three at night, three at night two days later.
    nights = [datetime(2026, 3, day, 3, 0, tzinfo=UTC) for day in (11, 13)]
    assert seen == [(JobKind.SWEEP, at) for at in nights]


def test_a_sweep_is_named_by_when_it_was_queued(world: Ingested) -> None:
    table(world).queue()
    world.clock.forward(days=1)
    table(world).queue()
    (job,) = (job for job in due(world) if job.kind == JobKind.SWEEP)
    assert datetime.fromisoformat(job.payload["at"]) == world.clock.now()


@pytest.mark.parametrize(("hour", "expected"), [(2, 10), (12, 10), (13, 9)])
def test_the_last_quiet_hour_is_today_or_yesterday(hour: int, expected: int) -> None:
    noon = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
    assert last_quiet(noon, hour) == noon.replace(day=expected, hour=hour)


def test_housekeeping_deletes_what_is_old_and_records_how_much(world: Ingested) -> None:
    keeper = Housekeeping(
        unit_of_work=world.store.unit_of_work,
        clock=world.clock,
        tenant=TENANT,
        events_kept=timedelta(days=14),
        runs_kept=timedelta(days=90),
    )
    id = world.applied(1)
    world.told(id)
    world.work()
    world.clock.forward(days=10)
    world.told(id)
    world.clock.forward(days=10)
    keeper.tidy()
    world.clock.forward(days=30)
    keeper.tidy()
    with world.store.unit_of_work() as uow:
        facts = [e.fact for e in uow.audit.events() if e.fact.action == "housekeeping.done"]
    assert [fact.data["events"] for fact in facts] == [1, 1]
    assert [fact.data["jobs"] for fact in facts] == [0, 2]
    assert facts[0].actor == "service:housekeeping"
