"""The check of a tenant: what its administrator must fix, and every field with its state.

iCIMS shows in a schema only what the integration user's login group may see. A custom field that
is not in it may not exist or may be hidden; a standard field always exists, so it is hidden.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from core.domain.views import FieldLine, FieldState
from core.icims.field_map import FieldMap, Kind, MappedField, RecordType
from core.icims.wanted import CUSTOM, STANDARD, Custom, Standard

Json = Mapping[str, Any]
Schemas = Mapping[RecordType, Json]

_NOUNS = {
    RecordType.APPLICATIONS: "applicant workflow",
    RecordType.PEOPLE: "person",
    RecordType.JOBS: "job",
}
_JSON_TYPES = {
    Kind.TEXT: {"string"},
    Kind.NUMBER: {"number", "integer"},
    Kind.DATE: {"string"},
    Kind.LIST: {"object"},
    Kind.MULTILIST: {"array"},
}
_KINDS = {
    Kind.TEXT: "long text",
    Kind.NUMBER: "number",
    Kind.DATE: "date",
    Kind.LIST: "list",
    Kind.MULTILIST: "multi-select list",
}
_GROUP = "our integration user's login group"


def problems(field_map: FieldMap, customer_id: str, customer: Json) -> Iterator[str]:
    """Say what is wrong with the connection and the field map apart from single fields."""
    if field_map.customer_id != customer_id:
        yield (
            f"The field map was made for customer {field_map.customer_id}, but this connection is "
            f"for customer {customer_id}: use the map of this customer."
        )
    if str(customer.get("id", customer_id)) != customer_id:
        yield (
            f"iCIMS answers for customer {customer['id']} instead of {customer_id}: check the "
            "customer id in the settings."
        )
    yield from _lists(field_map)


def fields(field_map: FieldMap, schemas: Schemas) -> Iterator[FieldLine]:
    """Compare what is wanted with the tenant; ``schemas`` as the schema endpoint sent them."""
    for custom in CUSTOM:
        mapped = field_map.fields.get(custom.logical)
        yield _custom(custom, mapped, schemas) if mapped else _unmapped(custom)
    for standard in STANDARD:
        yield _standard(standard, schemas)
    known = {custom.logical for custom in CUSTOM}
    for mapped in field_map.fields.values():
        if mapped.logical not in known:
            yield _custom(_extra(mapped), mapped, schemas)


def visible(schema: Json) -> frozenset[str]:
    """The JSON ids that a schema shows."""
    properties = schema.get("properties")
    return frozenset(properties) if isinstance(properties, Mapping) else frozenset()


def hidden(asked: Collection[str], schema: Json) -> frozenset[str]:
    """Those of ``asked`` that the schema does not show."""
    return frozenset(asked) - visible(schema)


def _extra(mapped: MappedField) -> Custom:
    purpose = "Is mapped, but nothing here reads or writes it."
    return Custom(mapped.logical, mapped.logical, mapped.kind, purpose, mapped.record)


def _unmapped(custom: Custom) -> FieldLine:
    entries = f" with the entries {' and '.join(custom.nodes)}" if custom.nodes else ""
    return FieldLine(
        name=custom.name,
        purpose=custom.purpose,
        icims_id="",
        state=FieldState.NOT_MAPPED,
        to_ask=(
            f"Please create a {_KINDS[custom.kind]} field “{custom.name}” on the "
            f"{_NOUNS[custom.record]}{entries}, give {_GROUP} read and write access to it, and "
            "tell us its API id and its admin number."
        ),
    )


def _custom(custom: Custom, mapped: MappedField, schemas: Schemas) -> FieldLine:
    schema = schemas.get(mapped.record, {})
    state, to_ask = FieldState.READY, ""
    if mapped.json_id not in visible(schema):
        state, to_ask = FieldState.MISSING, _ask_for_access(custom, mapped)
    elif mapped.kind is not custom.kind or not _fits(mapped, schema):
        state, to_ask = FieldState.WRONG_KIND, _ask_for_kind(custom, mapped)
    elif lacking := [node for node in custom.nodes if node not in mapped.nodes]:
        state, to_ask = FieldState.NOT_MAPPED, _ask_for_entries(mapped, lacking)
    return FieldLine(
        name=custom.name,
        purpose=custom.purpose,
        icims_id=mapped.json_id,
        state=state,
        to_ask=to_ask,
    )


def _fits(mapped: MappedField, schema: Json) -> bool:
    described = schema["properties"][mapped.json_id]
    kind = described.get("type") if isinstance(described, Mapping) else None
    return not isinstance(kind, str) or kind in _JSON_TYPES[mapped.kind]


def _standard(standard: Standard, schemas: Schemas) -> FieldLine:
    lacking = [id for id in standard.ids if id not in visible(schemas.get(standard.record, {}))]
    access = "read and write" if "assessmentresults" in lacking else "read"
    to_ask = (
        f"Please give {_GROUP} {access} access to the standard "
        f"{'field' if len(lacking) == 1 else 'fields'} {' and '.join(lacking)} of the "
        f"{_NOUNS[standard.record]}."
    )
    return FieldLine(
        name=standard.name,
        purpose=standard.purpose,
        icims_id=", ".join(standard.ids),
        state=FieldState.HIDDEN if lacking else FieldState.READY,
        to_ask=to_ask if lacking else "",
    )


def _ask_for_access(custom: Custom, mapped: MappedField) -> str:
    return (
        f"Please give {_GROUP} read and write access to {_which(mapped)}. If there is no such "
        f"field, please create “{custom.name}” there as a {_KINDS[custom.kind]} and tell us its "
        "API id and its admin number."
    )


def _ask_for_kind(custom: Custom, mapped: MappedField) -> str:
    return (
        f"We need “{custom.name}” as a {_KINDS[custom.kind]}, but {_which(mapped)} is of another "
        f"kind. Please create one, give {_GROUP} read and write access to it, and tell us its API "
        "id and its admin number."
    )


def _ask_for_entries(mapped: MappedField, lacking: Collection[str]) -> str:
    return (
        f"Please see that the list of {_which(mapped)} has the entries {' and '.join(lacking)}, "
        "and tell us their node ids."
    )


def _which(mapped: MappedField) -> str:
    number = "" if mapped.search_number is None else f", admin number {mapped.search_number}"
    return f"the {_NOUNS[mapped.record]} field {mapped.json_id}{number}"


def _lists(field_map: FieldMap) -> Iterator[str]:
    if not field_map.assessment_names:
        yield (
            "The field map names no assessment: ask your iCIMS administrator to add one to the "
            "list of assessment names, and put its name and node id under assessment_names."
        )
    if not field_map.statuses:
        yield (
            "The field map names no hiring statuses: ask your iCIMS administrator for the node "
            "ids of the application statuses and put them under statuses."
        )
    if not field_map.open_folders:
        yield (
            "The field map names no open job folders, so closed jobs would be read too: ask your "
            "iCIMS administrator for the node ids of the folders of open jobs."
        )
