"""iForms and offers, as far as iCIMS documents them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from core.sandbox.icims.calls import Call, answered, created, done
from core.sandbox.icims.files import file_of, sent_file
from core.sandbox.icims.seed import Json, Record
from core.sandbox.icims.wire import ApiError, bad_field, missing, outgoing

_ABOUT = {"person": "people", "job": "jobs", "applicantworkflow": "applicantworkflows"}
_PAGE_SIZE = 100


async def list_forms(call: Call) -> Response:
    """Name the customer's iForms."""
    return answered({"forms": [{"name": name} for name in call.tenant.forms]})


async def form_fields(call: Call) -> Response:
    """Describe the fields of one iForm."""
    name, fields = _form(call)
    described = [{"name": field, "type": kind} for field, kind in fields.items()]
    return answered({"name": name, "fields": described})


async def submit_form(call: Call) -> Response:
    """Store a filled-in form about a person, a job or an application."""
    name, fields = _form(call)
    payload = call.json()
    body = {"formname": name, **_about(call, payload), **_filled(fields, payload)}
    id = call.sandbox.store.next_id(call.customer, "forms")
    form = Record(record_type="forms", id=id, body=body, updated=call.now, created=call.now)
    call.sandbox.store.save(form, call.write(form, "created", payload))
    return created(f"{call.base}/forms/{id}")


async def resubmit_form(call: Call) -> Response:
    """Change the named fields of a submitted form."""
    form = call.record("forms")
    payload = call.json()
    filled = _filled(call.tenant.forms[form.body["formname"]], payload)
    changed = replace(form, body={**form.body, **filled}, updated=call.now)
    call.sandbox.store.save(changed, call.write(changed, "changed", payload))
    return done()


def _form(call: Call) -> tuple[str, dict[str, str]]:
    name: str = call.request.path_params["form"]
    if name not in call.tenant.forms:
        raise missing()
    return name, dict(call.tenant.forms[name])


def _about(call: Call, payload: Json) -> Json:
    links: Json = {}
    for name, record_type in _ABOUT.items():
        given = payload.get(name)
        if isinstance(given, dict) and isinstance(given.get("id"), int):
            record = call.record(record_type, given["id"])
            links[name] = {"profile": f"/{record_type}/{record.id}", "id": record.id}
    if not links:
        raise bad_field("person", "required")
    return links


def _filled(fields: Mapping[str, str], payload: Json) -> Json:
    filled = {name: value for name, value in payload.items() if name not in _ABOUT}
    for name, value in filled.items():
        expected: Any = int | float if fields.get(name) == "number" else str
        if name not in fields or not isinstance(value, expected):
            raise bad_field(name, "cannot be written")
    return filled


async def search_offers(call: Call) -> Response:
    """Read one page of offers by number; no total. ``sort``: ``asc`` or ``desc`` by id."""
    asked = call.json()
    page, size = asked.get("page", 1), asked.get("pageSize", _PAGE_SIZE)
    if not all(isinstance(n, int) and n >= 1 for n in (page, size)) or size > _PAGE_SIZE:
        raise ApiError(400, 1, f"page counts from 1, pageSize is at most {_PAGE_SIZE}.")
    descending = str(asked.get("sort", "asc")).lower() == "desc"
    found = call.sandbox.store.page(
        call.customer, "offers", (page - 1) * size, size, descending=descending
    )
    offers = [{"offerId": r.id, **outgoing(r.body, None, call.base)} for r in found]
    return answered({"page": page, "pageSize": size, "offers": offers})


async def offer_document(call: Call) -> Response:
    """Send an offer's letter, before or after signing."""
    id = call.request.query_params.get("offerId", "")
    offer = call.record("offers", int(id) if id.isdecimal() else 0)
    signed = call.request.query_params.get("signed") == "true"
    return sent_file(await file_of(call, offer, "signed" if signed else "unsigned"))
