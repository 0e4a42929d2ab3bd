"""What iCIMS tells unasked becomes an event that is kept and a job that reads the record again."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.events import AtsEvent, EventKind
from core.domain.ids import ApplicationId, PersonId, RequisitionId, TenantId
from core.domain.jobs import JobKind, JobRequest, Priority
from core.ports import Clock, UnitOfWorkFactory


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event as it came in: ``proof`` is the same only for a repetition of the same request."""

    event: AtsEvent
    body: bytes
    proof: str


@dataclass(frozen=True, slots=True)
class Ingest:
    """Keeps events together with the work they ask for."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def keep(self, told: Sequence[Told]) -> Sequence[bool]:
        """Keep events and queue their jobs in one commit; False for each that was here already.

        Nothing of it is kept when it raises. Rows go in by key: two gateways that are told the same
        at the same time would otherwise wait for each other for ever.
        """
        now = self.clock.now()
        new = [False] * len(told)
        with self.unit_of_work() as uow:
            for place in sorted(range(len(told)), key=lambda place: told[place].proof):
                each = told[place]
                new[place] = uow.events.add(each.event, each.body, each.proof, now)
            requests = (request_of(e.event) for e, is_new in zip(told, new, strict=True) if is_new)
            asked = {request.dedupe_key: request for request in requests if request is not None}
            for key in sorted(asked):
                uow.jobs.enqueue(asked[key], now)
            uow.commit()
        return new


def request_of(event: AtsEvent) -> JobRequest | None:
    """Ask for what an event is about to be read again; None where it starts nothing."""
    if event.kind is EventKind.UNKNOWN:
        return None
    if event.kind.about_a_job and event.requisition:
        return refresh_requisition(event.tenant, event.requisition, event=event.kind)
    if event.application:
        return refresh_application(event.tenant, event.application, event=event.kind)
    if event.person and event.requisition:
        return find_application(event.tenant, event.person, event.requisition, event=event.kind)
    return None


def refresh_application(
    tenant: TenantId,
    id: ApplicationId,
    *,
    event: EventKind | None = None,
    priority: Priority = Priority.FRESH,
) -> JobRequest:
    """Ask for an application to be read again; ``event`` is what told us, None a comparison."""
    return _request(JobKind.REFRESH_APPLICATION, tenant, id, priority, event, application=id)


def find_application(
    tenant: TenantId, person: PersonId, requisition: RequisitionId, *, event: EventKind
) -> JobRequest:
    """Ask for a person's application to a job to be looked up and read."""
    pair = {"person": person, "requisition": requisition}
    key = f"{person}:{requisition}"
    return _request(JobKind.FIND_APPLICATION, tenant, key, Priority.FRESH, event, **pair)


def refresh_requisition(
    tenant: TenantId,
    id: RequisitionId,
    *,
    event: EventKind | None = None,
    priority: Priority = Priority.FRESH,
) -> JobRequest:
    """Ask for a job to be read again; what was posted and taken down is one piece of work."""
    return _request(JobKind.REFRESH_REQUISITION, tenant, id, priority, event, requisition=id)


def _request(
    kind: JobKind,
    tenant: TenantId,
    key: str,
    priority: Priority,
    event: EventKind | None,
    **payload: str,
) -> JobRequest:
    return JobRequest(
        kind=kind,
        tenant=tenant,
        dedupe_key=f"{kind}:{key}",
        payload={**payload, "event": event.value if event else ""},
        priority=priority,
    )
