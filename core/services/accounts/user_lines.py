"""Users as an administrator sees them: what they may see, and whether they can get in."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from core.domain.actor import Role
from core.domain.ids import PersonId, RequisitionId
from core.domain.records import Requisition
from core.domain.views import UserLine
from core.ports import Account, UnitOfWork
from core.services.accounts.brake import Brake, user_key, wait

Named = Mapping[tuple[PersonId, Role], frozenset[RequisitionId]]
"""The open requisitions that name a person, by the role they name them for."""


def user_lines(uow: UnitOfWork, brakes: Sequence[Brake], now: datetime) -> tuple[UserLine, ...]:
    """List everybody by user name."""
    named = _named(r for r in uow.requisitions.all() if r.is_open)
    return tuple(_line(uow, a, named, brakes, now) for a in uow.accounts.all())


def brake_keys(account: Account) -> tuple[str, ...]:
    """Name the counters of failed sign-ins: by password, and by the company's account."""
    names = (account.username, account.subject) if account.subject else (account.username,)
    return tuple(user_key(name) for name in names)


def is_braked(uow: UnitOfWork, account: Account, brakes: Sequence[Brake], now: datetime) -> bool:
    """Say whether the next attempt to sign in would have to wait."""
    # Hardly anybody has failed at all lately, which one question per user tells.
    since = now - max(brake.window for brake in brakes)
    return any(
        uow.accounts.failures(key, since) and wait(uow.accounts, key, brakes, now)
        for key in brake_keys(account)
    )


def _line(
    uow: UnitOfWork, account: Account, named: Named, brakes: Sequence[Brake], now: datetime
) -> UserLine:
    sessions = uow.accounts.sessions(account.id)
    return UserLine(
        user_id=account.id,
        username=account.username,
        display_name=account.display_name,
        email=account.email,
        roles=account.roles,
        icims_person_id=account.icims_person_id,
        disabled=account.disabled,
        must_change_password=account.must_change_password,
        single_sign_on=bool(account.subject),
        sessions=sum(session.is_live(now) for session in sessions),
        last_seen_at=max((s.last_seen_at for s in sessions), default=None),
        jobs=_jobs(account, named),
        braked=is_braked(uow, account, brakes, now),
    )


def _named(jobs: Iterable[Requisition]) -> Named:
    found: defaultdict[tuple[PersonId, Role], set[RequisitionId]] = defaultdict(set)
    for job in jobs:
        for link in filter(None, (job.recruiter, job.secondary_recruiter, job.hiring_manager)):
            for role in (Role.RECRUITER, Role.HIRING_MANAGER):
                if job.links(link.id, role):
                    found[link.id, role].add(job.id)
    return {key: frozenset(ids) for key, ids in found.items()}


def _jobs(account: Account, named: Named) -> int:
    """Count the open requisitions that an account may see."""
    person = account.icims_person_id
    if person is None:
        return 0
    nobody: frozenset[RequisitionId] = frozenset()
    return len(nobody.union(*(named.get((person, role), nobody) for role in account.roles)))
