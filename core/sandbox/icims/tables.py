"""The sandbox's tables, and how a record becomes their rows."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from core.sandbox.icims.seed import Json, Record
from core.sandbox.icims.wire import read_moment

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE record (
  customer TEXT NOT NULL, type TEXT NOT NULL, id INTEGER NOT NULL,
  created INTEGER NOT NULL, updated INTEGER NOT NULL, body TEXT NOT NULL,
  job INTEGER, person INTEGER, node TEXT, email TEXT);
CREATE TABLE cell (
  customer TEXT NOT NULL, type TEXT NOT NULL, id INTEGER NOT NULL, field TEXT NOT NULL,
  text TEXT, number REAL);
CREATE TABLE status_log (customer TEXT NOT NULL, id INTEGER NOT NULL, entry TEXT NOT NULL);
CREATE TABLE file (
  customer TEXT NOT NULL, type TEXT NOT NULL, id INTEGER NOT NULL, field TEXT NOT NULL,
  name TEXT NOT NULL, media_type TEXT NOT NULL, content BLOB NOT NULL,
  PRIMARY KEY (customer, type, id, field));
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, customer TEXT NOT NULL, method TEXT NOT NULL,
  path TEXT NOT NULL, type TEXT NOT NULL, id INTEGER NOT NULL, effect TEXT NOT NULL,
  body TEXT NOT NULL);
CREATE TABLE usage (
  customer TEXT NOT NULL, day TEXT NOT NULL, used INTEGER NOT NULL, PRIMARY KEY (customer, day));
"""
# Made after the first fill: one sort each costs less than growing them row by row.
INDEXES = """
CREATE UNIQUE INDEX record_id ON record (customer, type, id);
CREATE INDEX record_job ON record (customer, type, job, id) WHERE job IS NOT NULL;
CREATE INDEX record_person ON record (customer, type, person, id) WHERE person IS NOT NULL;
CREATE INDEX record_node ON record (customer, type, node, id) WHERE node IS NOT NULL;
CREATE INDEX record_email ON record (customer, type, email, id) WHERE email IS NOT NULL;
CREATE INDEX record_updated ON record (customer, type, updated, id);
CREATE INDEX cell_record ON cell (customer, type, id);
CREATE INDEX cell_text ON cell (customer, type, field, text, id);
CREATE INDEX cell_number ON cell (customer, type, field, number, id);
CREATE INDEX status_log_id ON status_log (customer, id);
"""


def insert(
    db: sqlite3.Connection, customer: str, record: Record, searchable: Iterable[tuple[str, str]]
) -> None:
    """Add a record, its status log and the cells of its ``searchable`` (type, JSON id) fields."""
    body = record.body
    node = body.get("status") or body.get("folder") or {}
    db.execute(
        "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            customer,
            record.record_type,
            record.id,
            int(record.created.timestamp()),
            int(record.updated.timestamp()),
            json.dumps(body, ensure_ascii=False),
            _link(body, "baseprofile", "job"),
            _link(body, "associatedprofile", "person"),
            node.get("id") if isinstance(node, dict) else node,
            body.get("email"),
        ),
    )
    for kind, name in searchable:
        if kind == record.record_type and name in body:
            db.executemany(
                "INSERT INTO cell VALUES (?, ?, ?, ?, ?, ?)",
                [(customer, kind, record.id, name, *cell) for cell in _cells(body[name])],
            )
    db.executemany(
        "INSERT INTO status_log VALUES (?, ?, ?)",
        [(customer, record.id, json.dumps(entry)) for entry in record.status_log],
    )


def _link(body: Json, *names: str) -> int | None:
    for name in names:
        if isinstance(body.get(name), dict):
            return int(body[name]["id"])
    return None


def _cells(value: Any) -> Iterable[tuple[str | None, float | None]]:
    if isinstance(value, list):
        return [cell for item in value for cell in _cells(item)]
    if isinstance(value, dict):
        return [(value.get("id"), None)]
    if isinstance(value, int | float):
        return [(None, float(value))]
    day = read_moment(value) if isinstance(value, str) else None
    return [(value, day[0].timestamp() if day else None)]


def moment(seconds: int) -> datetime:
    """Read a stored time, aware, UTC."""
    return datetime.fromtimestamp(seconds, UTC)
