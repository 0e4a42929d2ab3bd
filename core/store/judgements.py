"""What people thought and looked at; what they wrote is sealed with the candidate's key."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from core.domain.ids import ApplicationId, AssessmentId, RequisitionId, UserId
from core.domain.judgement import Leaning, Look, Override, OwnView
from core.errors import ContentChanged
from core.store.codec import dump, load
from core.store.repository import Repository
from core.store.sql import in_parts, insert_once
from core.store.tables import LookRow, OverrideRow, OwnViewRow, VaultKeyRow
from core.store.vault import key_of


class SqlJudgements(Repository):
    """Implements ``ports.Judgements``; the application must be cached first."""

    def put_override(self, override: Override) -> None:
        person, _ = self.subject(override.application_id)
        place = _place(override.application_id, override.id)
        row = OverrideRow(
            tenant=self.tenant,
            id=override.id,
            application_id=override.application_id,
            person_id=person,
            sealed=self.vault.seal(person, place, dump(override)),
        )
        if insert_once(self.db, row, "tenant", "id") is None:
            raise ContentChanged(f"override {override.id} is stored already and cannot change")

    def overrides(self, application: ApplicationId) -> Sequence[Override]:
        return self._overrides(col(OverrideRow.application_id) == application)

    def overrides_among(
        self, applications: Collection[ApplicationId]
    ) -> dict[ApplicationId, Sequence[Override]]:
        """As the port says; who has none is not in it."""
        found: dict[ApplicationId, list[Override]] = {}
        for part in in_parts(applications):
            for override in self._overrides(col(OverrideRow.application_id).in_(part)):
                found.setdefault(override.application_id, []).append(override)
        return dict(found)

    def put_view(self, view: OwnView) -> None:
        person, requisition = self.subject(view.application_id)
        place = _note_place(view.application_id, view.by)
        note = self.vault.seal(person, place, view.note.encode()) if view.note else None
        self.db.add(
            OwnViewRow(
                tenant=self.tenant,
                application_id=view.application_id,
                requisition_id=requisition,
                person_id=person,
                user_id=view.by,
                leaning=view.leaning.value,
                blind=view.blind,
                at=view.at,
                note=note,
            )
        )

    def views(self, application: ApplicationId) -> Sequence[OwnView]:
        return self._views(col(OwnViewRow.application_id) == application)

    def views_by(
        self, person: UserId, requisition: RequisitionId
    ) -> Mapping[ApplicationId, OwnView]:
        newest = (
            select(func.max(col(OwnViewRow.position)))
            .where(
                col(OwnViewRow.tenant) == self.tenant,
                col(OwnViewRow.user_id) == person,
                col(OwnViewRow.requisition_id) == requisition,
            )
            .group_by(col(OwnViewRow.application_id))
        )
        found = self._views(col(OwnViewRow.position).in_(newest))
        return {view.application_id: view for view in found}

    def put_look(self, look: Look) -> bool:
        _, requisition = self.subject(look.application_id)
        row = LookRow(
            tenant=self.tenant,
            application_id=look.application_id,
            user_id=look.by,
            assessment_id=look.assessment_id or "",
            requisition_id=requisition,
            at=look.at,
        )
        key = ("tenant", "application_id", "user_id", "assessment_id")
        return insert_once(self.db, row, *key) is not None

    def lookers(self, requisition: RequisitionId) -> Mapping[ApplicationId, frozenset[UserId]]:
        """As the port says; applications nobody looked at are not in it."""
        query = (
            select(col(LookRow.application_id), col(LookRow.user_id))
            .where(col(LookRow.tenant) == self.tenant, col(LookRow.requisition_id) == requisition)
            .distinct()
        )
        found: dict[ApplicationId, set[UserId]] = {}
        for application, user in self.db.execute(query):
            found.setdefault(ApplicationId(application), set()).add(UserId(user))
        return {application: frozenset(users) for application, users in found.items()}

    def looked(
        self, person: UserId, applications: Collection[ApplicationId]
    ) -> frozenset[tuple[ApplicationId, AssessmentId]]:
        def among(part: Sequence[str]) -> Iterable[Any]:
            query = select(col(LookRow.application_id), col(LookRow.assessment_id)).where(
                col(LookRow.tenant) == self.tenant,
                col(LookRow.application_id).in_(part),
                col(LookRow.user_id) == person,
                col(LookRow.assessment_id) != "",
            )
            return self.db.execute(query)

        return frozenset(
            (ApplicationId(application), AssessmentId(assessment))
            for part in in_parts(applications)
            for application, assessment in among(part)
        )

    def _overrides(self, condition: ColumnElement[bool]) -> list[Override]:
        query = (
            select(
                col(OverrideRow.application_id),
                col(OverrideRow.id),
                col(OverrideRow.person_id),
                col(OverrideRow.sealed),
                col(VaultKeyRow.wrapped),
            )
            .join(VaultKeyRow, key_of(OverrideRow))
            .where(col(OverrideRow.tenant) == self.tenant, condition)
            .order_by(col(OverrideRow.position))
        )
        found = []
        for application, id, person, sealed, wrapped in self.db.execute(query):
            plain = self.vault.open(person, _place(application, id), sealed, wrapped)
            if plain is not None:
                found.append(load(Override, plain))
        return found

    def _views(self, condition: ColumnElement[bool]) -> list[OwnView]:
        query = (
            select(
                col(OwnViewRow.application_id),
                col(OwnViewRow.person_id),
                col(OwnViewRow.user_id),
                col(OwnViewRow.leaning),
                col(OwnViewRow.at),
                col(OwnViewRow.blind),
                col(OwnViewRow.note),
                col(VaultKeyRow.wrapped),
            )
            .join(VaultKeyRow, key_of(OwnViewRow))
            .where(col(OwnViewRow.tenant) == self.tenant, condition)
            .order_by(col(OwnViewRow.position))
        )
        return [self._view(row) for row in self.db.execute(query)]

    def _view(self, row: Any) -> OwnView:
        place = _note_place(row.application_id, row.user_id)
        plain = row.note and self.vault.open(row.person_id, place, row.note, row.wrapped)
        return OwnView(
            application_id=ApplicationId(row.application_id),
            by=UserId(row.user_id),
            leaning=Leaning(row.leaning),
            at=row.at,
            blind=row.blind,
            note=plain.decode() if plain else "",
        )


def _place(application: str, id: str) -> str:
    return f"override/{application}/{id}"


def _note_place(application: str, reviewer: str) -> str:
    return f"own_view/{application}/{reviewer}"
