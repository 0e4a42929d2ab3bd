"""Who may sign in, and as what; every change is an audit fact with ids and roles, never names."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.domain.access import Command
from core.domain.actor import Actor, Role, service_actor
from core.domain.audit import fact_by
from core.domain.ids import UserId
from core.domain.views import UserLine
from core.errors import InvalidInput, NotAllowed, NotFound
from core.ports import Account, Clock, IdSource, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit
from core.services.accounts.account_rules import address_of, fit_roles, person_of
from core.services.accounts.brake import Brake
from core.services.accounts.passwords import hash_password
from core.services.accounts.user_lines import brake_keys, is_braked, user_lines

OPERATOR = "command-line"
"""The service that adds the first administrator: who runs it has the database anyway."""


@dataclass(frozen=True, slots=True)
class Users:
    """Accounts, as an administrator keeps them; ``brakes`` are those of the sign-in.

    Every method raises ``NotAllowed`` and ``SessionEnded`` as ``admit`` does, and ``NotFound`` for
    an unknown user. Nobody changes what they themselves may do, and one administrator always stays.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: IdSource
    brakes: tuple[Brake, ...]

    def list(self, actor: Actor) -> tuple[UserLine, ...]:
        """List everybody by user name."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.MANAGE_USERS, now)
            return user_lines(uow, self.brakes, now)

    def add(
        self,
        actor: Actor,
        username: str,
        name: str,
        roles: frozenset[Role],
        person: str = "",
        email: str = "",
    ) -> str:
        """Add an account and return its first password, which must be changed at sign-in.

        ``person`` is the user's iCIMS person id: it decides which requisitions they see. Raises
        ``InvalidInput`` for a name that is taken or empty and for roles that do not go together.
        """
        username = username.strip().casefold()
        if not username or not name.strip():
            raise InvalidInput("A user needs a user name and a display name.")
        password = _new_password()
        account = Account(
            id=UserId(self.ids.new()),
            tenant=actor.tenant,
            username=username,
            display_name=name.strip(),
            email=address_of(email),
            password_hash=hash_password(password),
            roles=fit_roles(roles),
            icims_person_id=person_of(roles, person),
            must_change_password=True,
        )
        with self.unit_of_work() as uow:
            if actor != service_actor(OPERATOR, actor.tenant):
                admit(uow, actor, Command.MANAGE_USERS, self.clock.now())
            if uow.accounts.by_username(username):
                raise InvalidInput(f"There is a user {username} already.")
            self._keep(
                uow, actor, "user.added", account,
                roles=_words(roles), person=account.icims_person_id,
            )  # fmt: skip
        return password

    def change(
        self, actor: Actor, user: UserId, roles: frozenset[Role], person: str, email: str
    ) -> None:
        """Set what a user is; new roles and another iCIMS person end the user's sessions.

        Raises ``InvalidInput`` as ``add`` does, ``NotAllowed`` for one's own roles.
        """
        with self.unit_of_work() as uow:
            old = self._admitted(uow, actor, user)
            new = replace(
                old,
                roles=fit_roles(roles),
                icims_person_id=person_of(roles, person),
                email=address_of(email),
            )
            if new == old:
                return
            if (new.roles, new.icims_person_id) != (old.roles, old.icims_person_id):
                _require_other(actor, user, "Another administrator must change your own roles.")
                self._end(uow, user)
            self._keep(
                uow, actor, "user.changed", new,
                roles_before=_words(old.roles), roles=_words(new.roles),
                person_before=old.icims_person_id, person=new.icims_person_id,
                email_changed=new.email != old.email,
            )  # fmt: skip

    def set_disabled(self, actor: Actor, user: UserId, disabled: bool) -> None:
        """Switch an account off, which ends its sessions, or on again."""
        with self.unit_of_work() as uow:
            account = self._admitted(uow, actor, user)
            _require_other(actor, user, "Another administrator must switch off your account.")
            if account.disabled is disabled:
                return
            ended = self._end(uow, user) if disabled else 0
            action = "user.disabled" if disabled else "user.enabled"
            self._keep(uow, actor, action, replace(account, disabled=disabled), sessions=ended)

    def reset_password(self, actor: Actor, user: UserId) -> str:
        """Return a new first password; ends the user's sessions and takes their brake off."""
        password = _new_password()
        hashed = hash_password(password)
        with self.unit_of_work() as uow:
            account = self._admitted(uow, actor, user)
            _require_other(actor, user, "Change your own password on its own page.")
            if account.subject and not account.password_hash:
                raise InvalidInput("This user signs in with the company account, not a password.")
            _take_brake_off(uow, account)
            changed = replace(account, password_hash=hashed, must_change_password=True)
            self._keep(uow, actor, "password.reset", changed, sessions=self._end(uow, user))
        return password

    def end_sessions(self, actor: Actor, user: UserId) -> int:
        """Sign a user out everywhere; return how many sessions that were."""
        with self.unit_of_work() as uow:
            account = self._admitted(uow, actor, user)
            if ended := self._end(uow, user):
                self._keep(uow, actor, "sessions.ended", account, sessions=ended)
        return ended

    def release(self, actor: Actor, user: UserId) -> None:
        """Let a user try to sign in again at once after too many failures."""
        with self.unit_of_work() as uow:
            account = self._admitted(uow, actor, user)
            if is_braked(uow, account, self.brakes, self.clock.now()):
                _take_brake_off(uow, account)
                self._keep(uow, actor, "sign_in.released", account)

    def _admitted(self, uow: UnitOfWork, actor: Actor, user: UserId) -> Account:
        admit(uow, actor, Command.MANAGE_USERS, self.clock.now())
        account = uow.accounts.get(user)
        if account is None:
            raise NotFound(f"user {user} does not exist")
        return account

    def _keep(
        self, uow: UnitOfWork, actor: Actor, action: str, account: Account, **data: str | int | None
    ) -> None:
        """Commit an account with its fact.

        The fact comes first: the log takes one writer at a time, so that two administrators who
        switch each other off at once do not both succeed.
        """
        before = uow.accounts.get(account.id)
        _require_own_address(uow, account)
        uow.audit.append(fact_by(actor, self.clock.now(), action, f"user:{account.id}", **data))
        uow.accounts.put(account)
        if before and _leads(before) and not any(map(_leads, uow.accounts.all())):
            raise NotAllowed("One active administrator must stay.")
        uow.commit()

    def _end(self, uow: UnitOfWork, user: UserId) -> int:
        now = self.clock.now()
        live = [session for session in uow.accounts.sessions(user) if session.is_live(now)]
        for session in live:
            uow.accounts.put_session(replace(session, revoked_at=now))
        return len(live)


def _require_other(actor: Actor, user: UserId, otherwise: str) -> None:
    if actor.id == user:
        raise NotAllowed(otherwise)


def _require_own_address(uow: UnitOfWork, account: Account) -> None:
    """Refuse a shared address: the company's sign-in could not tell whose account it means."""
    email = account.email.casefold()
    others = {a.email.casefold() for a in uow.accounts.all() if a.id != account.id}
    if email and email in others:
        raise InvalidInput("Another user has this e-mail address.")


def _leads(account: Account) -> bool:
    return Role.ADMIN in account.roles and not account.disabled


def _take_brake_off(uow: UnitOfWork, account: Account) -> None:
    for key in brake_keys(account):
        uow.accounts.clear_failures(key)


def _words(roles: Iterable[Role]) -> str:
    return ",".join(sorted(roles))


def _new_password() -> str:
    return secrets.token_urlsafe(12)
