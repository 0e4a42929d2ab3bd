"""Rows are opened once and again only when something about them changed."""

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from core.domain.assessment import Standing
from core.domain.ids import ApplicationId, RequisitionId
from core.domain.records import ListNode
from core.errors import StoreUnavailable
from core.ports import CachedApplication, UnitOfWork
from core.services.pipeline.roster import Entry, Roster
from tests.desk import TENANT, Desk, open_desk
from tests.pipeline_bench import applies, freeze, keep, overrides, person_of, scored
from tests.store_bench import application

JOB = RequisitionId("101")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = open_desk(tmp_path)
    freeze(made)
    for id in ("7101", "7102", "7103"):
        applies(made, id)
        keep(made, scored(id, 60))
    yield made
    made.store.close()


@dataclass
class Watched:
    """Applications that say what is opened, and may fail."""

    inner: Any
    opened: list[ApplicationId] = field(default_factory=list)
    fails: bool = False

    def among(self, ids: Collection[ApplicationId]) -> Sequence[CachedApplication]:
        self.opened.extend(ids)
        if self.fails:
            raise StoreUnavailable("the database cannot take this now")
        found: Sequence[CachedApplication] = self.inner.among(ids)
        return found


@dataclass
class Reading:
    """A roster over the real store that remembers what it opened."""

    desk: Desk
    roster: Roster
    fails: bool = False

    def entries(self, job: RequisitionId = JOB) -> tuple[dict[str, Entry], set[str]]:
        """Give entries by id, and the ids of what was opened for them."""
        with self.desk.store.unit_of_work() as uow:
            watched = Watched(uow.applications, fails=self.fails)
            uow.applications = cast("Any", watched)
            found = self.roster.entries(uow, job)
        return {entry.application_id: entry for entry in found}, set(watched.opened)


@pytest.fixture
def reading(desk: Desk) -> Reading:
    return Reading(desk, Roster(desk.ats.link_to))


def test_everybody_is_opened_at_first_and_nobody_when_nothing_changed(reading: Reading) -> None:
    first, opened = reading.entries()
    assert opened == set(first) == {"7001", "7101", "7102", "7103"}
    again, opened = reading.entries()
    assert again == first
    assert opened == set()


def test_only_a_changed_application_is_opened_again(reading: Reading) -> None:
    reading.entries()
    reading.desk.clock.forward(hours=1)
    record = application(TENANT, "7103", person_of("7103"))
    with reading.desk.store.unit_of_work() as uow:
        moved = replace(record, stage=ListNode("C2", "Interview"))
        uow.applications.put(moved, reading.desk.clock.now())
        uow.commit()
    found, opened = reading.entries()
    assert opened == {"7103"}
    assert found["7103"].stage == "Interview"


def test_a_person_read_again_changes_the_name(reading: Reading) -> None:
    reading.entries()
    reading.desk.clock.forward(hours=1)
    with reading.desk.store.unit_of_work() as uow:
        person = uow.applications.candidate(person_of("7101"))
        assert person is not None
        uow.applications.put_candidate(
            replace(person[0], first_name="Bea"), reading.desk.clock.now()
        )
        uow.commit()
    found, opened = reading.entries()
    assert opened == {"7101"}
    assert found["7101"].name == "Bea Berg"


def test_a_new_assessment_and_an_override_are_seen_at_once(reading: Reading) -> None:
    reading.entries()
    newer = scored("7101", 70, document="newer")
    keep(reading.desk, newer)
    assert _sum(reading, "7101") == (70, None, 1)
    overrides(reading.desk, newer, Standing.NOT_SHOWN)
    assert _sum(reading, "7101") == (0, 70, 0)
    overrides(reading.desk, newer, None)
    assert _sum(reading, "7101") == (70, None, 1)


def _sum(reading: Reading, changed: str) -> tuple[int | None, int | None, int]:
    """Score, score before people's verdicts and must-haves met of the only one that changed."""
    found, opened = reading.entries()
    digest = found[changed].digest
    assert opened == {changed}
    assert digest is not None
    score, before = digest.score, digest.score_before
    return (
        score.value if score else None,
        before.value if before else None,
        digest.required_met,
    )


def test_a_forgotten_person_is_gone_at_the_next_look(reading: Reading) -> None:
    assert "7102" in reading.entries()[0]
    with reading.desk.store.unit_of_work() as uow:
        uow.vault.forget(person_of("7102"))
        uow.commit()
    found, opened = reading.entries()
    assert set(found) == {"7001", "7101", "7103"}
    assert opened == set()


def test_a_failing_store_leaves_what_was_known_and_nothing_half_read(reading: Reading) -> None:
    before, _ = reading.entries()
    keep(reading.desk, scored("7101", 70, document="newer"))
    reading.fails = True
    with pytest.raises(StoreUnavailable):
        reading.entries()
    reading.fails = False
    after, opened = reading.entries()
    assert opened == {"7101"}
    assert after["7103"] == before["7103"]


def test_the_least_recently_used_job_is_opened_again(desk: Desk) -> None:
    applies(desk, "7201", job="202")
    reading = Reading(desk, Roster(desk.ats.link_to, most=4))
    other = RequisitionId("202")
    reading.entries(other)
    reading.entries(JOB)
    assert reading.entries(JOB)[1] == set(), "a job larger than what is kept is kept alone"
    assert reading.entries(other)[1] == {"7201"}


def test_threads_see_the_same_people_while_scores_come_in(desk: Desk) -> None:
    roster = Roster(desk.ats.link_to)
    together = threading.Barrier(5)

    def look(_: int) -> list[Mapping[str, int | None]]:
        together.wait()
        seen = []
        for _ in range(8):
            with desk.store.unit_of_work() as uow:
                seen.append(_scores(uow, roster))
        return seen

    def score() -> None:
        together.wait()
        for value in range(61, 69):
            keep(desk, scored("7101", value, document=f"version {value}"))

    with ThreadPoolExecutor(5) as threads:
        writing = threads.submit(score)
        looks = [*threads.map(look, range(4))]
        writing.result()
    for seen in looks:
        values = [scores["7101"] or 0 for scores in seen]
        assert values == sorted(values)
        assert all(set(scores) == {"7001", "7101", "7102", "7103"} for scores in seen)
    with desk.store.unit_of_work() as uow:
        assert _scores(uow, roster)["7101"] == 68


def _scores(uow: UnitOfWork, roster: Roster) -> Mapping[str, int | None]:
    return {
        entry.application_id: entry.digest.score.value
        if entry.digest and entry.digest.score
        else None
        for entry in roster.entries(uow, JOB)
    }
