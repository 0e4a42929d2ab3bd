"""iCIMS's JSON values, read leniently: anything that is not of the expected shape is empty.

iCIMS may add keys at any time and leaves out what is empty or hidden, so a record is never refused
for its shape.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from core.domain.records import FieldValue, ListNode, Presence, Scalar
from core.icims.field_map import Kind, MappedField

_MOMENTS = ("%Y-%m-%d %I:%M %p", "%Y-%m-%d")


def text(value: object) -> str:
    """Read text; of a list node, link or the like its label."""
    if isinstance(value, Mapping):
        value = value.get("value") or value.get("formattedvalue")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


def number(value: object) -> float | int | None:
    """Read a number, also one sent as text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    try:
        return float(value) if isinstance(value, str) else None
    except ValueError:
        return None


def whole(value: object) -> int | None:
    """Read a whole number."""
    found = number(value)
    return None if found is None else int(found)


def moment(value: object) -> datetime | None:
    """Read a date-time ``yyyy-mm-dd hh:mm a`` or a date, both UTC."""
    for form in _MOMENTS:
        try:
            return datetime.strptime(str(value), form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def day(value: object) -> date | None:
    """Read a date; of a date-time its day."""
    found = moment(value)
    return None if found is None else found.date()


def node(value: object) -> ListNode:
    """Read a list value; without one an empty node."""
    id = value.get("id") if isinstance(value, Mapping) else None
    return ListNode(id=str(id or ""), label=text(value))


def entries(value: object) -> list[Mapping[str, Any]]:
    """Read a collection; a single object counts as one entry."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, Mapping)]


def link_id(value: object) -> str:
    """Read the id of a profile link, from ``id`` or the end of its address; else empty."""
    if not isinstance(value, Mapping):
        return ""
    tail = str(value.get("profile") or "").rstrip("/").rpartition("/")[2]
    return str(value.get("id") or tail)


def field_value(field: MappedField, body: Mapping[str, Any], *, denied: bool) -> FieldValue:
    """Read a mapped field of a record, and say why if it has no value."""
    if field.json_id not in body:
        return FieldValue(Presence.DENIED if denied else Presence.ABSENT)
    value = _of_kind(field, body[field.json_id])
    if value is None or value in ("", ()):
        return FieldValue(Presence.EMPTY)
    return FieldValue(Presence.PRESENT, value)


def _of_kind(field: MappedField, value: object) -> Scalar | tuple[str, ...]:
    match field.kind:
        case Kind.NUMBER:
            return number(value)
        case Kind.LIST:
            chosen = node(value)
            return field.label(chosen.id, chosen.label)
        case Kind.MULTILIST:
            chosen_nodes = [node(item) for item in entries(value)]
            return tuple(field.label(each.id, each.label) for each in chosen_nodes)
        case Kind.TEXT | Kind.DATE:
            return text(value)
