"""Requests to language models: what is searched lies open, texts are sealed for their candidate."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, select, update
from sqlmodel import col

from core.domain.ids import (
    ApplicationId,
    ContentHash,
    ModelRunId,
    PersonId,
    RequisitionId,
    TenantId,
)
from core.domain.model_costs import PastUse, Tokens, used
from core.domain.model_log import (
    BodyState,
    ModelRun,
    RunBody,
    RunFilter,
    RunLine,
    RunSubject,
    RunTotals,
    sent_hash,
)
from core.domain.model_runs import Outcome, PromptRef
from core.domain.policy import Capability
from core.errors import NotFound
from core.store.repository import Repository
from core.store.tables import ModelRunBodyRow, ModelRunRow, VaultKeyRow
from core.store.vault import key_of

_SENT, _RECEIVED = "sent", "received"
_LAST_FEW = 1_000
_NOBODY = PersonId("golden cases")
"""Keeps the texts of checks, which are about nobody."""
_EXACT = "surrogatepass"
"""A reply may hold half a surrogate pair; it comes back as it was."""


class SqlModelRuns(Repository):
    """Implements ``ports.ModelRuns``."""

    def put(self, run: ModelRun) -> None:
        self.db.add(_row(run))
        # Whoever was erased while the model was thinking gets no new key.
        with suppress(NotFound):
            self._put_body(run)
        self.db.flush()

    def settle(self, run: ModelRun) -> None:
        call, tokens = run.call, used(run.call)
        self.db.execute(
            update(ModelRunRow)
            .where(col(ModelRunRow.tenant) == self.tenant, col(ModelRunRow.id) == run.id)
            .values(
                outcome=call.outcome.value,
                seconds=call.seconds,
                tokens_in=call.tokens_in,
                tokens_out=call.tokens_out,
                used_in=tokens.sent,
                used_out=tokens.received,
                received_bytes=len(call.received.encode("utf-8", _EXACT)),
            )
        )
        body = self.db.scalars(
            select(ModelRunBodyRow).where(
                col(ModelRunBodyRow.tenant) == self.tenant, col(ModelRunBodyRow.run_id) == run.id
            )
        ).first()
        if body is not None:
            person, received = PersonId(body.person_id), call.received.encode("utf-8", _EXACT)
            body.received = self.vault.seal(person, _place(run.id, _RECEIVED), received)
        self.db.flush()

    def get(self, id: ModelRunId) -> RunLine | None:
        found = self._lines(self._all().where(col(ModelRunRow.id) == id))
        return found[0] if found else None

    def body(self, id: ModelRunId) -> RunBody | None:
        body = ModelRunBodyRow
        query = (
            select(col(body.person_id), col(body.sent), col(body.received), VaultKeyRow.wrapped)  # type: ignore[call-overload]  # a column to SQLAlchemy
            .join(VaultKeyRow, key_of(body))
            .where(col(body.tenant) == self.tenant, col(body.run_id) == id)
        )
        row = self.db.execute(query).first()
        if row is None:
            return None
        sent = self.vault.open(row.person_id, _place(id, _SENT), row.sent, row.wrapped)
        received = self.vault.open(row.person_id, _place(id, _RECEIVED), row.received, row.wrapped)
        if sent is None or received is None:
            return None
        return RunBody(sent, received.decode("utf-8", _EXACT))

    def newest(
        self, wanted: RunFilter, *, before: int | None = None, limit: int = 100
    ) -> Sequence[RunLine]:
        query = self._all().where(*self._fitting(wanted))
        if before is not None:
            query = query.where(col(ModelRunRow.position) < before)
        return self._lines(query.order_by(col(ModelRunRow.position).desc()).limit(limit))

    def of(self, application: ApplicationId) -> Sequence[RunLine]:
        query = self._all().where(col(ModelRunRow.application_id) == application)
        return self._lines(query.order_by(col(ModelRunRow.position).desc()))

    def totals(self, wanted: RunFilter) -> RunTotals:
        query = select(
            func.count(),
            _sum(ModelRunRow.used_in),
            _sum(ModelRunRow.used_out),
            _sum(ModelRunRow.sent_bytes),
        ).where(*self._fitting(wanted))
        runs, sent, received, size = self.db.execute(query).one()
        return RunTotals(runs, Tokens(int(sent), int(received)), int(size))

    def models(self) -> Sequence[str]:
        query = select(col(ModelRunRow.model)).where(col(ModelRunRow.tenant) == self.tenant)
        return sorted(self.db.scalars(query.distinct()))

    def past_use(self, prompt: PromptRef, model: str) -> PastUse:
        run = ModelRunRow
        last = (
            select(
                (col(run.application_id) + "/" + col(run.input)).label("assessed"),
                col(run.used_in),
                col(run.used_out),
            )
            .where(
                col(run.tenant) == self.tenant,
                col(run.model) == model,
                col(run.prompt_name) == prompt.name,
                col(run.prompt_version) == prompt.version,
                # Checks of instructions are of no document that was scored.
                col(run.application_id) != "",
            )
            .order_by(col(run.position).desc())
            .limit(_LAST_FEW)
            .subquery()
        )
        query = select(
            func.count(last.c.assessed.distinct()), _sum(last.c.used_in), _sum(last.c.used_out)
        )
        assessed, sent, received = self.db.execute(query).one()
        return PastUse(assessed, Tokens(int(sent), int(received)))

    def purge_bodies(self, before: datetime) -> int:
        body, run = ModelRunBodyRow, ModelRunRow
        old = (col(body.tenant) == self.tenant, col(body.asked_at) < before)
        # What was erased with its person stays that, however old it grows.
        there = col(run.id).in_(select(col(body.run_id)).where(*old))
        self.db.execute(
            update(run).where(col(run.tenant) == self.tenant, there).values(expired=True)
        )
        return len(self.db.scalars(delete(body).where(*old).returning(col(body.run_id))).all())

    def _put_body(self, run: ModelRun) -> None:
        person = self._keeper(run.subject.application_id)
        sent, received = run.call.sent, run.call.received.encode("utf-8", _EXACT)
        self.db.add(
            ModelRunBodyRow(
                tenant=self.tenant,
                run_id=run.id,
                application_id=run.subject.application_id,
                person_id=person,
                asked_at=run.call.asked_at,
                sent=self.vault.seal(person, _place(run.id, _SENT), sent),
                received=self.vault.seal(person, _place(run.id, _RECEIVED), received),
            )
        )

    def _keeper(self, application: ApplicationId) -> PersonId:
        """Say under whose key texts are sealed; raises ``NotFound`` for who was erased."""
        return self.subject(application)[0] if application else _NOBODY

    def _all(self) -> Select[Any]:
        """Every run, with the id of its texts while they are there."""
        body = and_(
            col(ModelRunBodyRow.tenant) == col(ModelRunRow.tenant),
            col(ModelRunBodyRow.run_id) == col(ModelRunRow.id),
        )
        every: Select[Any] = select(ModelRunRow, col(ModelRunBodyRow.run_id))  # type: ignore[assignment]  # a row of two
        return every.outerjoin(ModelRunBodyRow, body).where(col(ModelRunRow.tenant) == self.tenant)

    def _fitting(self, wanted: RunFilter) -> list[ColumnElement[bool]]:
        asked = {
            ModelRunRow.requisition_id: wanted.requisition,
            ModelRunRow.application_id: wanted.application,
            ModelRunRow.model: wanted.model,
            ModelRunRow.outcome: wanted.outcome.value if wanted.outcome else "",
        }
        fitting = [col(column) == value for column, value in asked.items() if value]
        if wanted.since:
            fitting.append(col(ModelRunRow.asked_at) >= wanted.since)
        return [col(ModelRunRow.tenant) == self.tenant, *fitting]

    def _lines(self, query: Select[Any]) -> list[RunLine]:
        return [_line(row, kept=body is not None) for row, body in self.db.execute(query)]


def _sum(column: Any) -> Any:
    return func.coalesce(func.sum(column), 0)


def _place(id: str, part: str) -> str:
    return f"model_run/{id}/{part}"


def _row(run: ModelRun) -> ModelRunRow:
    subject, call, tokens = run.subject, run.call, used(run.call)
    return ModelRunRow(
        tenant=subject.tenant,
        id=run.id,
        application_id=subject.application_id,
        requisition_id=subject.requisition_id,
        capability=subject.capability.value,
        assessor=subject.assessor,
        input=subject.input,
        prompt_name=call.prompt.name,
        prompt_version=call.prompt.version,
        model=call.model,
        host=call.host,
        parameters=json.dumps(dict(call.parameters)),
        outcome=call.outcome.value,
        asked_at=call.asked_at,
        seconds=call.seconds,
        tokens_in=call.tokens_in,
        tokens_out=call.tokens_out,
        used_in=tokens.sent,
        used_out=tokens.received,
        sent_bytes=len(call.sent),
        received_bytes=len(call.received.encode("utf-8", _EXACT)),
        sent_sha256=sent_hash(call.sent),
    )


def _line(row: ModelRunRow, *, kept: bool) -> RunLine:
    gone = BodyState.EXPIRED if row.expired else BodyState.ERASED
    return RunLine(
        position=row.position or 0,
        id=ModelRunId(row.id),
        subject=RunSubject(
            tenant=TenantId(row.tenant),
            application_id=ApplicationId(row.application_id),
            requisition_id=RequisitionId(row.requisition_id),
            assessor=row.assessor,
            input=ContentHash(row.input),
            capability=Capability(row.capability),
        ),
        prompt=PromptRef(row.prompt_name, row.prompt_version),
        model=row.model,
        host=row.host,
        parameters=json.loads(row.parameters),
        outcome=Outcome(row.outcome),
        asked_at=row.asked_at,
        seconds=row.seconds,
        tokens=Tokens(row.used_in, row.used_out),
        counted=row.tokens_in is not None and row.tokens_out is not None,
        sent_bytes=row.sent_bytes,
        received_bytes=row.received_bytes,
        sent_hash=ContentHash(row.sent_sha256),
        body=BodyState.KEPT if kept else gone,
    )
