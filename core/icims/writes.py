"""What an approved write becomes on the wire, and how to see that it has arrived.

iCIMS has no idempotency key, so a write that may or may not have been applied is settled by
reading back. The rules, for every change of a write together:

* a set field counts as written when its value is the new one, whoever put it there: the effect
  that was approved exists and repeating it would change nothing;
* appended text and an assessment result count when the write's marker is in them, so equal text
  from somebody else is not taken for ours, nor ours for missing because text came after it;
* tags count when all that were to be added are there and none that were to be removed;
* a stage counts when the application is in it, or was in it since the approval (status log): if
  a person has moved it on since, putting it back would undo their work.

A write counts only as a whole. When part of it is missing it is sent again whole, which is safe:
fields and tags are states, and text whose marker is already there is not appended twice. What
cannot be told apart: our value was applied and then overwritten by a person before we read back.
That reads as not written; the record has moved since the approval, so the caller's check of the
proposal's basis stops the repeat.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from core.domain.approval import AtsWrite, trimmed
from core.domain.proposal import (
    AddAssessmentResult,
    AddTags,
    AppendText,
    Change,
    SetField,
    SetStage,
    Value,
    settled,
)
from core.domain.records import Application
from core.errors import AtsRejected
from core.icims import values
from core.icims.field_map import FieldMap, Kind, MappedField, RecordType
from core.icims.http import Call
from core.icims.shapes import ASSESSMENTS

Json = Mapping[str, Any]


def needed_fields(write: AtsWrite, field_map: FieldMap) -> tuple[str, ...]:
    """JSON ids that must be read before sending: those whose old value becomes part of the new."""
    return tuple(
        dict.fromkeys(
            mapped(change.field, field_map).json_id
            for change in write.changes
            if isinstance(change, AppendText | AddTags)
        )
    )


def written_fields(write: AtsWrite, field_map: FieldMap) -> tuple[MappedField, ...]:
    """The mapped fields that a write sets, appends to or tags."""
    return tuple(
        mapped(change.field, field_map)
        for change in write.changes
        if isinstance(change, SetField | AppendText | AddTags)
    )


def mapped(logical: str, field_map: FieldMap) -> MappedField:
    """Look up an application field; ``AtsRejected`` when the field map has none of that name."""
    field = field_map.fields.get(logical)
    if field is None or field.record is not RecordType.APPLICATIONS:
        raise AtsRejected(f"the field map has no application field {logical}", fields=(logical,))
    return field


def call_for(write: AtsWrite, current: Json, field_map: FieldMap) -> Call:
    """Build the one request that carries out ``write``.

    ``current`` is the application's JSON with at least ``needed_fields``, read live. Raises
    ``AtsRejected`` for a name or label the field map does not know.
    """
    path, what = f"{RecordType.APPLICATIONS}/{write.application_id}", _what(write)
    match write.changes:
        case (AddAssessmentResult() as entry,):
            body = _assessment_body(entry, write.marker, field_map)
            path, method = f"{path}/fields/{ASSESSMENTS}", "POST"
        case (SetStage() as move,):
            body, method = {"status": {"id": move.new.id}}, "PATCH"
        case changes:
            body, method = _patch(changes, write.marker, current, field_map), "PATCH"
    return Call(method=method, path=path, what=what, body=body, fields=tuple(body))


def _what(write: AtsWrite) -> str:
    return f"application {write.application_id}"


def _assessment_body(
    entry: AddAssessmentResult, marker: str, field_map: FieldMap
) -> dict[str, Any]:
    node = field_map.assessment_names.get(entry.name)
    if node is None:
        raise AtsRejected(f"the field map has no assessment named {entry.name}")
    result, notes = trimmed(entry, marker)
    return {
        "assessmentname": {"id": node},
        "assessmentdate": entry.on.isoformat(),
        "assessmentscore": _plain_number(entry.score),
        "assessmentresult": result,
        "assessmentnotes": notes,
    }


def _patch(
    changes: Sequence[Change], marker: str, current: Json, field_map: FieldMap
) -> dict[str, Any]:
    body: dict[str, Any] = {}
    appended: dict[str, list[str]] = {}
    for change in changes:
        if not isinstance(change, SetField | AppendText | AddTags):
            raise AtsRejected(f"{type(change).__name__} needs a request of its own")
        field = mapped(change.field, field_map)
        now, again = current.get(field.json_id), field.json_id in body
        match change:
            case AppendText() if not again or field.json_id in appended:
                texts = appended.setdefault(field.json_id, [])
                texts.append(change.text)
                body[field.json_id] = _extended(now, texts, marker)
            case SetField() if not again:
                body[field.json_id] = wire_value(field, change.new)
            case AddTags() if not again:
                body[field.json_id] = _tagged(field, change, now)
            case _:
                raise AtsRejected(f"{field.logical} is changed twice", fields=(field.logical,))
    return body


def _extended(current: object, texts: Sequence[str], marker: str) -> str:
    before = current if isinstance(current, str) else ""
    if f"[{marker}]" in before:
        return before
    paragraphs = [before, *(f"{text} [{marker}]" for text in texts)]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _tagged(field: MappedField, change: AddTags, current: object) -> list[dict[str, str]]:
    """Build the full list: what is there now without ``remove``, then what is added.

    Built from the live value, not from ``change.old``, so a tag that somebody set meanwhile and
    that has nothing to do with this write survives.
    """
    removed = {_node_id(field, label) for label in change.remove}
    there = [values.node(item).id for item in values.entries(current)]
    kept = [id for id in there if id not in removed]
    added = [_node_id(field, label) for label in change.add]
    return [{"id": id} for id in dict.fromkeys([*kept, *added])]


def wire_value(field: MappedField, value: Value) -> Any:
    """Write a value as iCIMS expects it; None clears the field.

    Raises ``AtsRejected`` when the value does not fit the field's kind.
    """
    if value is None:
        return None
    match field.kind, value:
        case Kind.NUMBER, int() | float():
            return _plain_number(value)
        case ((Kind.TEXT | Kind.DATE), str()):
            return value
        case Kind.LIST, str():
            return {"id": _node_id(field, value)}
        case Kind.MULTILIST, tuple():
            return [{"id": _node_id(field, label)} for label in value]
    raise AtsRejected(f"{field.logical} is a {field.kind} field", fields=(field.logical,))


def _node_id(field: MappedField, label: str) -> str:
    if label not in field.nodes:
        raise AtsRejected(f"{field.logical} has no value {label}", fields=(field.logical,))
    return field.nodes[label]


def _plain_number(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value


def is_written(write: AtsWrite, application: Application, status_log: Sequence[Json]) -> bool:
    """Say whether all of ``write`` is in the record, by the rules above."""
    return all(_is_in(change, write, application, status_log) for change in write.changes)


def _is_in(
    change: Change, write: AtsWrite, application: Application, status_log: Sequence[Json]
) -> bool:
    match change:
        case SetField():
            return settled(_value(application, change.field)) == settled(change.new)
        case AppendText():
            return f"[{write.marker}]" in str(_value(application, change.field))
        case AddTags():
            there = set(_labels(application, change.field))
            return there.issuperset(change.add) and there.isdisjoint(change.remove)
        case AddAssessmentResult():
            return entry_of(write, application) is not None
        case SetStage():
            return application.stage.id == change.new.id or _passed(change, write, status_log)


def entry_of(write: AtsWrite, application: Application) -> str | None:
    """Find the path of the assessment entry that this write made."""
    for change in write.changes:
        if isinstance(change, AddAssessmentResult):
            result, _ = trimmed(change, write.marker)
            for entry in application.assessment_results:
                ours = f"[{write.marker}]" in entry.notes
                if ours and (entry.name, entry.result) == (change.name, result.strip()):
                    return entry.path
    return None


def _passed(change: SetStage, write: AtsWrite, status_log: Sequence[Json]) -> bool:
    # The log is precise to the minute only.
    since = write.approval.at - timedelta(minutes=1)
    for line in status_log:
        at = values.moment(line.get("updatedDate"))
        if at is not None and at > since and values.node(line.get("status")).id == change.new.id:
            return True
    return False


def _value(application: Application, logical: str) -> Value:
    found = application.fields.get(logical)
    return None if found is None else found.value


def _labels(application: Application, logical: str) -> tuple[str, ...]:
    value = _value(application, logical)
    return value if isinstance(value, tuple) else ()
