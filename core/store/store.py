"""One tenant's store: the unit of work over every repository, migrations, closing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.domain.ids import TenantId
from core.errors import InvalidInput
from core.ports import (
    Accounts,
    Applications,
    Assessments,
    AtsCallLog,
    AtsCalls,
    AuditLog,
    Baselines,
    Clock,
    CriteriaStore,
    Documents,
    Events,
    Jobs,
    Judgements,
    ModelRuns,
    Outbox,
    Overview,
    Policies,
    Prompts,
    Proposals,
    Requisitions,
    SavedViews,
    StageChanges,
    Sweeps,
)
from core.store.accounts import SqlAccounts
from core.store.applications import SqlApplications
from core.store.assessments import SqlAssessments
from core.store.audit_log import SqlAuditLog
from core.store.baselines import SqlBaselines
from core.store.calls import SqlAtsCallLog, SqlAtsCalls
from core.store.criteria import SqlCriteria
from core.store.documents import SqlDocuments
from core.store.engine import open_engine
from core.store.events import SqlEvents
from core.store.jobs import SqlJobs
from core.store.judgements import SqlJudgements
from core.store.migrate import migrate
from core.store.model_runs import SqlModelRuns
from core.store.outbox import SqlOutbox
from core.store.overview import SqlOverview
from core.store.places import FileLocks, SessionLocks, SharedPlaces
from core.store.policies import SqlPolicies
from core.store.prompts import SqlPrompts
from core.store.proposals import SqlProposals
from core.store.requisitions import SqlRequisitions
from core.store.saved_views import SqlSavedViews
from core.store.stage_changes import SqlStageChanges
from core.store.sweeps import SqlSweeps
from core.store.vault import KeyRing, Vault


class SqlUnitOfWork:
    """Implements ``ports.UnitOfWork``, with the ``vault`` for erasure besides."""

    def __init__(self, db: Session, tenant: TenantId, ring: KeyRing, clock: Clock) -> None:
        self._db = db
        self.vault = Vault(db, tenant, ring)
        parts = (db, tenant, self.vault, clock)
        self.requisitions: Requisitions = SqlRequisitions(*parts)
        self.applications: Applications = SqlApplications(*parts)
        self.documents: Documents = SqlDocuments(*parts)
        self.criteria: CriteriaStore = SqlCriteria(*parts)
        self.assessments: Assessments = SqlAssessments(*parts)
        self.baselines: Baselines = SqlBaselines(*parts)
        self.judgements: Judgements = SqlJudgements(*parts)
        self.policies: Policies = SqlPolicies(*parts)
        self.prompts: Prompts = SqlPrompts(*parts)
        self.saved_views: SavedViews = SqlSavedViews(*parts)
        self.proposals: Proposals = SqlProposals(*parts)
        self.outbox: Outbox = SqlOutbox(*parts)
        self.audit: AuditLog = SqlAuditLog(*parts)
        self.accounts: Accounts = SqlAccounts(*parts)
        self.jobs: Jobs = SqlJobs(*parts)
        self.calls: AtsCalls = SqlAtsCalls(*parts)
        self.events: Events = SqlEvents(*parts)
        self.model_runs: ModelRuns = SqlModelRuns(*parts)
        self.stage_changes: StageChanges = SqlStageChanges(*parts)
        self.sweeps: Sweeps = SqlSweeps(*parts)
        self.overview: Overview = SqlOverview(*parts)

    def commit(self) -> None:
        """Make everything since the last commit durable, or raise and keep none of it."""
        self._db.commit()
        self.vault.sweep()
        self.vault.put_down()

    def rollback(self) -> None:
        """Undo everything since the last commit."""
        self._db.rollback()
        self.vault.put_down()


@dataclass(frozen=True, slots=True)
class Store:
    """One tenant's database; safe to share between threads."""

    engine: Engine
    tenant: TenantId
    ring: KeyRing
    clock: Clock
    _places: list[SharedPlaces] = field(default_factory=list, init=False, repr=False)

    @contextmanager
    def unit_of_work(self) -> Iterator[SqlUnitOfWork]:
        """Open a transaction; this method is the ``UnitOfWorkFactory``."""
        with self._session() as db:
            yield SqlUnitOfWork(db, self.tenant, self.ring, self.clock)

    @property
    def call_log(self) -> AtsCallLog:
        """Where the ATS adapter reports its calls."""
        return SqlAtsCallLog(self._session, self.tenant, self.clock)

    def places(self, limit: int) -> SharedPlaces:
        """Make this process's share in ``limit`` places; call once for a process."""
        file = self.engine.url.database
        if self.engine.dialect.name == "sqlite" and file:
            path = Path(file)
            files = FileLocks(path.parent, f"{path.name}-place-{self.tenant}")
            made = SharedPlaces(files, limit)
        else:
            made = SharedPlaces(SessionLocks(self.engine, self.tenant), limit)
        self._places.append(made)
        return made

    def migrate(self) -> None:
        """Bring the schema up to date; safe to run from several processes at once."""
        migrate(self.engine)

    def check_secret(self) -> None:
        """Raise ``InvalidInput`` when the secret key is not the one the data was sealed with."""
        with self.unit_of_work() as uow:
            if not uow.vault.opens():
                raise InvalidInput(
                    "COPILOT_SECRET_KEY is not the key this database was written with."
                    " Set the former key, or point COPILOT_DATABASE_URL to a new database."
                )

    def close(self) -> None:
        """Close every connection, and let go of places."""
        for places in self._places:
            places.close()
        self.engine.dispose()

    def _session(self) -> Session:
        return Session(self.engine, expire_on_commit=False)


def open_store(url: str, *, tenant: TenantId, secret_key: str, clock: Clock) -> Store:
    """Open the database at ``url`` for ``tenant``; ``secret_key`` opens the vault's keys.

    Raises ``InvalidInput`` for a URL of another kind or a secret key under 16 characters.
    """
    return Store(open_engine(url), tenant, KeyRing(secret_key), clock)
