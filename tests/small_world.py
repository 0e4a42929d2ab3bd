"""Two tiny iCIMS customers, written by hand, with every peculiarity the client must survive.

Customer 4711 numbers and names its fields in one way, 4712 in another. Job 101 of 4711 has 1,050
applications (ids 5000 to 6049, persons 1000 to 2049 in turn).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.sandbox.icims.seed import CustomField, Json, Record, StoredFile, TenantSpec

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BIG_JOB, SMALL_JOB, CLOSED_JOB = 101, 102, 103
BIG_JOB_APPLICATIONS = 1_050
RECRUITER, SECOND_RECRUITER, HIRING_MANAGER = 901, 902, 903
ANNA, MERGED, KEPT, HIDDEN, INCOMPLETE = 2101, 2102, 2103, 2104, 2105
ANNA_APPLICATION = 7001
MERGED_APPLICATION, HIDDEN_APPLICATION, INCOMPLETE_APPLICATION = 7002, 7003, 7004
RESUME = b"Anna Berg\nWarehouse lead since 2019 at Nordlager. Forklift licence class B.\n"

_LOGICAL: tuple[tuple[str, str, dict[str, int]], ...] = (
    ("ai_match_score", "number", {}),
    ("ai_skills_json", "text", {}),
    ("ai_reasoning", "text", {}),
    ("tags", "multilist", {"High_Match": 1, "Needs_Review": 2}),
    ("private_note", "text", {}),
)
_STATUSES = ("New", "Reviewed", "Phone screen", "Interview", "Offer", "Hired", "Talent pool")


@dataclass(frozen=True, slots=True)
class Numbering:
    """How one customer numbers its fields and list nodes."""

    field: int
    search: int
    node: int


_NUMBERINGS = {"4711": Numbering(19001, 301, 51000), "4712": Numbering(34220, 77, 90400)}


def _tenant(customer: str, name: str, **peculiarities: Any) -> TenantSpec:
    numbering = _NUMBERINGS[customer]
    fields = tuple(
        CustomField(
            logical=logical,
            record_type="applicantworkflows",
            json_id=f"field{numbering.field + 3 * place}",
            search_number=numbering.search + place,
            kind=kind,
            nodes={label: f"C{numbering.node + offset}" for label, offset in nodes.items()},
        )
        for place, (logical, kind, nodes) in enumerate(_LOGICAL)
    )
    return TenantSpec(
        customer_id=customer,
        name=name,
        client_id=f"client-{customer}",
        client_secret=f"secret-{customer}",
        basic_user=f"api{customer}",
        basic_password=f"password-{customer}",
        hmac_user=f"signer{customer}",
        hmac_key=f"key-{customer}",
        custom_fields=fields + peculiarities.pop("more_fields", ()),
        statuses={s: f"C{numbering.node - 100 + i}" for i, s in enumerate(_STATUSES)},
        assessment_names={"Recruiter copilot": f"C{numbering.node + 500}"},
        open_folders=frozenset({"D31001"}),
        forms={"Interview feedback": {"rating": "number", "comments": "text"}},
        **peculiarities,
    )


_COST_CENTRE = CustomField(
    logical="cost_centre",
    record_type="applicantworkflows",
    json_id="field19900",
    search_number=388,
    kind="text",
    required=True,
)
_SALARY = CustomField(
    logical="salary_expectation",
    record_type="people",
    json_id="field20001",
    search_number=12,
    kind="number",
)
NORTH = _tenant(
    "4711",
    "Northwind Staffing",
    more_fields=(_COST_CENTRE, _SALARY),
    hidden_fields={"people": frozenset({"field20001"})},
    required_fields={"people": frozenset({"lastname"})},
    hidden_records=frozenset({("people", HIDDEN)}),
)
SOUTH = _tenant("4712", "Southbank Care")


def field_map(customer: str) -> Json:
    """Give the customer's field map, as in ``data/demo/field_map_<customer>.json``."""
    tenant = {"4711": NORTH, "4712": SOUTH}[customer]
    names = {logical for logical, _, _ in _LOGICAL}
    fields: Json = {}
    for field in tenant.custom_fields:
        if field.logical in names:
            entry: Json = {"record": field.record_type, "json_id": field.json_id}
            entry |= {"search_number": field.search_number, "kind": field.kind}
            fields[field.logical] = entry | ({"nodes": dict(field.nodes)} if field.nodes else {})
    return {
        "customer_id": customer,
        "fields": fields,
        "assessment_names": dict(tenant.assessment_names),
        "statuses": dict(tenant.statuses),
        "open_folders": sorted(tenant.open_folders),
    }


class SmallWorld:
    """The world that tests of the iCIMS sandbox and client share."""

    @property
    def tenants(self) -> Sequence[TenantSpec]:
        """Customers 4711 and 4712."""
        return (NORTH, SOUTH)

    def records(self, customer_id: str) -> Iterator[Record]:
        """Give every record of a customer."""
        if customer_id == "4711":
            yield from _north()
        else:
            yield _job(SMALL_JOB, "Care assistant", "D31001")
            yield _person(ANNA, "Nadia", "Khan")
            yield _application(SOUTH, ANNA_APPLICATION, SMALL_JOB, ANNA)

    def file(self, customer_id: str, record_type: str, id: int, name: str) -> StoredFile | None:
        """Give Anna's resume; the others' names lead nowhere."""
        if (customer_id, record_type, id, name) == ("4711", "people", ANNA, "resume"):
            return StoredFile("anna.txt", "text/plain", RESUME)
        if (record_type, name) == ("offers", "unsigned"):
            return StoredFile("offer.pdf", "application/pdf", b"%PDF-1.4 an offer")
        return None


def _north() -> Iterator[Record]:
    yield _job(BIG_JOB, "Store associate", "D31001")
    yield _job(SMALL_JOB, "Warehouse lead", "D31001")
    yield _job(CLOSED_JOB, "Payroll clerk", "D31009")
    for number in range(BIG_JOB_APPLICATIONS):
        yield _person(1000 + number, f"First{number}", f"Last{number}")
    resume = {"filename": "anna.txt", "file": f"/people/{ANNA}/fields/resume/binary"}
    school: Json = {"entry": 1, "school": "KTH", "degree": {"id": "D500", "value": "BSc"}}
    more: Json = {"resume": resume, "education": [school], "field20001": 52_000, "middlename": ""}
    yield _person(ANNA, "Anna", "Berg", **more)
    yield _person(MERGED, f"Merged with {KEPT}", "")
    yield _person(KEPT, "Kofi", "Mensah")
    yield _person(HIDDEN, "Hidden", "Person")
    yield _person(INCOMPLETE, "Ines", "")
    for number in range(BIG_JOB_APPLICATIONS):
        yield _application(NORTH, 5000 + number, BIG_JOB, 1000 + number, number)
    yield _application(NORTH, ANNA_APPLICATION, SMALL_JOB, ANNA)
    yield _application(NORTH, MERGED_APPLICATION, SMALL_JOB, MERGED)
    yield _application(NORTH, HIDDEN_APPLICATION, SMALL_JOB, HIDDEN)
    yield _application(NORTH, INCOMPLETE_APPLICATION, SMALL_JOB, KEPT, field19900="")
    yield _record(
        "forms",
        8001,
        formname="Interview feedback",
        person=_link("people", ANNA, "Anna Berg"),
        job=_link("jobs", SMALL_JOB, "Warehouse lead"),
        applicantworkflow={"id": ANNA_APPLICATION},
        rating=4,
        comments="Explained how she reorganised the night shift.",
    )
    yield _record(
        "offers",
        8501,
        applicantworkflow=_link("applicantworkflows", ANNA_APPLICATION, "Anna Berg"),
        status="Draft",
    )


def _job(id: int, title: str, folder: str) -> Record:
    return _record(
        "jobs",
        id,
        jobtitle=title,
        jobid=f"2026-{id}",
        folder=_node(folder, "Approved" if folder == "D31001" else "Closed (Filled)"),
        joblocation={"id": 40 + id, "value": "US-NY-New York"},
        overview=f"<p>We look for a <b>{title.lower()}</b>.</p>",
        qualifications="<ul><li>Forklift licence</li><li>2 years in a warehouse</li></ul>",
        numberofpositions=2,
        recruiter=_link("people", RECRUITER, "Rosa Recruiter"),
        secondaryrecruiter=_link("people", SECOND_RECRUITER, "Sam Second"),
        hiringmanager=_link("people", HIRING_MANAGER, "Hana Manager"),
    )


def _person(id: int, first: str, last: str, **more: Any) -> Record:
    email = f"{first}.{last}@example.com".lower().replace(" ", "")
    phones = [{"entry": 1, "phonenumber": f"+1 212 555 {id:04d}"}]
    body: Json = {"firstname": first, "lastname": last, "email": email, "phones": phones}
    return _record("people", id, folder=_node("D10", "Active"), **body, **more)


def _application(
    tenant: TenantSpec, id: int, job: int, person: int, minutes: int = 0, **more: Any
) -> Record:
    label = "New"
    status = _node(tenant.statuses[label], label)
    if tenant is NORTH:
        more = {"field19900": "CC-7", **more}
    return _record(
        "applicantworkflows",
        id,
        minutes,
        ({"status": status, "updatedDate": "2026-03-02 09:00 AM", "updatedBy": {"id": 1}},),
        baseprofile=_link("jobs", job, "A job"),
        associatedprofile=_link("people", person, "A person"),
        status=status,
        sourcename="Careers site",
        **more,
    )


def _record(
    record_type: str, id: int, minutes: int = 0, log: tuple[Json, ...] = (), **body: Any
) -> Record:
    at = START + timedelta(minutes=minutes)
    return Record(
        record_type=record_type, id=id, body=body, created=START, updated=at, status_log=log
    )


def _node(id: str, label: str) -> Json:
    return {"id": id, "value": label, "formattedvalue": label}


def _link(record_type: str, id: int, title: str) -> Json:
    return {"profile": f"/{record_type}/{id}", "id": id, "value": title}
