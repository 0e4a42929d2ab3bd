"""The pull step over the in-memory applicant tracking system."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.ids import ApplicationId, PersonId, RequisitionId, TenantId
from core.domain.records import Application, Candidate, FileRef, ListNode, Requisition
from core.errors import AtsUnavailable
from core.flow.pull import (
    OVERLAP,
    Pulled,
    pull_applications,
    pull_people,
    pull_requisitions,
    resume_is_due,
)
from core.ports import Trigger
from tests.twins.ats import MemoryAts

POLL = Trigger("poll", "service:sync")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TENANT, JOB = TenantId("4711"), RequisitionId("101")


class HandClock:
    def now(self) -> datetime:
        return NOON


def ago(minutes: float) -> datetime:
    return NOON - timedelta(minutes=minutes)


def an_application(number: int, updated: datetime) -> Application:
    return Application(
        id=ApplicationId(str(number)),
        tenant=TENANT,
        requisition_id=JOB,
        person_id=PersonId(str(number)),
        stage=ListNode("C1", "New"),
        updated_at=updated,
    )


def a_person(number: int, updated: datetime | None, resume: str = "") -> Candidate:
    return Candidate(
        id=PersonId(str(number)),
        tenant=TENANT,
        resume=FileRef(resume, f"people/{number}/fields/resume/binary") if resume else None,
        updated_at=updated,
    )


@pytest.fixture
def ats() -> MemoryAts:
    twin = MemoryAts(HandClock())
    for number, folder in ((101, "D31001"), (102, "D31009")):
        job = RequisitionId(str(number))
        twin.requisitions[job] = Requisition(
            id=job, tenant=TENANT, title="Job", folder=ListNode(folder, ""), updated_at=ago(300)
        )
    for number in range(1, 6):
        one = an_application(number, ago(100 * number))
        twin.applications[one.id] = one
        person = a_person(number, ago(100 * number))
        twin.people[person.id] = person
    return twin


def reads(ats: MemoryAts, name: str = "application") -> list[str]:
    return [about for call, about in ats.calls if call == name]


# --- Cursor ---


def test_the_first_pull_takes_open_requisitions_and_moves_the_cursor_to_now(ats: MemoryAts) -> None:
    pulled = pull_requisitions(ats, POLL, None, NOON)
    assert pulled.cursor is None
    assert [job.id for job in pulled] == ["101"]
    assert pulled.cursor == NOON


def test_later_pulls_take_what_changed_also_in_closed_folders(ats: MemoryAts) -> None:
    assert list(pull_requisitions(ats, POLL, ago(60), NOON)) == []
    assert len(list(pull_requisitions(ats, POLL, ago(300), NOON))) == 2


def test_a_change_within_the_overlap_before_the_cursor_is_not_missed(ats: MemoryAts) -> None:
    late = ats.applications[ApplicationId("1")]
    ats.applications[late.id] = replace(late, updated_at=ago(79))
    assert [one.id for one in pull_applications(ats, POLL, JOB, ago(60), NOON, {})] == ["1"]
    assert list(pull_applications(ats, POLL, JOB, ago(58), NOON, {})) == []


def test_an_overlap_shorter_than_the_search_cache_is_refused(ats: MemoryAts) -> None:
    with pytest.raises(ValueError, match="15 minutes"):
        pull_requisitions(ats, POLL, ago(60), NOON, overlap=timedelta(minutes=14))


def test_a_failure_in_the_middle_keeps_what_came_and_does_not_move_the_cursor(
    ats: MemoryAts,
) -> None:
    pulled = pull_applications(ats, POLL, JOB, None, NOON, {})
    kept = [next(iter(pulled)), next(iter(pulled))]
    ats.read_errors.append(AtsUnavailable("no"))
    with pytest.raises(AtsUnavailable):
        next(iter(pulled))
    assert ([one.id for one in kept], pulled.cursor) == (["1", "2"], None)


def test_a_pull_that_was_not_finished_does_not_move_the_cursor(ats: MemoryAts) -> None:
    pulled = pull_applications(ats, POLL, JOB, ago(1000), NOON, {})
    for _ in zip(pulled, range(4), strict=False):
        pass
    assert pulled.cursor == ago(1000)


def test_a_failing_search_raises_before_anything_is_pulled(ats: MemoryAts) -> None:
    ats.read_errors.append(AtsUnavailable("no"))
    with pytest.raises(AtsUnavailable):
        pull_requisitions(ats, POLL, ago(60), NOON)


def test_a_record_that_vanished_meanwhile_does_not_stop_the_others(ats: MemoryAts) -> None:
    pulled = pull_applications(ats, POLL, JOB, None, NOON, {})
    del ats.applications[ApplicationId("2")]
    assert [one.id for one in pulled] == ["1", "3", "4", "5"]
    assert (pulled.gone, pulled.cursor) == (("2",), NOON)


@given(st.lists(st.integers(0, 20)))
def test_each_record_is_read_once_however_often_it_is_listed(ids: list[int]) -> None:
    asked: list[int] = []

    def read(one: int) -> int:
        asked.append(one)
        return one

    pulled = Pulled(ids, read, before=None, after=NOON)
    assert list(pulled) == asked == list(dict.fromkeys(ids))


# --- What is not read again ---


def test_a_pull_that_broke_off_goes_on_where_it_stopped(ats: MemoryAts) -> None:
    known = dict.fromkeys(map(ApplicationId, ("1", "2", "3")), ago(30))
    assert [one.id for one in pull_applications(ats, POLL, JOB, None, NOON, known)] == ["4", "5"]
    assert reads(ats) == ["4", "5"]


def test_what_changed_since_the_broken_pull_is_read_again(ats: MemoryAts) -> None:
    ats.applications[ApplicationId("2")] = an_application(2, ago(10))
    known = dict.fromkeys(map(ApplicationId, ("1", "2", "3")), ago(30))
    pulled = pull_applications(ats, POLL, JOB, None, NOON, known)
    assert [one.id for one in pulled] == ["2", "4", "5"]


def test_what_was_fetched_before_the_cursor_is_read_when_listed(ats: MemoryAts) -> None:
    known = dict.fromkeys(map(ApplicationId, ("1", "2", "3")), ago(400))
    pulled = pull_applications(ats, POLL, JOB, ago(250), NOON, known)
    assert [one.id for one in pulled] == ["1", "2"]


@given(
    st.dictionaries(st.integers(1, 5), st.integers(0, 600)),
    st.dictionaries(st.integers(1, 5), st.integers(0, 600)),
    st.none() | st.integers(0, 600),
)
def test_no_change_is_ever_missed(
    changed: dict[int, int], fetched: dict[int, int], cursor: int | None
) -> None:
    twin = MemoryAts(HandClock())
    for number, minutes in changed.items():
        one = an_application(number, ago(minutes))
        twin.applications[one.id] = one
    since = None if cursor is None else ago(cursor)
    known = {ApplicationId(str(number)): ago(minutes) for number, minutes in fetched.items()}
    got = {one.id for one in pull_applications(twin, POLL, JOB, since, NOON, known)}
    for number, minutes in changed.items():
        id = ApplicationId(str(number))
        is_new = id not in known and (since is None or ago(minutes) >= since)
        moved = (
            id in known and ago(minutes) > known[id] and (since is None or ago(minutes) >= since)
        )
        assert id in got or not (is_new or moved)


# --- People and resumes ---


def test_only_cached_people_who_changed_are_read_again(ats: MemoryAts) -> None:
    ats.people[PersonId("1")] = a_person(1, ago(10))
    ats.people[PersonId("2")] = a_person(2, ago(10))
    known = {PersonId("2"): ago(200), PersonId("3"): ago(200)}
    pulled = pull_people(ats, POLL, ago(60), NOON, known)
    assert [person.id for person in pulled] == ["2"]
    assert (reads(ats, "candidate"), pulled.cursor) == (["2"], NOON)


def test_without_a_cursor_people_are_checked_since_the_oldest_fetch(ats: MemoryAts) -> None:
    known = {PersonId("1"): ago(50), PersonId("3"): ago(90)}
    assert [person.id for person in pull_people(ats, POLL, None, NOON, known)] == ["1"]


def test_without_cached_people_nothing_is_asked(ats: MemoryAts) -> None:
    pulled = pull_people(ats, POLL, None, NOON, {})
    assert (list(pulled), pulled.cursor, ats.calls) == ([], NOON, [])


def test_a_stage_change_does_not_read_the_person_again(ats: MemoryAts) -> None:
    ats.edit(ApplicationId("1"), stage=ListNode("C2", "Reviewed"))
    known = dict.fromkeys(ats.people, ago(90))
    list(pull_applications(ats, POLL, JOB, ago(30), NOON, {}))
    list(pull_people(ats, POLL, ago(30), NOON, known))
    assert (reads(ats), reads(ats, "candidate")) == (["1"], [])


BEFORE = a_person(1, ago(100), "cv.pdf")


@pytest.mark.parametrize(
    ("now", "before", "has_file", "due"),
    [
        (BEFORE, None, False, True),
        (BEFORE, BEFORE, True, False),
        (BEFORE, BEFORE, False, True),
        (a_person(1, ago(5), "cv.pdf"), BEFORE, True, True),
        (a_person(1, ago(100), "cv2.pdf"), BEFORE, True, True),
        (a_person(1, None, "cv.pdf"), a_person(1, None, "cv.pdf"), True, True),
        (a_person(1, ago(5)), BEFORE, True, False),
        (a_person(1, ago(5)), None, False, False),
    ],
)
def test_a_resume_is_downloaded_when_it_may_have_changed(
    now: Candidate, before: Candidate | None, has_file: bool, due: bool
) -> None:
    assert resume_is_due(now, before, has_file=has_file) is due


def test_the_overlap_outlasts_the_search_cache() -> None:
    assert timedelta(minutes=15) < OVERLAP <= timedelta(minutes=30)
