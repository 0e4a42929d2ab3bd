"""Telling our own earlier steps from other people's edits when a record is read again."""

from collections.abc import Iterable
from dataclasses import replace

from core.domain.proposal import (
    AddTags,
    AppendText,
    Change,
    SetField,
    SetStage,
    Value,
    settled,
)
from core.domain.records import Application, FieldValue, Presence


def take_back(record: Application, changes: Iterable[Change], marker: str) -> Application:
    """Return the record as it was before ``changes``, which were written under ``marker``.

    Where something else stands now than the change left behind, it stays: that is somebody
    else's edit, and the record's fingerprint will differ.
    """
    for change in changes:
        record = _without(record, change, marker)
    return record


def _without(record: Application, change: Change, marker: str) -> Application:
    match change:
        case SetField(field=name, old=old, new=new):
            return _put(record, name, old) if _same(_at(record, name), new) else record
        case AddTags(field=name, old=old):
            return _put(record, name, old) if _same(_at(record, name), change.new) else record
        case AppendText(field=name, text=text):
            return _put(record, name, _before(_at(record, name), text, marker))
        case SetStage(old=old_stage, new=new_stage) if record.stage.id == new_stage.id:
            return replace(record, stage=old_stage)
    return record


def _before(value: Value, text: str, marker: str) -> Value:
    """Cut the appended paragraph off the end of a long text, with or without its marker."""
    there = settled(value)
    for paragraph in (settled(f"{text} [{marker}]"), settled(text)):
        if isinstance(there, str) and isinstance(paragraph, str) and there.endswith(paragraph):
            return there.removesuffix(paragraph).removesuffix("\n\n") or None
    return value


def _at(record: Application, name: str) -> Value:
    found = record.fields.get(name)
    return None if found is None else found.value


def _put(record: Application, name: str, value: Value) -> Application:
    state = Presence.ABSENT if value in (None, ()) else Presence.PRESENT
    field = FieldValue(state, value if state is Presence.PRESENT else None)
    return replace(record, fields={**record.fields, name: field})


def _same(one: Value, other: Value) -> bool:
    return settled(one) == settled(other)
