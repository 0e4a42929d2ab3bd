"""Versions of instructions to models, labels on them, promotions, evaluations and trials."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CursorResult, func, select, update
from sqlmodel import col

from core.domain.evaluation import Evaluation, RunState
from core.domain.ids import EvaluationId, TrialId, UserId
from core.domain.prompts import (
    FIRST,
    Label,
    LabelMove,
    Promotion,
    PromotionState,
    Prompt,
    PromptVersion,
)
from core.domain.trials import Trial
from core.store.codec import dump, load
from core.store.repository import Repository
from core.store.sql import in_turn
from core.store.tables import (
    PromptEvaluationRow,
    PromptMoveRow,
    PromptPromotionRow,
    PromptTrialRow,
    PromptVersionRow,
)

_UNDER_WAY = (RunState.WAITING, RunState.RUNNING)
_Kind = type[PromptPromotionRow] | type[PromptEvaluationRow] | type[PromptTrialRow]
_Record = Promotion | Evaluation | Trial


class SqlPrompts(Repository):
    """Implements ``ports.Prompts``."""

    def add(self, name: str, text: str, author: UserId, note: str, at: datetime) -> PromptVersion:
        self._alone(name)
        last = self.db.scalar(
            select(func.max(col(PromptVersionRow.version))).where(
                col(PromptVersionRow.tenant) == self.tenant, col(PromptVersionRow.name) == name
            )
        )
        prompt = Prompt(name, str((last or int(FIRST)) + 1), text)
        row = PromptVersionRow(
            tenant=self.tenant,
            name=name,
            version=int(prompt.version),
            text=text,
            sha256=prompt.sha256,
            author=author,
            note=note,
            created_at=at,
        )
        self.db.add(row)
        self.db.flush()
        return _version(row)

    def version(self, name: str, version: str) -> PromptVersion | None:
        if not version.isdecimal():
            return None
        row = self.db.get(PromptVersionRow, (self.tenant, name, int(version)))
        return _version(row) if row else None

    def versions(self, name: str) -> Sequence[PromptVersion]:
        query = (
            select(PromptVersionRow)
            .where(col(PromptVersionRow.tenant) == self.tenant, col(PromptVersionRow.name) == name)
            .order_by(col(PromptVersionRow.version))
        )
        return [_version(row) for row in self.db.scalars(query)]

    def put_move(self, move: LabelMove) -> None:
        self.db.add(
            PromptMoveRow(
                tenant=self.tenant,
                name=move.ref.name,
                label=move.label.value,
                version=move.ref.version,
                document=dump(move).decode(),
            )
        )
        self.db.flush()

    def moves(self, name: str) -> Sequence[LabelMove]:
        query = (
            select(col(PromptMoveRow.document))
            .where(col(PromptMoveRow.tenant) == self.tenant, col(PromptMoveRow.name) == name)
            .order_by(col(PromptMoveRow.position))
        )
        return [load(LabelMove, document) for document in self.db.scalars(query)]

    def labelled(self, name: str, label: Label) -> str | None:
        return self.db.scalar(
            select(col(PromptMoveRow.version))
            .where(
                col(PromptMoveRow.tenant) == self.tenant,
                col(PromptMoveRow.name) == name,
                col(PromptMoveRow.label) == label.value,
            )
            .order_by(col(PromptMoveRow.position).desc())
            .limit(1)
        )

    def ask(self, promotion: Promotion) -> bool:
        name = promotion.ref.name
        self._alone(name)
        if self.open_promotion(name):
            return False
        self._put(PromptPromotionRow, promotion)
        return True

    def answer(self, promotion: Promotion) -> bool:
        return self._move(PromptPromotionRow, promotion, (PromotionState.OPEN,))

    def open_promotion(self, name: str) -> Promotion | None:
        return next((p for p in self.promotions(name) if p.state is PromotionState.OPEN), None)

    def promotions(self, name: str) -> Sequence[Promotion]:
        return [load(Promotion, document) for document in self._asked(PromptPromotionRow, name)]

    def put_evaluation(self, evaluation: Evaluation) -> None:
        self._put(PromptEvaluationRow, evaluation)

    def move_evaluation(self, evaluation: Evaluation) -> bool:
        return self._move(PromptEvaluationRow, evaluation, _UNDER_WAY)

    def evaluation(self, id: EvaluationId) -> Evaluation | None:
        document = self._document(PromptEvaluationRow, id)
        return load(Evaluation, document) if document else None

    def evaluations(self, name: str) -> Sequence[Evaluation]:
        return [load(Evaluation, document) for document in self._asked(PromptEvaluationRow, name)]

    def put_trial(self, trial: Trial) -> None:
        self._put(PromptTrialRow, trial)

    def move_trial(self, trial: Trial) -> bool:
        return self._move(PromptTrialRow, trial, _UNDER_WAY)

    def trial(self, id: TrialId) -> Trial | None:
        document = self._document(PromptTrialRow, id)
        return load(Trial, document) if document else None

    def trials(self, name: str) -> Sequence[Trial]:
        return [load(Trial, document) for document in self._asked(PromptTrialRow, name)]

    def _alone(self, name: str) -> None:
        """Let what is decided of a name now be decided by one transaction after the other."""
        in_turn(self.db, f"prompt/{self.tenant}/{name}")
        self.db.execute(select(1).execution_options(takes_write_lock=True))

    def _put(self, kind: _Kind, record: _Record) -> None:
        self.db.add(
            kind(
                tenant=self.tenant,
                id=record.id,
                name=record.ref.name,
                state=record.state.value,
                asked_at=record.asked_at,
                document=dump(record).decode(),
            )
        )
        self.db.flush()

    def _document(self, kind: _Kind, id: str) -> str | None:
        return self.db.scalar(
            select(col(kind.document)).where(col(kind.tenant) == self.tenant, col(kind.id) == id)
        )

    def _asked(self, kind: _Kind, name: str) -> Sequence[str]:
        query = (
            select(col(kind.document))
            .where(col(kind.tenant) == self.tenant, col(kind.name) == name)
            .order_by(col(kind.asked_at), col(kind.id))
        )
        return self.db.scalars(query).all()

    def _move(self, kind: _Kind, record: _Record, expect: Collection[StrEnum]) -> bool:
        """Replace a record while its state is one of ``expect``."""
        moved: CursorResult[Any] = self.db.connection().execute(
            update(kind)
            .where(
                col(kind.tenant) == self.tenant,
                col(kind.id) == record.id,
                col(kind.state).in_([state.value for state in expect]),
            )
            .values(state=record.state.value, document=dump(record).decode())
        )
        return moved.rowcount == 1


def _version(row: PromptVersionRow) -> PromptVersion:
    return PromptVersion(
        prompt=Prompt(row.name, str(row.version), row.text),
        author=UserId(row.author),
        created_at=row.created_at,
        note=row.note,
    )
