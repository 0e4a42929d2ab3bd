"""Writing profiles and workflows."""

from dataclasses import replace

from starlette.responses import Response

from core.sandbox.icims import event_bodies
from core.sandbox.icims.calls import Call, created, done
from core.sandbox.icims.fields import accepted, accepted_entry, kinds, require_complete
from core.sandbox.icims.seed import Json, Record
from core.sandbox.icims.wire import ApiError, bad_field, missing, write_moment

INTEGRATION_USER: Json = {"id": 1, "value": "Integration user"}


async def update(call: Call) -> Response:
    """Change fields; a new status is logged and sends an event."""
    record = call.record()
    payload = call.json()
    changes = accepted(call.tenant, record.record_type, payload)
    changed = replace(record, body={**record.body, **changes}, updated=call.now)
    require_complete(call.tenant, changed)
    save_changed(call, record, changed, payload)
    return done()


def save_changed(
    call: Call, before: Record, after: Record, payload: Json, actor: Json = INTEGRATION_USER
) -> None:
    """Store a changed record with its status log entry and send the events of the change."""
    moved = before.body.get("status") != after.body.get("status")
    entry = _log_entry(call, after, actor) if moved else None
    call.sandbox.store.save(after, call.write(after, "changed", payload), status=entry)
    for event in event_bodies.of_change(call.tenant, call.base, before, after, actor):
        call.sandbox.events.send(call.customer, event)


def _log_entry(call: Call, record: Record, actor: Json) -> Json:
    moment = write_moment(call.now)
    return {"status": record.body["status"], "updatedDate": moment, "updatedBy": actor}


async def apply_to_job(call: Call) -> Response:
    """Create an application: one person on one job, with a status."""
    payload = call.json()
    body = {
        name: v for name, v in payload.items() if name not in ("baseprofile", "associatedprofile")
    }
    body = accepted(call.tenant, "applicantworkflows", body)
    body["baseprofile"] = _link(call, "jobs", "baseprofile", payload)
    body["associatedprofile"] = _link(call, "people", "associatedprofile", payload)
    record = new_application(call, body)
    require_complete(call.tenant, record)
    save_application(call, record, payload, INTEGRATION_USER)
    return created(f"{call.base}/applicantworkflows/{record.id}")


def new_application(call: Call, body: Json) -> Record:
    """Give an application the next number."""
    id = call.sandbox.store.next_id(call.customer, "applicantworkflows")
    return Record(
        record_type="applicantworkflows", id=id, body=body, updated=call.now, created=call.now
    )


def save_application(call: Call, record: Record, payload: Json, actor: Json) -> None:
    """Store a new application with its first status and send its event."""
    entry = _log_entry(call, record, actor)
    call.sandbox.store.save(record, call.write(record, "created", payload), status=entry)
    call.sandbox.events.send(
        call.customer, event_bodies.application_completed(call.tenant, call.base, record)
    )


def _link(call: Call, record_type: str, name: str, payload: Json) -> Json:
    given = payload.get(name)
    id = given.get("id") if isinstance(given, dict) else given
    if not str(id).isdigit():
        raise bad_field(name, "required")
    try:
        record = call.record(record_type, int(str(id)))
    except ApiError:
        raise bad_field(name, "unknown") from None
    person = (record.body.get("firstname"), record.body.get("lastname"))
    title = record.body.get("jobtitle") or " ".join(filter(None, person))
    return {"profile": f"/{record_type}/{record.id}", "id": record.id, "value": title}


async def add_entry(call: Call) -> Response:
    """Add an entry to a collection; one that is already there is a success that adds nothing."""
    record, name, entries = _collection(call)
    payload = call.json()
    entry = accepted_entry(call.tenant, name, payload)
    require_complete(call.tenant, record)
    if any({**known, "entry": 0} == {**entry, "entry": 0} for known in entries):
        call.sandbox.store.journal.add(call.write(record, "duplicate", payload))
        return Response(status_code=200)
    number = 1 + max((known["entry"] for known in entries), default=0)
    body = {**record.body, name: [*entries, {**entry, "entry": number}]}
    added = replace(record, body=body, updated=call.now)
    call.sandbox.store.save(added, call.write(added, "added", payload))
    return created(f"{call.base}/{record.record_type}/{record.id}/fields/{name}/{number}")


async def change_entry(call: Call) -> Response:
    """Change the named fields of one entry."""
    record, name, entries = _collection(call)
    number = call.request.path_params["entry"]
    payload = call.json()
    change = accepted_entry(call.tenant, name, payload)
    if not any(known["entry"] == number for known in entries):
        raise missing()
    require_complete(call.tenant, record)
    merged = [{**known, **change} if known["entry"] == number else known for known in entries]
    changed = replace(record, body={**record.body, name: merged}, updated=call.now)
    call.sandbox.store.save(changed, call.write(changed, "changed", payload))
    return done()


def _collection(call: Call) -> tuple[Record, str, list[Json]]:
    record = call.record()
    name: str = call.request.path_params["field"]
    if kinds(call.tenant, record.record_type).get(name) != "collection":
        raise missing()
    return record, name, list(record.body.get(name) or [])
