"""The iCIMS connection, in words for the tenant's administrator."""

from dataclasses import dataclass

from core.domain.access import Command
from core.domain.actor import Actor
from core.domain.views import ConnectionView
from core.errors import CopilotError
from core.ports import Ats, Clock, Trigger, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Connection:
    """What works, what to ask iCIMS for, and how much of the day's budget is left."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ats: Ats
    api_base: str
    customer_id: str

    def view(self, actor: Actor) -> ConnectionView:
        """Check the connection live; a failure is one of the problems, not an error."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.SEE_CONNECTION, now)
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
            calls = uow.calls.count_since(midnight)
            unseen = _unseen(uow)
        problems = self._problems(Trigger("connection check", actor.id, person_waiting=True))
        quota = self.ats.quota()
        return ConnectionView(
            api_base=self.api_base,
            customer_id=self.customer_id,
            problems=problems + unseen,
            checked_at=now,
            quota_limit=quota.limit,
            quota_remaining=quota.remaining,
            quota_resets_at=quota.resets_at,
            calls_today=calls,
        )

    def _problems(self, trigger: Trigger) -> tuple[str, ...]:
        try:
            return tuple(self.ats.check(trigger))
        except CopilotError as error:
            return (str(error),)


def _unseen(uow: UnitOfWork) -> tuple[str, ...]:
    """Name open requisitions whose recruiter and hiring manager are nobody here."""
    users = [account for account in uow.accounts.all() if not account.disabled]
    ids = [
        requisition.id
        for requisition in uow.requisitions.all()
        if requisition.is_open
        and not any(requisition.links(u.icims_person_id, role) for u in users for role in u.roles)
    ]
    if not ids:
        return ()
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    why = "in iCIMS they have no recruiter or hiring manager who is a user of this product"
    return (f"Nobody here can see requisition {', '.join(ids[:_NAMED])}{more}: {why}.",)
