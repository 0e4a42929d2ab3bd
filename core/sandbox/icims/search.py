"""The search body as SQL, with iCIMS's manners: bad dates vanish, unknown nodes find nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.sandbox.icims.seed import TenantSpec
from core.sandbox.icims.wire import ApiError, read_moment

SINGULAR = {
    "people": "person",
    "jobs": "job",
    "companies": "company",
    "talentpools": "talentpool",
    "rooms": "room",
    "connectevents": "connectevent",
    "applicantworkflows": "applicantworkflow",
    "sourceworkflows": "sourceworkflow",
    "onboardworkflows": "onboardworkflow",
    "forms": "form",
}
_ORDERINGS = frozenset({"<", ">", "<=", ">="})
_NEGATIONS = {"!=": "=", "!==": "=="}
_OPERATORS = _ORDERINGS | {"=", "=="} | _NEGATIONS.keys()
_KINDS = {"text": "text", "number": "number", "date": "date", "listnode": "node"}
_CUSTOM_KINDS = {"text": {"text"}, "number": {"number"}, "date": {"date"}}
_CUSTOM_KINDS["listnode"] = {"list", "multilist"}

Sql = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Column:
    """Where a filter looks: a column of ``record``, or the cells of a custom field."""

    name: str
    kind: str
    cells_of: str = ""


def condition(tenant: TenantSpec, record_type: str, body: Any) -> Sql:
    """Translate a search body; raises ``ApiError`` for anything but well-formed filters.

    Filters with malformed dates are dropped, so a body of nothing else finds everything.
    """
    if not isinstance(body, dict) or not _count(body):
        raise ApiError(400, 1, "At least one filter is required.")
    visible = [id for kind, id in sorted(tenant.hidden_records) if kind == record_type]
    sql, values = _group(tenant, record_type, body) or ("1", ())
    if not visible:
        return sql, values
    return f"({sql}) AND id NOT IN ({_marks(visible)})", (*values, *visible)


def _count(group: Mapping[str, Any]) -> int:
    filters, children = group.get("filters") or [], group.get("children") or []
    if not isinstance(filters, list) or not isinstance(children, list):
        raise ApiError(400, 1, "filters and children are lists.")
    if not all(isinstance(part, dict) for part in (*filters, *children)):
        raise ApiError(400, 1, "Filters and groups are objects.")
    return len(filters) + sum(_count(child) for child in children)


def _group(tenant: TenantSpec, record_type: str, group: Mapping[str, Any]) -> Sql | None:
    joint = {"&": " AND ", "|": " OR "}.get(str(group.get("operator") or "&"))
    if joint is None:
        raise ApiError(400, 1, "A group's operator is & or |.")
    parts = [_filter(tenant, record_type, each) for each in group.get("filters") or ()]
    parts += [_group(tenant, record_type, child) for child in group.get("children") or ()]
    known = [part for part in parts if part is not None]
    if not known:
        return None
    return (
        joint.join(f"({sql})" for sql, _ in known),
        tuple(value for _, values in known for value in values),
    )


def _filter(tenant: TenantSpec, record_type: str, spec: Mapping[str, Any]) -> Sql | None:
    name, operator = str(spec.get("name")), str(spec.get("operator") or "=")
    column = _column(tenant, record_type, name)
    values = spec.get("value")
    if column is None or operator not in _OPERATORS or not isinstance(values, list) or not values:
        raise ApiError(400, 1, f"The filter {name} is not valid.")
    positive = _NEGATIONS.get(operator, operator)
    matches = [_match(column, positive, str(value)) for value in values]
    known = [match for match in matches if match is not None]
    if not known:
        return None
    sql = " OR ".join(f"({part})" for part, _ in known)
    parameters = tuple(value for _, values in known for value in values)
    if column.cells_of:
        cells = "SELECT id FROM cell WHERE customer=? AND type=? AND field=? AND"
        sql = f"id IN ({cells} ({sql}))"
        parameters = (tenant.customer_id, record_type, column.cells_of, *parameters)
    return (f"NOT coalesce({sql}, 0)" if operator in _NEGATIONS else sql), parameters


def _column(tenant: TenantSpec, record_type: str, name: str) -> Column | None:
    prefix, _, rest = name.partition(".")
    if prefix != SINGULAR[record_type]:
        return None
    standard = {"id": Column("id", "number"), "updateddate": Column("updated", "date")}
    return (standard | _OWN.get(record_type, {})).get(rest) or _custom(tenant, record_type, rest)


_LINKS = {"job.id": Column("job", "number"), "person.id": Column("person", "number")}
_OWN: dict[str, dict[str, Column]] = {
    "applicantworkflows": {**_LINKS, "status": Column("node", "node")},
    "people": {"email": Column("email", "text"), "folder": Column("node", "node")},
    "jobs": {"folder": Column("node", "node")},
    "forms": _LINKS,
}


def _custom(tenant: TenantSpec, record_type: str, rest: str) -> Column | None:
    number, _, kind = rest.removeprefix("customfield").partition(".")
    hidden = tenant.hidden_fields.get(record_type, frozenset())
    for field in tenant.custom_fields:
        if (
            field.record_type == record_type
            and str(field.search_number) == number
            and field.kind in _CUSTOM_KINDS.get(kind, ())
            and field.json_id not in hidden
        ):
            column = "number" if kind in ("number", "date") else "text"
            return Column(column, _KINDS[kind], cells_of=field.json_id)
    return None


def _match(column: Column, operator: str, value: str) -> Sql | None:
    matchers: dict[str, Callable[[str, str, str], Sql | None]] = {
        "text": _text,
        "node": _node,
        "number": _number,
        "date": _date,
    }
    return matchers[column.kind](column.name, operator, value)


def _text(column: str, operator: str, value: str) -> Sql:
    if operator == "==":
        return f"{column} = ?", (value,)
    if operator == "=":
        return f"instr(lower({column}), ?)", (value.lower(),)
    raise ApiError(400, 1, "Text is compared with = == != !== only.")


def _node(column: str, operator: str, value: str) -> Sql:
    if operator in _ORDERINGS:
        raise ApiError(400, 1, "List values are compared with = == != !== only.")
    return f"{column} = ?", (value,)


def _number(column: str, operator: str, value: str) -> Sql:
    try:
        number = float(value)
    except ValueError:
        raise ApiError(400, 1, "A number was expected.") from None
    return f"{column} {'=' if operator == '==' else operator} ?", (number,)


def _date(column: str, operator: str, value: str) -> Sql | None:
    moment = read_moment(value)
    if moment is None:
        return None
    start = int(moment[0].timestamp())
    length = timedelta(days=1) if moment[1] else timedelta(minutes=1)
    end = start + int(length.total_seconds())
    if operator in ("=", "=="):
        return f"{column} >= ? AND {column} < ?", (start, end)
    # A day or minute is a stretch of time: "after" starts at its end, "until" includes it.
    edges: dict[str, Sql] = {
        "<": (f"{column} < ?", (start,)),
        "<=": (f"{column} < ?", (end,)),
        ">": (f"{column} >= ?", (end,)),
        ">=": (f"{column} >= ?", (start,)),
    }
    return edges[operator]


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
