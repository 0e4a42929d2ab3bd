"""What an event asks for, kept with it in one commit."""

from typing import Any

from core.domain.events import AtsEvent, EventKind
from core.domain.ids import ApplicationId, PersonId, RequisitionId
from core.domain.jobs import JobKind, Priority
from core.services.ingest import Ingest, Told, request_of
from core.store import Store
from tests.store_bench import NOON, HandClock

ANNA, JOB, APPLICATION = PersonId("2101"), RequisitionId("102"), ApplicationId("7001")


def event(store: Store, kind: EventKind = EventKind.STAGE_CHANGED, **ids: Any) -> AtsEvent:
    return AtsEvent(kind=kind, tenant=store.tenant, **ids)


def told(store: Store, proof: str, application: str) -> Told:
    about = event(store, application=ApplicationId(application))
    return Told(event=about, body=b"{}", proof=proof)


def test_application_event_reads_the_application_as_something_fresh(store: Store) -> None:
    request = request_of(event(store, application=APPLICATION))
    assert request is not None
    assert request.kind is JobKind.REFRESH_APPLICATION
    assert request.dedupe_key == "refresh_application:7001"
    assert request.payload == {"application": "7001", "event": "stage_changed"}
    assert request.priority is Priority.FRESH


def test_person_and_job_alone_are_looked_up(store: Store) -> None:
    request = request_of(event(store, person=ANNA, requisition=JOB))
    assert request is not None
    assert request.kind is JobKind.FIND_APPLICATION
    assert request.payload == {"person": "2101", "requisition": "102", "event": "stage_changed"}


def test_job_event_reads_the_job(store: Store) -> None:
    request = request_of(event(store, EventKind.JOB_POSTED, requisition=JOB))
    assert request is not None
    assert request.kind is JobKind.REFRESH_REQUISITION
    assert request.payload == {"requisition": "102", "event": "job_posted"}


def test_unknown_event_starts_nothing_and_is_kept(store: Store, clock: HandClock) -> None:
    unknown = event(store, EventKind.UNKNOWN, person=ANNA, requisition=JOB)
    assert request_of(unknown) is None
    kept = Ingest(store.unit_of_work, clock).keep([Told(event=unknown, body=b"{}", proof="a")])
    assert kept == [True]
    with store.unit_of_work() as uow:
        assert uow.events.counts(NOON) == {EventKind.UNKNOWN: 1}
        assert uow.jobs.pending() == 0


def test_a_repeated_proof_is_here_already_and_starts_nothing(
    store: Store, clock: HandClock
) -> None:
    ingest = Ingest(store.unit_of_work, clock)
    assert ingest.keep([told(store, "b", "1"), told(store, "b", "1")]) == [
        True,
        False,
    ]
    with store.unit_of_work() as uow:
        assert uow.jobs.claim(NOON, 60) is not None
        uow.commit()
    assert ingest.keep([told(store, "b", "1")]) == [False]
    with store.unit_of_work() as uow:
        assert uow.jobs.claim(NOON, 60) is None


def test_two_events_of_one_application_are_one_piece_of_work(
    store: Store, clock: HandClock
) -> None:
    both = [told(store, "b", "1"), told(store, "a", "1")]
    assert Ingest(store.unit_of_work, clock).keep(both) == [True, True]
    with store.unit_of_work() as uow:
        assert uow.jobs.pending() == 1
        assert len(uow.events.recent(9)) == 2
