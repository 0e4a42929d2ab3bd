"""Applications as iCIMS shows them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from core.sandbox.icims.seed import Json, Record
from core.sandbox.icims.world.population import Candidacy, Population
from core.sandbox.icims.world.profiles import SOURCES
from core.sandbox.icims.world.stages import INTERVIEW, NEW, OFFER
from core.sandbox.icims.world.tenants import StaffMember, node

MOMENT = "%Y-%m-%d %I:%M %p"
_NOTICE_MISSING = 97  # one application in so many never recorded which privacy notice was shown


def application_record(population: Population, candidacy: Candidacy) -> Record:
    """Write an application in its wire shape, with its status log, oldest first."""
    tenant, job = population.tenant, candidacy.job
    draw = population.draw("source", candidacy.id)
    created, updated = candidacy.moves[0].at, candidacy.moves[-1].at
    if draw.chance(0.12):  # somebody corrected something later
        updated = min(updated + timedelta(hours=draw.between(5, 150)), population.now)
    source = draw.pick(tuple(SOURCES))
    body: Json = {
        "baseprofile": {"profile": f"/jobs/{job.id}", "id": job.id, "value": job.opening.title},
        "associatedprofile": person_link(population, candidacy.person),
        "status": tenant.status(candidacy.status),
        "source": node(SOURCES[source], source),
    }
    body |= _custom(population, candidacy, created)
    log = tuple(_log(population, candidacy))
    return Record(
        record_type="applicantworkflows",
        id=candidacy.id,
        body=body,
        created=created,
        updated=updated,
        status_log=log,
    )


def person_link(population: Population, person: int) -> Json:
    """Write a link to a person; a merged record's name says where it went."""
    id, kept = population.id_of(person), population.merged_into(person)
    name = population.identity(person).name if kept is None else f"Merged with {kept}"
    return {"profile": f"/people/{id}", "id": id, "value": name}


def recruiter_of(population: Population, candidacy: Candidacy) -> StaffMember:
    """Say which recruiter runs the application's job."""
    return population.tenant.with_role("recruiter")[candidacy.job.opening.recruiter]


def has_report(population: Population, candidacy: Candidacy) -> bool:
    """Say whether a background report was ordered: with an offer, mostly."""
    offered = candidacy.reached(OFFER) is not None
    return offered and population.draw("report", candidacy.id).chance(0.85)


def _custom(population: Population, candidacy: Candidacy, created: datetime) -> Json:
    ids = population.tenant.field_ids
    body: Json = {}
    if candidacy.id % _NOTICE_MISSING:
        body[ids["privacy_notice"]] = f"Candidate notice {created.year}.{1 + created.month // 7}"
    interview = candidacy.reached(INTERVIEW)
    if interview is not None:
        body[ids["interview_date"]] = interview.date().isoformat()
    if has_report(population, candidacy):
        report = ids["background_report"]
        address = f"/applicantworkflows/{candidacy.id}/fields/{report}/binary"
        body[report] = {"filename": f"background-report-{candidacy.id}.pdf", "file": address}
    return body


def _log(population: Population, candidacy: Candidacy) -> Iterator[Json]:
    recruiter = recruiter_of(population, candidacy).link
    for move in candidacy.moves:
        by = person_link(population, candidacy.person) if move.status == NEW else recruiter
        status = population.tenant.status(move.status)
        yield {"status": status, "updatedDate": move.at.strftime(MOMENT), "updatedBy": by}
