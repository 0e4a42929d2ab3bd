"""The log cannot be changed unnoticed, not by one byte."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.domain.audit import verify_chain
from core.errors import ChainBroken
from core.store import Store
from core.store.audit_log import SqlAuditLog
from core.store.vault import KeyRing, Vault
from tests.store_bench import NOON, SECRET, HandClock, database, fact, open_for

ROWS = 12
COLUMNS = ("tenant", "at", "actor", "action", "subject", "payload", "previous", "hash")
_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT DISTINCT tgname || ' ON ' || tgrelid::regclass FROM pg_trigger "
    "WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'audit%'",
}


def append(store: Store, rows: int = ROWS) -> None:
    with store.unit_of_work() as uow:
        for number in range(1, rows + 1):
            uow.audit.append(fact(store.tenant, number))
        uow.commit()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def log_store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    with database(request.param, tmp_path_factory.mktemp("log")) as url:
        opened = open_for(url, HandClock())
        opened.migrate()
        append(opened)
        yield opened
        opened.close()


@contextmanager
def without_triggers(store: Store) -> Iterator[Connection]:
    """Open a transaction as somebody who may drop triggers; it is rolled back."""
    with store.engine.connect() as connection:
        if store.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        for (name,) in connection.execute(text(_TRIGGERS[store.engine.dialect.name])).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        yield connection
        connection.rollback()


def verify(store: Store, connection: Connection) -> int:
    session = Session(connection)
    vault = Vault(session, store.tenant, KeyRing(SECRET))
    log = SqlAuditLog(session, store.tenant, vault, store.clock)
    return verify_chain(log.events())


def change(connection: Connection, statement: str, **values: object) -> None:
    connection.execute(text(statement), values)


@pytest.mark.parametrize("row", [1, 7, ROWS])
@pytest.mark.parametrize("column", COLUMNS)
def test_an_altered_byte_is_found_and_the_row_named(
    log_store: Store, row: int, column: str
) -> None:
    with without_triggers(log_store) as connection:
        query = text(f"SELECT {column} FROM audit_event WHERE seq = :row")
        original: str = connection.execute(query, {"row": row}).scalar_one()
        statement = f"UPDATE audit_event SET {column} = :new WHERE seq = :row"
        for place in range(len(original)):
            flipped = chr(ord(original[place]) ^ 1)
            altered = original[:place] + flipped + original[place + 1 :]
            change(connection, statement, new=altered, row=row)
            with pytest.raises(ChainBroken, match=rf"^row {row} "):
                verify(log_store, connection)
        change(connection, statement, new=original, row=row)
        assert verify(log_store, connection) == ROWS


@pytest.mark.parametrize("column", COLUMNS)
def test_a_byte_added_or_taken_away_is_found(log_store: Store, column: str) -> None:
    for expression in (f"{column} || ' '", f"substr({column}, 2)"):
        with without_triggers(log_store) as connection:
            change(connection, f"UPDATE audit_event SET {column} = {expression} WHERE seq = 5")
            with pytest.raises(ChainBroken, match=r"^row 5 "):
                verify(log_store, connection)


@pytest.mark.parametrize("row", [1, 7, ROWS])
@pytest.mark.parametrize("number", [-1, 0, 99])
def test_a_row_put_elsewhere_is_missed_in_its_place(
    log_store: Store, row: int, number: int
) -> None:
    with without_triggers(log_store) as connection:
        change(connection, "UPDATE audit_event SET seq = :n WHERE seq = :row", n=number, row=row)
        with pytest.raises(ChainBroken, match=rf"^row {row} is missing"):
            verify(log_store, connection)


@pytest.mark.parametrize("row", [1, 7, ROWS])
def test_a_deleted_row_is_found(log_store: Store, row: int) -> None:
    with without_triggers(log_store) as connection:
        change(connection, "DELETE FROM audit_event WHERE seq = :row", row=row)
        with pytest.raises(ChainBroken, match=rf"^row {row} is missing"):
            verify(log_store, connection)


def test_a_cut_off_log_is_found_even_when_its_recorded_end_is_gone_too(log_store: Store) -> None:
    with without_triggers(log_store) as connection:
        change(connection, "DELETE FROM audit_event WHERE seq > 9")
        with pytest.raises(ChainBroken, match=r"^row 10 is missing: 12 rows were recorded"):
            verify(log_store, connection)
        change(connection, "UPDATE audit_head SET seq = 9")
        with pytest.raises(ChainBroken, match=r"^row 9 is not the recorded end"):
            verify(log_store, connection)


def test_rows_behind_the_recorded_end_are_found(log_store: Store) -> None:
    with without_triggers(log_store) as connection:
        change(
            connection,
            "UPDATE audit_head SET seq = 9, hash = (SELECT hash FROM audit_event WHERE seq = 9)",
        )
        with pytest.raises(ChainBroken, match=r"^row 10 stands behind"):
            verify(log_store, connection)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor = 'nobody' WHERE seq = 3",
        "DELETE FROM audit_event WHERE seq = 3",
        "DELETE FROM audit_event",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = 3",
        "UPDATE audit_head SET tenant = 'another'",
    ],
)
def test_the_database_itself_refuses_to_change_the_log(log_store: Store, statement: str) -> None:
    with log_store.engine.connect() as connection:
        with pytest.raises(DBAPIError, match="the audit log is append-only"):
            connection.execute(text(statement))
        connection.rollback()
        assert verify(log_store, connection) == ROWS


def test_sqlite_refuses_to_replace_a_row(store: Store) -> None:
    append(store)
    with store.engine.connect() as connection:
        with pytest.raises(DBAPIError, match="the audit log is append-only"):
            connection.execute(
                text("INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event WHERE seq = 3")
            )
        connection.rollback()
        assert verify(store, connection) == ROWS


@pytest.mark.parametrize("table", ["audit_event", "audit_head", "audit_event, audit_head"])
def test_postgresql_refuses_to_truncate_the_log(tmp_path: Path, table: str) -> None:
    with database("postgresql", tmp_path) as url:
        store = open_for(url, HandClock())
        store.migrate()
        append(store)
        with store.engine.connect() as connection:
            with pytest.raises(DBAPIError, match="the audit log is append-only"):
                connection.execute(text(f"TRUNCATE {table}"))
            connection.rollback()
            assert verify(store, connection) == ROWS
        store.close()


def test_a_walk_goes_on_past_one_page_and_can_begin_anywhere(store: Store) -> None:
    append(store, 2_100)
    with store.unit_of_work() as uow:
        assert verify_chain(uow.audit.events()) == 2_100
        assert [e.seq for e in uow.audit.events(after=999, limit=1_002)][-1] == 2_001
        assert [e.seq for e in uow.audit.events(after=2_099)] == [2_100]


def test_an_empty_log_holds(store: Store) -> None:
    with store.unit_of_work() as uow:
        assert verify_chain(uow.audit.events()) == uow.audit.count() == 0
        assert not list(uow.audit.events(after=0, limit=5))


def test_times_are_kept_to_the_microsecond(store: Store) -> None:
    append(store, 1)
    with store.unit_of_work() as uow:
        (event,) = uow.audit.events()
    assert event.fact == fact(store.tenant, 1)
    assert event.fact.at > NOON
