"""An applicant tracking system in memory, our copies of it, and the jobs that keep them equal."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from core.domain.events import AtsEvent, EventKind
from core.domain.ids import ApplicationId, PersonId, RequisitionId, TenantId
from core.domain.jobs import Job, JobKind
from core.domain.records import Application, ListNode, Requisition
from core.errors import NotFound
from core.ports import CachedApplication, Trigger
from core.services.ingest import Ingest, Told
from core.services.reconcile import Reconciliation
from core.services.sweeping import Sweeping
from core.services.sync import Sync
from core.store import Store
from tests.store_bench import HandClock, application, candidate, fresh_sqlite, open_for, requisition
from tests.twins.ats import MemoryAts

TENANT = TenantId("4711")
POLL = Trigger("test", "service:test")
JOB = RequisitionId("101")
NEW, REVIEWED = ListNode("C1", "New"), ListNode("C2", "Reviewed")
_CACHE = timedelta(minutes=15)


@dataclass
class OldSearches(MemoryAts):
    """Answers a search for everything from a cache; hides the records ``withheld``."""

    withheld: set[str] = field(default_factory=set)
    answers: dict[RequisitionId, tuple[datetime, Sequence[ApplicationId]]] = field(
        default_factory=dict
    )

    def application_ids(
        self, trigger: Trigger, requisition: RequisitionId, since: datetime | None
    ) -> Sequence[ApplicationId]:
        found = super().application_ids(trigger, requisition, since)
        if since is not None:
            return found
        at, before = self.answers.get(requisition, (None, found))
        if at is not None and self.clock.now() - at < _CACHE:
            return before
        self.answers[requisition] = (self.clock.now(), found)
        return found

    def application(
        self, trigger: Trigger, id: ApplicationId, *, live: bool = False
    ) -> Application:
        found = super().application(trigger, id, live=live)
        if id in self.withheld:
            raise NotFound(f"{id} does not exist")
        return found


@dataclass
class Ingested:
    """iCIMS, the store, and what runs between them."""

    store: Store
    clock: HandClock
    ats: OldSearches
    sync: Sync
    reconciliation: Reconciliation
    sweeping: Sweeping
    ingest: Ingest

    def posted(self, id: str = JOB) -> Requisition:
        """Post a job in iCIMS."""
        job = replace(requisition(TENANT, id), updated_at=self.clock.now())
        self.ats.requisitions[job.id] = job
        return job

    def applied(self, number: int, job: str = JOB) -> ApplicationId:
        """Let somebody apply in iCIMS; nobody tells us."""
        now, person = self.clock.now(), f"{2000 + number}"
        made = application(TENANT, f"{7000 + number}", person, job)
        self.ats.applications[made.id] = replace(made, created_at=None, updated_at=now)
        self.ats.people[PersonId(person)] = replace(candidate(TENANT, person), updated_at=now)
        return made.id

    def told(self, id: ApplicationId, kind: EventKind = EventKind.STAGE_CHANGED) -> None:
        """Let the event arrive."""
        event = AtsEvent(kind=kind, tenant=TENANT, application=id)
        self.ingest.keep([Told(event=event, body=b"", proof=f"{id} {self.clock.now()}")])

    def poll(self) -> None:
        self.reconciliation.poll(POLL)
        self.work()

    def work(self, *kinds: JobKind) -> list[Job]:
        """Run what is due of the jobs that read; return them."""
        done = []
        while job := self._claimed(kinds or tuple(self._runners)):
            self._runners[job.kind](job)
            with self.store.unit_of_work() as uow:
                uow.jobs.complete(job, self.clock.now())
                uow.commit()
            done.append(job)
        return done

    def _claimed(self, kinds: Sequence[JobKind]) -> Job | None:
        with self.store.unit_of_work() as uow:
            job = uow.jobs.claim(self.clock.now(), 60, kinds)
            uow.commit()
        return job

    @property
    def _runners(self):  # type: ignore[no-untyped-def]
        sync = self.sync

        def id(job: Job) -> ApplicationId:
            return ApplicationId(job.payload["application"])

        def of(job: Job) -> RequisitionId:
            return RequisitionId(job.payload["requisition"])

        return {
            JobKind.REFRESH_APPLICATION: lambda job: sync.refresh(id(job), POLL),
            JobKind.READ_HIDDEN: lambda job: sync.refresh(id(job), POLL, of(job) or None),
            JobKind.REFRESH_REQUISITION: lambda job: sync.refresh_requisition(of(job), POLL),
            JobKind.REFRESH_PERSON: lambda job: sync.person(PersonId(job.payload["person"]), POLL),
            JobKind.SYNC_APPLICATIONS: lambda job: sync.applications(of(job), POLL),
        }

    def cached(self, id: ApplicationId) -> CachedApplication | None:
        with self.store.unit_of_work() as uow:
            return uow.applications.get(id)

    def reads(self, name: str = "application") -> list[str]:
        return [about for call, about in self.ats.calls if call == name]

    def pending(self, prefix: str) -> int:
        with self.store.unit_of_work() as uow:
            return uow.jobs.pending(prefix)


def open_ingested(folder: Path) -> Ingested:
    """Set up an iCIMS with one open job that nobody has read yet."""
    clock = HandClock()
    store = open_for(fresh_sqlite(folder), clock, TENANT)
    ats, unit = OldSearches(clock), store.unit_of_work
    world = Ingested(
        store=store,
        clock=clock,
        ats=ats,
        sync=Sync(unit, ats, clock, TENANT),
        reconciliation=Reconciliation(unit, ats, clock, TENANT),
        sweeping=Sweeping(unit, ats, clock, TENANT),
        ingest=Ingest(unit, clock),
    )
    world.posted()
    return world
