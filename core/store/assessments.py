"""Assessments under their freeze keys; their quotes are sealed with the candidate's key."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import col

from core.domain.assessment import Assessment
from core.domain.ids import ApplicationId, AssessmentId, PersonId, RequisitionId
from core.errors import NotFound
from core.store.codec import dump, load
from core.store.repository import Repository
from core.store.sql import insert_once
from core.store.tables import ApplicationRow, AssessmentRow, VaultKeyRow
from core.store.vault import key_of


class SqlAssessments(Repository):
    """Implements ``ports.Assessments``; the application must be cached first."""

    def put(self, assessment: Assessment) -> bool:
        query = select(col(ApplicationRow.person_id), col(ApplicationRow.requisition_id)).where(
            col(ApplicationRow.tenant) == self.tenant,
            col(ApplicationRow.id) == assessment.application_id,
        )
        application = self.db.execute(query).first()
        if application is None:
            raise NotFound(f"application {assessment.application_id} is not cached")
        person, requisition = PersonId(application[0]), application[1]
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
        newest = self._newest().where(col(AssessmentRow.application_id) == application)
        found = self._where(col(AssessmentRow.position).in_(newest))
        return found[0] if found else None

    def latest_of(self, requisition: RequisitionId) -> dict[ApplicationId, Assessment]:
        newest = self._newest().where(col(AssessmentRow.requisition_id) == requisition)
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
        )
        found = []
        for application, id, person, sealed, wrapped in self.db.execute(query):
            plain = self.vault.open(person, _place(application, id), sealed, wrapped)
            if plain is not None:
                found.append(load(Assessment, plain))
        return found


def _place(application: str, id: str) -> str:
    return f"assessment/{application}/{id}"
