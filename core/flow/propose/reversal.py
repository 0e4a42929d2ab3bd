"""Taking back what was written: the opposite of each change, as a proposal like any other."""

from collections.abc import Iterator

from core.domain.proposal import (
    AddAssessmentResult,
    AddTags,
    AppendText,
    Change,
    Proposal,
    SetField,
    SetStage,
    Value,
    record_basis,
    settled,
)
from core.domain.records import Application, FieldValue, Presence
from core.flow.propose.terms import Terms


def reversal(written: Proposal, record: Application, terms: Terms) -> Proposal | None:
    """Propose the opposite of ``written`` to the record as it is now; None when nothing is left.

    What somebody has changed since stays as they left it. iCIMS keeps notes and assessment
    results, so those are followed by one that says they no longer hold.
    """
    changes = tuple(
        opposite for change in written.changes for opposite in _opposite(change, record, terms)
    )
    if not changes:
        return None
    return Proposal(
        id=terms.id,
        tenant=written.tenant,
        requisition_id=written.requisition_id,
        application_id=written.application_id,
        person_id=record.person_id,
        capability=written.capability,
        changes=changes,
        basis=record_basis(record, changes),
        made_by=terms.made_by,
        made_at=terms.now,
        expires_at=terms.now + terms.valid_for,
        assessment_id=written.assessment_id,
        reverses=written.id,
    )


def _opposite(change: Change, record: Application, terms: Terms) -> Iterator[Change]:
    match change:
        case SetField(field=name, old=old, new=new) if _stands(record, name, new):
            if settled(old) != settled(new):
                yield SetField(name, _value(record, name), old)
        case AddTags(field=name) if _open(record, name):
            yield from _untagged(change, record)
        case AppendText(field=name) if _open(record, name):
            yield AppendText(name, f"{terms.now:%Y-%m-%d} AI screening withdrawn by a recruiter.")
        case AddAssessmentResult():
            yield _withdrawn(change, terms)
        case SetStage(old=before, new=after) if record.stage.id == after.id:
            yield SetStage(record.stage, before)


def _untagged(change: AddTags, record: Application) -> Iterator[AddTags]:
    now = _value(record, change.field)
    tags = now if isinstance(now, tuple) else ()
    lost = tuple(tag for tag in change.old if tag not in change.new and tag not in tags)
    gained = tuple(tag for tag in change.add if tag not in change.old and tag in tags)
    if lost or gained:
        yield AddTags(change.field, old=tags, add=lost, remove=gained)


def _withdrawn(entry: AddAssessmentResult, terms: Terms) -> AddAssessmentResult:
    # iCIMS wants a score in every entry; another one than before would be a new judgement.
    return AddAssessmentResult(
        name=entry.name,
        on=terms.now.date(),
        score=entry.score,
        result="Withdrawn by a recruiter: this score no longer holds",
        notes=f"withdraws the entry of {entry.on:%Y-%m-%d}",
    )


def _stands(record: Application, name: str, value: Value) -> bool:
    return _open(record, name) and settled(_value(record, name)) == settled(value)


def _open(record: Application, name: str) -> bool:
    return record.fields.get(name, FieldValue(Presence.ABSENT)).presence is not Presence.DENIED


def _value(record: Application, name: str) -> Value:
    return record.fields.get(name, FieldValue(Presence.ABSENT)).value
