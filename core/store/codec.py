"""Domain records as JSON and back, every rule of theirs re-checked on the way in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import Discriminator, Tag, TypeAdapter

from core.domain.actor import Actor
from core.domain.approval import Approval
from core.domain.canonical import canonical_json
from core.domain.identity import KnownIdentity, PseudonymisedText, Replacement
from core.domain.ids import ApprovalId, ContentHash
from core.domain.proposal import (
    AddAssessmentResult,
    AddTags,
    AppendText,
    Proposal,
    SetField,
    SetStage,
)

T = TypeVar("T")


_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)


def dump(value: object) -> bytes:
    """Serialise a record whose fields say by their types what they are."""
    return _adapter(type(value)).dump_json(value)


def load(kind: type[T], document: str | bytes) -> T:
    """Rebuild a record; a broken rule raises as it would on construction."""
    record: T = _adapter(kind).validate_json(document)
    return record


def _named_type(change: object) -> str:
    if isinstance(change, dict):
        return str(change.get("type"))
    return type(change).__name__


_Changes = tuple[
    Annotated[
        Annotated[SetField, Tag("SetField")]
        | Annotated[AppendText, Tag("AppendText")]
        | Annotated[AddTags, Tag("AddTags")]
        | Annotated[AddAssessmentResult, Tag("AddAssessmentResult")]
        | Annotated[SetStage, Tag("SetStage")],
        Discriminator(_named_type),
    ],
    ...,
]


def dump_proposal(proposal: Proposal) -> bytes:
    """Serialise in canonical form, where every change carries the name of its type."""
    return canonical_json(proposal).encode()


def load_proposal(document: bytes) -> Proposal:
    """Rebuild a proposal whose hash is the one it was stored with."""
    fields = _adapter(dict[str, Any]).validate_json(document)
    fields["changes"] = _adapter(_Changes).validate_python(fields["changes"])
    proposal: Proposal = _adapter(Proposal).validate_python(fields)
    return proposal


@dataclass(frozen=True, slots=True)
class _StoredApproval:
    id: ApprovalId
    actor: Actor
    hash_seen: ContentHash
    at: datetime
    undo_until: datetime


def dump_approval(approval: Approval) -> bytes:
    """Serialise without the proposal, which has its own row."""
    a = approval
    return dump(_StoredApproval(a.id, a.actor, a.hash_seen, a.at, a.undo_until))


def load_approval(document: str, proposal: Proposal) -> Approval:
    """Grant the stored approval anew over ``proposal``; raises what a fresh one would raise."""
    stored = load(_StoredApproval, document)
    return Approval(
        id=stored.id,
        actor=stored.actor,
        hash_seen=stored.hash_seen,
        at=stored.at,
        undo_until=stored.undo_until,
        proposal=proposal,
    )


@dataclass(frozen=True, slots=True)
class _StoredText:
    text: str
    replacements: tuple[Replacement, ...]
    identities: tuple[KnownIdentity, ...]


def dump_pseudonymised(text: PseudonymisedText, identities: Sequence[KnownIdentity]) -> bytes:
    """Serialise the text together with the identities it must not hold."""
    return dump(_StoredText(text.text, text.replacements, tuple(identities)))


def load_pseudonymised(document: bytes) -> tuple[PseudonymisedText, tuple[KnownIdentity, ...]]:
    """Rebuild both; the leak check runs again."""
    stored = load(_StoredText, document)
    text = PseudonymisedText(stored.text, stored.replacements, stored.identities)
    return text, stored.identities
