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

from core.errors import InvalidInput, StoreUnavailable

_BUSY_SECONDS = 30
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={_BUSY_SECONDS * 1000}",
    "foreign_keys=ON",
    "secure_delete=ON",
)
_PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_FULL")


def open_engine(url: str) -> Engine:
    """Make the engine for ``sqlite:///path`` or ``postgresql://…``."""
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            engine = _sqlite(url)
        case "postgresql":
            engine = create_engine(
                parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, max_overflow=30
            )
        case _:
            raise InvalidInput("the database URL must be sqlite:///path or postgresql://…")
    event.listen(engine, "handle_error", _translate)
    return engine


def _sqlite(url: str) -> Engine:
    # isolation_level None: the driver begins nothing on its own.
    engine = create_engine(
        url, connect_args={"isolation_level": None, "timeout": _BUSY_SECONDS}, max_overflow=30
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
    passing = isinstance(original, psycopg.OperationalError) or name.startswith(_PASSING)
    if passing or context.is_disconnect:
        return StoreUnavailable("the database cannot take this now")
    return None
