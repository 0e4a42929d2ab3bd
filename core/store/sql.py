"""What statements share: forms that differ between SQLite and PostgreSQL, and long lists."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.store.tables import Base

_PART = 1_000
"""Values in one list; SQLite takes 32,766 parameters, and equal lengths are prepared once."""

Insert = sqlite.Insert | postgresql.Insert


def table_of(kind: type[Base]) -> Table:
    """Find the table of a class of rows."""
    return Base.metadata.tables[str(kind.__tablename__)]


def _insert(session: Session, row: Base) -> tuple[Insert, Table]:
    table = table_of(type(row))
    values = {k: v for k, v in row.model_dump().items() if (k, v) != ("position", None)}
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    statement = sqlite.insert(table) if on_sqlite else postgresql.insert(table)
    return statement.values(values), table


def insert_once(session: Session, row: Base, *key: str) -> Any:
    """Insert unless ``key`` (a unique index) is taken.

    Returns the new row's first column, None when the key was taken.
    """
    statement, table = _insert(session, row)
    first = next(iter(table.columns))
    once = statement.on_conflict_do_nothing(index_elements=key)
    return session.scalar(once.returning(first))


def in_turn(session: Session, name: str) -> None:
    """Let transactions that name the same ``name`` go one after the other.

    On SQLite the write lock that the next statement takes has that effect.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(lock_key(name))))


def alone(session: Session, name: str) -> bool:
    """Say whether this is the only transaction now that does ``name``; true until it ends.

    On SQLite always: the write lock that the next statement takes has that effect.
    """
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(lock_key(name)))))


def lock_key(name: str) -> int:
    """Make PostgreSQL's number for an advisory lock called ``name``."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


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


def in_parts(ids: Collection[str]) -> Iterator[Sequence[str]]:
    """Cut ``ids`` into lists short enough for one statement, each id once."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), _PART):
        yield ordered[start : start + _PART]
