"""Reading, verifying and exporting the log; the only things written here are those very facts."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.domain.access import Command
from core.domain.actor import Actor
from core.domain.audit import GENESIS, AuditEvent, about, fact_by, verified
from core.domain.ids import ApplicationId
from core.domain.views import AuditPage, TrailLine, Verification
from core.errors import ChainBroken
from core.ports import AuditFilter, Clock, UnitOfWorkFactory
from core.services.access import admit, admit_to_application
from core.services.names import user_names
from core.services.wording import trail_line


@dataclass(frozen=True, slots=True)
class Audit:
    """The log for compliance reviewers, and one application's trail for its recruiter."""

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
                subjects=tuple(event.fact.subject for event in events),
                total=uow.audit.count(),
            )

    def of_application(self, actor: Actor, id: ApplicationId) -> tuple[TrailLine, ...]:
        """Tell what happened to one application, oldest first."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit_to_application(uow, actor, Command.SEE_AUDIT_OF_APPLICATION, now, id)
            names = user_names(uow)
            return tuple(trail_line(event, names) for event in uow.audit.of_subject(about(id)))

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


def walk(events: Iterator[AuditEvent]) -> Verification:
    """Verify a chain; the problem names the first row that does not fit."""
    checked, head = 0, GENESIS
    try:
        for event in verified(events):
            checked, head = event.seq, event.hash
    except ChainBroken as broken:
        return Verification(checked, head, str(broken))
    return Verification(checked, head)
