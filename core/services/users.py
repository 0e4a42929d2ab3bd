"""Accounts, as an operator adds them from the command line."""

import secrets
from dataclasses import dataclass

from core.domain.actor import Actor, Role
from core.domain.audit import fact_by
from core.domain.ids import PersonId, UserId
from core.errors import InvalidInput
from core.ports import Account, Clock, IdSource, UnitOfWorkFactory
from core.services.sign_in import hash_password


@dataclass(frozen=True, slots=True)
class Users:
    """Adds people who may sign in."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: IdSource

    def add(
        self, actor: Actor, username: str, name: str, roles: frozenset[Role], person: str = ""
    ) -> str:
        """Add an account and return its first password, which must be changed at sign-in.

        ``person`` is the user's iCIMS person id: it decides which requisitions they see. Raises
        ``InvalidInput`` for a name that is taken or empty and for nobody's role.
        """
        username = username.strip().casefold()
        if not username or not name.strip() or not roles:
            raise InvalidInput("A user needs a user name, a display name and at least one role.")
        if roles & {Role.RECRUITER, Role.HIRING_MANAGER} and not person.isdigit():
            raise InvalidInput("Recruiters and hiring managers need their numeric iCIMS person id.")
        password = secrets.token_urlsafe(12)
        account = Account(
            id=UserId(self.ids.new()),
            tenant=actor.tenant,
            username=username,
            display_name=name.strip(),
            email="",
            password_hash=hash_password(password),
            roles=roles,
            icims_person_id=PersonId(person) if person else None,
            must_change_password=True,
        )
        with self.unit_of_work() as uow:
            if uow.accounts.by_username(username):
                raise InvalidInput(f"There is a user {username} already.")
            uow.accounts.put(account)
            uow.audit.append(
                fact_by(
                    actor, self.clock.now(), "user.added", f"user:{account.id}",
                    roles=",".join(sorted(roles)),
                )
            )  # fmt: skip
            uow.commit()
        return password
