"""Cached applications and people, sealed with the candidate's key."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlmodel import col

from core.domain.ids import ApplicationId, DocumentHash, PersonId, RequisitionId
from core.domain.records import Application, Candidate
from core.errors import NotFound
from core.ports import CachedApplication
from core.store.codec import dump, load
from core.store.pause import collector_paused
from core.store.repository import Repository
from core.store.sql import in_parts, in_turn, upsert
from core.store.tables import ApplicationRow, CandidateRow, VaultKeyRow
from core.store.vault import key_of


def _place(id: str) -> str:
    return f"application/{id}"


def _person_place(id: str) -> str:
    return f"candidate/{id}"


class SqlApplications(Repository):
    """Implements ``ports.Applications``; what belonged to a forgotten person is not there."""

    def put(self, application: Application, fetched_at: datetime) -> bool:
        person = application.person_id
        row = ApplicationRow(
            tenant=self.tenant,
            id=application.id,
            requisition_id=application.requisition_id,
            person_id=person,
            sealed=self.vault.seal(person, _place(application.id), dump(application)),
            fetched_at=fetched_at,
        )
        not_newer = col(ApplicationRow.fetched_at) <= fetched_at
        return upsert(self.db, row, "tenant", "id", keep={"resume"}, where=not_newer)

    def put_candidate(self, candidate: Candidate, fetched_at: datetime) -> bool:
        sealed = self.vault.seal(candidate.id, _person_place(candidate.id), dump(candidate))
        row = CandidateRow(
            tenant=self.tenant, person_id=candidate.id, sealed=sealed, fetched_at=fetched_at
        )
        not_newer = col(CandidateRow.fetched_at) <= fetched_at
        return upsert(self.db, row, "tenant", "person_id", where=not_newer)

    def hold(self, id: ApplicationId) -> CachedApplication | None:
        in_turn(self.db, f"application {self.tenant}/{id}")
        # On SQLite this takes the one write lock; what is read from now on stays as it is.
        self.db.execute(
            select(col(ApplicationRow.id))
            .where(col(ApplicationRow.tenant) == self.tenant, col(ApplicationRow.id) == id)
            .execution_options(takes_write_lock=True)
        )
        return self.get(id)

    def present(self, requisition: RequisitionId) -> frozenset[ApplicationId]:
        query = select(col(ApplicationRow.id)).where(
            col(ApplicationRow.tenant) == self.tenant,
            col(ApplicationRow.requisition_id) == requisition,
            col(ApplicationRow.gone_at).is_(None),
        )
        return frozenset(map(ApplicationId, self.db.scalars(query)))

    def mark_gone(self, id: ApplicationId, at: datetime) -> None:
        self.db.execute(
            update(ApplicationRow)
            .where(
                col(ApplicationRow.tenant) == self.tenant,
                col(ApplicationRow.id) == id,
                col(ApplicationRow.fetched_at) <= at,
            )
            .values(gone_at=at)
        )

    def candidate(self, id: PersonId) -> tuple[Candidate, datetime] | None:
        query = (
            select(
                col(CandidateRow.sealed),
                col(CandidateRow.fetched_at),
                col(VaultKeyRow.wrapped),
            )
            .join(VaultKeyRow, key_of(CandidateRow))
            .where(col(CandidateRow.tenant) == self.tenant, col(CandidateRow.person_id) == id)
        )
        row = self.db.execute(query).first()
        found = row and self._opened_candidate(id, row.sealed, row.wrapped)
        return (found, row.fetched_at) if row and found else None

    def people(self) -> Mapping[PersonId, datetime]:
        query = select(col(CandidateRow.person_id), col(CandidateRow.fetched_at)).where(
            col(CandidateRow.tenant) == self.tenant
        )
        return {PersonId(id): at for id, at in self.db.execute(query)}

    def of_person(self, id: PersonId) -> Sequence[Application]:
        found = self._where(col(ApplicationRow.person_id) == id)
        return [cached.application for cached in found]

    def set_resume(self, id: ApplicationId, document: DocumentHash | None) -> None:
        changed = self.db.scalars(
            update(ApplicationRow)
            .where(col(ApplicationRow.tenant) == self.tenant, col(ApplicationRow.id) == id)
            .values(resume=document)
            .returning(col(ApplicationRow.id))
        ).first()
        if changed is None:
            raise NotFound(f"application {id} is not cached")

    def get(self, id: ApplicationId) -> CachedApplication | None:
        found = self._where(col(ApplicationRow.id) == id)
        return found[0] if found else None

    def of(self, requisition: RequisitionId) -> Sequence[CachedApplication]:
        return self._many(col(ApplicationRow.requisition_id) == requisition)

    def among(self, ids: Collection[ApplicationId]) -> Sequence[CachedApplication]:
        """As the port says, in the order of ``of``."""
        return self._many(*(col(ApplicationRow.id).in_(part) for part in in_parts(ids)))

    def count_by_requisition(self) -> dict[RequisitionId, int]:
        query = (
            select(col(ApplicationRow.requisition_id), func.count())
            .where(col(ApplicationRow.tenant) == self.tenant)
            .group_by(col(ApplicationRow.requisition_id))
        )
        return {RequisitionId(id): count for id, count in self.db.execute(query)}

    def _many(self, *conditions: ColumnElement[bool]) -> list[CachedApplication]:
        """What meets any of the conditions, by number."""
        with collector_paused():
            found = [cached for condition in conditions for cached in self._where(condition)]
        return sorted(found, key=lambda c: (len(c.application.id), c.application.id))

    def _where(self, condition: ColumnElement[bool]) -> list[CachedApplication]:
        of_person = and_(
            col(CandidateRow.tenant) == col(ApplicationRow.tenant),
            col(CandidateRow.person_id) == col(ApplicationRow.person_id),
        )
        query: Any = (
            select(
                col(ApplicationRow.id),
                col(ApplicationRow.person_id),
                col(ApplicationRow.sealed),
                col(ApplicationRow.fetched_at),
                col(ApplicationRow.resume),
                col(ApplicationRow.gone_at),
                col(CandidateRow.sealed).label("profile"),
                col(VaultKeyRow.wrapped),
            )
            .join(VaultKeyRow, key_of(ApplicationRow))
            .outerjoin(CandidateRow, of_person)
            .where(col(ApplicationRow.tenant) == self.tenant, condition)
        )
        found = (self._opened(row) for row in self.db.execute(query))
        return [cached for cached in found if cached is not None]

    def _opened(self, row: Any) -> CachedApplication | None:
        plain = self.vault.open(row.person_id, _place(row.id), row.sealed, row.wrapped)
        if plain is None:
            return None
        person = self._opened_candidate(row.person_id, row.profile, row.wrapped)
        resume = DocumentHash(row.resume) if row.resume else None
        application = load(Application, plain)
        return CachedApplication(application, row.fetched_at, person, resume, row.gone_at)

    def _opened_candidate(self, id: str, sealed: bytes | None, wrapped: bytes) -> Candidate | None:
        if sealed is None:
            return None
        plain = self.vault.open(id, _person_place(id), sealed, wrapped)
        return None if plain is None else load(Candidate, plain)
