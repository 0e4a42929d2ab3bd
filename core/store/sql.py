"""The few statements whose form differs between SQLite and PostgreSQL."""

import hashlib
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.store.tables import Base

Insert = sqlite.Insert | postgresql.Insert


def _insert(session: Session, row: Base) -> tuple[Insert, Table]:
    table: Table = Base.metadata.tables[str(type(row).__tablename__)]
    values = {k: v for k, v in row.model_dump().items() if (k, v) != ("position", None)}
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    statement = sqlite.insert(table) if on_sqlite else postgresql.insert(table)
    return statement.values(values), table


def insert_once(session: Session, row: Base, *key: str, where: Any = None) -> Any:
    """Insert unless ``key`` (a unique index, partial under ``where``) is taken.

    Returns the new row's first column, None when the key was taken.
    """
    statement, table = _insert(session, row)
    first = next(iter(table.columns))
    once = statement.on_conflict_do_nothing(index_elements=key, index_where=where)
    return session.scalar(once.returning(first))


def in_turn(session: Session, name: str) -> None:
    """Let transactions that name the same ``name`` go one after the other.

    On SQLite the write lock that the next statement takes has that effect.
    """
    if session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        session.execute(select(func.pg_advisory_xact_lock(key)))


def upsert(
    session: Session,
    row: Base,
    *key: str,
    keep: Collection[str] = (),
    where: ColumnElement[bool] | None = None,
) -> bool:
    """Insert, or replace the row with the same ``key`` but for the columns in ``keep``.

    False when a row was there that ``where`` does not allow to be replaced.
    """
    statement, table = _insert(session, row)
    fresh = {
        c.name: statement.excluded[c.name] for c in table.columns if c.name not in {*key, *keep}
    }
    replacing = statement.on_conflict_do_update(index_elements=key, set_=fresh, where=where)
    first = next(iter(table.columns))
    return session.execute(replacing.returning(first)).first() is not None
