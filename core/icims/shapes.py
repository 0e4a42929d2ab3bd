"""From iCIMS's JSON to the records of the domain, and which fields to ask for.

Only what screening needs is requested. Gender, race, birth date, photo, marital status and the
like are never in a list here, and since only named keys are read, they are dropped if they come.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from core.domain.ids import ApplicationId, PersonId, RequisitionId, TenantId
from core.domain.records import (
    Application,
    AssessmentEntry,
    Candidate,
    EducationEntry,
    FileRef,
    Location,
    PersonLink,
    Requisition,
    WorkEntry,
)
from core.errors import NotFound
from core.icims import values
from core.icims.field_map import FieldMap, RecordType
from core.icims.html_text import plain_text

JOB_FIELDS = (
    *("jobtitle", "folder", "joblocation", "positioncategory", "positiontype", "department"),
    *("numberofpositions", "overview", "responsibilities", "qualifications"),
    *("recruiter", "secondaryrecruiter", "hiringmanager", "updateddate"),
)
PERSON_FIELDS = (
    *("firstname", "middlename", "lastname", "email", "phones", "addresses", "resume"),
    *("workexperience", "education", "skillset", "licensecertification", "updateddate"),
)
APPLICATION_FIELDS = (
    *("baseprofile", "associatedprofile", "status", "source", "sourcename"),
    "updateddate",
)
ASSESSMENTS = "assessmentresults"
_MERGED = re.compile(r"\s*merged with\s+(\d+)\s*", re.IGNORECASE)
_CUSTOMER_PATH = re.compile(r"^.*?/customers/\d+/")

Json = Mapping[str, Any]


def requisition(
    tenant: TenantId, id: RequisitionId, body: Json, open_folders: Collection[str] = ()
) -> Requisition:
    """Read a job; without a list of open folders every job counts as open."""
    folder = values.node(body.get("folder"))
    return Requisition(
        id=id,
        tenant=tenant,
        title=values.text(body.get("jobtitle")),
        folder=folder,
        is_open=not open_folders or folder.id in open_folders,
        location=_job_location(body.get("joblocation")),
        category=values.text(body.get("positioncategory")),
        position_type=values.text(body.get("positiontype")),
        department=values.text(body.get("department")),
        openings=values.whole(body.get("numberofpositions")),
        overview=plain_text(values.text(body.get("overview"))),
        responsibilities=plain_text(values.text(body.get("responsibilities"))),
        qualifications=plain_text(values.text(body.get("qualifications"))),
        recruiter=_person_link(body.get("recruiter")),
        secondary_recruiter=_person_link(body.get("secondaryrecruiter")),
        hiring_manager=_person_link(body.get("hiringmanager")),
        updated_at=values.moment(body.get("updateddate")),
    )


def candidate(tenant: TenantId, id: PersonId, body: Json) -> Candidate:
    """Read a person."""
    addresses = values.entries(body.get("addresses"))
    first = values.text(body.get("firstname"))
    merged = _MERGED.fullmatch(first)
    return Candidate(
        id=id,
        tenant=tenant,
        first_name=first,
        middle_name=values.text(body.get("middlename")),
        last_name=values.text(body.get("lastname")),
        email=values.text(body.get("email")),
        phones=_filled(
            values.text(p.get("phonenumber")) for p in values.entries(body.get("phones"))
        ),
        addresses=_filled(_address(entry) for entry in addresses),
        location=_location(addresses[0]) if addresses else Location(),
        resume=_file(body.get("resume")),
        work=tuple(_work(entry) for entry in values.entries(body.get("workexperience"))),
        education=tuple(_education(entry) for entry in values.entries(body.get("education"))),
        skills=_column(body.get("skillset"), "skill"),
        licences=_column(body.get("licensecertification"), "licensetype"),
        merged_into=PersonId(merged[1]) if merged else None,
        updated_at=values.moment(body.get("updateddate")),
    )


def application(
    tenant: TenantId,
    id: ApplicationId,
    body: Json,
    field_map: FieldMap,
    hidden: Collection[str],
) -> Application:
    """Read an application; ``hidden`` are the JSON ids missing from the schema we are shown.

    Raises ``NotFound`` when its job or its person is hidden: it is of no use then.
    """
    job = values.link_id(body.get("baseprofile"))
    person = values.link_id(body.get("associatedprofile"))
    if not job or not person:
        raise NotFound(f"application {id} has no job or person that the integration user may see")
    return Application(
        id=id,
        tenant=tenant,
        requisition_id=RequisitionId(job),
        person_id=PersonId(person),
        stage=values.node(body.get("status")),
        source=values.text(body.get("sourcename")) or values.text(body.get("source")),
        updated_at=values.moment(body.get("updateddate")),
        fields={
            field.logical: values.field_value(field, body, denied=field.json_id in hidden)
            for field in field_map.of(RecordType.APPLICATIONS)
        },
        assessment_results=tuple(
            found
            for entry in values.entries(body.get(ASSESSMENTS))
            if (found := _assessment(id, entry, field_map)) is not None
        ),
    )


def status_log(body: Json) -> list[Json]:
    """Read an application's status history; the collection's name is not documented."""
    lists = [value for name, value in body.items() if name != "links" and isinstance(value, list)]
    return [entry for found in lists for entry in values.entries(found)]


def api_path(address: str) -> str:
    """Cut an address of the API down to the path below the customer.

    Only the path is ever used, so a foreign host in an answer cannot draw requests to itself.
    """
    return _CUSTOMER_PATH.sub("", urlsplit(address).path).lstrip("/")


def entry_path(id: ApplicationId, entry: object) -> str:
    """The path below the customer of an entry of the assessment results."""
    return f"{RecordType.APPLICATIONS}/{id}/fields/{ASSESSMENTS}/{entry}"


def _assessment(id: ApplicationId, entry: Json, field_map: FieldMap) -> AssessmentEntry | None:
    on = values.day(entry.get("assessmentdate"))
    if on is None:
        return None
    name = values.node(entry.get("assessmentname"))
    ours = (label for label, node in field_map.assessment_names.items() if node == name.id)
    return AssessmentEntry(
        name=next(ours, name.label),
        on=on,
        score=values.number(entry.get("assessmentscore")),
        result=values.text(entry.get("assessmentresult")),
        notes=values.text(entry.get("assessmentnotes")),
        url=values.text(entry.get("assessmenturl")),
        path=entry_path(id, entry["entry"]) if "entry" in entry else "",
    )


def _person_link(value: object) -> PersonLink | None:
    id = values.link_id(value)
    return PersonLink(PersonId(id), values.text(value)) if id else None


def _job_location(value: object) -> Location:
    """Read a location record, or the name of one: ``US-NY-New York``."""
    if isinstance(value, Mapping) and any(key.startswith("address") for key in value):
        return _location(value)
    country, _, rest = values.text(value).partition("-")
    region, _, city = rest.partition("-")
    return Location(city=city, region=region, country=country)


def _location(address: Json) -> Location:
    return Location(
        city=values.text(address.get("addresscity")),
        region=_short(address.get("addressstate")),
        country=_short(address.get("addresscountry")),
    )


def _short(value: object) -> str:
    """Read a country or state by its abbreviation where there is one."""
    short = value.get("abbrev") if isinstance(value, Mapping) else None
    return values.text(short) or values.text(value)


def _address(address: Json) -> str:
    place = _location(address)
    parts = (
        values.text(address.get("addressstreet1")),
        values.text(address.get("addressstreet2")),
        place.city,
        " ".join(_filled((place.region, values.text(address.get("addresszip"))))),
        place.country,
    )
    return ", ".join(part for part in parts if part)


def _file(value: object) -> FileRef | None:
    if not isinstance(value, Mapping) or not isinstance(value.get("file"), str):
        return None
    return FileRef(name=values.text(value.get("filename")), path=api_path(value["file"]))


def _work(entry: Json) -> WorkEntry:
    return WorkEntry(
        employer=values.text(entry.get("workemployer")),
        title=values.text(entry.get("worktitle")),
        start=values.day(entry.get("workstartdate")),
        end=values.day(entry.get("workenddate")),
        description=plain_text(values.text(entry.get("workdescription"))),
    )


def _education(entry: Json) -> EducationEntry:
    return EducationEntry(
        school=values.text(entry.get("school")),
        major=values.text(entry.get("major")),
        degree=values.text(entry.get("degree")),
        graduated=values.day(entry.get("graduationdate")),
    )


def _column(collection: object, key: str) -> tuple[str, ...]:
    return _filled(values.text(entry.get(key)) for entry in values.entries(collection))


def _filled(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for text in texts if text)
