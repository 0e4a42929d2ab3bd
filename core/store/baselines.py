"""Scores of past applicants under today's criteria: numbers and ids, nothing personal."""

from collections.abc import Sequence

from sqlmodel import col, select

from core.domain.ids import ApplicationId, ContentHash
from core.store.repository import Repository
from core.store.sql import insert_once
from core.store.tables import BaselineRow


class SqlBaselines(Repository):
    """Implements ``ports.Baselines``; the first score of an application stays."""

    def put(self, criteria: ContentHash, application: ApplicationId, score: int | None) -> None:
        row = BaselineRow(
            tenant=self.tenant, criteria=criteria, application_id=application, score=score
        )
        insert_once(self.db, row, "tenant", "criteria", "application_id")

    def scores(self, criteria: ContentHash) -> Sequence[int]:
        query = select(BaselineRow.score).where(
            BaselineRow.tenant == self.tenant,
            BaselineRow.criteria == criteria,
            col(BaselineRow.score).is_not(None),
        )
        return [score for score in self.db.scalars(query) if score is not None]
