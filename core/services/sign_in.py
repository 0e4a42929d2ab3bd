"""Who is at the screen: passwords, sessions and the brake on guessing."""

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

import bcrypt

from core.domain.actor import Actor, ActorKind, Session
from core.domain.audit import Fact
from core.domain.canonical import content_hash
from core.domain.ids import SessionId, TenantId
from core.domain.views import Me
from core.errors import InvalidInput, NotAllowed, SessionEnded
from core.ports import Account, Accounts, Clock, IdSource, UnitOfWork, UnitOfWorkFactory

WRONG = "The user name or the password is not right."
ENDED = "Your session has ended. Please sign in again."
SHORTEST, LONGEST_BYTES = 12, 72
"""NIST SP 800-63B asks for length, not for kinds of characters; bcrypt reads 72 bytes at most."""


@dataclass(frozen=True, slots=True)
class Brake:
    """``allowed`` failures within ``window``; the next attempt waits until one has aged out."""

    allowed: int
    window: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPolicy:
    """How long sessions live and how fast somebody may guess.

    The brakes of an address are wider, because an office shares one.
    """

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)
    per_user: tuple[Brake, ...] = (
        Brake(5, timedelta(minutes=1)),
        Brake(10, timedelta(minutes=15)),
        Brake(20, timedelta(hours=1)),
    )
    per_address: tuple[Brake, ...] = (
        Brake(30, timedelta(minutes=1)),
        Brake(100, timedelta(minutes=15)),
    )
    touch_every: timedelta = timedelta(minutes=1)
    cost: int = 12


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A verified person and the session just opened for them."""

    account: Account
    session: Session


class SignIn:
    """Opens, checks and ends sessions; every outcome is an audit fact."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        clock: Clock,
        ids: IdSource,
        tenant: TenantId,
        policy: SignInPolicy | None = None,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._ids = ids
        self._tenant = tenant
        self._policy = policy or SignInPolicy()

    def verify(self, username: str, password: str, address: str) -> SignedIn:
        """Check a password and open a session; user names are stored in lower case.

        Raises ``NotAllowed``: the same words, after the same work, for an unknown user, a wrong
        password and a disabled account; other words while the brake is on, which counts what was
        typed, known or not.
        """
        name = username.strip().casefold()
        account = self._admit(name, address)
        matches = _matches(password, account.password_hash if account else "", self._policy.cost)
        with self._unit_of_work() as unit:
            now = self._clock.now()
            if account is None or account.disabled or not matches:
                unit.accounts.record_failure(_address_key(address), now)
                self._note(unit, "sign_in.failed", account, known=account is not None)
                unit.commit()
                raise NotAllowed(WRONG)
            unit.accounts.clear_failures(_user_key(name))
            session = self._open(unit, account, now)
            unit.commit()
        return SignedIn(account, session)

    def resume(self, session_id: SessionId) -> Actor:
        """Return the actor behind a live session, with roles as they are now.

        Raises ``SessionEnded`` after expiry, idleness, sign-out, a changed password or when the
        account was disabled.
        """
        with self._unit_of_work() as unit:
            now = self._clock.now()
            session, account = _live(unit.accounts, session_id, now)
            if now - session.last_seen_at >= self._policy.touch_every:
                session = replace(
                    session, last_seen_at=now, idle_expires_at=now + self._policy.idle
                )
                unit.accounts.put_session(session)
                unit.commit()
        return _actor(account, session)

    def end(self, session_id: SessionId) -> None:
        """Sign out: the session is dead at once, wherever its cookie was copied to."""
        with self._unit_of_work() as unit:
            session = unit.accounts.session(session_id)
            if session is None or session.revoked_at is not None:
                return
            unit.accounts.put_session(replace(session, revoked_at=self._clock.now()))
            self._note(unit, "session.ended", unit.accounts.get(session.user_id))
            unit.commit()

    def change_password(self, actor: Actor, old: str, new: str) -> SignedIn:
        """Replace the actor's own password; ends all their sessions and opens a new one.

        Raises ``SessionEnded``, ``NotAllowed`` when ``old`` is wrong or guessed too often,
        ``InvalidInput`` when ``new`` will not do.
        """
        if actor.session is None:
            raise SessionEnded(ENDED)
        with self._unit_of_work() as unit:
            _, account = _live(unit.accounts, actor.session.id, self._clock.now())
        self._admit(account.username.casefold(), "")
        if not _matches(old, account.password_hash, self._policy.cost):
            raise NotAllowed("The current password is not right.")
        _require_good(new, account, old)
        changed = replace(account, password_hash=_hash(new, self._policy.cost))
        with self._unit_of_work() as unit:
            unit.accounts.put(replace(changed, must_change_password=False))
            unit.accounts.clear_failures(_user_key(account.username.casefold()))
            self._note(unit, "password.changed", account)
            session = self._open(unit, changed, self._clock.now())
            unit.commit()
        return SignedIn(changed, session)

    def me(self, actor: Actor) -> Me:
        """Describe the signed-in person for the menu."""
        with self._unit_of_work() as unit:
            account = unit.accounts.get(actor.id)
        if account is None:
            raise SessionEnded(ENDED)
        return Me(
            user_id=account.id,
            display_name=account.display_name,
            roles=account.roles,
            must_change_password=account.must_change_password,
        )

    def _admit(self, name: str, address: str) -> Account | None:
        """Apply the brakes, then count the attempt *before* its outcome is known.

        Counting first makes guesses sent in parallel count like guesses sent in turn. Attempts
        while the brake is on do not count, so nobody can keep another person out for ever.
        """
        with self._unit_of_work() as unit:
            now = self._clock.now()
            account = unit.accounts.by_username(name)
            wait = _wait(unit.accounts, _user_key(name), self._policy.per_user, now)
            if address:
                key = _address_key(address)
                wait = max(wait, _wait(unit.accounts, key, self._policy.per_address, now))
            if wait:
                raise NotAllowed(f"Too many attempts. Please try again in {wait} seconds.")
            unit.accounts.record_failure(_user_key(name), now)
            unit.commit()
        return account

    def _open(self, unit: UnitOfWork, account: Account, now: datetime) -> Session:
        session = Session(
            id=SessionId(f"{self._ids.new()}.{_fingerprint(account)}"),
            user_id=account.id,
            started_at=now,
            last_seen_at=now,
            idle_expires_at=now + self._policy.idle,
            expires_at=now + self._policy.absolute,
        )
        unit.accounts.put_session(session)
        self._note(unit, "session.started", account)
        return session

    def _note(self, unit: UnitOfWork, action: str, who: Account | None, **data: bool) -> None:
        """Record a fact; an unknown user name is not recorded, it may be a mistyped password."""
        unit.audit.append(
            Fact(
                tenant=self._tenant,
                at=self._clock.now(),
                actor=who.id if who else "unknown",
                actor_kind=ActorKind.PERSON.value,
                action=action,
                subject=f"user:{who.id}" if who else "user:unknown",
                data=data,
            )
        )


def hash_password(password: str) -> str:
    """Hash a password for a new account, at the cost that sign-in pays for unknown users."""
    return _hash(password, SignInPolicy().cost)


def _live(accounts: Accounts, id: SessionId, now: datetime) -> tuple[Session, Account]:
    session = accounts.session(id)
    if session is None or not session.is_live(now):
        raise SessionEnded(ENDED)
    account = accounts.get(session.user_id)
    if account is None or account.disabled or not id.endswith(f".{_fingerprint(account)}"):
        raise SessionEnded(ENDED)
    return session, account


def _actor(account: Account, session: Session) -> Actor:
    return Actor(
        id=account.id,
        kind=ActorKind.PERSON,
        tenant=account.tenant,
        roles=account.roles,
        icims_person_id=account.icims_person_id,
        session=session,
    )


def _fingerprint(account: Account) -> str:
    """Tie a session to the password behind it, so that changing one ends the other everywhere."""
    return content_hash(("session", account.id, account.password_hash))[:16]


def _wait(accounts: Accounts, key: str, brakes: tuple[Brake, ...], now: datetime) -> int:
    """Seconds until one of the failures that fill a brake has aged out of it; 0 when free."""
    return max(_wait_for(accounts, key, brake, now) for brake in brakes)


def _wait_for(accounts: Accounts, key: str, brake: Brake, now: datetime) -> int:
    seconds = int(brake.window.total_seconds())
    if accounts.failures(key, now - brake.window) < brake.allowed:
        return 0
    age = bisect_left(
        range(seconds),
        brake.allowed,
        key=lambda back: accounts.failures(key, now - timedelta(seconds=back)),
    )
    return max(1, seconds - age)


def _user_key(name: str) -> str:
    return f"user:{content_hash(name)}"


def _address_key(address: str) -> str:
    return f"address:{address}"


@cache
def _dummy(cost: int) -> str:
    return _hash("no such user", cost)


def _hash(password: str, cost: int) -> str:
    return bcrypt.hashpw(_bytes(password), bcrypt.gensalt(cost)).decode()


def _matches(password: str, hashed: str, cost: int) -> bool:
    """Compare in constant work: without a hash, against one that nobody's password has."""
    same = bcrypt.checkpw(_bytes(password), (hashed or _dummy(cost)).encode())
    return same and bool(hashed)


def _bytes(password: str) -> bytes:
    return password.strip().encode()[:LONGEST_BYTES]


def _require_good(new: str, account: Account, old: str) -> None:
    stripped = new.strip()
    if len(stripped) < SHORTEST:
        raise InvalidInput(f"The new password needs at least {SHORTEST} characters.")
    if len(stripped.encode()) > LONGEST_BYTES:
        raise InvalidInput("The new password is too long; use at most 72 plain characters.")
    if stripped == old.strip() or account.username.casefold() in stripped.casefold():
        raise InvalidInput("Choose a password that is new and does not hold your user name.")
