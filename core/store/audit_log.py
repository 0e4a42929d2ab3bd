"""The append-only, hash-chained log; each tenant has one chain.

A row keeps the exact text that was hashed. Reading a row checks that its columns still say what
that text says, so a walk over ``events`` with ``verify_chain`` notices any altered byte.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlmodel import col

from core.domain.audit import GENESIS, AuditEvent, Fact, event_payload, link
from core.errors import ChainBroken, IntegrityError
from core.ports import AuditFilter
from core.store.repository import Repository
from core.store.sql import insert_once
from core.store.tables import AuditEventRow, AuditHeadRow, Base

_PAGE = 1_000
_COLUMNS = (
    col(AuditEventRow.seq),
    col(AuditEventRow.tenant),
    col(AuditEventRow.at),
    col(AuditEventRow.actor),
    col(AuditEventRow.action),
    col(AuditEventRow.subject),
    col(AuditEventRow.payload),
    col(AuditEventRow.previous),
    col(AuditEventRow.hash),
)


class SqlAuditLog(Repository):
    """Implements ``ports.AuditLog``; every read raises ``ChainBroken`` on an altered row."""

    def append(self, fact: Fact) -> AuditEvent:
        """Take the next place; others wait for it until this transaction ends."""
        if fact.tenant != self.tenant:
            raise IntegrityError("a fact of another tenant")
        last, previous = self._locked_head()
        payload = event_payload(last + 1, fact)
        event = AuditEvent(seq=last + 1, fact=fact, previous=previous, hash=link(previous, payload))
        self._insert(event, payload)
        return event

    def events(self, after: int = 0, limit: int | None = None) -> Iterator[AuditEvent]:
        """Walk the chain; a walk to its end also compares with the recorded end."""
        end, hash_of_end = self.head()
        last = after
        stop = None if limit is None else after + limit
        for row in self._walk(after, stop):
            if row.seq != last + 1:
                raise ChainBroken(f"row {last + 1} is missing (found row {row.seq} in its place)")
            event = _event(row)
            if event.seq == end and event.hash != hash_of_end:
                raise ChainBroken(f"row {end} is not the recorded end of the log")
            yield event
            last = event.seq
        if limit is None:
            self._require_end(last, end)

    def _walk(self, after: int, stop: int | None) -> Iterator[Any]:
        """Read rows in pages, so that a long log does not fill the memory."""
        while stop is None or after < stop:
            size = _PAGE if stop is None else min(_PAGE, stop - after)
            page = self._rows(col(AuditEventRow.seq) > after, size)
            yield from page
            if len(page) < size:
                return
            after = page[-1].seq

    def _require_end(self, last: int, end: int) -> None:
        if last < end:
            raise ChainBroken(f"row {last + 1} is missing: {end} rows were recorded")
        # Rows may have been added during the walk, then the recorded end has moved too.
        if last > (recorded := self.head()[0]):
            raise ChainBroken(f"row {recorded + 1} stands behind the recorded end of the log")

    def newest(
        self, wanted: AuditFilter, *, before: int | None = None, limit: int = 100
    ) -> Sequence[AuditEvent]:
        """Read up to ``limit`` events that fit, newest first."""
        row = AuditEventRow
        conditions = [col(row.tenant) == self.tenant]
        conditions += [col(row.seq) < before] if before is not None else []
        conditions += [col(row.subject) == wanted.subject] if wanted.subject else []
        conditions += [col(row.actor) == wanted.actor] if wanted.actor else []
        if wanted.action:
            conditions.append(col(row.action).startswith(wanted.action, autoescape=True))
        query = select(*_COLUMNS).where(*conditions).order_by(col(row.seq).desc()).limit(limit)
        return [_event(found) for found in self.db.execute(query)]

    def of_subject(self, subject: str) -> Sequence[AuditEvent]:
        return [_event(row) for row in self._rows(col(AuditEventRow.subject) == subject)]

    def actors(self) -> Sequence[str]:
        """Step from one name to the next in the index, so that a long log costs no more."""
        found: list[str] = []
        last: str | None = ""
        while last is not None:
            last = self._actor_after(last)
            found += [last] if last is not None else []
        return found

    def _actor_after(self, last: str) -> str | None:
        row = AuditEventRow
        query = select(func.min(col(row.actor))).where(
            col(row.tenant) == self.tenant, col(row.actor) > last
        )
        return self.db.execute(query).scalar()

    def count(self) -> int:
        """How many rows were ever recorded."""
        return self.head()[0]

    def head(self) -> tuple[int, str]:
        """Number and hash of the last row recorded; 0 and ``GENESIS`` before the first."""
        query = select(col(AuditHeadRow.seq), col(AuditHeadRow.hash)).where(
            col(AuditHeadRow.tenant) == self.tenant
        )
        row = self.db.execute(query).first()
        return (row.seq, row.hash) if row else (0, GENESIS)

    def export(self) -> Iterator[str]:
        """Yield the log as JSON lines: first what it claims to hold, then every row as hashed."""
        count, head = self.head()
        yield json.dumps({"log": 1, "tenant": self.tenant, "count": count, "head": head})
        for event in self.events(limit=count):
            payload = event_payload(event.seq, event.fact)
            yield json.dumps(
                {"previous": event.previous, "hash": event.hash, "payload": payload},
                ensure_ascii=False,
            )

    def _locked_head(self) -> tuple[int, str]:
        query = (
            select(col(AuditHeadRow.seq), col(AuditHeadRow.hash))
            .where(col(AuditHeadRow.tenant) == self.tenant)
            .with_for_update()
            .execution_options(takes_write_lock=True)
        )
        row = self.db.execute(query).first()
        if row is None:
            start = AuditHeadRow(tenant=self.tenant, seq=0, hash=GENESIS)
            insert_once(self.db, start, "tenant")
            row = self.db.execute(query).one()
        return row.seq, row.hash

    def _insert(self, event: AuditEvent, payload: str) -> None:
        fact = event.fact
        self.db.execute(
            Base.metadata.tables["audit_event"].insert(),
            {
                "tenant": fact.tenant,
                "seq": event.seq,
                "at": fact.at.isoformat(),
                "actor": fact.actor,
                "action": fact.action,
                "subject": fact.subject,
                "payload": payload,
                "previous": event.previous,
                "hash": event.hash,
            },
        )
        self.db.execute(
            update(AuditHeadRow)
            .where(col(AuditHeadRow.tenant) == self.tenant)
            .values(seq=event.seq, hash=event.hash)
        )

    def _rows(self, condition: ColumnElement[bool], limit: int | None = None) -> Sequence[Any]:
        query = (
            select(*_COLUMNS)
            .where(col(AuditEventRow.tenant) == self.tenant, condition)
            .order_by(col(AuditEventRow.seq))
            .limit(limit)
        )
        return self.db.execute(query).all()


def _event(row: Any) -> AuditEvent:
    fact = _fact(row)
    stands_for = (fact.tenant, fact.at.isoformat(), fact.actor, fact.action, fact.subject)
    says = (row.tenant, row.at, row.actor, row.action, row.subject)
    if stands_for != says or event_payload(row.seq, fact) != row.payload:
        raise ChainBroken(f"row {row.seq} was altered")
    return AuditEvent(seq=row.seq, fact=fact, previous=row.previous, hash=row.hash)


def _fact(row: Any) -> Fact:
    try:
        said = json.loads(row.payload)
        return Fact(
            tenant=said["tenant"],
            at=datetime.fromisoformat(said["at"]),
            actor=said["actor"],
            actor_kind=said["actor_kind"],
            action=said["action"],
            subject=said["subject"],
            data=said["data"],
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ChainBroken(f"row {row.seq} was altered") from None
