"""Assessments under their freeze keys; their quotes are sealed with the candidate's key."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import col

from core.domain.assessment import Assessment
from core.domain.ids import ApplicationId, AssessmentId, RequisitionId
from core.store.codec import dump, load
from core.store.pause import collector_paused
from core.store.repository import Repository
from core.store.sql import in_parts, insert_once
from core.store.tables import AssessmentRow, VaultKeyRow
from core.store.vault import key_of


class SqlAssessments(Repository):
    """Implements ``ports.Assessments``; the application must be cached first."""

    def put(self, assessment: Assessment) -> bool:
        person, requisition = self.subject(assessment.application_id)
        place = _place(assessment.application_id, assessment.key.id)
        row = AssessmentRow(
            tenant=self.tenant,
            id=assessment.key.id,
            application_id=assessment.application_id,
            requisition_id=requisition,
            person_id=person,
            score=assessment.score.value if assessment.score else None,
            sealed=self.vault.seal(person, place, dump(assessment)),
        )
        return insert_once(self.db, row, "tenant", "application_id", "id") is not None

    def get(self, application: ApplicationId, id: AssessmentId) -> Assessment | None:
        found = self._where(
            col(AssessmentRow.application_id) == application, col(AssessmentRow.id) == id
        )
        return found[0] if found else None

    def latest(self, application: ApplicationId) -> Assessment | None:
        return self._latest(col(AssessmentRow.application_id) == application).get(application)

    def of(self, application: ApplicationId) -> Sequence[Assessment]:
        return self._where(col(AssessmentRow.application_id) == application)

    def latest_among(
        self, applications: Collection[ApplicationId]
    ) -> dict[ApplicationId, Assessment]:
        found: dict[ApplicationId, Assessment] = {}
        for part in in_parts(applications):
            found |= self._latest(col(AssessmentRow.application_id).in_(part))
        return found

    def latest_of(self, requisition: RequisitionId) -> dict[ApplicationId, Assessment]:
        return self._latest(col(AssessmentRow.requisition_id) == requisition)

    def _latest(self, condition: ColumnElement[bool]) -> dict[ApplicationId, Assessment]:
        newest = self._newest().where(condition)
        with collector_paused():
            found = self._where(col(AssessmentRow.position).in_(newest))
        return {assessment.application_id: assessment for assessment in found}

    def _newest(self) -> Select[Any]:
        return (
            select(func.max(col(AssessmentRow.position)))
            .where(col(AssessmentRow.tenant) == self.tenant)
            .group_by(col(AssessmentRow.application_id))
        )

    def _where(self, *conditions: ColumnElement[bool]) -> list[Assessment]:
        query = (
            select(
                col(AssessmentRow.application_id),
                col(AssessmentRow.id),
                col(AssessmentRow.person_id),
                col(AssessmentRow.sealed),
                col(VaultKeyRow.wrapped),
            )
            .join(VaultKeyRow, key_of(AssessmentRow))
            .where(col(AssessmentRow.tenant) == self.tenant, *conditions)
            .order_by(col(AssessmentRow.position))
        )
        found = []
        for application, id, person, sealed, wrapped in self.db.execute(query):
            plain = self.vault.open(person, _place(application, id), sealed, wrapped)
            if plain is not None:
                found.append(load(Assessment, plain))
        return found


def _place(application: str, id: str) -> str:
    return f"assessment/{application}/{id}"
