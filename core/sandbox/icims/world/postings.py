"""Jobs as iCIMS shows them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from html import escape

from core.sandbox.icims.seed import Json, Record
from core.sandbox.icims.world.library import Library, Opening
from core.sandbox.icims.world.plan import Job
from core.sandbox.icims.world.tenants import Tenant, node

_FILLED = ("D31009", "Closed (Filled)")


def job_record(library: Library, tenant: Tenant, job: Job) -> Record:
    """Write a job in its wire shape."""
    opening = job.opening
    posted = at(job.posted, 14)
    changed = at(job.filled, 16) if job.filled else posted + timedelta(days=1, hours=2)
    folder = (
        _FILLED if job.filled else (min(tenant.spec.open_folders, key=_system_first), "Approved")
    )
    body: Json = {
        "jobtitle": opening.title,
        "jobid": f"{job.posted.year}-{job.id}",
        "folder": node(*folder),
        "joblocation": _location(library, tenant, opening),
        "positioncategory": _listed("C61", opening.category),
        "positiontype": _listed("C62", opening.position_type),
        "jobtype": _listed(
            "C63", "Hourly" if "hour" in opening.pay or "Stunde" in opening.pay else "Salaried"
        ),
        "numberofpositions": opening.openings if job.filled is None else min(2, opening.openings),
        "department": opening.department,
        "startdate": job.posted.isoformat(),
        "enddate": job.filled.isoformat() if job.filled else None,
        "overview": _overview(opening),
        "responsibilities": _list(opening.responsibilities),
        "qualifications": _qualifications(opening),
        **_people(tenant, opening),
    }
    body = {name: value for name, value in body.items() if value is not None}
    return Record(record_type="jobs", id=job.id, body=body, created=posted, updated=changed)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Give a moment of a day in UTC."""
    return datetime.combine(day, time(hour, minute), UTC)


def _system_first(folder: str) -> tuple[bool, str]:
    return not folder.startswith("D"), folder


def _location(library: Library, tenant: Tenant, opening: Opening) -> Json:
    place = library.places[opening.place]
    country = library.countries[place.country]["abbrev"]
    number = 1 + sorted(library.places).index(opening.place)
    value = f"{country}-{place.abbrev}-{place.city}"
    return {"id": int(tenant.spec.customer_id[:2]) * 100 + number, "value": value}


def _listed(prefix: str, label: str) -> Json:
    return node(f"{prefix}{sum(label.encode()) % 900 + 100}", label)


def _overview(opening: Opening) -> str:
    text = "".join(f"<p>{escape(part)}</p>" for part in opening.overview.strip().split("\n"))
    pay = "Vergütung" if opening.language == "de" else "Pay"
    more = "Wir bieten" if opening.language == "de" else "We offer"
    return (
        f"{text}<p><strong>{pay}:</strong> {escape(opening.pay)}</p>"
        f"<p><strong>{more}:</strong> {escape(opening.benefits)}</p>"
    )


def _qualifications(opening: Opening) -> str:
    heads = (
        ("Das bringen Sie mit", "Von Vorteil")
        if opening.language == "de"
        else ("Required", "Preferred")
    )
    lists = (_list(ask.text for ask in asks) for asks in (opening.required, opening.preferred))
    return "".join(f"<h3>{head}</h3>{items}" for head, items in zip(heads, lists, strict=True))


def _list(items: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(item, quote=False)}</li>" for item in items) + "</ul>"


def _people(tenant: Tenant, opening: Opening) -> Json:
    recruiters, managers = tenant.with_role("recruiter"), tenant.with_role("hiring_manager")
    return {
        "recruiter": recruiters[opening.recruiter].link,
        "secondaryrecruiter": recruiters[opening.secondary].link,
        "hiringmanager": managers[opening.manager].link,
    }
