"""What a tenant chose, as use cases ask for it: policy, stops, and whose scores are hidden."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from core.domain.actor import Actor
from core.domain.ids import ApplicationId, RequisitionId
from core.domain.judgement import Blinding, BlindMode, Hidden, OwnView
from core.domain.policy import Capability, TenantPolicy, stopped
from core.domain.records import Requisition
from core.ports import UnitOfWork


def tenant_policy(uow: UnitOfWork, default: TenantPolicy) -> TenantPolicy:
    """Give the policy an administrator set, or ``default`` where nobody did."""
    return uow.policies.policy() or default


def blinding_of(uow: UnitOfWork, requisition: Requisition, default: TenantPolicy) -> Blinding:
    """Give a requisition's own blind-first choice, or the tenant's."""
    own = uow.policies.blinding(requisition.id)
    return own or tenant_policy(uow, default).blinding


def blind_since(
    uow: UnitOfWork, requisition: Requisition, id: ApplicationId, default: TenantPolicy
) -> datetime | None:
    """Say since when, without a break, ``id`` has been reviewed blind; None when it is not now.

    The log knows when each choice was made. What a job chose for itself counts from its first
    choice on, as if nothing had been hidden before: rather too late a time than too early a one.
    """
    if not blinding_of(uow, requisition, default).covers(id):
        return None
    own = uow.policies.blinding(requisition.id) is not None
    chosen = _chosen_here(uow, requisition.id) if own else _chosen_everywhere(uow)
    unbroken = takewhile(lambda choice: choice[1].covers(id), reversed(chosen))
    return min((at for at, _ in unbroken), default=None)


def _chosen_here(uow: UnitOfWork, id: RequisitionId) -> list[tuple[datetime, Blinding]]:
    facts = (event.fact for event in uow.audit.of_subject(f"requisition:{id}"))
    return [
        (fact.at, _named(fact.data["mode"], fact.data["share"]))
        for fact in facts
        if fact.action == "blinding.set"
    ]


def _chosen_everywhere(uow: UnitOfWork) -> list[tuple[datetime, Blinding]]:
    """Read the tenant's choices; a fact names only what it changed."""
    found, last = [], Blinding()
    for fact in (event.fact for event in uow.audit.of_subject("policy:tenant")):
        last = _named(
            fact.data.get("blinding", last.mode.value), fact.data.get("blinding_share", last.share)
        )
        found.append((fact.at, last))
    return found


def _named(mode: object, share: object) -> Blinding:
    return Blinding(BlindMode(str(mode)), float(str(share)))


_STOPPED = {
    Capability.SCREENING: "Scoring is switched off here, and scores are neither shown nor written",
    Capability.WRITING: "Writing to iCIMS is switched off here",
}


def stop_words(uow: UnitOfWork, capability: Capability, requisition: Requisition) -> str:
    """Say that ``capability`` is stopped for a requisition, since when and why; empty when not."""
    stop = stopped(uow.policies.stops(), capability, requisition)
    if stop is None:
        return ""
    reason = stop.reason.strip().rstrip(".")
    return f"{_STOPPED[capability]} since {stop.at:%d %B %Y}: {reason}. You can work without it."


@dataclass(frozen=True, slots=True)
class Sight:
    """Which scores of one requisition one person may see now.

    Where ``stopped`` nobody sees any; where ``blinding`` covers an application, only who has
    recorded an own view (``own``).
    """

    stopped: bool
    blinding: Blinding
    own: Mapping[ApplicationId, OwnView]

    def hides(self, id: ApplicationId) -> Hidden | None:
        """Say why this person may not see the score of ``id``; None when they may."""
        if self.stopped:
            return Hidden.STOPPED
        if self.blinding.covers(id) and id not in self.own:
            return Hidden.OWN_VIEW_FIRST
        return None

    def before_view(self, id: ApplicationId | None) -> "Sight":
        """Give what they saw before saying what they think of ``id``."""
        return replace(self, own={each: view for each, view in self.own.items() if each != id})


def sight(uow: UnitOfWork, actor: Actor, requisition: Requisition, default: TenantPolicy) -> Sight:
    """Work out what ``actor`` may see of a requisition's scores; admitting them comes before."""
    stop = stopped(uow.policies.stops(), Capability.SCREENING, requisition)
    return Sight(
        stopped=stop is not None,
        blinding=blinding_of(uow, requisition, default),
        own=uow.judgements.views_by(actor.id, requisition.id),
    )
