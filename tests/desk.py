"""A working desk for tests of use cases: real store, in-memory ATS, people who can sign in."""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from core.domain.actor import Actor, ActorKind, Role, Session
from core.domain.ids import PersonId, SessionId, TenantId, UserId
from core.domain.proposal import Proposal
from core.domain.records import Application, PersonLink, Requisition
from core.flow.write import write_next
from core.ports import Account
from core.services.decisions.approvals import Approvals
from core.store import Store
from tests.store_bench import (
    NOON,
    CountedIds,
    HandClock,
    application,
    candidate,
    open_for,
    proposal,
    requisition,
)
from tests.twins.ats import MemoryAts

TENANT = TenantId("4711")
UNDO = timedelta(seconds=30)


@dataclass
class Desk:
    """One requisition, one application, its open proposal and the people around it."""

    store: Store
    clock: HandClock
    ats: MemoryAts
    approvals: Approvals
    requisition: Requisition
    application: Application
    proposal: Proposal

    def person(self, name: str, *roles: Role, icims: str = "") -> Actor:
        """Give ``name`` an account with ``roles`` and sign them in."""
        now = self.clock.now()
        account = Account(
            id=UserId(name),
            tenant=TENANT,
            username=name,
            display_name=name.title(),
            email=f"{name}@example.com",
            password_hash="",
            roles=frozenset(roles),
            icims_person_id=PersonId(icims) if icims else None,
        )
        session = Session(
            id=SessionId(f"session of {name}"),
            user_id=account.id,
            started_at=now,
            last_seen_at=now,
            idle_expires_at=now + timedelta(minutes=30),
            expires_at=now + timedelta(hours=12),
        )
        with self.store.unit_of_work() as uow:
            uow.accounts.put(account)
            uow.accounts.put_session(session)
            uow.commit()
        return Actor(
            id=account.id,
            kind=ActorKind.PERSON,
            tenant=TENANT,
            roles=account.roles,
            icims_person_id=account.icims_person_id,
            session=session,
        )

    def recruiter(self) -> Actor:
        """Sign in the requisition's own recruiter."""
        return self.person("rosa", Role.RECRUITER, icims="101")

    def write_all(self) -> int:
        """Let the undo window pass and carry out every due write; return how many were tried."""
        self.clock.forward(seconds=UNDO.total_seconds() + 1)
        tries = 0
        while write_next(self.store.unit_of_work, self.ats, self.clock) is not None:
            tries += 1
        return tries

    def propose(self, made: Proposal) -> Proposal:
        """Keep another proposal."""
        with self.store.unit_of_work() as uow:
            uow.proposals.put(made)
            uow.commit()
        return made


def open_desk(folder: Path) -> Desk:
    """Set up the desk in a database of its own."""
    clock = HandClock()
    store = open_for(f"sqlite:///{folder / 'desk.db'}", clock, TENANT)
    store.migrate()
    job = replace(
        requisition(TENANT),
        recruiter=PersonLink(PersonId("101"), "Rosa"),
        hiring_manager=PersonLink(PersonId("103"), "Mina"),
    )
    record = application(TENANT)
    made = proposal(record)
    ats = MemoryAts(clock)
    ats.requisitions[job.id] = job
    ats.applications[record.id] = record
    ats.people[record.person_id] = replace(candidate(TENANT), updated_at=NOON)
    with store.unit_of_work() as uow:
        uow.requisitions.put(job, NOON)
        uow.applications.put(record, NOON)
        uow.applications.put_candidate(ats.people[record.person_id], NOON)
        uow.proposals.put(made)
        uow.commit()
    approvals = Approvals(store.unit_of_work, clock, CountedIds(), UNDO)
    return Desk(store, clock, ats, approvals, job, record, made)
