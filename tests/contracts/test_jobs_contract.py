"""The job table on every engine: whose turn it is, what brokers are told, what was given up."""

import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.domain.ids import JobId, TenantId
from core.domain.jobs import Job, JobKind, JobRequest, Priority
from core.store import Store
from tests.store_bench import NOON, HandClock, open_for

ROOT = Path(__file__).parents[2]
WINDOW = 3
AGAIN = timedelta(minutes=5)


def add(store: Store, *keys: str, **more: Any) -> list[JobId]:
    """Enqueue a job for each key; its group is what stands before the slash."""
    ids = []
    with store.unit_of_work() as uow:
        for key in keys:
            request = JobRequest(
                kind=JobKind.SCREEN,
                tenant=TenantId(store.tenant),
                dedupe_key=key,
                payload={"key": key},
                **{"group": key.partition("/")[0], **more},
            )
            id = uow.jobs.enqueue(request, store.clock.now())
            assert id is not None
            ids.append(id)
        uow.commit()
    return ids


def many(group: str, count: int) -> list[str]:
    return [f"{group}/{number}" for number in range(count)]


def take(store: Store, *, newest: bool = False) -> Job | None:
    with store.unit_of_work() as uow:
        job = uow.jobs.claim(store.clock.now(), 60, newest=newest)
        uow.commit()
    return job


def taken(store: Store, count: int, *, newest: bool = False) -> list[str]:
    jobs = [take(store, newest=newest) for _ in range(count)]
    return [job.payload["key"] for job in jobs if job is not None]


def dead_job(store: Store, key: str = "a/1") -> JobId:
    (id,) = add(store, key)
    job = take(store)
    assert job is not None
    with store.unit_of_work() as uow:
        uow.jobs.bury(job, store.clock.now(), "no use")
        uow.commit()
    return id


# --- Whose turn it is ----------------------------------------------------------------------------


def test_ten_jobs_do_not_wait_for_a_group_of_many_that_came_before(store: Store) -> None:
    add(store, *many("big", 200))
    add(store, *many("small", 10))
    order = taken(store, 25)
    assert sum(key.startswith("small") for key in order) == 10
    assert [key for key in order if key.startswith("big")] == many("big", 15)


def test_a_group_that_comes_late_neither_waits_for_the_rest_nor_takes_all(store: Store) -> None:
    add(store, *many("early", 60))
    taken(store, 20)
    add(store, *many("late", 30))
    share = Counter(key.partition("/")[0] for key in taken(store, 20))
    assert share == {"early": 10, "late": 10}


def test_a_group_that_was_idle_has_saved_nothing_up(store: Store) -> None:
    add(store, "a/first")
    add(store, *many("b", 20))
    taken(store, 11)
    add(store, *many("a", 10))
    share = Counter(key.partition("/")[0] for key in taken(store, 10))
    assert share == {"a": 5, "b": 5}


def test_jobs_of_no_group_go_in_the_order_they_came(store: Store) -> None:
    keys = [f"{number}" for number in range(5)]
    add(store, *keys, group="")
    assert taken(store, 5) == keys


def test_turns_do_not_reach_over_priorities(store: Store) -> None:
    add(store, *many("a", 5))
    add(store, "b/click", priority=Priority.CLICK)
    assert taken(store, 1) == ["b/click"]


def test_the_newest_of_a_group_goes_first_when_asked_and_groups_still_take_turns(
    store: Store,
) -> None:
    add(store, *many("a", 4))
    add(store, *many("b", 4))
    assert taken(store, 4, newest=True) == ["a/3", "b/3", "a/2", "b/2"]
    add(store, "c/0")
    assert "c/0" in taken(store, 3)


def test_a_job_that_is_put_off_is_passed_over(store: Store, clock: HandClock) -> None:
    add(store, "a/later", due_at=NOON + timedelta(hours=1))
    add(store, "a/now")
    assert taken(store, 2) == ["a/now"]
    clock.forward(hours=1)
    assert take(store) is not None


# --- Attempts ------------------------------------------------------------------------------------


def test_a_spared_attempt_does_not_count_and_its_lease_is_lost_all_the_same(store: Store) -> None:
    add(store, "a/1")
    first = take(store)
    assert first is not None
    with store.unit_of_work() as uow:
        uow.jobs.retry(first, NOON, "used up", spared=True)
        uow.commit()
    second = take(store)
    assert second is not None
    assert (first.counted, second.counted, second.attempts) == (1, 1, 2)
    with store.unit_of_work() as uow:
        assert not uow.jobs.extend(first, NOON)
        assert uow.jobs.extend(second, NOON)


def test_a_running_job_learns_of_its_cancellation_and_may_still_be_completed(store: Store) -> None:
    add(store, "a/1")
    job = take(store)
    assert job is not None
    with store.unit_of_work() as uow:
        assert uow.jobs.cancel("a", NOON) == 0
        assert not uow.jobs.extend(job, NOON)
        assert uow.jobs.progress("a").cancelled == 1
        uow.jobs.complete(job, NOON)
        assert uow.jobs.progress("a").done == 1


# --- Brokers -------------------------------------------------------------------------------------


def tell(store: Store, limit: int = WINDOW) -> list[JobId]:
    now = store.clock.now()
    with store.unit_of_work() as uow:
        listed = uow.jobs.to_publish(now, now - AGAIN, limit)
        uow.commit()
    return [each.id for each in listed]


def take_one(store: Store, id: str) -> Job | None:
    with store.unit_of_work() as uow:
        job = uow.jobs.claim_one(JobId(id), store.clock.now(), 60)
        uow.commit()
    return job


def test_a_broker_is_told_of_each_due_job_once_the_most_urgent_first(store: Store) -> None:
    slow = add(store, "a/1")
    urgent = add(store, "b/1", priority=Priority.CLICK)
    add(store, "a/later", due_at=NOON + timedelta(hours=1))
    assert tell(store) == urgent + slow
    assert tell(store) == []


def test_a_broker_holds_a_few_jobs_of_each_priority_so_that_the_table_keeps_the_order(
    store: Store,
) -> None:
    big = add(store, *many("big", 10))
    assert tell(store) == big[:WINDOW]
    click = add(store, "small/click", priority=Priority.CLICK)
    small = add(store, "small/1")
    assert tell(store) == click
    assert take_one(store, big[0]) is not None
    assert tell(store) == small


def test_what_the_broker_lost_is_told_again(store: Store, clock: HandClock) -> None:
    ids = add(store, "a/1")
    assert tell(store) == ids
    clock.forward(minutes=4)
    assert tell(store) == []
    clock.forward(minutes=2)
    assert tell(store) == ids


def test_what_was_put_off_or_lost_its_worker_is_told_again_when_due(
    store: Store, clock: HandClock
) -> None:
    ids = add(store, "a/1")
    tell(store)
    job = take_one(store, ids[0])
    assert job is not None
    assert tell(store) == []
    clock.forward(seconds=61)
    assert tell(store) == ids
    again = take_one(store, ids[0])
    assert again is not None
    with store.unit_of_work() as uow:
        uow.jobs.retry(again, clock.now() + timedelta(seconds=5), "away")
        uow.commit()
    assert tell(store) == []
    clock.forward(seconds=5)
    assert tell(store) == ids


def test_what_was_cancelled_leaves_room_at_the_broker(store: Store) -> None:
    add(store, *many("a", WINDOW))
    tell(store)
    with store.unit_of_work() as uow:
        uow.jobs.cancel("a", NOON)
        uow.commit()
    assert tell(store) == add(store, *many("b", WINDOW)) or tell(store)


def test_nothing_counts_as_told_before_the_commit(store: Store) -> None:
    ids = add(store, "a/1")
    with store.unit_of_work() as uow:
        uow.jobs.to_publish(NOON, NOON - AGAIN, WINDOW)
    assert tell(store) == ids


def test_a_message_takes_its_job_once_and_only_while_it_is_due(
    store: Store, clock: HandClock
) -> None:
    (id,) = add(store, "a/1", due_at=NOON + timedelta(seconds=5))
    assert take_one(store, id) is None
    clock.forward(seconds=5)
    job = take_one(store, id)
    assert job is not None
    assert take_one(store, id) is None
    with store.unit_of_work() as uow:
        uow.jobs.complete(job, NOON)
        uow.commit()
    clock.forward(days=1)
    assert take_one(store, id) is None


@pytest.mark.parametrize("id", ["", "-1", "1 OR 1=1", "99999999", "x", "9" * 40])
def test_a_message_that_names_no_job_takes_none(store: Store, id: str) -> None:
    assert take_one(store, id) is None


def test_a_job_of_another_tenant_cannot_be_taken(url: str, store: Store, clock: HandClock) -> None:
    (id,) = add(store, "a/1")
    other = open_for(url, clock)
    assert take_one(other, id) is None
    assert take(other) is None
    assert tell(other) == []
    other.close()


# --- What people are shown -----------------------------------------------------------------------


def test_depths_tell_what_is_due_runs_and_was_put_off_and_why(
    store: Store, clock: HandClock
) -> None:
    add(store, *many("a", 3))
    add(store, "b/click", priority=Priority.CLICK)
    clock.forward(seconds=30)
    urgent, put_off = take(store), take(store)
    assert urgent is not None
    assert put_off is not None
    tomorrow = NOON + timedelta(hours=13)
    with store.unit_of_work() as uow:
        uow.jobs.retry(put_off, tomorrow, "the iCIMS requests of today are used up")
        uow.commit()
        click, backlog = uow.jobs.depths(clock.now())
    assert (click.priority, click.due, click.running, click.put_off) == (Priority.CLICK, 0, 1, 0)
    assert (backlog.due, backlog.running, backlog.put_off) == (2, 0, 1)
    assert (backlog.oldest_due_at, backlog.next_at) == (NOON, tomorrow)
    assert backlog.why == "the iCIMS requests of today are used up"


def test_a_job_given_up_is_listed_until_it_is_tried_again_or_dropped(store: Store) -> None:
    first, second = dead_job(store, "a/1"), dead_job(store, "a/2")
    with store.unit_of_work() as uow:
        found = uow.jobs.dead(10)
        assert [(each.id, each.error, each.attempts) for each in found] == [
            (second, "no use", 1),
            (first, "no use", 1),
        ]
        assert [each.id for each in uow.jobs.dead(1)] == [second]
        assert uow.jobs.replay(first, NOON)
        assert not uow.jobs.replay(first, NOON)
        assert uow.jobs.drop(second, NOON)
        assert not uow.jobs.drop(second, NOON)
        assert not uow.jobs.dead(10)
        uow.commit()
    again = take(store)
    assert again is not None
    assert (again.id, again.counted) == (first, 1)
    assert take(store) is None


def test_a_job_given_up_can_be_tried_again_while_a_new_one_with_its_key_waits(store: Store) -> None:
    id = dead_job(store)
    add(store, "a/1")
    with store.unit_of_work() as uow:
        assert uow.jobs.replay(id, NOON)
        uow.commit()
    assert len(taken(store, 3)) == 2


def test_a_dropped_job_is_no_trouble_any_more(store: Store) -> None:
    id = dead_job(store)
    with store.unit_of_work() as uow:
        uow.jobs.drop(id, NOON)
        uow.commit()
        progress = uow.jobs.progress("a")
        assert (progress.failed, progress.waiting, progress.problem) == (0, 0, "")
        assert uow.jobs.problem("a/1") == ""


def test_old_finished_jobs_are_purged_and_those_given_up_stay(store: Store) -> None:
    given_up = dead_job(store)
    add(store, "a/done", "a/waits")
    done = take(store)
    assert done is not None
    with store.unit_of_work() as uow:
        uow.jobs.complete(done, NOON)
        uow.commit()
        assert uow.jobs.purge(NOON) == 0
        assert uow.jobs.purge(NOON + timedelta(seconds=1)) == 1
        uow.commit()
        assert [each.id for each in uow.jobs.dead(5)] == [given_up]
    assert taken(store, 2) == ["a/waits"]


# --- Several processes ---------------------------------------------------------------------------

_CLAIMER = """
import sys
from tests.store_bench import HandClock, open_for

store = open_for(sys.argv[1], HandClock(), sys.argv[2])
sys.stdin.readline()
while True:
    with store.unit_of_work() as uow:
        job = uow.jobs.claim(store.clock.now(), 60)
        uow.commit()
    if job is None:
        break
    print(job.id, flush=True)
store.close()
"""


def test_no_job_is_claimed_by_two_processes(url: str, store: Store) -> None:
    ids = add(store, *many("a", 60), *many("b", 60))
    claimed = _at_once([sys.executable, "-c", _CLAIMER, url, store.tenant], 3)
    assert sorted(claimed, key=int) == ids


_TELLER = """
import sys
from datetime import timedelta
from tests.store_bench import NOON, HandClock, open_for

store = open_for(sys.argv[1], HandClock(), sys.argv[2])
sys.stdin.readline()
for _ in range(200):
    with store.unit_of_work() as uow:
        for each in uow.jobs.to_publish(NOON, NOON - timedelta(minutes=5), 40):
            print(each.id, flush=True)
        uow.commit()
store.close()
"""


def test_two_relays_tell_a_broker_of_no_job_twice_and_of_no_more_than_it_may_hold(
    url: str, store: Store
) -> None:
    ids = add(store, *many("a", 60))
    told = _at_once([sys.executable, "-c", _TELLER, url, store.tenant], 2)
    assert sorted(told, key=int) == ids[:40]


def _at_once(command: Sequence[str], number: int) -> list[str]:
    """Start processes, let them go at the same moment, collect the lines they print."""
    started = [
        subprocess.Popen(
            command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(number)
    ]
    for each in started:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    lines = [line for each in started for line in each.communicate(timeout=60)[0].splitlines()]
    assert [each.returncode for each in started] == [0] * number
    return lines
