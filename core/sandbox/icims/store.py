"""The sandbox's memory: one SQLite file, or memory alone."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.sandbox.icims.journal import Journal, Write
from core.sandbox.icims.seed import Json, Record, StoredFile, World
from core.sandbox.icims.tables import INDEXES, TABLES, insert, moment

RESULT_CAP = 1_000
_LARGEST_ID = 2**63 - 1


class StateMismatch(Exception):
    """The state file was filled from another seed."""


class Store:
    """Records, files, status logs, the ``journal`` of writes and the day's use; one per process.

    ``world`` fills it once; ``seed`` is remembered, and another one raises ``StateMismatch``.
    """

    def __init__(self, world: World, path: Path | None, seed: int) -> None:
        self._world = world
        self._seed = seed
        self._searchable = {
            tenant.customer_id: {
                (field.record_type, field.json_id) for field in tenant.custom_fields
            }
            for tenant in world.tenants
        }
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        # Used by one thread at a time: the event loop's, after the one that built the app.
        self._db = sqlite3.connect(
            ":memory:" if path is None else path, isolation_level=None, check_same_thread=False
        )
        # A killed sandbox keeps its state; only a power cut may cost the last writes.
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;")
        self.journal = Journal(self._db)
        self._open()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _open(self) -> None:
        tables = self._db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'meta'")
        if tables.fetchone()[0] == 0:
            self._fill()
        filled = self._db.execute("SELECT value FROM meta WHERE name = 'seed'").fetchone()[0]
        if int(filled) != self._seed:
            raise StateMismatch(f"the state file holds seed {filled}, not {self._seed}")

    def refill(self) -> None:
        """Forget every write and start again from the world."""
        self._db.execute("DELETE FROM usage")
        if not self._one("SELECT count(*) FROM journal"):
            return
        names = [
            row[0] for row in self._db.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        with self._transaction():
            for name in names:
                self._db.execute(f"DROP TABLE {name}")
        self._fill()

    def _fill(self) -> None:
        with self._transaction():
            for statement in filter(str.strip, TABLES.split(";")):
                self._db.execute(statement)
            for tenant in self._world.tenants:
                for record in self._world.records(tenant.customer_id):
                    insert(
                        self._db, tenant.customer_id, record, self._searchable[tenant.customer_id]
                    )
            for statement in filter(str.strip, INDEXES.split(";")):
                self._db.execute(statement)
            self._db.execute("INSERT INTO meta VALUES ('seed', ?)", [str(self._seed)])
        self._db.execute("ANALYZE")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # --- Reading ---------------------------------------------------------------------------

    def record(self, customer: str, record_type: str, id: int) -> Record | None:
        """Read one record, without its status log."""
        if id > _LARGEST_ID:
            return None
        row = self._db.execute(
            "SELECT body, created, updated FROM record WHERE customer=? AND type=? AND id=?",
            [customer, record_type, id],
        ).fetchone()
        if row is None:
            return None
        body, created, updated = json.loads(row[0]), moment(row[1]), moment(row[2])
        return Record(record_type=record_type, id=id, body=body, created=created, updated=updated)

    def ids(
        self, customer: str, record_type: str, where: str, values: Sequence[Any]
    ) -> tuple[int, ...]:
        """Find records by an SQL condition over ``record``; ascending, at most 1,000."""
        # "+id" keeps SQLite from walking all ids in order when few records were updated lately.
        order = "+id" if "updated" in where else "id"
        query = f"SELECT id FROM record WHERE customer=? AND type=? AND ({where}) ORDER BY {order}"  # noqa: S608 -- text of ours, values are bound
        rows = self._db.execute(
            f"{query} LIMIT ?",
            [customer, record_type, *values, RESULT_CAP],
        )
        return tuple(row[0] for row in rows)

    def page(
        self, customer: str, record_type: str, offset: int, limit: int, *, descending: bool
    ) -> list[Record]:
        """Read records in id order; only offers are listed this way."""
        rows = self._db.execute(
            "SELECT id, body, created, updated FROM record WHERE customer=? AND type=?"
            " ORDER BY id * ? LIMIT ? OFFSET ?",
            [customer, record_type, -1 if descending else 1, limit, offset],
        )
        return [
            Record(
                record_type=record_type,
                id=id,
                body=json.loads(body),
                created=moment(created),
                updated=moment(updated),
            )
            for id, body, created, updated in rows
        ]

    def next_id(self, customer: str, record_type: str) -> int:
        """Give the id a new record gets."""
        return 1 + self._one(
            "SELECT coalesce(max(id), 0) FROM record WHERE customer=? AND type=?",
            customer,
            record_type,
        )

    def applicants_elsewhere(self, customer: str, job: int, most: int) -> list[int]:
        """Find people who have applied to some job and not to this one."""
        rows = self._db.execute(
            "SELECT DISTINCT person FROM record WHERE customer=:customer"
            " AND type='applicantworkflows' AND person NOT IN (SELECT person FROM record"
            " WHERE customer=:customer AND type='applicantworkflows' AND job=:job)"
            " ORDER BY person LIMIT :most",
            {"customer": customer, "job": job, "most": most},
        )
        return [row[0] for row in rows]

    def status_log(self, customer: str, id: int) -> list[Json]:
        """Read an application's newest 100 statuses, newest first."""
        rows = self._db.execute(
            "SELECT entry FROM status_log WHERE customer=? AND id=? ORDER BY rowid DESC LIMIT 100",
            [customer, id],
        )
        return [json.loads(row[0]) for row in rows]

    def uploaded(self, customer: str, record_type: str, id: int, field: str) -> StoredFile | None:
        """Read a file that was uploaded here; the world's own files are not stored."""
        row = self._db.execute(
            "SELECT name, media_type, content FROM file"
            " WHERE customer=? AND type=? AND id=? AND field=?",
            [customer, record_type, id, field],
        ).fetchone()
        return None if row is None else StoredFile(*row)

    def counts(self) -> dict[str, dict[str, int]]:
        """Count records per customer and type."""
        counts: dict[str, dict[str, int]] = {}
        for customer, kind, number in self._db.execute(
            "SELECT customer, type, count(*) FROM record GROUP BY customer, type"
        ):
            counts.setdefault(customer, {})[kind] = number
        return counts

    # --- Writing ---------------------------------------------------------------------------

    def save(
        self,
        record: Record,
        write: Write,
        *,
        status: Json | None = None,
        upload: tuple[str, StoredFile] | None = None,
    ) -> None:
        """Store a new or changed record together with what else the write brought.

        ``status``: its new status log entry; ``upload``: a file field's JSON id and content.
        """
        key = [write.customer, record.record_type, record.id]
        with self._transaction():
            self._db.execute("DELETE FROM record WHERE customer=? AND type=? AND id=?", key)
            self._db.execute("DELETE FROM cell WHERE customer=? AND type=? AND id=?", key)
            log = () if status is None else (status,)
            logged = replace(record, status_log=log)
            insert(self._db, write.customer, logged, self._searchable[write.customer])
            if upload is not None:
                field, file = upload
                self._db.execute(
                    "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)",
                    [*key, field, file.name, file.media_type, file.content],
                )
            self.journal.add(write)

    def used(self, customer: str, day: str) -> int:
        """Count a day's requests so far."""
        return self._one(
            "SELECT coalesce(max(used), 0) FROM usage WHERE customer=? AND day=?", customer, day
        )

    def set_used(self, customer: str, day: str, used: int) -> None:
        """Set a day's count."""
        self._db.execute("INSERT OR REPLACE INTO usage VALUES (?, ?, ?)", [customer, day, used])

    def _one(self, query: str, *values: object) -> int:
        return int(self._db.execute(query, values).fetchone()[0])
