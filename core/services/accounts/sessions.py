"""What a session is made of, and what it takes for one to be alive."""

from datetime import datetime

from core.domain.actor import Actor, ActorKind, Session
from core.domain.canonical import content_hash
from core.domain.ids import SessionId
from core.ports import Account, Accounts
from core.services.accounts.sign_in_policy import SignInPolicy


def begun(account: Account, id: str, now: datetime, policy: SignInPolicy) -> Session:
    """Begin a session; its id names what it depends on besides time."""
    return Session(
        id=SessionId(f"{id}.{_fingerprint(account)}"),
        user_id=account.id,
        started_at=now,
        last_seen_at=now,
        idle_expires_at=now + policy.idle,
        expires_at=now + policy.absolute,
    )


def live(accounts: Accounts, id: SessionId, now: datetime) -> tuple[Session, Account] | None:
    """Find a session that may be used at ``now``, with its account as it is now."""
    session = accounts.session(id)
    if session is None or not session.is_live(now):
        return None
    account = accounts.get(session.user_id)
    if account is None or account.disabled or not id.endswith(f".{_fingerprint(account)}"):
        return None
    return session, account


def why_dead(session: Session, now: datetime) -> str:
    """Say what ended a session that nobody ended, in the words of the audit log."""
    if session.is_live(now):
        return "account changed"
    return "idle" if now < session.expires_at else "time is up"


def as_actor(account: Account, session: Session) -> Actor:
    """Name the person behind a session as the doer."""
    return Actor(
        id=account.id,
        kind=ActorKind.PERSON,
        tenant=account.tenant,
        roles=account.roles,
        icims_person_id=account.icims_person_id,
        session=session,
    )


def listed(account: Account) -> str:
    """Write an account's roles in one line."""
    return ",".join(sorted(account.roles))


def _fingerprint(account: Account) -> str:
    """Tie a session to the password and the roles behind it: changing one ends it everywhere."""
    return content_hash(("session", account.id, account.password_hash, listed(account)))[:16]
