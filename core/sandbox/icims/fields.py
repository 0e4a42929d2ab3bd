"""Which fields each record type has, and what a written value must look like."""

from collections.abc import Mapping
from typing import Any

from core.sandbox.icims.seed import Json, Record, TenantSpec
from core.sandbox.icims.wire import bad_field, is_empty, read_moment

STANDARD: dict[str, dict[str, str]] = {
    "people": {
        **dict.fromkeys(("firstname", "middlename", "lastname", "email", "sourcename"), "text"),
        **dict.fromkeys(("folder", "source"), "list"),
        **dict.fromkeys(("phones", "addresses", "education", "workexperience"), "collection"),
        **dict.fromkeys(("skillset", "licensecertification"), "collection"),
        "resume": "file",
        "updateddate": "datetime",
    },
    "jobs": {
        **dict.fromkeys(("jobtitle", "jobid", "department"), "text"),
        **dict.fromkeys(("overview", "responsibilities", "qualifications"), "text"),
        **dict.fromkeys(("folder", "positioncategory", "positiontype", "jobtype"), "list"),
        **dict.fromkeys(("hiringmanager", "recruiter", "secondaryrecruiter"), "link"),
        **dict.fromkeys(("startdate", "enddate"), "date"),
        **dict.fromkeys(("joblocation", "talentpools"), "link"),
        "numberofpositions": "number",
        "updateddate": "datetime",
    },
    "applicantworkflows": {
        **dict.fromkeys(("baseprofile", "associatedprofile"), "link"),
        **dict.fromkeys(("status", "source"), "list"),
        "sourcename": "text",
        "assessmentresults": "collection",
        "updateddate": "datetime",
    },
}
SCHEMA_TYPES = {"person": "people", "job": "jobs", "submittal": "applicantworkflows"}

_ASSESSMENT = {"assessmentname": "list", "assessmentdate": "date", "assessmentscore": "number"}
_ASSESSMENT |= dict.fromkeys(("assessmentresult", "assessmentnotes", "assessmenturl"), "text")
_ASSESSMENT |= {"assessmentstatus": "text"}
_LENGTHS = {"assessmentresult": 128, "assessmentnotes": 192}
_JSON_TYPES: dict[str, Json] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "collection": {"type": "array", "items": {"type": "object"}},
    "multilist": {"type": "array", "items": {"type": "object"}},
}
_READ_ONLY = frozenset({"updateddate", "jobid", "baseprofile", "associatedprofile"})


def kinds(tenant: TenantSpec, record_type: str) -> dict[str, str]:
    """Give the kind of every field the integration user's login group may see."""
    own = {f.json_id: f.kind for f in tenant.custom_fields if f.record_type == record_type}
    hidden = hidden_fields(tenant, record_type)
    known = STANDARD.get(record_type, {}) | own
    return {name: kind for name, kind in known.items() if name not in hidden}


def hidden_fields(tenant: TenantSpec, record_type: str) -> frozenset[str]:
    """Give the JSON ids that the login group does not see."""
    return tenant.hidden_fields.get(record_type, frozenset())


def schema(tenant: TenantSpec, record_type: str) -> Json:
    """Describe a record type in JSON-Schema style: ids and types, no labels."""
    properties = {
        name: _JSON_TYPES.get(kind, {"type": "object"})
        for name, kind in kinds(tenant, record_type).items()
    }
    return {"type": "object", "properties": properties}


def accepted(tenant: TenantSpec, record_type: str, payload: Mapping[str, Any]) -> Json:
    """Check the fields of a PATCH and give them as stored; raises ``ApiError`` (400, code 1)."""
    known = kinds(tenant, record_type)
    stored = {}
    for name, value in payload.items():
        if name not in known or name in _READ_ONLY or known[name] in ("file", "collection"):
            raise bad_field(name, "cannot be written")
        stored[name] = _value(name, known[name], value, _nodes(tenant, record_type, name))
    return stored


def accepted_entry(tenant: TenantSpec, collection: str, payload: Mapping[str, Any]) -> Json:
    """Check one entry of a collection and give it as stored, without its ``entry`` number."""
    if collection != "assessmentresults":
        return {name: value for name, value in payload.items() if name != "entry"}
    stored = {}
    for name, value in payload.items():
        if name not in _ASSESSMENT:
            raise bad_field(name, "cannot be written")
        nodes = _labels(tenant.assessment_names) if name == "assessmentname" else {}
        stored[name] = _value(name, _ASSESSMENT[name], value, nodes)
        if len(str(value)) > _LENGTHS.get(name, 10_000):
            raise bad_field(name, f"longer than {_LENGTHS[name]} characters")
    return stored


def require_complete(tenant: TenantSpec, record: Record) -> None:
    """Refuse any write that leaves a required field empty, however unrelated the write is."""
    required = set(tenant.required_fields.get(record.record_type, ())) | {
        f.json_id
        for f in tenant.custom_fields
        if f.required and f.record_type == record.record_type
    }
    if record.record_type == "applicantworkflows":
        required.add("status")
    for name in sorted(required):
        if is_empty(record.body.get(name)):
            raise bad_field(name, "required")


def _nodes(tenant: TenantSpec, record_type: str, name: str) -> dict[str, str]:
    if record_type == "applicantworkflows" and name == "status":
        return _labels(tenant.statuses)
    for field in tenant.custom_fields:
        if field.record_type == record_type and field.json_id == name:
            return _labels(field.nodes)
    return {}


def _labels(nodes: Mapping[str, str]) -> dict[str, str]:
    return {id: label for label, id in nodes.items()}


def _value(name: str, kind: str, value: Any, nodes: Mapping[str, str]) -> Any:
    if is_empty(value):
        return None
    checks = {
        "text": lambda: isinstance(value, str),
        "number": lambda: isinstance(value, int | float) and not isinstance(value, bool),
        "date": lambda: isinstance(value, str) and read_moment(value) is not None,
        "list": lambda: isinstance(value, dict) and isinstance(value.get("id"), str),
        "multilist": lambda: isinstance(value, list),
        "link": lambda: isinstance(value, dict) and "id" in value,
    }
    if not checks[kind]():
        raise bad_field(name, f"{kind} expected")
    if kind == "multilist":
        return [_value(name, "list", item, nodes) for item in value]
    if kind == "list":
        return _node(name, value, nodes)
    return value


def _node(name: str, value: Json, nodes: Mapping[str, str]) -> Json:
    if nodes and value["id"] not in nodes:
        raise bad_field(name, "unknown list value")
    label = nodes.get(value["id"], value.get("value", value["id"]))
    return {"id": value["id"], "value": label, "formattedvalue": label}
