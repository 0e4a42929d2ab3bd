"""The job table: claimed with a lease, in turns, deduplicated by key, retried, buried.

Turns are start-time fair queueing (Goyal, Vin, Cheng 1996): a new job starts after the furthest
turn taken in its priority and after the last of its own group, so that a group with thousands of
jobs and one with ten go one by one beside each other. Equal turns go by due time.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from core.domain.ids import JobId, TenantId
from core.domain.jobs import DeadJob, Depth, Job, JobKind, JobRequest, Priority
from core.ports import JobProgress, Published
from core.store.repository import Repository
from core.store.sql import alone, table_of
from core.store.tables import JobRow

_WAITING, _RUNNING, _RETRYING = "waiting", "running", "retrying"
_DONE, _FAILED, _CANCELLED = "done", "failed", "cancelled"
_PENDING = text("state IN ('waiting', 'running', 'retrying')")
"""In the very words of the partial indexes, or SQLite does not use them."""

_DIGITS = 18
"""As long as a number may be to fit the databases' integers."""

_IDLE = col(JobRow.state).in_((_WAITING, _RETRYING))
_TAKEN = (_RUNNING, _RETRYING, _DONE, _FAILED)
_IN_ORDER = (
    col(JobRow.priority),
    col(JobRow.turn),
    col(JobRow.due_at),
    col(JobRow.position),
)
_CLAIMED = (
    col(JobRow.position),
    col(JobRow.kind),
    col(JobRow.payload),
    col(JobRow.attempts),
    col(JobRow.spared),
    col(JobRow.job_group),
    col(JobRow.priority),
)


class SqlJobs(Repository):
    """Implements ``ports.Jobs``; ``attempts`` tells a lost lease from the present one."""

    def enqueue(self, request: JobRequest, now: datetime) -> JobId | None:
        """As the port says; the first job of an idle group starts its counts afresh."""
        if request.group and self._is_idle(request.group):
            self._update(col(JobRow.job_group) == request.group, job_group="")
        values = {
            "p_tenant": self.tenant,
            "p_kind": request.kind.value,
            "p_dedupe_key": request.dedupe_key,
            "p_payload": json.dumps(dict(request.payload)),
            "p_priority": int(request.priority),
            "p_job_group": request.group,
            "p_due_at": request.due_at or now,
        }
        position = self.db.scalar(_insert_in_turn(self._dialect), values)
        return None if position is None else JobId(str(position))

    @property
    def _dialect(self) -> str:
        return self.db.get_bind().dialect.name

    def claim(
        self, now: datetime, lease: float, kinds: Sequence[str] = (), *, newest: bool = False
    ) -> Job | None:
        wanted = [col(JobRow.kind).in_(kinds)] if kinds else []
        found = self._first(self._due(now), *wanted)
        if found is None:
            return None
        if newest:
            found = self._change_places(found, now, *wanted)
        return self._take(found, now, lease)

    def claim_one(self, id: JobId, now: datetime, lease: float) -> Job | None:
        found = self._first(self._due(now), _at(id))
        return None if found is None else self._take(found, now, lease)

    def _due(self, now: datetime) -> ColumnElement[bool]:
        return and_(_PENDING, col(JobRow.tenant) == self.tenant, col(JobRow.due_at) <= now)

    def _first(self, *conditions: ColumnElement[bool], last: bool = False) -> "_Found | None":
        """Lock the first job in order for which ``conditions`` hold and that nobody else locks."""
        order = [col(JobRow.position).desc()] if last else list(_IN_ORDER)
        query = (
            select(
                col(JobRow.position),
                col(JobRow.state),
                col(JobRow.priority),
                col(JobRow.turn),
                col(JobRow.job_group),
            )
            .where(*conditions)
            .order_by(*order)
            .limit(1)
            .with_for_update(skip_locked=True)
            .execution_options(takes_write_lock=True)
        )
        row: Any = self.db.execute(query).first()
        return None if row is None else _Found(*row)

    def _change_places(
        self, head: "_Found", now: datetime, *wanted: ColumnElement[bool]
    ) -> "_Found":
        """Give the turn of a group's first job to its newest, so that groups stay in turn."""
        newest = self._first(
            self._due(now),
            col(JobRow.priority) == head.priority,
            col(JobRow.job_group) == head.group,
            *wanted,
            last=True,
        )
        if newest is None or newest.position <= head.position:
            return head
        self._update(col(JobRow.position) == head.position, turn=newest.turn)
        self._update(col(JobRow.position) == newest.position, turn=head.turn)
        return newest

    def _take(self, found: "_Found", now: datetime, lease: float) -> Job:
        claimed = self.db.execute(
            update(JobRow)
            .where(col(JobRow.position) == found.position)
            .values(
                state=_RUNNING,
                due_at=now + timedelta(seconds=lease),
                started_at=func.coalesce(col(JobRow.started_at), now),
                attempts=col(JobRow.attempts) + 1,
                published_at=None,
            )
            .returning(*_CLAIMED)
        ).one()
        return self._job(claimed, abandoned=found.state == _RUNNING)

    def extend(self, job: Job, until: datetime) -> bool:
        return self._update(_held(job), due_at=until) == 1

    def complete(self, job: Job, now: datetime) -> None:
        """As the port says; what was cancelled while it ran and got done all the same is done."""
        held = _held(job, _RUNNING, _CANCELLED)
        self._update(held, state=_DONE, finished_at=now, last_error="")

    def retry(self, job: Job, due_at: datetime, error: str, *, spared: bool = False) -> None:
        counted = {"spared": col(JobRow.spared) + 1} if spared else {}
        self._update(_held(job), state=_RETRYING, due_at=due_at, last_error=error, **counted)

    def bury(self, job: Job, now: datetime, error: str) -> None:
        self._update(_held(job), state=_FAILED, finished_at=now, last_error=error)

    # --- What a broker is told -----------------------------------------------------------------

    def to_publish(self, now: datetime, again_before: datetime, limit: int) -> Sequence[Published]:
        if not alone(self.db, f"publish {self.tenant}"):
            return []
        told = self._told(again_before)
        listed = [
            published
            for priority in Priority
            for published in self._untold(
                now, again_before, priority, limit - told.get(priority, 0)
            )
        ]
        if listed:
            self._update(_among([each.id for each in listed]), published_at=now)
        return listed

    def not_told(self, ids: Sequence[JobId]) -> None:
        self._update(_among(ids), published_at=None)

    def _told(self, since: datetime) -> dict[int, int]:
        query = (
            select(col(JobRow.priority), func.count())
            .where(col(JobRow.tenant) == self.tenant, col(JobRow.published_at) >= since)
            .where(text("published_at IS NOT NULL"))
            .group_by(col(JobRow.priority))
            # What follows from the count must see what it counted.
            .execution_options(takes_write_lock=True)
        )
        return dict(self.db.execute(query).all())

    def _untold(
        self, now: datetime, again_before: datetime, priority: Priority, limit: int
    ) -> list[Published]:
        told = col(JobRow.published_at)
        query = (
            select(col(JobRow.position), col(JobRow.priority))
            .where(self._due(now), col(JobRow.priority) == int(priority))
            .where(or_(told.is_(None), told < again_before))
            .order_by(*_IN_ORDER)
            .limit(max(limit, 0))
            .execution_options(takes_write_lock=True)
        )
        return [Published(JobId(str(row.position)), row.priority) for row in self.db.execute(query)]

    # --- What people are shown -----------------------------------------------------------------

    def depths(self, now: datetime) -> Sequence[Depth]:
        is_put_off = and_(_IDLE, col(JobRow.due_at) > now)
        is_running = and_(col(JobRow.state) == _RUNNING, col(JobRow.due_at) > now)
        is_due = col(JobRow.due_at) <= now
        explained = and_(is_put_off, col(JobRow.last_error) != "")
        query = (
            select(
                col(JobRow.kind),
                col(JobRow.priority),
                func.count(case((is_due, 1))),
                func.count(case((is_running, 1))),
                func.count(case((is_put_off, 1))),
                func.min(case((is_due, col(JobRow.due_at)))),
                func.min(case((is_put_off, col(JobRow.due_at)))),
                func.max(case((explained, col(JobRow.position)))),
            )
            .where(_PENDING, col(JobRow.tenant) == self.tenant)
            .group_by(col(JobRow.kind), col(JobRow.priority))
            .order_by(col(JobRow.priority), col(JobRow.kind))
        )
        rows = self.db.execute(query).all()
        why = self._errors([row[7] for row in rows if row[7] is not None])
        return [
            Depth(
                kind=JobKind(kind),
                priority=Priority(priority),
                due=due,
                running=running,
                put_off=put_off,
                oldest_due_at=oldest,
                next_at=next_at,
                why=why.get(newest, ""),
            )
            for kind, priority, due, running, put_off, oldest, next_at, newest in rows
        ]

    def _errors(self, positions: Sequence[int]) -> dict[int | None, str]:
        query = select(col(JobRow.position), col(JobRow.last_error)).where(
            col(JobRow.position).in_(positions)
        )
        return dict(self.db.execute(query).all())

    def dead(self, limit: int) -> Sequence[DeadJob]:
        query = (
            select(*_CLAIMED, col(JobRow.last_error), col(JobRow.finished_at))
            .where(col(JobRow.tenant) == self.tenant, col(JobRow.state) == _FAILED)
            .order_by(col(JobRow.finished_at).desc(), col(JobRow.position).desc())
            .limit(limit)
        )
        return [
            DeadJob(
                id=JobId(str(row.position)),
                kind=JobKind(row.kind),
                payload=json.loads(row.payload),
                attempts=row.attempts - row.spared,
                error=row.last_error,
                at=row.finished_at,
            )
            for row in self.db.execute(query)
        ]

    def replay(self, id: JobId, now: datetime) -> bool:
        """As the port says; ``attempts`` goes on counting, since it tells leases apart."""
        values = {"spared": col(JobRow.attempts), "finished_at": None, "last_error": ""}
        return self._of_dead(id, state=_RETRYING, due_at=now, **values)

    def drop(self, id: JobId, now: datetime) -> bool:
        return self._of_dead(id, state=_CANCELLED, finished_at=now, last_error="")

    def _of_dead(self, id: JobId, **values: Any) -> bool:
        dead = and_(_at(id), col(JobRow.state) == _FAILED)
        return self._update(dead, **values) == 1

    def purge(self, finished_before: datetime) -> int:
        deleted = self.db.scalars(
            delete(JobRow)
            .where(col(JobRow.tenant) == self.tenant)
            .where(col(JobRow.state).in_((_DONE, _CANCELLED)))
            .where(col(JobRow.finished_at) < finished_before)
            .returning(col(JobRow.position))
        )
        return len(deleted.all())

    def pending(self, prefix: str = "") -> int:
        """Jobs not yet finished whose dedupe key starts with ``prefix``."""
        query = select(func.count()).where(
            _PENDING,
            col(JobRow.tenant) == self.tenant,
            col(JobRow.dedupe_key).startswith(prefix, autoescape=True),
        )
        return self.db.scalars(query).one()

    def problem(self, dedupe_key: str) -> str:
        query = (
            select(col(JobRow.last_error))
            .where(col(JobRow.tenant) == self.tenant, col(JobRow.dedupe_key) == dedupe_key)
            .where(col(JobRow.state) != _WAITING)
            .order_by(col(JobRow.position).desc())
            .limit(1)
        )
        return self.db.scalars(query).first() or ""

    def progress(self, group: str) -> JobProgress:
        def of(*states: str) -> Any:
            return func.count(case((col(JobRow.state).in_(states), 1)))

        query = select(
            func.count(),
            of(_DONE),
            of(_FAILED),
            of(_CANCELLED),
            func.min(col(JobRow.started_at)),
            func.min(case((col(JobRow.state) == _RETRYING, col(JobRow.due_at)))),
        ).where(col(JobRow.tenant) == self.tenant, col(JobRow.job_group) == group)
        total, done, failed, cancelled, started_at, next_at = self.db.execute(query).one()
        return JobProgress(
            total, done, failed, cancelled, started_at, self._trouble(group), next_at
        )

    def _trouble(self, group: str) -> str:
        """The error of the newest job of a group that failed or is to be tried again."""
        query = (
            select(col(JobRow.last_error))
            .where(col(JobRow.tenant) == self.tenant, col(JobRow.job_group) == group)
            .where(col(JobRow.state).in_((_FAILED, _RETRYING)), col(JobRow.last_error) != "")
            .order_by(col(JobRow.position).desc())
            .limit(1)
        )
        return self.db.scalars(query).first() or ""

    def cancel(self, group: str, now: datetime) -> int:
        of_group = col(JobRow.job_group) == group
        over = {"state": _CANCELLED, "finished_at": now, "published_at": None}
        self._update(and_(of_group, col(JobRow.state) == _RUNNING), **over)
        return self._update(and_(of_group, _IDLE), **over)

    def _is_idle(self, group: str) -> bool:
        values = {"p_tenant": self.tenant, "p_job_group": group}
        return self.db.scalar(_ONE_PENDING, values) is None

    def _update(self, condition: ColumnElement[bool], **values: Any) -> int:
        changed = self.db.scalars(
            update(JobRow)
            .where(col(JobRow.tenant) == self.tenant, condition)
            .values(values)
            .returning(col(JobRow.position))
        )
        return len(changed.all())

    def _job(self, row: Any, *, abandoned: bool) -> Job:
        return Job(
            id=JobId(str(row.position)),
            kind=JobKind(row.kind),
            tenant=TenantId(self.tenant),
            payload=json.loads(row.payload),
            attempts=row.attempts,
            spared=row.spared,
            priority=Priority(row.priority),
            group=row.job_group,
            abandoned=abandoned,
        )


# Jobs are added by the thousand, so the statements for it are put together once.
_ONE_PENDING = (
    select(col(JobRow.position))
    .where(
        col(JobRow.tenant) == bindparam("p_tenant"),
        col(JobRow.job_group) == bindparam("p_job_group"),
        col(JobRow.state).in_((_WAITING, _RUNNING, _RETRYING)),
    )
    .limit(1)
)


@cache
def _insert_in_turn(dialect: str) -> Any:
    """Insert a job unless one with its key waits; the database works out its turn.

    That is one probe of an index for each state and one for its group.
    """
    on_sqlite = dialect == "sqlite"
    given = ("tenant", "kind", "dedupe_key", "payload", "priority", "job_group", "due_at")
    table = table_of(JobRow)
    greatest: Any = func.max if on_sqlite else func.greatest
    taken = [_furthest(table, table.c.state == state) for state in _TAKEN]
    own = _furthest(table, _PENDING, table.c.job_group == bindparam("p_job_group"))
    insert = sqlite.insert(table) if on_sqlite else postgresql.insert(table)
    return (
        insert.values(
            {name: bindparam(f"p_{name}", type_=table.c[name].type) for name in given}
            | {"state": _WAITING, "attempts": 0, "spared": 0, "last_error": ""}
            | {"turn": greatest(own, *taken) + 1}
        )
        .on_conflict_do_nothing(
            index_elements=["tenant", "dedupe_key"], index_where=text(f"state = '{_WAITING}'")
        )
        .returning(table.c.position)
    )


def _furthest(table: Table, *conditions: Any) -> ColumnElement[int]:
    query = select(func.coalesce(func.max(table.c.turn), 0)).where(
        table.c.tenant == bindparam("p_tenant"),
        table.c.priority == bindparam("p_priority"),
        *conditions,
    )
    return query.scalar_subquery()


@dataclass(frozen=True, slots=True)
class _Found:
    """A job as it was before somebody took it."""

    position: int
    state: str
    priority: int
    turn: int
    group: str


def _at(id: JobId) -> ColumnElement[bool]:
    """Find a job by an id that may come from anywhere."""
    is_number = id.isascii() and id.isdecimal() and len(id) <= _DIGITS
    return col(JobRow.position) == (int(id) if is_number else -1)


def _among(ids: Sequence[JobId]) -> ColumnElement[bool]:
    return col(JobRow.position).in_([int(id) for id in ids])


def _held(job: Job, *states: str) -> ColumnElement[bool]:
    return (
        (col(JobRow.position) == int(job.id))
        & (col(JobRow.attempts) == job.attempts)
        & col(JobRow.state).in_(states or (_RUNNING,))
    )
