"""A tenant's thresholds and stops, as an administrator sets them; candidates appear nowhere."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.domain.access import Command
from core.domain.actor import Actor
from core.domain.audit import fact_by
from core.domain.canonical import content_hash
from core.domain.ids import RequisitionId, StopId
from core.domain.policy import Capability, Stop, StopScope, TenantPolicy, jurisdictions
from core.domain.records import Requisition
from core.domain.views import ControlsView, StopLine
from core.errors import InvalidInput, NotFound
from core.ports import Clock, IdSource, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit
from core.services.choices import tenant_policy
from core.services.names import user_names

LONGEST_REASON = 500
_LIFTED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Controls:
    """Thresholds and stop switches; ``default`` holds until somebody sets a policy.

    Every method raises ``NotAllowed`` and ``SessionEnded`` as ``admit`` does.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: IdSource
    default: TenantPolicy

    def view(self, actor: Actor) -> ControlsView:
        """Show the policy, what is stopped, and what a stop can name."""
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.SET_POLICY, self.clock.now())
            jobs = _open(uow)
            lines = tuple(_lines(uow))
            lifted = tuple(line for line in lines if line.stop.lifted_at)
            return ControlsView(
                policy=tenant_policy(uow, self.default),
                stops=tuple(line for line in lines if not line.stop.lifted_at),
                lifted=lifted[:_LIFTED_SHOWN],
                places=_places(jobs),
                jobs=tuple((job.id, job.title) for job in jobs),
            )

    def set_policy(self, actor: Actor, policy: TenantPolicy) -> None:
        """Set thresholds and what waits for a person; scores and open proposals stay as made."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.SET_POLICY, now)
            changed = _changed(tenant_policy(uow, self.default), policy)
            if not changed:
                return
            uow.policies.put_policy(policy)
            uow.audit.append(fact_by(actor, now, "policy.set", "policy:tenant", **changed))
            uow.commit()

    def stop(
        self, actor: Actor, capability: Capability, scope: StopScope, where: str, reason: str
    ) -> None:
        """Stop a capability until it is lifted; a stop that holds already stays as it is.

        Raises ``InvalidInput`` for an unknown place or job and for no reason.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.STOP, now)
            _require_known(uow, scope, where)
            stop = Stop(
                id=StopId(self.ids.new()),
                capability=capability,
                scope=scope,
                where=where,
                reason=_short(reason),
                by=actor.id,
                at=now,
            )
            if any(_same(stop, other) for other in uow.policies.stops()):
                return
            self._keep(uow, actor, "capability.stopped", stop)

    def lift(self, actor: Actor, id: StopId) -> None:
        """Let a stopped capability go on; ``NotFound`` for a stop that never was."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.STOP, now)
            stop = next((s for s in uow.policies.stops() if s.id == id), None)
            if stop is None:
                raise NotFound(f"stop {id} does not exist")
            if stop.lifted_at is None:
                lifted = replace(stop, lifted_by=actor.id, lifted_at=now)
                self._keep(uow, actor, "capability.resumed", lifted)

    def _keep(self, uow: UnitOfWork, actor: Actor, action: str, stop: Stop) -> None:
        uow.policies.put_stop(stop)
        fact = fact_by(
            actor, self.clock.now(), action, f"capability:{stop.capability.value}", stop=stop.id,
            scope=stop.scope.value, where=stop.where, reason_hash=content_hash(stop.reason),
        )  # fmt: skip
        uow.audit.append(fact)
        uow.commit()


def _open(uow: UnitOfWork) -> list[Requisition]:
    jobs = (job for job in uow.requisitions.all() if job.is_open)
    return sorted(jobs, key=lambda job: (job.title.casefold(), job.id))


def _places(jobs: list[Requisition]) -> tuple[str, ...]:
    return tuple(sorted({place for job in jobs for place in jurisdictions(job)}))


def _require_known(uow: UnitOfWork, scope: StopScope, where: str) -> None:
    """Refuse a stop of nowhere: a misspelt place would hold nothing and look as if it did."""
    if scope is StopScope.REQUISITION and uow.requisitions.get(RequisitionId(where)) is None:
        raise InvalidInput("Choose the requisition to stop.")
    if scope is StopScope.JURISDICTION and where not in _places(list(uow.requisitions.all())):
        raise InvalidInput("Choose the country or region to stop.")


def _short(reason: str) -> str:
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(f"Say why in at most {LONGEST_REASON} characters.")
    return reason.strip()


def _same(stop: Stop, other: Stop) -> bool:
    return other.lifted_at is None and (stop.capability, stop.scope, stop.where) == (
        other.capability,
        other.scope,
        other.where,
    )


def _lines(uow: UnitOfWork) -> Iterator[StopLine]:
    names = user_names(uow)
    for stop in uow.policies.stops():
        yield StopLine(stop=stop, who=names.get(stop.by, stop.by), where=_where(uow, stop))


def _where(uow: UnitOfWork, stop: Stop) -> str:
    if stop.scope is not StopScope.REQUISITION:
        return stop.where
    job = uow.requisitions.get(RequisitionId(stop.where))
    return f"{job.title} ({job.id})" if job else stop.where


def _changed(old: TenantPolicy, new: TenantPolicy) -> dict[str, str | float]:
    """Say what differs, before and after, as numbers and names of modes."""
    before, after = _numbers(old), _numbers(new)
    return {
        key: value
        for name in before
        if before[name] != after[name]
        for key, value in ((f"{name}_before", before[name]), (name, after[name]))
    }


def _numbers(policy: TenantPolicy) -> dict[str, str | float]:
    return {
        "pool": policy.thresholds.pool,
        "call": policy.thresholds.call,
        "sure_from": policy.sure_from,
        "readable_from": policy.readable_from,
        "blinding": policy.blinding.mode.value,
        "blinding_share": policy.blinding.share,
    }
