"""Reading, verifying and exporting the log; the only things written here are those very facts."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.domain.access import Command
from core.domain.actor import Actor, ActorKind
from core.domain.audit import GENESIS, AuditEvent, fact_by, verified
from core.domain.ids import UserId
from core.domain.views import AuditPage, Doer, Verification
from core.errors import ChainBroken
from core.ports import Account, AuditFilter, Clock, UnitOfWorkFactory
from core.services.access import admit
from core.services.details import doer_name, subject_words
from core.services.names import user_names
from core.services.wording import trail_line


@dataclass(frozen=True, slots=True)
class Audit:
    """The log, for compliance reviewers."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def page(
        self,
        actor: Actor,
        *,
        before: int | None = None,
        limit: int = 100,
        subject: str = "",
        who: str = "",
        action: str = "",
    ) -> AuditPage:
        """Show up to ``limit`` events, newest first, older than row ``before``."""
        wanted = AuditFilter(subject=subject, actor=who, action=action)
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.SEE_AUDIT_LOG, self.clock.now())
            names = user_names(uow)
            events = uow.audit.newest(wanted, before=before, limit=limit)
            return AuditPage(
                lines=tuple(trail_line(event, names) for event in events),
                subjects=tuple(subject_words(event.fact.subject, names) for event in events),
                total=uow.audit.count(),
            )

    def doers(self, actor: Actor) -> tuple[Doer, ...]:
        """List who and what has events in the log, by name; people with their user names."""
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.SEE_AUDIT_LOG, self.clock.now())
            people = {account.id: account for account in uow.accounts.all()}
            named = [Doer(id, _doer(id, people.get(UserId(id)))) for id in uow.audit.actors()]
        return tuple(sorted(named, key=lambda doer: doer.name.casefold()))

    def verify(self, actor: Actor) -> Verification:
        """Walk the whole chain and say whether it holds; the walk itself is recorded after it."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.VERIFY_AUDIT_LOG, now)
            outcome = walk(uow.audit.events())
            uow.audit.append(
                fact_by(
                    actor, now, "audit.verified", "audit",
                    rows=outcome.checked, problem=outcome.problem,
                )
            )  # fmt: skip
            uow.commit()
        return outcome

    def export(self, actor: Actor) -> Iterator[str]:
        """Yield the log as JSON lines for the stand-alone verifier."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.SEE_AUDIT_LOG, now)
            uow.audit.append(fact_by(actor, now, "audit.exported", "audit", rows=uow.audit.count()))
            uow.commit()
        with self.unit_of_work() as uow:
            yield from uow.audit.export()


def _doer(id: str, account: Account | None) -> str:
    if account:
        return f"{account.display_name} ({account.username})"
    kind, colon, version = id.partition(":")
    name = doer_name(kind if colon else ActorKind.PERSON, id, {})
    return f"{name} ({version})" if kind == ActorKind.MODEL else name


def walk(events: Iterator[AuditEvent]) -> Verification:
    """Verify a chain; the problem names the first row that does not fit."""
    checked, head = 0, GENESIS
    try:
        for event in verified(events):
            checked, head = event.seq, event.hash
    except ChainBroken as broken:
        return Verification(checked, head, str(broken))
    return Verification(checked, head)
