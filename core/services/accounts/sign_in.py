"""Who is at the screen: sessions, opened by a password or by the company's identity provider."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.actor import Actor, ActorKind, Session, service_actor
from core.domain.audit import Fact, fact_by
from core.domain.federation import Claims, read_claims
from core.domain.ids import SessionId, TenantId
from core.domain.views import Me
from core.errors import NotAllowed, SessionEnded
from core.ports import Account, Accounts, Clock, IdSource, UnitOfWork, UnitOfWorkFactory
from core.services.accounts.brake import address_key, user_key, wait
from core.services.accounts.passwords import hash_password, matches, require_good
from core.services.accounts.sessions import as_actor, begun, listed, live, why_dead
from core.services.accounts.sign_in_policy import SignInPolicy
from core.services.accounts.single_sign_on import WORDS, Refusal, find, is_spent, refreshed, refusal

WRONG = "The user name or the password is not right."
ENDED = "Your session has ended. Please sign in again."


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
        typed, known or not, and where passwords are switched off.
        """
        self._require_passwords()
        name = username.strip().casefold()
        self._count(name, address)
        with self._unit_of_work() as unit:
            account = unit.accounts.by_username(name)
        right = matches(password, account.password_hash if account else "", self._policy.cost)
        with self._unit_of_work() as unit:
            if account is None or account.disabled or not right:
                self._failed(unit, name, address, account)
                unit.commit()
                raise NotAllowed(WRONG)
            unit.accounts.clear_failures(user_key(name))
            session = self._open(unit, account, "password")
            unit.commit()
        return SignedIn(account, session)

    def federated(self, said: Mapping[str, object], address: str) -> SignedIn:
        """Open a session for whom the company's identity provider vouches.

        ``said`` are the claims of a checked identity token. It opens one session and no second;
        the first time it links the account of its verified address. Nobody gets an account or,
        where groups decide, a role here that they did not have there. Raises ``NotAllowed`` with
        the reason, ``SessionEnded`` when the token was used before or is old.
        """
        policy = self._policy.provider
        claims = read_claims(said, groups_claim=policy.groups_claim, trust_email=policy.trust_email)
        with self._unit_of_work() as unit:
            before = find(unit.accounts, claims)
            if is_spent(before, claims, policy, self._clock.now()):
                raise SessionEnded(ENDED)
        self._count(claims.subject, address)
        with self._unit_of_work() as unit:
            account, reason = self._admitted(unit, claims)
            if account is None or reason:
                self._refused(unit, account, reason or Refusal.NO_ACCOUNT)
                unit.commit()
                raise NotAllowed(WORDS[reason or Refusal.NO_ACCOUNT])
            unit.accounts.clear_failures(user_key(claims.subject))
            session = self._open(unit, account, "single sign-on")
            unit.commit()
        return SignedIn(account, session)

    def resume(self, session_id: SessionId, *, watching: bool = False) -> Actor:
        """Return the actor behind a live session, with roles as they are now.

        ``watching``: a screen asks by itself, which is no sign of a person and keeps nobody in.
        Raises ``SessionEnded`` after expiry, idleness, sign-out, a changed password, changed
        roles or when the account was disabled.
        """
        with self._unit_of_work() as unit:
            now = self._clock.now()
            found = live(unit.accounts, session_id, now)
            if found is None:
                self._expire(unit, session_id, now)
                unit.commit()
                raise SessionEnded(ENDED)
            session, account = found
            if not watching and now - session.last_seen_at >= self._policy.touch_every:
                session = replace(
                    session, last_seen_at=now, idle_expires_at=now + self._policy.idle
                )
                unit.accounts.put_session(session)
                unit.commit()
        return as_actor(account, session)

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
        self._require_passwords()
        account = self._present(actor)
        self._count(account.username.casefold(), "")
        if not matches(old, account.password_hash, self._policy.cost):
            raise NotAllowed("The current password is not right.")
        require_good(new, account, old)
        changed = replace(
            account,
            password_hash=hash_password(new, self._policy.cost),
            must_change_password=False,
        )
        with self._unit_of_work() as unit:
            unit.accounts.put(changed)
            unit.accounts.clear_failures(user_key(account.username.casefold()))
            self._note(unit, "password.changed", account)
            session = self._open(unit, changed, "password")
            unit.commit()
        return SignedIn(changed, session)

    def me(self, actor: Actor) -> Me:
        """Describe the signed-in person for the menu."""
        account = self._present(actor)
        return Me(
            user_id=account.id,
            display_name=account.display_name,
            roles=account.roles,
            must_change_password=account.must_change_password,
            has_password=bool(account.password_hash) and self._policy.passwords,
        )

    # --- Steps ---------------------------------------------------------------------------------

    def _require_passwords(self) -> None:
        if not self._policy.passwords:
            raise NotAllowed("Passwords are switched off here. Sign in with your company account.")

    def _present(self, actor: Actor) -> Account:
        if actor.session is None:
            raise SessionEnded(ENDED)
        with self._unit_of_work() as unit:
            found = live(unit.accounts, actor.session.id, self._clock.now())
        if found is None or found[1].id != actor.id:
            raise SessionEnded(ENDED)
        return found[1]

    def _count(self, name: str, address: str) -> None:
        """Apply the brakes, then count the attempt *before* its outcome is known.

        Counting first makes guesses sent in parallel count like guesses sent in turn. Attempts
        while the brake is on do not count, so nobody can keep another person out for ever.
        """
        with self._unit_of_work() as unit:
            if seconds := self._wait(unit.accounts, name, address):
                raise NotAllowed(f"Too many attempts. Please try again in {seconds} seconds.")
            unit.accounts.record_failure(user_key(name), self._clock.now())
            unit.commit()

    def _wait(self, accounts: Accounts, name: str, address: str) -> int:
        now = self._clock.now()
        seconds = wait(accounts, user_key(name), self._policy.per_user, now)
        if not address:
            return seconds
        return max(seconds, wait(accounts, address_key(address), self._policy.per_address, now))

    def _failed(self, unit: UnitOfWork, name: str, address: str, account: Account | None) -> None:
        unit.accounts.record_failure(address_key(address), self._clock.now())
        self._note(unit, "sign_in.failed", account, known=account is not None)
        # Attempts during the wait do not come this far, so it is said once for each wait.
        if seconds := self._wait(unit.accounts, name, address):
            self._note(unit, "sign_in.braked", account, seconds=seconds)

    def _admitted(self, unit: UnitOfWork, claims: Claims) -> tuple[Account | None, Refusal | None]:
        """Find the account once more, now to keep it, and bring it up to the provider's word."""
        before = find(unit.accounts, claims)
        if before is None or before.disabled:
            return before, refusal(before, claims)
        if is_spent(before, claims, self._policy.provider, self._clock.now()):
            raise SessionEnded(ENDED)
        account = refreshed(before, claims, self._policy.provider)
        unit.accounts.put(account)
        if not before.subject:
            self._note(unit, "account.linked", account)
        if before.roles != account.roles:
            self._revoke(unit, account)
            self._note(unit, "account.roles_taken_over", account, roles=listed(account))
        return account, refusal(account, claims)

    def _revoke(self, unit: UnitOfWork, account: Account) -> None:
        """End every session of an account, also for the case that its old roles come back."""
        now = self._clock.now()
        for session in unit.accounts.sessions(account.id):
            if session.is_live(now):
                unit.accounts.put_session(replace(session, revoked_at=now))

    def _refused(self, unit: UnitOfWork, account: Account | None, reason: Refusal) -> None:
        self._note(unit, "sign_in.refused", account, reason=reason.value)

    def _open(self, unit: UnitOfWork, account: Account, method: str) -> Session:
        now = self._clock.now()
        session = begun(account, self._ids.new(), now, self._policy)
        unit.accounts.put_session(session)
        self._note(unit, "session.started", account, method=method)
        return session

    def _expire(self, unit: UnitOfWork, id: SessionId, now: datetime) -> None:
        """Close a session that ran out, once: what finds it dead later is no news."""
        session = unit.accounts.session(id)
        if session is None or session.revoked_at is not None:
            return
        unit.accounts.put_session(replace(session, revoked_at=now))
        finder = service_actor("sign-in", self._tenant)
        subject = f"user:{session.user_id}"
        unit.audit.append(
            fact_by(finder, now, "session.expired", subject, reason=why_dead(session, now))
        )

    def _note(
        self, unit: UnitOfWork, action: str, who: Account | None, **data: str | int | bool
    ) -> None:
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
