"""Changes somebody or something would like to make in iCIMS, exact and not yet allowed."""

from dataclasses import dataclass
from datetime import date, datetime

from core.domain.actor import Actor
from core.domain.canonical import content_hash
from core.domain.ids import (
    ApplicationId,
    AssessmentId,
    ContentHash,
    PersonId,
    ProposalId,
    RequisitionId,
    TenantId,
)
from core.domain.policy import Capability
from core.domain.records import Application, FieldValue, ListNode, Presence

Value = str | int | float | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class SetField:
    """Replace a mapped field (logical name). A tuple is a multi-select list's labels."""

    field: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class AppendText:
    """Add ``text`` as a new paragraph at the end of a long-text field; what is there stays."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class AddTags:
    """Make sure a multi-select list field holds ``add`` and no longer holds ``remove``."""

    field: str
    old: tuple[str, ...]
    add: tuple[str, ...]
    remove: tuple[str, ...] = ()

    @property
    def new(self) -> tuple[str, ...]:
        """The labels afterwards: old order kept, additions last."""
        kept = [tag for tag in self.old if tag not in self.remove]
        return tuple(kept + [tag for tag in self.add if tag not in kept])


@dataclass(frozen=True, slots=True)
class AddAssessmentResult:
    """Add an entry to the application's ``assessmentresults`` collection."""

    name: str
    on: date
    score: float
    result: str
    notes: str


@dataclass(frozen=True, slots=True)
class SetStage:
    """Move the application to another hiring stage."""

    old: ListNode
    new: ListNode


Change = SetField | AppendText | AddTags | AddAssessmentResult | SetStage


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Changes to one application, what they rest on and until when they may be approved.

    ``made_by`` is who or what made it; ``capability`` the part of the product (``screening``).
    ``basis`` fingerprints the record state the changes were worked out from. ``reverses`` is the
    approved proposal whose writes these changes take back.
    """

    id: ProposalId
    tenant: TenantId
    requisition_id: RequisitionId
    application_id: ApplicationId
    person_id: PersonId
    capability: str
    changes: tuple[Change, ...]
    basis: ContentHash
    made_by: Actor
    made_at: datetime
    expires_at: datetime
    assessment_id: AssessmentId | None = None
    suggestion: str = ""
    reverses: ProposalId | None = None

    @property
    def brings_score(self) -> bool:
        """Say whether it rests on an assessment, rather than taking what was written back."""
        return self.assessment_id is not None and self.reverses is None

    @property
    def hash(self) -> ContentHash:
        """What a person approves: the exact changes to the exact record from this basis."""
        return content_hash(
            (self.tenant, self.application_id, self.person_id, self.changes, self.basis)
        )


def needed_to_write(proposal: Proposal) -> tuple[Capability, ...]:
    """Name what must not be stopped for its writes to go out.

    A score waits while scoring is stopped, too; what takes one back is wanted most just then.
    """
    if proposal.brings_score:
        return (Capability.WRITING, Capability.SCREENING)
    return (Capability.WRITING,)


def touched_fields(changes: tuple[Change, ...]) -> frozenset[str]:
    """Logical names of the fields the changes read or write."""
    return frozenset(
        change.field for change in changes if isinstance(change, SetField | AppendText | AddTags)
    )


def record_basis(application: Application, changes: tuple[Change, ...]) -> ContentHash:
    """Fingerprint the parts of a record that ``changes`` depend on.

    Stage and touched fields, not ``updateddate``: iCIMS bumps that for unrelated edits, and a
    reviewer's approval of a score need not die because somebody fixed a phone number.
    ABSENT and EMPTY are one state here, since iCIMS omits empty fields; line ends, outer blanks
    and the order of a multi-select list are iCIMS's own and count for nothing.
    """
    state: dict[str, object] = {"stage": application.stage.id}
    for name in sorted(touched_fields(changes)):
        value = application.fields.get(name, FieldValue(Presence.ABSENT))
        state[name] = settled(value.value)
    return content_hash(state)


def settled(value: Value) -> Value:
    """Bring a value into the one form in which two readings of the same state are equal."""
    if isinstance(value, tuple):
        return tuple(sorted(set(value))) or None
    if isinstance(value, str):
        return "\n".join(value.strip().splitlines()) or None
    return value
