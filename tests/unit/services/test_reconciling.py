"""Lost, late, doubled and hidden: in the end what we have equals what iCIMS has."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.events import EventKind, Sweep, SweepKind
from core.domain.ids import ApplicationId, PersonId, RequisitionId
from core.domain.jobs import JobKind
from core.domain.records import FileRef
from core.errors import AtsUnavailable, WorkStopped
from core.ports import Trigger
from core.services.keeping import applications_cursor
from core.services.progress import hidden_problem
from core.services.sync import data_as_of
from tests.ingest_bench import JOB, NEW, POLL, REVIEWED, TENANT, Ingested, open_ingested
from tests.store_bench import criteria


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Ingested]:
    opened = open_ingested(tmp_path)
    yield opened
    opened.store.close()


@pytest.fixture
def known(world: Ingested) -> Ingested:
    """A world whose job and first application were read a while ago."""
    world.applied(1)
    world.poll()
    world.clock.forward(minutes=30)
    world.poll()
    world.ats.calls.clear()
    return world


FIRST = ApplicationId("7001")


def newest(world: Ingested) -> Sweep:
    with world.store.unit_of_work() as uow:
        return uow.sweeps.recent(1)[0]


# --- Comparing what changed ---------------------------------------------------------------------


def test_the_first_comparison_reads_every_open_job_and_pulls_its_applications_once(
    world: Ingested,
) -> None:
    id = world.applied(1)
    world.poll()
    assert world.cached(id) is not None
    world.clock.forward(minutes=10)
    world.poll()
    with world.store.unit_of_work() as uow:
        assert uow.requisitions.cursor(applications_cursor(JOB)) is not None
    assert world.reads("requisition") == [JOB, JOB]


def test_an_application_that_no_event_told_of_is_read_after_one_comparison(known: Ingested) -> None:
    id = known.applied(2)
    known.clock.forward(minutes=5)
    known.poll()
    assert known.cached(id) is not None
    assert (newest(known).kind, newest(known).listed, newest(known).missed) == ("poll", 1, 1)


def test_what_an_event_told_of_is_not_counted_as_missed(known: Ingested) -> None:
    id = known.applied(2)
    known.told(id, EventKind.APPLICATION_COMPLETED)
    known.clock.forward(minutes=5)
    known.reconciliation.poll(POLL)
    assert (newest(known).listed, newest(known).missed) == (1, 0)
    assert [job.payload["event"] for job in known.work()] == ["application_completed"]


def test_a_record_that_nobody_changed_is_read_at_most_once_more(known: Ingested) -> None:
    id = known.applied(2)
    known.told(id)
    known.work()
    for _ in range(20):
        known.clock.forward(minutes=2)
        known.poll()
    assert known.reads().count(id) == 2


def test_a_comparison_costs_three_searches_when_nothing_changed(known: Ingested) -> None:
    known.sync.person(PersonId("2001"), POLL)
    known.ats.calls.clear()
    known.clock.forward(minutes=10)
    known.poll()
    assert sorted(name for name, _ in known.ats.calls) == [
        "changed_application_ids", "person_ids", "requisition_ids",
    ]  # fmt: skip


def test_a_comparison_that_fails_is_made_again_in_full(known: Ingested) -> None:
    id = known.applied(2)
    known.clock.forward(minutes=10)
    known.ats.read_errors.append(AtsUnavailable("away"))
    with pytest.raises(AtsUnavailable):
        known.poll()
    known.clock.forward(minutes=60)
    known.poll()
    assert known.cached(id) is not None


def test_the_data_is_as_old_as_the_last_comparison(known: Ingested) -> None:
    known.clock.forward(minutes=10)
    known.poll()
    with known.store.unit_of_work() as uow:
        assert data_as_of(uow, JOB) == known.clock.now()
        assert data_as_of(uow, RequisitionId("999")) is None


def test_a_job_that_was_opened_is_pulled(known: Ingested) -> None:
    id = known.applied(9, "102")
    known.clock.forward(hours=2)
    known.posted("102")
    known.poll()
    assert known.cached(id) is not None


def test_a_person_who_changed_is_read_again_and_strangers_are_not(known: Ingested) -> None:
    with known.store.unit_of_work() as uow:
        uow.applications.put_candidate(known.ats.people[PersonId("2001")], known.clock.now())
        uow.commit()
    known.clock.forward(minutes=30)
    known.poll()
    for person in known.ats.people.values():
        known.ats.people[person.id] = replace(
            person, first_name="Ann", updated_at=known.clock.now()
        )
    known.ats.people[PersonId("2999")] = replace(person, id=PersonId("2999"))
    known.clock.forward(minutes=10)
    known.poll()
    assert known.reads("candidate") == ["2001"]
    cached = known.cached(FIRST)
    assert cached is not None
    assert cached.candidate is not None
    assert cached.candidate.first_name == "Ann"


def test_a_duplicate_merged_since_takes_its_applications_to_the_person_that_was_kept(
    known: Ingested,
) -> None:
    people, old, kept = known.ats.people, PersonId("2001"), PersonId("2777")
    with known.store.unit_of_work() as uow:
        uow.applications.put_candidate(people[old], known.clock.now())
        uow.commit()
    known.clock.forward(minutes=30)
    resume = FileRef("cv.pdf", "people/2777/fields/resume/binary")
    people[kept] = replace(people[old], id=kept, resume=resume, updated_at=known.clock.now())
    people[old] = replace(people[old], merged_into=kept, updated_at=known.clock.now())
    known.clock.forward(minutes=10)
    known.poll()
    cached = known.cached(FIRST)
    assert cached is not None
    assert cached.application.person_id == kept
    assert cached.resume is None


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["apply", "edit", "told", "work", "poll", "post", "edit person"]),
        st.integers(1, 3),
        st.sampled_from([0, 7, 31, 64, 200, 640, 1500]),
    ),
    max_size=25,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_in_the_end_every_copy_equals_its_record(steps: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = open_ingested(Path(folder))
        world.poll()
        for step, number, seconds in steps:
            _take(world, step, number)
            world.clock.forward(seconds=seconds)
        for _ in range(3):
            world.poll()
            world.clock.forward(minutes=10)
        for record in world.ats.applications.values():
            cached = world.cached(record.id)
            assert cached is not None
            assert (cached.application.stage, cached.application.source) == (
                record.stage,
                record.source,
            )
        with world.store.unit_of_work() as uow:
            ours = {job.id: job.updated_at for job in uow.requisitions.all()}
        assert ours == {job.id: job.updated_at for job in world.ats.requisitions.values()}
        world.store.close()


def _take(world: Ingested, step: str, number: int) -> None:
    id = ApplicationId(f"{7000 + number}")
    if step == "post":
        world.posted(f"{100 + number}")
    elif step == "apply" and id not in world.ats.applications:
        world.applied(number, "101" if number == 1 else "102")
        world.ats.requisitions.setdefault(RequisitionId("102"), world.posted("102"))
    elif step in ("edit", "told") and id in world.ats.applications:
        moved = REVIEWED if world.ats.applications[id].stage == NEW else NEW
        world.ats.edit(id, stage=moved, source=f"{world.clock.now()}")
        if step == "told":
            world.told(id)
    elif step == "work":
        world.work()
    elif step == "poll":
        world.poll()


# --- Reading one record ---------------------------------------------------------------------------


def test_an_application_of_a_job_that_we_do_not_know_reads_the_job_first(world: Ingested) -> None:
    id = world.applied(1)
    world.told(id)
    world.work(JobKind.REFRESH_APPLICATION)
    assert [name for name, _ in world.ats.calls] == ["application", "requisition"]
    with world.store.unit_of_work() as uow:
        assert uow.requisitions.get(JOB) is not None
    assert world.pending("sync_applications:") == 1


def test_an_application_that_was_never_readable_is_asked_for_tomorrow(known: Ingested) -> None:
    id = known.applied(2)
    known.ats.withheld = {id}
    known.told(id)
    known.work()
    assert known.cached(id) is None
    known.clock.forward(hours=23)
    assert not known.work()
    known.ats.withheld = set()
    known.clock.forward(hours=2)
    known.work()
    assert known.cached(id) is not None


def test_one_that_a_pull_lists_and_icims_hides_is_told_of(known: Ingested) -> None:
    id = known.applied(2)
    known.ats.withheld = {id}
    known.clock.forward(minutes=30)
    known.sync.applications(JOB, POLL)
    with known.store.unit_of_work() as uow:
        assert "1 application that it does not let us read" in hidden_problem(uow, JOB)


def test_a_person_and_a_job_are_enough_to_find_the_application(known: Ingested) -> None:
    id = known.applied(2)
    known.sync.find(PersonId("2002"), JOB, POLL)
    assert known.cached(id) is not None
    known.sync.find(PersonId("9999"), JOB, POLL)


def test_a_pull_that_is_stopped_has_kept_what_it_read_and_goes_on_from_there(
    world: Ingested,
) -> None:
    ids = [world.applied(number) for number in range(1, 6)]
    world.sync.requisition(JOB, POLL)
    halting = Trigger("test", "x", stopping=lambda: len(world.reads()) == 3)
    with pytest.raises(WorkStopped):
        world.sync.applications(JOB, halting)
    assert [id for id in ids if world.cached(id)] == ids[:3]
    world.sync.applications(JOB, POLL)
    assert world.reads() == ids


def test_a_refresh_that_a_person_asked_for_reads_what_changed_this_very_minute(
    known: Ingested,
) -> None:
    known.ats.edit(FIRST, source="a")
    known.told(FIRST)
    known.work()
    known.ats.edit(FIRST, source="b")
    known.sync.applications(JOB, Trigger("click", "rosa", person_waiting=True))
    cached = known.cached(FIRST)
    assert cached is not None
    assert cached.application.source == "b"


# --- Moves ----------------------------------------------------------------------------------------


def moves(world: Ingested) -> list[tuple[str, str]]:
    with world.store.unit_of_work() as uow:
        return [(change.before, change.after) for change in uow.stage_changes.of(FIRST)]


def test_a_move_is_noticed_once_whichever_reading_finds_it(known: Ingested) -> None:
    known.ats.edit(FIRST, stage=REVIEWED)
    known.sync.application(FIRST, POLL)
    known.told(FIRST)
    known.work()
    known.clock.forward(minutes=10)
    known.poll()
    known.sync.applications(JOB, POLL)
    assert moves(known) == [("C1", "C2")]


def test_reading_an_application_for_the_first_time_is_no_move(known: Ingested) -> None:
    assert moves(known) == []


# --- Scoring --------------------------------------------------------------------------------------


def test_a_completed_application_is_queued_for_scoring_once_criteria_are_frozen(
    known: Ingested,
) -> None:
    id = known.applied(2)
    with known.store.unit_of_work() as uow:
        uow.criteria.put(criteria(TENANT).freeze(TENANT, known.clock.now()))  # type: ignore[arg-type]
        uow.commit()
    known.told(id, EventKind.APPLICATION_COMPLETED)
    known.work()
    assert known.pending(f"screen:{id}") == 1


# --- Comparing everything -------------------------------------------------------------------------


def sweep(world: Ingested, trigger: Trigger = POLL) -> Sweep:
    return world.sweeping.sweep(world.clock.now(), trigger)


def test_a_sweep_reads_what_we_lack_and_what_is_no_longer_listed(known: Ingested) -> None:
    lacking = known.applied(2)
    known.clock.forward(hours=1)
    del known.ats.applications[FIRST]
    found = sweep(known)
    known.work()
    assert (found.listed, found.missed, found.gone) == (1, 1, 1)
    gone = known.cached(FIRST)
    assert gone is not None
    assert gone.gone_at is not None
    assert known.cached(lacking) is not None


def test_what_is_gone_is_not_asked_for_every_night(known: Ingested) -> None:
    del known.ats.applications[FIRST]
    for _ in range(3):
        known.clock.forward(days=1)
        sweep(known)
        known.work()
    assert known.reads().count(FIRST) == 1


def test_what_is_listed_again_comes_back(known: Ingested) -> None:
    known.ats.withheld = {FIRST}
    known.sync.refresh(FIRST, POLL)
    known.ats.withheld = set()
    known.clock.forward(days=1)
    sweep(known)
    known.work()
    back = known.cached(FIRST)
    assert back is not None
    assert back.gone_at is None


def test_a_sweep_that_was_stopped_goes_on_with_the_next_requisition(known: Ingested) -> None:
    known.applied(2, "102")
    known.posted("102")
    known.poll()
    known.clock.forward(hours=1)
    at = known.clock.now()
    known.ats.calls.clear()
    once = Trigger("test", "x", stopping=lambda: bool(known.reads("application_ids")))
    with pytest.raises(WorkStopped):
        known.sweeping.sweep(at, once)
    found = known.sweeping.sweep(at, POLL)
    assert known.reads("application_ids") == ["101", "102"]
    assert (found.listed, newest(known)) == (2, found)
    assert found.kind is SweepKind.SWEEP


def test_a_sweep_pulls_an_open_job_that_never_was(world: Ingested) -> None:
    with world.store.unit_of_work() as uow:
        uow.requisitions.put(world.posted(), world.clock.now() - timedelta(days=1))
        uow.commit()
    world.applied(1)
    assert sweep(world).missed == 0
    assert world.pending("sync_applications:") == 1
