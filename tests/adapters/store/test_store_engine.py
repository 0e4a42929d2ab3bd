"""Both engines: schema as the models say, many writers, errors that say who can act."""

import importlib
import sqlite3
import threading
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from core.domain.audit import verify_chain
from core.domain.ids import TenantId
from core.errors import InvalidInput, StoreUnavailable
from core.store import Store, open_store, tables
from core.store.engine import open_engine
from core.store.vault import KeyRing
from tests.store_bench import NOON, SECRET, HandClock, application, fact, open_for, requisition


def test_migrations_make_exactly_the_tables_of_the_models(any_store: Store) -> None:
    with any_store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.Base.metadata) == []


def test_migrating_again_or_from_several_processes_changes_nothing(any_store: Store) -> None:
    failures: list[BaseException] = []

    def migrate() -> None:
        try:
            any_store.migrate()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=migrate) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_the_tables_can_be_imported_twice() -> None:
    spec = importlib.util.find_spec("core.store.tables")
    assert spec is not None
    assert spec.loader is not None
    again = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        spec.loader.exec_module(again)
    assert again.Base.metadata.tables.keys() == tables.Base.metadata.tables.keys()


def test_sqlite_survives_a_power_cut_and_waits_for_other_writers(store: Store) -> None:
    with store.engine.connect() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "busy_timeout", "secure_delete")
        }
    full, on = 2, 1
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": full,
        "busy_timeout": 30_000,
        "secure_delete": on,
    }


def test_reading_takes_no_lock_from_a_writer(store: Store) -> None:
    with store.unit_of_work() as reader:
        reader.requisitions.all()
        with store.unit_of_work() as writer:
            writer.requisitions.put(requisition(store.tenant), NOON)
            writer.commit()
        assert len(reader.requisitions.all()) == 1
        reader.audit.append(fact(store.tenant))
        reader.commit()


def test_no_commit_of_many_writers_is_lost(any_store: Store) -> None:
    def work(worker: int) -> None:
        for number in range(10):
            with any_store.unit_of_work() as uow:
                uow.requisitions.get(requisition(any_store.tenant).id)
                uow.requisitions.put(requisition(any_store.tenant, f"{worker}-{number}"), NOON)
                uow.audit.append(fact(any_store.tenant, number))
                uow.commit()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with any_store.unit_of_work() as uow:
        assert len(uow.requisitions.all()) == 60
        assert verify_chain(uow.audit.events()) == 60


def test_a_database_that_stays_locked_is_an_error_that_may_pass(
    tmp_path: Path, clock: HandClock
) -> None:
    path = tmp_path / "locked.db"
    store = open_for(f"sqlite:///{path}", clock)
    store.migrate()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with store.engine.connect() as impatient:
        impatient.exec_driver_sql("PRAGMA busy_timeout=1")
        with pytest.raises(StoreUnavailable):
            impatient.exec_driver_sql("BEGIN IMMEDIATE")
    holder.close()
    store.close()


def test_a_database_that_cannot_be_reached_is_an_error_that_may_pass(clock: HandClock) -> None:
    nobody_listens = "postgresql://nobody@127.0.0.1:9/none?connect_timeout=2"
    store = open_for(nobody_listens, clock)
    with pytest.raises(StoreUnavailable) as caught, store.unit_of_work() as uow:
        uow.audit.count()
    assert caught.value.retryable
    store.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x@127.0.0.1/y"])
def test_other_kinds_of_database_are_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        open_engine(url)


def test_what_is_no_database_of_ours_is_said_in_words(tmp_path: Path, clock: HandClock) -> None:
    text_file, foreign, later = (tmp_path / f"{name}.db" for name in ("text", "foreign", "later"))
    text_file.write_text("not a database" * 100, encoding="utf-8")
    version = "CREATE TABLE alembic_version AS SELECT 'v9999' AS version_num"
    for path, sql in ((foreign, "CREATE TABLE requisition (x)"), (later, version)):
        connection = sqlite3.connect(path)
        connection.executescript(sql)
        connection.close()
    for path, error, words in (
        (text_file, StoreUnavailable, "not a database"),
        (foreign, InvalidInput, "another program"),
        (later, InvalidInput, "newer version"),
    ):
        store = open_for(f"sqlite:///{path}", clock)
        with pytest.raises(error, match=words):
            store.migrate()
        store.close()


def test_a_database_without_tables_says_how_to_make_them(tmp_path: Path, clock: HandClock) -> None:
    store = open_for(f"sqlite:///{tmp_path / 'empty.db'}", clock)
    with pytest.raises(StoreUnavailable, match="core migrate"), store.unit_of_work() as uow:
        uow.audit.count()
    store.close()


def test_another_secret_key_than_the_datas_is_noticed_before_any_work(any_store: Store) -> None:
    any_store.check_secret()
    with any_store.unit_of_work() as uow:
        uow.applications.put(application(any_store.tenant), NOON)
        uow.commit()
    any_store.check_secret()
    changed = replace(any_store, ring=KeyRing("another secret, of sixteen or more"))
    with pytest.raises(InvalidInput, match="COPILOT_SECRET_KEY"):
        changed.check_secret()


def test_the_folder_of_a_new_database_is_made(tmp_path: Path, clock: HandClock) -> None:
    path = tmp_path / "new" / "folder" / "copilot.db"
    store = open_store(f"sqlite:///{path}", tenant=TenantId("4711"), secret_key=SECRET, clock=clock)
    store.migrate()
    store.close()
    assert path.exists()
