"""A tenant's choices, and what is stopped."""

from collections.abc import Sequence
from typing import TypeVar

from sqlmodel import col, select

from core.domain.ids import RequisitionId
from core.domain.judgement import Blinding
from core.domain.policy import Stop, TenantPolicy
from core.store.codec import dump, load
from core.store.repository import Repository
from core.store.sql import upsert
from core.store.tables import SettingRow, StopRow

T = TypeVar("T")

_POLICY = "policy"


class SqlPolicies(Repository):
    """Implements ``ports.Policies``; a stop that is put again, lifted say, keeps its place."""

    def policy(self) -> TenantPolicy | None:
        return self._get(TenantPolicy, _POLICY)

    def put_policy(self, policy: TenantPolicy) -> None:
        self._put(_POLICY, policy)

    def blinding(self, requisition: RequisitionId) -> Blinding | None:
        return self._get(Blinding, _blinding(requisition))

    def put_blinding(self, requisition: RequisitionId, blinding: Blinding) -> None:
        self._put(_blinding(requisition), blinding)

    def stops(self) -> Sequence[Stop]:
        query = (
            select(StopRow.document)
            .where(StopRow.tenant == self.tenant)
            .order_by(col(StopRow.at).desc(), col(StopRow.id).desc())
        )
        return [load(Stop, document) for document in self.db.scalars(query)]

    def put_stop(self, stop: Stop) -> None:
        row = StopRow(tenant=self.tenant, id=stop.id, at=stop.at, document=dump(stop).decode())
        upsert(self.db, row, "tenant", "id")

    def _get(self, kind: type[T], key: str) -> T | None:
        query = select(SettingRow.document).where(
            SettingRow.tenant == self.tenant, SettingRow.key == key
        )
        document = self.db.scalar(query)
        return None if document is None else load(kind, document)

    def _put(self, key: str, value: object) -> None:
        row = SettingRow(tenant=self.tenant, key=key, document=dump(value).decode())
        upsert(self.db, row, "tenant", "key")


def _blinding(requisition: RequisitionId) -> str:
    return f"blinding/{requisition}"
