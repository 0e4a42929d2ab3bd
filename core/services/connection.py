"""The iCIMS connection, in words for the tenant's administrator."""

from dataclasses import dataclass, field
from datetime import datetime

from core.domain.access import Command
from core.domain.actor import Actor
from core.domain.budget import Lane
from core.domain.views import ConnectionView
from core.errors import CopilotError
from core.ports import Ats, AtsCheck, Clock, Trigger, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit
from core.services.budget import budget

_NAMED = 5


@dataclass(slots=True)
class Connection:
    """What works, what to ask iCIMS for, and how much of the day's budget is left.

    A check makes calls to iCIMS and takes as long as they do, so its outcome is kept in this
    process and shown with its time until somebody asks for another.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ats: Ats
    api_base: str
    customer_id: str
    _kept: tuple[datetime, AtsCheck] | None = field(default=None, init=False)

    def view(self, actor: Actor) -> ConnectionView:
        """Show the last check; the first one is made now."""
        return self._view(actor, again=False)

    def check(self, actor: Actor) -> ConnectionView:
        """Check live; a failure is one of the problems, not an error."""
        return self._view(actor, again=True)

    def _view(self, actor: Actor, *, again: bool) -> ConnectionView:
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.SEE_CONNECTION, now)
            unseen = _unseen(uow)
        if again or self._kept is None:
            self._kept = (now, self._found(actor))
        at, found = self._kept
        with self.unit_of_work() as uow:
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
            calls = uow.calls.count_since(midnight)
            day = budget(uow, self.ats.quota(), now)
        return ConnectionView(
            api_base=self.api_base,
            customer_id=self.customer_id,
            problems=found.problems + unseen,
            checked_at=at,
            quota_limit=day.limit,
            quota_remaining=day.remaining,
            quota_resets_at=day.resets_at,
            calls_today=calls,
            fields=found.fields,
            reserve=day.lanes[Lane.PEOPLE].kept,
            waiting=day.waiting,
        )

    def _found(self, actor: Actor) -> AtsCheck:
        trigger = Trigger("connection check", actor.id, person_waiting=True)
        try:
            return self.ats.check(trigger)
        except CopilotError as error:
            return AtsCheck((str(error),))


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
