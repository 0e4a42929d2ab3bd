"""Which writes were applied, in order: what a test of exactly-once asks for."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from core.sandbox.icims.seed import Json

_COLUMNS = ("seq", "at", "customer", "method", "path", "type", "id", "effect", "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One write as the journal keeps it.

    ``effect``: ``changed``, ``added``, ``created``, ``uploaded``, or ``duplicate`` when the
    request was answered as a success and changed nothing.
    """

    at: datetime
    customer: str
    method: str
    path: str
    type: str
    id: int
    effect: str
    body: Json


class Journal:
    """The table of writes."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, write: Write) -> None:
        """Add one write, in the transaction that applies it."""
        self._db.execute(
            "INSERT INTO journal (at, customer, method, path, type, id, effect, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                write.at.isoformat(),
                write.customer,
                write.method,
                write.path,
                write.type,
                write.id,
                write.effect,
                json.dumps(write.body),
            ),
        )

    def entries(self, after: int = 0) -> list[Json]:
        """Read the writes that came after sequence number ``after``, oldest first."""
        rows = self._db.execute("SELECT * FROM journal WHERE seq > ? ORDER BY seq", [after])
        entries = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
        return [{**entry, "body": json.loads(entry["body"])} for entry in entries]
