"""The job table: claimed with a lease, deduplicated by key, retried, buried."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select, text, update
from sqlmodel import col

from core.domain.ids import JobId, TenantId
from core.domain.jobs import Job, JobKind, JobRequest
from core.ports import JobProgress
from core.store.repository import Repository
from core.store.sql import insert_once
from core.store.tables import JobRow

_WAITING, _RUNNING, _RETRYING = "waiting", "running", "retrying"
_DONE, _FAILED, _CANCELLED = "done", "failed", "cancelled"
_PENDING = (_WAITING, _RUNNING, _RETRYING)


class SqlJobs(Repository):
    """Implements ``ports.Jobs``; ``attempts`` tells a lost lease from the present one."""

    def enqueue(self, request: JobRequest, now: datetime) -> JobId | None:
        """As the port says; the first job of an idle group starts its counts afresh."""
        if request.group and self._is_idle(request.group):
            self._update(col(JobRow.job_group) == request.group, job_group="")
        row = JobRow(
            tenant=self.tenant,
            kind=request.kind.value,
            dedupe_key=request.dedupe_key,
            payload=json.dumps(dict(request.payload)),
            priority=int(request.priority),
            job_group=request.group,
            state=_WAITING,
            due_at=request.due_at or now,
        )
        where = text(f"state = '{_WAITING}'")
        position = insert_once(self.db, row, "tenant", "dedupe_key", where=where)
        return None if position is None else JobId(str(position))

    def claim(self, now: datetime, lease: float, kinds: Sequence[str] = ()) -> Job | None:
        wanted = [col(JobRow.kind).in_(kinds)] if kinds else []
        first = (
            select(col(JobRow.position), col(JobRow.state))
            .where(
                col(JobRow.tenant) == self.tenant,
                col(JobRow.state).in_(_PENDING),
                col(JobRow.due_at) <= now,
                *wanted,
            )
            .order_by(col(JobRow.priority), col(JobRow.due_at), col(JobRow.position))
            .limit(1)
            .with_for_update(skip_locked=True)
            .execution_options(takes_write_lock=True)
        )
        found = self.db.execute(first).first()
        if found is None:
            return None
        claimed = self.db.execute(
            update(JobRow)
            .where(col(JobRow.position) == found.position)
            .values(
                state=_RUNNING,
                due_at=now + timedelta(seconds=lease),
                started_at=func.coalesce(col(JobRow.started_at), now),
                attempts=col(JobRow.attempts) + 1,
            )
            .returning(
                col(JobRow.position),
                col(JobRow.kind),
                col(JobRow.payload),
                col(JobRow.attempts),
                col(JobRow.job_group),
            )
        ).one()
        return self._job(claimed, abandoned=found.state == _RUNNING)

    def extend(self, job: Job, until: datetime) -> bool:
        return self._update(_held(job), due_at=until) == 1

    def complete(self, job: Job, now: datetime) -> None:
        self._update(_held(job), state=_DONE, finished_at=now, last_error="")

    def retry(self, job: Job, due_at: datetime, error: str) -> None:
        self._update(_held(job), state=_RETRYING, due_at=due_at, last_error=error)

    def bury(self, job: Job, now: datetime, error: str) -> None:
        self._update(_held(job), state=_FAILED, finished_at=now, last_error=error)

    def pending(self, prefix: str = "") -> int:
        """Jobs not yet finished whose dedupe key starts with ``prefix``."""
        query = select(func.count()).where(
            col(JobRow.tenant) == self.tenant,
            col(JobRow.state).in_(_PENDING),
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
            func.count(), of(_DONE), of(_FAILED), of(_CANCELLED), func.min(col(JobRow.started_at))
        ).where(col(JobRow.tenant) == self.tenant, col(JobRow.job_group) == group)
        total, done, failed, cancelled, started_at = self.db.execute(query).one()
        return JobProgress(total, done, failed, cancelled, started_at, self._trouble(group))

    def _trouble(self, group: str) -> str:
        """The error of the newest job of a group that failed or is to be tried again."""
        query = (
            select(col(JobRow.last_error))
            .where(col(JobRow.tenant) == self.tenant, col(JobRow.job_group) == group)
            .where(col(JobRow.state).in_((_FAILED, _RETRYING)))
            .order_by(col(JobRow.position).desc())
            .limit(1)
        )
        return self.db.scalars(query).first() or ""

    def cancel(self, group: str, now: datetime) -> int:
        """Cancel what is not running; return how many."""
        idle = or_(col(JobRow.state) == _WAITING, col(JobRow.state) == _RETRYING)
        return self._update(
            (col(JobRow.job_group) == group) & idle, state=_CANCELLED, finished_at=now
        )

    def _is_idle(self, group: str) -> bool:
        query = select(col(JobRow.position)).where(
            col(JobRow.tenant) == self.tenant,
            col(JobRow.job_group) == group,
            col(JobRow.state).in_(_PENDING),
        )
        return self.db.scalars(query.limit(1)).first() is None

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
            group=row.job_group,
            abandoned=abandoned,
        )


def _held(job: Job) -> ColumnElement[bool]:
    return (
        (col(JobRow.position) == int(job.id))
        & (col(JobRow.attempts) == job.attempts)
        & (col(JobRow.state) == _RUNNING)
    )
