"""What comparisons with iCIMS found."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlmodel import col

from core.domain.events import Sweep, SweepKind
from core.store.repository import Repository
from core.store.tables import SweepRow


class SqlSweeps(Repository):
    """Implements ``ports.Sweeps``."""

    def put(self, sweep: Sweep) -> None:
        # One that is under way is put again with more in it.
        self.db.execute(
            delete(SweepRow).where(
                col(SweepRow.tenant) == self.tenant,
                col(SweepRow.kind) == sweep.kind.value,
                col(SweepRow.at) == sweep.at,
            )
        )
        self.db.add(
            SweepRow(
                tenant=self.tenant,
                kind=sweep.kind.value,
                at=sweep.at,
                listed=sweep.listed,
                missed=sweep.missed,
                gone=sweep.gone,
                seconds=sweep.seconds,
            )
        )

    def recent(self, limit: int) -> Sequence[Sweep]:
        return self._found(self._newest().limit(limit))

    def since(self, at: datetime) -> Sequence[Sweep]:
        return self._found(self._newest().where(col(SweepRow.at) >= at))

    def _newest(self) -> Select[SweepRow]:
        of_tenant = select(SweepRow).where(col(SweepRow.tenant) == self.tenant)
        return of_tenant.order_by(col(SweepRow.at).desc(), col(SweepRow.position).desc())

    def _found(self, query: Select[SweepRow]) -> Sequence[Sweep]:
        return [
            Sweep(
                kind=SweepKind(row.kind),
                at=row.at,
                listed=row.listed,
                missed=row.missed,
                gone=row.gone,
                seconds=row.seconds,
            )
            for row in self.db.scalars(query)
        ]
