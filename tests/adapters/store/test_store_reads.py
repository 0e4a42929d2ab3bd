"""Reads of thousands of rows: only from indexes where that is promised, the collector put back."""

import gc
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from core.domain.ids import RequisitionId, UserId
from core.domain.model_log import RunFilter
from core.store import Store
from core.store.pause import collector_paused
from tests.store_bench import NOON

JOB = RequisitionId("101")


@pytest.fixture
def plans(store: Store) -> Iterator[list[str]]:
    """SQLite's plan of every statement run in the test, a line for each table."""
    seen: list[str] = []

    def explain(_c: Any, cursor: Any, statement: str, given: Any, *_: Any) -> None:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", given)
        seen.extend(row[3] for row in cursor.fetchall())

    event.listen(store.engine, "before_cursor_execute", explain)
    yield seen
    event.remove(store.engine, "before_cursor_execute", explain)


def test_stamps_and_counts_are_told_from_indexes_alone(store: Store, plans: list[str]) -> None:
    with store.unit_of_work() as uow:
        uow.overview.stamps(JOB)
        uow.overview.counts(NOON)
        uow.judgements.lookers(JOB)
    tables = [plan for plan in plans if plan.startswith(("SEARCH", "SCAN"))]
    assert tables
    assert [plan for plan in tables if "USING COVERING INDEX" not in plan] == []


def test_no_read_for_a_pipeline_walks_a_whole_table(store: Store, plans: list[str]) -> None:
    with store.unit_of_work() as uow:
        uow.applications.of(JOB)
        uow.assessments.latest_of(JOB)
        uow.judgements.views_by(UserId("rosa"), JOB)
        list(uow.documents.words(JOB))
        uow.overview.standings(JOB)
    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN")] == []


@pytest.fixture
def collector() -> Iterator[None]:
    """Leave the collector on, whatever the test did."""
    yield
    gc.enable()


@pytest.mark.usefixtures("collector")
def test_the_collector_is_back_after_the_last_of_several_reads() -> None:
    first, second = collector_paused(), collector_paused()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert not gc.isenabled()
    second.__exit__(None, None, None)
    assert gc.isenabled()


@pytest.mark.usefixtures("collector")
def test_the_collector_is_back_after_a_read_that_fails() -> None:
    with pytest.raises(RuntimeError), collector_paused():
        raise RuntimeError
    assert gc.isenabled()


@pytest.mark.usefixtures("collector")
def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    with collector_paused():
        pass
    assert not gc.isenabled()


@pytest.mark.usefixtures("collector")
def test_reads_of_many_threads_leave_the_collector_on() -> None:
    def read() -> None:
        for _ in range(200):
            with collector_paused():
                assert not gc.isenabled()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert gc.isenabled()


def test_limits_of_tokens_are_told_from_indexes_and_lists_without_sorting(
    store: Store, plans: list[str]
) -> None:
    with store.unit_of_work() as uow:
        uow.model_runs.totals(RunFilter(since=NOON))
        uow.model_runs.totals(RunFilter(requisition=JOB))
        summed = list(plans)
        uow.model_runs.newest(RunFilter(), limit=100)
        uow.model_runs.newest(RunFilter(requisition=JOB), before=500, limit=100)
    assert summed
    assert [plan for plan in summed if "USING COVERING INDEX" not in plan] == []
    assert [plan for plan in plans if "TEMP B-TREE" in plan] == []
