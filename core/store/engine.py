"""Connections: one URL decides between SQLite and PostgreSQL; both then behave alike.

Reads take no lock and see what is committed, a transaction begins with its first write. That is
PostgreSQL's READ COMMITTED; on SQLite it takes BEGIN IMMEDIATE at that moment, WAL and a busy
timeout, or concurrent writers fail at once.
"""

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError

from core.errors import InvalidInput, StoreUnavailable

_BUSY_SECONDS = 30
_WRONG_URL = "COPILOT_DATABASE_URL must be sqlite:///path or postgresql://user@host/database"
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={_BUSY_SECONDS * 1000}",
    "foreign_keys=ON",
    "secure_delete=ON",
)
_AWAY = "the database cannot take this now"
_PASSING = {
    "SQLITE_BUSY": _AWAY,
    "SQLITE_LOCKED": _AWAY,
    "SQLITE_IOERR": "the disk of the database does not work",
    "SQLITE_FULL": "the disk of the database is full",
    "SQLITE_CANTOPEN": "the database file cannot be opened; see COPILOT_DATABASE_URL",
    "SQLITE_READONLY": "the database file cannot be written to; see COPILOT_DATABASE_URL",
    "SQLITE_NOTADB": "this file is not a database; see COPILOT_DATABASE_URL",
}
_NOT_SET_UP = "the database is not set up; run `python -m core migrate`"


def open_engine(url: str) -> Engine:
    """Make the engine for ``sqlite:///path`` or ``postgresql://…``."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise InvalidInput(_WRONG_URL) from None
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            _make_folder(Path(parsed.database).parent)
            engine = _sqlite(url)
        case "postgresql":
            engine = create_engine(
                parsed.set(drivername="postgresql+psycopg"),
                pool_pre_ping=True,
                max_overflow=30,
                hide_parameters=True,
            )
        case _:
            raise InvalidInput(_WRONG_URL)
    event.listen(engine, "handle_error", _translate)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(
            f"the database's folder {folder} cannot be made: {error.strerror}"
        ) from None


def _sqlite(url: str) -> Engine:
    # isolation_level None: the driver begins nothing on its own.
    engine = create_engine(
        url,
        connect_args={"isolation_level": None, "timeout": _BUSY_SECONDS},
        max_overflow=30,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "before_cursor_execute", _begin_on_first_write)
    return engine


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_on_first_write(
    connection: Connection,
    _cursor: Any,
    _statement: str,
    _parameters: Any,
    context: Any,
    _many: Any,
) -> None:
    if context is None:
        return
    writes = context.isinsert or context.isupdate or context.isdelete
    if not (writes or context.execution_options.get("takes_write_lock")):
        return
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection) and not driver.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _translate(context: ExceptionContext) -> StoreUnavailable | None:
    original = context.original_exception
    name = getattr(original, "sqlite_errorname", "") or ""
    words = next((words for start, words in _PASSING.items() if name.startswith(start)), None)
    if words:
        return StoreUnavailable(words)
    if isinstance(original, psycopg.errors.UndefinedTable) or "no such table" in str(original):
        return StoreUnavailable(_NOT_SET_UP)
    if isinstance(original, psycopg.OperationalError) or context.is_disconnect:
        return StoreUnavailable(_AWAY)
    return None
