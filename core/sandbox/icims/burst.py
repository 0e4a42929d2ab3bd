"""A rush of applications, as after a posting went out: existing people, one event each."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from core.sandbox.icims.calls import Call
from core.sandbox.icims.seed import Json, Record
from core.sandbox.icims.wire import ApiError
from core.sandbox.icims.writes import new_application, save_application


def applicants(call: Call, job: Record, number: int) -> list[int]:
    """Choose people who have not applied to ``job``; raises ``ApiError`` when there are too few."""
    found = call.sandbox.store.applicants_elsewhere(call.customer, job.id, number)
    if len(found) < number:
        raise ApiError(400, 1, f"Only {len(found)} people are left who could apply.")
    return found


async def apply_all(call: Call, job: Record, people: Sequence[int], per_second: float) -> None:
    """Let them apply, at the careers site's own pace."""
    loop = asyncio.get_running_loop()
    start, usual = loop.time(), _usual(call, job)
    for number, person in enumerate(people):
        await asyncio.sleep(max(0.0, start + number / per_second - loop.time()))
        _apply(replace(call, now=call.sandbox.clock()), job, person, usual)


def _apply(call: Call, job: Record, person: int, usual: Json) -> None:
    # Past what the integration user may see: people apply whom it is not shown.
    found = call.sandbox.store.record(call.customer, "people", person)
    names = (found.body.get("firstname"), found.body.get("lastname")) if found else ()
    name = " ".join(filter(None, names))
    who = {"profile": f"/people/{person}", "id": person, "value": name}
    title = job.body.get("jobtitle", "")
    what = {"profile": f"/jobs/{job.id}", "id": job.id, "value": title}
    body = {**usual, "baseprofile": what, "associatedprofile": who}
    save_application(call, new_application(call, body), {"burst": True}, who)


def _usual(call: Call, job: Record) -> Json:
    """Give what the careers site fills in: the first status, the source, what is required."""
    label, status = next(iter(call.tenant.statuses.items()))
    body: Json = {"status": {"id": status, "value": label, "formattedvalue": label}}
    known = call.sandbox.store.ids(call.customer, "applicantworkflows", "job IS NOT NULL", ())
    like = call.record("applicantworkflows", known[0]).body if known else {}
    required = {
        f.json_id for f in call.tenant.custom_fields
        if f.required and f.record_type == "applicantworkflows"
    }  # fmt: skip
    kept = {"source", "sourcename"} | required
    return {**{name: value for name, value in like.items() if name in kept}, **body}
