"""The start-up check: what the tenant's administrator must fix, in sentences."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from core.icims.field_map import FieldMap, Kind, MappedField, RecordType
from core.icims.shapes import APPLICATION_FIELDS, ASSESSMENTS, JOB_FIELDS, PERSON_FIELDS

Json = Mapping[str, Any]

# Without these nothing works; others that iCIMS hides only make the result poorer.
_INDISPENSABLE = {
    RecordType.APPLICATIONS: ("baseprofile", "associatedprofile", "status", ASSESSMENTS),
    RecordType.PEOPLE: ("firstname", "lastname", "resume"),
    RecordType.JOBS: ("jobtitle", "folder"),
}
_NOUNS = {
    RecordType.APPLICATIONS: "applications",
    RecordType.PEOPLE: "people",
    RecordType.JOBS: "jobs",
}
_JSON_TYPES = {
    Kind.TEXT: {"string"},
    Kind.NUMBER: {"number", "integer"},
    Kind.DATE: {"string"},
    Kind.LIST: {"object"},
    Kind.MULTILIST: {"array"},
}
_LOGIN_GROUP = "give the integration user's login group access to it"

REQUESTED = {
    RecordType.APPLICATIONS: (*APPLICATION_FIELDS, ASSESSMENTS),
    RecordType.PEOPLE: PERSON_FIELDS,
    RecordType.JOBS: JOB_FIELDS,
}


def findings(
    field_map: FieldMap, customer_id: str, customer: Json, schemas: Mapping[RecordType, Json]
) -> Iterator[str]:
    """Compare the field map with the tenant; ``schemas`` as the schema endpoint sent them."""
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
    for record, schema in schemas.items():
        yield from _missing_standard(record, schema)
        for field in field_map.of(record):
            yield from _field(field, schema)
    yield from _lists(field_map)


def visible(schema: Json) -> frozenset[str]:
    """The JSON ids that a schema shows."""
    properties = schema.get("properties")
    return frozenset(properties) if isinstance(properties, Mapping) else frozenset()


def hidden(asked: Collection[str], schema: Json) -> frozenset[str]:
    """Those of ``asked`` that the schema does not show."""
    return frozenset(asked) - visible(schema)


def _missing_standard(record: RecordType, schema: Json) -> Iterator[str]:
    for name in _INDISPENSABLE[record]:
        if name not in visible(schema):
            yield (
                f"The standard field {name} of {_NOUNS[record]} is hidden: ask your iCIMS "
                f"administrator to {_LOGIN_GROUP}."
            )


def _field(field: MappedField, schema: Json) -> Iterator[str]:
    number = "" if field.search_number is None else f", number {field.search_number} in iCIMS"
    name = f"The field {field.logical} ({field.json_id}{number}) of {_NOUNS[field.record]}"
    if field.json_id not in visible(schema):
        yield (
            f"{name} does not exist or is hidden: ask your iCIMS administrator to create it or to "
            f"{_LOGIN_GROUP}, and correct the field map if its id is another."
        )
        return
    described = schema["properties"][field.json_id]
    kind = described.get("type") if isinstance(described, Mapping) else None
    if isinstance(kind, str) and kind not in _JSON_TYPES[field.kind]:
        yield (
            f"{name} is mapped as {field.kind}, but iCIMS describes it as {kind}: correct the kind "
            "in the field map or ask your iCIMS administrator for a field of that kind."
        )


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
