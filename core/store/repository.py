"""What all repositories share: a transaction, a tenant and the vault."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from core.domain.ids import ApplicationId, PersonId, RequisitionId, TenantId
from core.errors import NotFound
from core.ports import Clock
from core.store.tables import ApplicationRow
from core.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Repository:
    """One tenant's rows of one kind, inside one transaction."""

    db: Session
    tenant: TenantId
    vault: Vault
    clock: Clock

    def subject(self, application: ApplicationId) -> tuple[PersonId, RequisitionId]:
        """Say whom and which job an application is about; raises ``NotFound``."""
        query = select(col(ApplicationRow.person_id), col(ApplicationRow.requisition_id)).where(
            col(ApplicationRow.tenant) == self.tenant, col(ApplicationRow.id) == application
        )
        found = self.db.execute(query).first()
        if found is None:
            raise NotFound(f"application {application} is not cached")
        return PersonId(found.person_id), RequisitionId(found.requisition_id)
