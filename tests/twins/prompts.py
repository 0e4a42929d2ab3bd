"""Versions of instructions in memory, with the same rules as the store's."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.domain.evaluation import Evaluation
from core.domain.ids import EvaluationId, UserId
from core.domain.prompts import (
    Label,
    LabelMove,
    Promotion,
    PromotionState,
    Prompt,
    PromptVersion,
)


@dataclass
class MemoryPrompts:
    """Implements ``ports.Prompts``."""

    written: list[PromptVersion] = field(default_factory=list)
    moved: list[LabelMove] = field(default_factory=list)
    asked: dict[str, Promotion] = field(default_factory=dict)
    runs: dict[EvaluationId, Evaluation] = field(default_factory=dict)

    def add(self, name: str, text: str, author: UserId, note: str, at: datetime) -> PromptVersion:
        prompt = Prompt(name, str(len(self.versions(name)) + 2), text)
        made = PromptVersion(prompt=prompt, author=author, created_at=at, note=note)
        self.written.append(made)
        return made

    def version(self, name: str, version: str) -> PromptVersion | None:
        return next((v for v in self.versions(name) if v.prompt.version == version), None)

    def versions(self, name: str) -> Sequence[PromptVersion]:
        return [v for v in self.written if v.prompt.name == name]

    def put_move(self, move: LabelMove) -> None:
        self.moved.append(move)

    def moves(self, name: str) -> Sequence[LabelMove]:
        return [move for move in self.moved if move.ref.name == name]

    def labelled(self, name: str, label: Label) -> str | None:
        found = [move.ref.version for move in self.moves(name) if move.label is label]
        return found[-1] if found else None

    def ask(self, promotion: Promotion) -> bool:
        if self.open_promotion(promotion.ref.name):
            return False
        self.asked[promotion.id] = promotion
        return True

    def answer(self, promotion: Promotion) -> bool:
        before = self.asked.get(promotion.id)
        if before is None or before.state is not PromotionState.OPEN:
            return False
        self.asked[promotion.id] = promotion
        return True

    def open_promotion(self, name: str) -> Promotion | None:
        return next((p for p in self.promotions(name) if p.state is PromotionState.OPEN), None)

    def promotions(self, name: str) -> Sequence[Promotion]:
        found = (p for p in self.asked.values() if p.ref.name == name)
        return sorted(found, key=lambda p: (p.asked_at, p.id))

    def put_evaluation(self, evaluation: Evaluation) -> None:
        self.runs[evaluation.id] = evaluation

    def move_evaluation(self, evaluation: Evaluation) -> bool:
        before = self.runs.get(evaluation.id)
        if before is None or not before.under_way:
            return False
        self.runs[evaluation.id] = evaluation
        return True

    def evaluation(self, id: EvaluationId) -> Evaluation | None:
        return self.runs.get(id)

    def evaluations(self, name: str) -> Sequence[Evaluation]:
        found = (run for run in self.runs.values() if run.ref.name == name)
        return sorted(found, key=lambda run: (run.asked_at, run.id))
