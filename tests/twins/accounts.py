"""In-memory accounts and audit facts, enough for the sign-in service."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from core.domain.actor import Session
from core.domain.audit import AuditEvent, Fact
from core.domain.ids import SessionId, UserId
from core.ports import Account, UnitOfWork


@dataclass
class MemoryAccounts:
    """Users, sessions and failures in dictionaries."""

    accounts: dict[UserId, Account] = field(default_factory=dict)
    opened: dict[SessionId, Session] = field(default_factory=dict)
    failed: dict[str, list[datetime]] = field(default_factory=dict)

    def put(self, account: Account) -> None:
        self.accounts[account.id] = account

    def get(self, id: UserId) -> Account | None:
        return self.accounts.get(id)

    def by_username(self, username: str) -> Account | None:
        return next((a for a in self.accounts.values() if a.username == username), None)

    def all(self) -> list[Account]:
        return list(self.accounts.values())

    def put_session(self, session: Session) -> None:
        self.opened[session.id] = session

    def session(self, id: SessionId) -> Session | None:
        return self.opened.get(id)

    def sessions(self, user: UserId) -> list[Session]:
        return [session for session in self.opened.values() if session.user_id == user]

    def record_failure(self, key: str, at: datetime) -> None:
        self.failed.setdefault(key, []).append(at)

    def failures(self, key: str, since: datetime) -> int:
        return sum(at >= since for at in self.failed.get(key, ()))

    def clear_failures(self, key: str) -> None:
        self.failed.pop(key, None)


@dataclass
class MemoryAudit:
    """Facts in a list; the chain is the store's business."""

    facts: list[Fact] = field(default_factory=list)

    def append(self, fact: Fact) -> AuditEvent:
        self.facts.append(fact)
        return AuditEvent(seq=len(self.facts), fact=fact, previous="", hash="")


@dataclass
class AccountsUnit:
    """A unit of work that holds accounts and audit only; what is not committed is undone."""

    accounts: MemoryAccounts = field(default_factory=MemoryAccounts)
    audit: MemoryAudit = field(default_factory=MemoryAudit)
    commits: int = 0

    @contextmanager
    def __call__(self) -> Iterator[UnitOfWork]:
        before = (
            dict(self.accounts.accounts),
            dict(self.accounts.opened),
            {key: list(times) for key, times in self.accounts.failed.items()},
            list(self.audit.facts),
        )
        commits = self.commits
        try:
            # The other repositories are left out on purpose: touching one is an error here.
            yield cast("UnitOfWork", self)
        finally:
            if self.commits == commits:
                accounts, opened, failed, facts = before
                self.accounts.accounts = accounts
                self.accounts.opened = opened
                self.accounts.failed = failed
                self.audit.facts = facts

    def commit(self) -> None:
        self.commits += 1

    def disable(self, id: UserId) -> None:
        """Switch an account off, as an administrator would."""
        self.accounts.put(replace(self.accounts.accounts[id], disabled=True))
