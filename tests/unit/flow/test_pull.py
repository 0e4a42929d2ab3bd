"""Which listed records are read again: never too few, hardly ever too many."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.ids import PersonId, TenantId
from core.domain.records import Candidate, FileRef
from core.flow.pull import (
    OVERLAP,
    SKEW,
    Changed,
    Reading,
    changed,
    listed_since,
    resume_is_due,
    whole_minute,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TENANT = TenantId("4711")


def ago(minutes: float) -> datetime:
    return NOON - timedelta(minutes=minutes)


@dataclass
class Simulated:
    """iCIMS and our copies of it: a search compares minutes, a reading gives whole minutes."""

    now: datetime = NOON
    ahead: timedelta = timedelta()
    versions: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    copies: dict[int, tuple[int, Reading]] = field(default_factory=dict)
    cursor: datetime | None = None
    searches: int = 0
    reads: dict[int, int] = field(default_factory=dict)

    def edit(self, id: int) -> None:
        version, _ = self.versions.get(id, (0, self.now))
        self.versions[id] = (version + 1, self.now + self.ahead)

    def search(self, since: datetime) -> list[int]:
        self.searches += 1
        return [id for id, (_, at) in sorted(self.versions.items()) if at >= whole_minute(since)]

    def known(self, ids: Collection[int]) -> Mapping[int, Reading]:
        return {id: self.copies[id][1] for id in ids if id in self.copies}

    def read(self, id: int) -> None:
        version, at = self.versions[id]
        self.copies[id] = (version, Reading(self.now, whole_minute(at)))
        self.reads[id] = self.reads.get(id, 0) + 1

    def poll(self, *, at_once: bool = False) -> Changed[int]:
        since = listed_since(self.cursor, self.now)
        found = changed(self.search, self.known, since, self.now, at_once=at_once)
        self.cursor = self.now
        for id in (*found.moved, *found.unsure):
            self.read(id)
        return found

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def behind(self) -> set[int]:
        return {
            id for id, (version, _) in self.versions.items()
            if id not in self.copies or self.copies[id][0] != version
        }  # fmt: skip


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["edit", "told", "read", "poll", "failed poll"]),
        st.integers(1, 4),
        st.integers(0, 900),
    ),
    max_size=60,
)


@settings(max_examples=400)
@given(STEPS, st.integers(-110, 110))
def test_in_the_end_every_copy_equals_its_record_whatever_was_lost(
    steps: list[tuple[str, int, int]], ahead: int
) -> None:
    world = Simulated(ahead=timedelta(seconds=ahead), cursor=NOON)
    for step, id, seconds in steps:
        if step in ("edit", "told"):
            world.edit(id)
        if step in ("told", "read") and id in world.versions:
            world.read(id)
        if step == "poll":
            world.poll()
        if step == "failed poll":
            world.search(listed_since(world.cursor, world.now))
        # Short steps keep edits and readings within a minute, where dates cannot tell them apart.
        world.forward(seconds if seconds > 300 else seconds / 20)
    for _ in range(3):
        world.poll()
        world.forward(600)
    assert not world.behind()


@given(st.integers(0, 59), st.integers(0, 59))
def test_a_change_is_read_by_the_second_comparison_after_it(edited: int, read: int) -> None:
    world = Simulated(now=NOON - timedelta(hours=1), cursor=NOON - timedelta(hours=1, minutes=10))
    world.edit(1)
    world.forward(read)
    world.read(1)
    world.forward(edited)
    world.edit(1)
    for _ in range(2):
        world.forward(600)
        world.poll()
    assert not world.behind()


def test_a_record_listed_again_and_again_is_read_once_more_and_then_never() -> None:
    world = Simulated(cursor=ago(10))
    world.edit(1)
    world.forward(20)
    world.read(1)
    for _ in range(8):
        world.forward(60)
        world.poll()
    assert world.reads == {1: 2}


def test_a_burst_of_records_read_as_they_came_costs_one_more_search_and_no_more_reads() -> None:
    world = Simulated(cursor=ago(10))
    for id in range(50):
        world.edit(id)
        world.forward(1)
    world.forward(200)
    for id in range(50):
        world.read(id)
    world.forward(60)
    found = world.poll()
    assert (len(found.listed), found.moved, found.unsure) == (50, (), ())
    assert world.searches == 2


def test_what_a_person_waits_for_is_read_at_once_also_within_its_minute() -> None:
    world = Simulated(cursor=ago(1))
    world.edit(1)
    world.read(1)
    world.forward(10)
    assert replace(world).poll().unsure == ()
    assert world.poll(at_once=True).unsure == (1,)


def test_a_copy_without_an_update_time_is_read_whenever_it_is_listed() -> None:
    world = Simulated(cursor=ago(10))
    world.edit(1)
    world.copies[1] = (1, Reading(ago(-5), None))
    assert world.poll().unsure == (1,)


def test_a_new_record_has_moved_and_is_listed_once() -> None:
    found = changed(lambda _: [7, 7], lambda _: {}, NOON, NOON)
    assert found == Changed(listed=(7,), moved=(7,))


def test_the_overlap_outlasts_differing_clocks_and_the_minute_left_for_later() -> None:
    assert SKEW + timedelta(minutes=1) < OVERLAP <= timedelta(minutes=10)


# --- Resumes ---


def a_person(number: int, updated: datetime | None, resume: str = "") -> Candidate:
    return Candidate(
        id=PersonId(str(number)),
        tenant=TENANT,
        resume=FileRef(resume, f"people/{number}/fields/resume/binary") if resume else None,
        updated_at=updated,
    )


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
