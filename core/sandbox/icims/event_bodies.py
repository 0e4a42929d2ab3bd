"""What events say: every value a string, statuses bare numbers, links to trust."""

from collections.abc import Iterator

from core.sandbox.icims.seed import Json, Record, TenantSpec


def of_change(
    tenant: TenantSpec, base: str, before: Record, after: Record, actor: Json
) -> Iterator[Json]:
    """Give the events of a record's change: a new status, a job posted or taken down."""
    moved = before.body.get("status") != after.body.get("status")
    if moved and after.record_type == "applicantworkflows":
        yield _status_changed(tenant, base, before, after, actor)
    if after.record_type == "jobs":
        was, now = (_node(r, "folder") in tenant.open_folders for r in (before, after))
        if was != now:
            kind = "JobPostToWebEvent" if now else "JobUnpostToWebEvent"
            yield job_event(tenant, base, after, kind)


def _status_changed(
    tenant: TenantSpec, base: str, before: Record, after: Record, actor: Json
) -> Json:
    moved = {
        "oldStatus": _bare(_node(before, "status")),
        "newStatus": _bare(_node(after, "status")),
    }
    common = _application(tenant, base, after, "WorkFlowStatusChangeEvent")
    return {**common, "userId": str(actor["id"]), **moved}


def application_completed(tenant: TenantSpec, base: str, record: Record) -> Json:
    """Give the event of a finished application; tenants name it one way or the other."""
    kinds = ("ApplicationCompletedEvent", "AssessmentEvent")
    return _application(tenant, base, record, kinds[int(tenant.customer_id) % 2])


def job_event(tenant: TenantSpec, base: str, job: Record, kind: str) -> Json:
    """Give a job's posting, unposting or edit event."""
    return {
        "eventType": kind,
        "systemId": str(job.id),
        "customerId": tenant.customer_id,
        "jobId": str(job.id),
        "links": [_rel("job", f"{base}/jobs/{job.id}")],
    }


def _application(tenant: TenantSpec, base: str, record: Record, kind: str) -> Json:
    job, person = (str(record.body[name]["id"]) for name in ("baseprofile", "associatedprofile"))
    return {
        "eventType": kind,
        "systemId": str(record.id),
        "customerId": tenant.customer_id,
        "personId": person,
        "jobId": job,
        "links": [
            _rel("applicantworkflow", f"{base}/applicantworkflows/{record.id}"),
            _rel("person", f"{base}/people/{person}"),
            _rel("job", f"{base}/jobs/{job}"),
        ],
    }


def _rel(name: str, url: str) -> Json:
    return {"rel": name, "title": name.capitalize(), "url": url}


def _node(record: Record, name: str) -> str:
    return str((record.body.get(name) or {}).get("id", ""))


def _bare(node: str) -> str:
    return node.lstrip("CD")
