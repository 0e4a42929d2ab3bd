"""What a store keeps of readings, and of comparisons with iCIMS, on every engine."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.actor import Session
from core.domain.events import Sweep, SweepKind
from core.domain.ids import ApplicationId, PersonId, RequisitionId, SessionId, UserId
from core.domain.posting import Fit, Posting
from core.domain.records import ListNode
from core.store import Store
from tests.store_bench import NOON, application, candidate, requisition

ANNAS, ANNA, JOB = ApplicationId("7001"), PersonId("2101"), RequisitionId("101")
LATER = NOON + timedelta(seconds=1)
REVIEWED = ListNode("C2", "Reviewed")


def test_a_record_read_earlier_never_replaces_one_read_later(store: Store) -> None:
    new, moved = application(store.tenant), replace(application(store.tenant), stage=REVIEWED)
    person, job = candidate(store.tenant), requisition(store.tenant)
    with store.unit_of_work() as uow:
        assert uow.applications.put(moved, LATER)
        assert not uow.applications.put(new, NOON)
        assert uow.applications.put_candidate(replace(person, first_name="Anna Maria"), LATER)
        assert not uow.applications.put_candidate(person, NOON)
        assert uow.requisitions.put(replace(job, title="Renamed"), LATER)
        assert not uow.requisitions.put(job, NOON)
        uow.commit()
    with store.unit_of_work() as uow:
        cached, found = uow.applications.get(ANNAS), uow.requisitions.get(JOB)
        assert cached is not None
        assert cached.candidate is not None
        assert found is not None
        assert (cached.application.stage, cached.fetched_at) == (REVIEWED, LATER)
        assert cached.candidate.first_name == "Anna Maria"
        assert (found.title, uow.requisitions.fetched_at(JOB)) == ("Renamed", LATER)
        assert uow.requisitions.fetched_at(RequisitionId("999")) is None


def test_the_same_reading_may_be_kept_again(store: Store) -> None:
    with store.unit_of_work() as uow:
        assert uow.applications.put(application(store.tenant), NOON)
        assert uow.applications.put(application(store.tenant), NOON)


def test_an_application_is_gone_until_it_is_read_again(store: Store) -> None:
    record = application(store.tenant)
    with store.unit_of_work() as uow:
        uow.applications.put(record, NOON)
        before = uow.overview.stamps(JOB)
        uow.applications.mark_gone(ANNAS, LATER)
        marked = uow.applications.get(ANNAS)
        assert marked is not None
        assert marked.gone_at == LATER
        assert uow.overview.stamps(JOB) != before
        uow.applications.put(record, LATER + timedelta(seconds=1))
        back = uow.applications.get(ANNAS)
        assert back is not None
        assert back.gone_at is None


def test_a_miss_does_not_outdo_a_reading_that_began_later(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.applications.put(application(store.tenant), LATER)
        uow.applications.mark_gone(ANNAS, NOON)
        cached = uow.applications.get(ANNAS)
        assert cached is not None
        assert cached.gone_at is None


@pytest.mark.timeout(30)
def test_who_holds_an_application_sees_what_the_holder_before_kept(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.applications.put(application(store.tenant), NOON)
        uow.commit()
    seen: list[str] = []
    holding, held = threading.Event(), threading.Event()

    def second() -> None:
        holding.wait()
        held.set()
        with store.unit_of_work() as uow:
            found = uow.applications.hold(ANNAS)
            assert found is not None
            seen.append(found.application.stage.id)

    thread = threading.Thread(target=second)
    thread.start()
    with store.unit_of_work() as uow:
        uow.applications.hold(ANNAS)
        holding.set()
        held.wait()
        uow.applications.put(replace(application(store.tenant), stage=REVIEWED), LATER)
        uow.commit()
    thread.join()
    assert seen == [REVIEWED.id]


def test_the_posting_that_criteria_were_held_against_is_kept_per_requisition(store: Store) -> None:
    fit = Fit(posting=Posting(title="Cook", overview="Cooks."), at=NOON, by=UserId("rosa"))
    with store.unit_of_work() as uow:
        assert uow.criteria.fit(JOB) is None
        uow.criteria.put_fit(JOB, fit)
        uow.criteria.put_fit(JOB, fit.noticed(LATER))
        assert uow.criteria.fit(JOB) == replace(fit, changed_at=LATER)


def test_a_comparison_under_way_is_one_row_that_grows(store: Store) -> None:
    first = Sweep(kind=SweepKind.SWEEP, at=NOON, listed=3, missed=1)
    poll = Sweep(kind=SweepKind.POLL, at=NOON, listed=9, missed=0)
    more = replace(first, listed=5, gone=1, seconds=2.5)
    with store.unit_of_work() as uow:
        for each in (first, poll, more):
            uow.sweeps.put(each)
        assert sorted(uow.sweeps.recent(9), key=lambda s: s.kind) == [poll, more]


def test_comparisons_since_a_time_are_listed_newest_first(store: Store) -> None:
    early, there, late = (
        Sweep(kind=SweepKind.POLL, at=NOON + timedelta(minutes=minutes), listed=1, missed=0)
        for minutes in (-1, 0, 1)
    )
    with store.unit_of_work() as uow:
        for each in (there, early, late):
            uow.sweeps.put(each)
        assert list(uow.sweeps.since(NOON)) == [late, there]


def test_sessions_that_ended_long_ago_are_deleted_and_live_ones_stay(store: Store) -> None:
    def session(name: str, **changes: object) -> Session:
        live = Session(
            id=SessionId(f"{name} of {store.tenant}"),
            user_id=UserId("rosa"),
            started_at=NOON,
            last_seen_at=NOON,
            idle_expires_at=NOON + timedelta(days=2),
            expires_at=NOON + timedelta(days=3),
        )
        return replace(live, **changes)  # type: ignore[arg-type]

    ended = {"idle_expires_at": NOON, "expires_at": NOON, "revoked_at": NOON}
    with store.unit_of_work() as uow:
        for name, at in ended.items():
            uow.accounts.put_session(session(name, **{name: at}))
        uow.accounts.put_session(session("live"))
        assert uow.accounts.purge_sessions(NOON + timedelta(hours=1)) == 3
        assert [s.id for s in uow.accounts.sessions(UserId("rosa"))] == [f"live of {store.tenant}"]
