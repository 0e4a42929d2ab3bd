"""Searching and reading profiles and workflows."""

import json
from typing import Any

from starlette.responses import Response

from core.sandbox.icims.calls import Call, answered
from core.sandbox.icims.fields import SCHEMA_TYPES, hidden_fields, schema
from core.sandbox.icims.search import SINGULAR, condition
from core.sandbox.icims.seed import Record
from core.sandbox.icims.wire import ApiError, missing, outgoing, write_moment


async def search(call: Call) -> Response:
    """Find ids: at most 1,000, ascending, no total; up to 15 minutes old unless staleness=0."""
    query = _query(call)
    where, values = condition(call.tenant, call.type, query)

    def find() -> tuple[int, ...]:
        return call.sandbox.store.ids(call.customer, call.type, where, values)

    key = json.dumps([call.customer, call.type, query], sort_keys=True)
    live = call.request.query_params.get("staleness") == "0"
    ids = find() if live else call.sandbox.results.ids(key, find)
    return answered(
        {"searchResults": [{"id": id, "self": f"{call.base}/{call.type}/{id}"} for id in ids]}
    )


def _query(call: Call) -> Any:
    if call.request.method == "POST":
        return call.json()
    try:
        return json.loads(call.request.query_params.get("searchJson", ""))
    except ValueError:
        raise ApiError(400, 1, "searchJson is not JSON.") from None


async def read(call: Call) -> Response:
    """Read one record: the wanted fields that have a value, and links."""
    return _shown(call, call.record())


async def pair(call: Call) -> Response:
    """Read the application of one person to one job."""
    person, job = call.request.path_params["person"], call.request.path_params["job"]
    found = call.sandbox.store.ids(
        call.customer, "applicantworkflows", "person=? AND job=?", [person, job]
    )
    if not found:
        raise missing()
    return _shown(call, call.record("applicantworkflows", found[-1]))


def _shown(call: Call, record: Record) -> Response:
    asked = call.request.query_params.get("fields")
    wanted = None if asked is None else [name.strip() for name in asked.split(",")]
    hidden = hidden_fields(call.tenant, record.record_type)
    body = {name: v for name, v in record.body.items() if name not in hidden and name != "id"}
    body["updateddate"] = write_moment(record.updated)
    address = f"{call.base}/{record.record_type}/{record.id}"
    links = [{"rel": "self", "title": SINGULAR.get(record.record_type, ""), "url": address}]
    return answered({**outgoing(body, wanted, call.base), "links": links})


async def status_log(call: Call) -> Response:
    """Read an application's status history: the newest 100, newest first."""
    record = call.record("applicantworkflows")
    log = call.sandbox.store.status_log(call.customer, record.id)
    return answered({"submittalstatuslog": [outgoing(entry, None, call.base) for entry in log]})


async def describe(call: Call) -> Response:
    """Read the schema of a type, under its singular name."""
    record_type = SCHEMA_TYPES.get(call.request.path_params["singular"])
    if record_type is None:
        raise missing()
    return answered(schema(call.tenant, record_type))


async def customer(call: Call) -> Response:
    """Read who the customer is: the health check."""
    facts = {"id": int(call.customer), "name": call.tenant.name, "customerType": "Sandbox"}
    platform = f"{call.base}/linkTo"
    return answered({"platformUrl": platform, "buildVersion": "sandbox", **facts})
