"""What all repositories share: a transaction, a tenant and the vault."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.domain.ids import TenantId
from core.ports import Clock
from core.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Repository:
    """One tenant's rows of one kind, inside one transaction."""

    db: Session
    tenant: TenantId
    vault: Vault
    clock: Clock
