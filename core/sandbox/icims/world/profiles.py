"""People as their iCIMS profiles show them: like the resume, but typed in a hurry."""

from datetime import datetime

from core.sandbox.icims.seed import Json, Record
from core.sandbox.icims.world.careers import Life, Position, Schooling
from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.duties import general_duties
from core.sandbox.icims.world.library import Library
from core.sandbox.icims.world.people import Identity
from core.sandbox.icims.world.phrases import sentence
from core.sandbox.icims.world.tenants import StaffMember, Tenant, node

SOURCES = {
    "Career Site": "D16001",
    "Indeed": "C16010",
    "LinkedIn": "C16011",
    "Employee Referral": "D16004",
    "Job Fair": "C16013",
    "Recruiter Search": "D16006",
}
_FOLDER = ("D10001", "Active")


def profile_body(
    library: Library, tenant: Tenant, id: int, life: Life, resume_name: str, draw: Draw
) -> Json:
    """Write a person's profile in its wire shape; one in five left something out."""
    who = life.who
    source = draw.pick(tuple(SOURCES))
    body: Json = {
        "firstname": who.first,
        "lastname": who.last,
        "email": who.email,
        "phones": [_phone(who)],
        "addresses": [_address(library, who)],
        "folder": node(*_FOLDER),
        "source": node(SOURCES[source], source),
        "workexperience": _work(library, life, draw),
        "education": [_education(n, s) for n, s in enumerate(life.career.schooling[:1], 1)],
        "skillset": _skills(library, life, draw),
        "licensecertification": _licences(library, life, draw),
        "resume": {"filename": resume_name, "file": f"/people/{id}/fields/resume/binary"},
    }
    answer = draw.weighted({"stated": 8.0, "Prefer not to say": 1.0, "": 1.0})
    if answer:
        label = answer if answer != "stated" else "Female" if who.female else "Male"
        nodes = {"Female": "C8101", "Male": "C8102", "Prefer not to say": "C8103"}
        body[tenant.field_ids["eeo_gender"]] = node(nodes[label], label)
    if draw.chance(0.2):
        body.pop(draw.pick(("phones", "addresses", "education", "skillset", "workexperience")))
    return {name: value for name, value in body.items() if value}


def merged_body(kept: int) -> Json:
    """Write a duplicate that was merged into person ``kept``."""
    return {"firstname": f"Merged with {kept}", "folder": node("D10009", "Merged")}


def staff_record(member: StaffMember, since: datetime) -> Record:
    """Write a member of staff as the person record that jobs link to."""
    first, last = member.name.split(" ", 1)
    body: Json = {
        "firstname": first,
        "lastname": last,
        "email": member.email,
        "folder": node("D10020", "Employee"),
    }
    return Record(record_type="people", id=member.id, body=body, created=since, updated=since)


def _phone(who: Identity) -> Json:
    return {"entry": 1, "phonetype": node("D14001", "Mobile"), "phonenumber": who.phone}


def _address(library: Library, who: Identity) -> Json:
    country = library.countries[who.country]
    return {
        "entry": 1,
        "addressstreet1": who.street,
        "addresscity": who.town,
        "addresszip": who.postcode,
        "addressstate": {
            "id": f"D41{sum(who.region.encode()) % 900 + 100}",
            "value": who.region,
            "abbrev": who.abbrev,
        },
        "addresscountry": {
            "id": f"D42{sum(who.country.encode())}",
            "value": country["name"],
            "abbrev": country["abbrev"],
        },
    }


def _work(library: Library, life: Life, draw: Draw) -> list[Json]:
    positions = life.career.positions
    if len(positions) > 2 and draw.chance(0.3):
        positions = positions[:-1]  # the oldest job is often left out
    return [_job(library, n, p, life, draw) for n, p in enumerate(positions, 1)]


def _job(library: Library, entry: int, position: Position, life: Life, draw: Draw) -> Json:
    slip = draw.pick((-2, -1, 1, 2)) if draw.chance(0.1) else 0
    start = position.start + (
        slip if position.end is None or position.end - position.start > 4 else 0
    )
    job: Json = {
        "entry": entry,
        "workemployer": position.employer,
        "worktitle": position.title,
        "workstartdate": _day(min(start, position.start) if position.end is None else start),
        "workcity": position.city.split(",")[0],
    }
    if position.end is not None:
        job["workenddate"] = _day(position.end)
    if draw.chance(0.45):
        occupation = library.occupations[position.occupation]
        language = "de" if life.career.german else ""
        duties = general_duties(occupation, position.track, language)
        job["workdescription"] = sentence(draw.pick(duties), occupation.slots, draw)
    return job


def _education(entry: int, schooling: Schooling) -> Json:
    return {
        "entry": entry,
        "school": {
            "id": f"C71{sum(schooling.school.encode()) % 900 + 100}",
            "value": schooling.school,
        },
        "major": {
            "id": f"C72{sum(schooling.major.encode()) % 900 + 100}",
            "value": schooling.major,
        },
        "degree": {
            "id": f"C73{sum(schooling.degree.encode()) % 900 + 100}",
            "value": schooling.degree,
        },
        "graduationdate": _day(schooling.end),
    }


def _skills(library: Library, life: Life, draw: Draw) -> list[Json]:
    occupation = library.occupations[life.merit.occupation]
    named = [occupation.abilities[key].skill[""] for key in sorted(life.merit.abilities)]
    named = [skill for skill in named if draw.chance(0.6)]
    named += draw.some(occupation.skills[""], draw.between(1, 4))
    levels = ("Beginner", "Intermediate", "Expert")
    return [
        {"entry": n, "skill": skill, "skilllevel": draw.pick(levels)}
        for n, skill in enumerate(named, 1)
    ]


def _licences(library: Library, life: Life, draw: Draw) -> list[Json]:
    occupation = library.occupations[life.merit.occupation]
    found: list[Json] = []
    for key in sorted(life.merit.abilities):
        ability = occupation.abilities[key]
        name = ability.certificate.get(life.who.country) or ability.certificate[""]
        if name and draw.chance(0.7):
            licence: Json = {
                "entry": len(found) + 1,
                "licensetype": name.format(state=life.who.region),
                "stateissued": life.who.region,
            }
            if ability.licence:
                licence["licensenumber"] = f"{life.who.abbrev}{draw.between(100_000, 999_999)}"
            found.append(licence)
    return found


def _day(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}-01"
