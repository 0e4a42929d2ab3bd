"""Users, their sign-ins and their failed attempts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, select
from sqlmodel import col

from core.domain.actor import Session
from core.domain.ids import SessionId, UserId
from core.errors import InvalidInput
from core.ports import Account
from core.store.codec import dump, load
from core.store.repository import Repository
from core.store.sql import upsert
from core.store.tables import AccountRow, FailureRow, SessionRow


class SqlAccounts(Repository):
    """Implements ``ports.Accounts``; usernames are compared without regard to case."""

    def put(self, account: Account) -> None:
        holder = self.by_username(account.username)
        if holder is not None and holder.id != account.id:
            raise InvalidInput("this username is taken")
        row = AccountRow(
            tenant=self.tenant,
            id=account.id,
            username=account.username.casefold(),
            document=dump(account).decode(),
        )
        upsert(self.db, row, "tenant", "id")

    def get(self, id: UserId) -> Account | None:
        query = select(col(AccountRow.document)).where(
            col(AccountRow.tenant) == self.tenant, col(AccountRow.id) == id
        )
        document = self.db.scalar(query)
        return None if document is None else load(Account, document)

    def by_username(self, username: str) -> Account | None:
        query = select(col(AccountRow.document)).where(
            col(AccountRow.tenant) == self.tenant, col(AccountRow.username) == username.casefold()
        )
        document = self.db.scalar(query)
        return None if document is None else load(Account, document)

    def all(self) -> Sequence[Account]:
        query = (
            select(col(AccountRow.document))
            .where(col(AccountRow.tenant) == self.tenant)
            .order_by(col(AccountRow.username))
        )
        return [load(Account, document) for document in self.db.scalars(query)]

    def put_session(self, session: Session) -> None:
        row = SessionRow(
            tenant=self.tenant,
            id=session.id,
            user_id=session.user_id,
            started_at=session.started_at,
            last_seen_at=session.last_seen_at,
            idle_expires_at=session.idle_expires_at,
            expires_at=session.expires_at,
            revoked_at=session.revoked_at,
        )
        upsert(self.db, row, "tenant", "id")

    def session(self, id: SessionId) -> Session | None:
        row = self.db.get(SessionRow, (self.tenant, id), populate_existing=True)
        return None if row is None else _session(row)

    def sessions(self, user: UserId) -> Sequence[Session]:
        """As the port says, oldest first, ended ones included."""
        query = (
            select(SessionRow)
            .where(col(SessionRow.tenant) == self.tenant, col(SessionRow.user_id) == user)
            .order_by(col(SessionRow.started_at), col(SessionRow.id))
            .execution_options(populate_existing=True)
        )
        return [_session(row) for row in self.db.scalars(query)]

    def purge_sessions(self, ended_before: datetime) -> int:
        row = (
            col(SessionRow.expires_at),
            col(SessionRow.idle_expires_at),
            col(SessionRow.revoked_at),
        )
        gone = self.db.scalars(
            delete(SessionRow)
            .where(col(SessionRow.tenant) == self.tenant, or_(*(at < ended_before for at in row)))
            .returning(col(SessionRow.id))
        )
        return len(gone.all())

    def record_failure(self, key: str, at: datetime) -> None:
        self.db.add(FailureRow(tenant=self.tenant, key=key, at=at))

    def failures(self, key: str, since: datetime) -> int:
        query = select(func.count()).where(
            col(FailureRow.tenant) == self.tenant,
            col(FailureRow.key) == key,
            col(FailureRow.at) >= since,
        )
        return self.db.scalars(query).one()

    def clear_failures(self, key: str) -> None:
        self.db.execute(
            delete(FailureRow).where(
                col(FailureRow.tenant) == self.tenant, col(FailureRow.key) == key
            )
        )


def _session(row: SessionRow) -> Session:
    return Session(
        id=SessionId(row.id),
        user_id=UserId(row.user_id),
        started_at=row.started_at,
        last_seen_at=row.last_seen_at,
        idle_expires_at=row.idle_expires_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
