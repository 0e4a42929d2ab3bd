"""The hash-chained record of what happened, without personal content."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.domain.actor import Actor
from core.domain.canonical import canonical_json
from core.domain.ids import ApplicationId, TenantId
from core.errors import ChainBroken

GENESIS = "0" * 64
AuditData = Mapping[str, str | int | float | bool | None]


def about(application: ApplicationId) -> str:
    """The ``subject`` of every fact that concerns one person on one job."""
    return f"application:{application}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened, before it has its place in the chain.

    ``action`` is ``thing.verb`` in the past tense, e.g. ``proposal.approved``; ``data`` holds ids,
    hashes, versions and counts, never a name or a text of a person.
    """

    tenant: TenantId
    at: datetime
    actor: str
    actor_kind: str
    action: str
    subject: str
    data: AuditData


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """A fact at position ``seq`` (from 1, no gaps) of the one chain."""

    seq: int
    fact: Fact
    previous: str
    hash: str


def fact_by(
    actor: Actor, at: datetime, action: str, subject: str, **data: str | float | bool | None
) -> Fact:
    """Say that ``actor`` did ``action`` to ``subject`` in the actor's own tenant."""
    return Fact(
        tenant=actor.tenant,
        at=at,
        actor=actor.id,
        actor_kind=actor.kind.value,
        action=action,
        subject=subject,
        data=data,
    )


def event_payload(seq: int, fact: Fact) -> str:
    """The exact text that is hashed: a flat canonical JSON object with UTC times in ISO form."""
    return canonical_json(
        {
            "seq": seq,
            "tenant": fact.tenant,
            "at": fact.at,
            "actor": fact.actor,
            "actor_kind": fact.actor_kind,
            "action": fact.action,
            "subject": fact.subject,
            "data": fact.data,
        }
    )


def link(previous: str, payload: str) -> str:
    """SHA-256 over the previous hash, a newline and the payload, lower-case hex."""
    return hashlib.sha256(f"{previous}\n{payload}".encode()).hexdigest()


def verified(events: Iterable[AuditEvent]) -> Iterator[AuditEvent]:
    """Pass on each event of a chain, from its first, once it is known to fit.

    Raises ``ChainBroken`` naming the first row that does not.
    """
    previous, expected = GENESIS, 1
    for event in events:
        if event.seq != expected:
            raise ChainBroken(f"row {expected} is missing (found row {event.seq} in its place)")
        if event.previous != previous:
            raise ChainBroken(f"row {event.seq} does not follow the row before it")
        if event.hash != link(previous, event_payload(event.seq, event.fact)):
            raise ChainBroken(f"row {event.seq} was altered")
        yield event
        previous, expected = event.hash, expected + 1


def verify_chain(events: Iterable[AuditEvent]) -> int:
    """Walk a chain from its first event; return how many were checked.

    Raises ``ChainBroken`` naming the first row that does not fit.
    """
    return sum(1 for _ in verified(events))
