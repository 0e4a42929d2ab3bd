"""What interviewers wrote: several per interview, not always of one mind, not always useful."""

from collections.abc import Iterator
from datetime import timedelta

from core.sandbox.icims.seed import Json, Record
from core.sandbox.icims.world.applications import person_link
from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.phrases import sentence
from core.sandbox.icims.world.population import Candidacy, Population
from core.sandbox.icims.world.stages import INTERVIEW
from core.sandbox.icims.world.tenants import FEEDBACK_FORM, StaffMember

_MOST_FORMS = 8  # ids per application
_FIRST_FORM = 1_000_000


def feedback_records(population: Population, candidacy: Candidacy) -> Iterator[Record]:
    """Write the feedback forms of an application that reached an interview."""
    met = candidacy.reached(INTERVIEW)
    if met is None:
        return
    draw = population.draw("feedback", candidacy.id)
    truth = candidacy.fit + draw.gauss(0, 0.08)
    earlier: Json = {}
    for place, interviewer in enumerate(_panel(population, candidacy, draw)):
        written = met + timedelta(days=draw.between(0, 2))
        at = written.replace(
            hour=min(23, met.hour + draw.between(1, 5)), minute=draw.between(0, 59)
        )
        at = min(at, population.now)
        words = _words(population, candidacy, truth, earlier, draw)
        earlier = words or earlier
        body: Json = {
            "formname": FEEDBACK_FORM,
            "person": person_link(population, candidacy.person),
            "job": {
                "profile": f"/jobs/{candidacy.job.id}",
                "id": candidacy.job.id,
                "value": candidacy.job.opening.title,
            },
            "applicantworkflow": {
                "profile": f"/applicantworkflows/{candidacy.id}",
                "id": candidacy.id,
            },
            "interviewer": interviewer.name,
            "interviewdate": met.date().isoformat(),
            "interviewstage": "Interview 1" if place < 2 else "Interview 2",
            **words,
        }
        id = _FIRST_FORM + candidacy.id * _MOST_FORMS + place
        yield Record(record_type="forms", id=id, body=body, created=at, updated=at)


def _panel(population: Population, candidacy: Candidacy, draw: Draw) -> list[StaffMember]:
    tenant, opening = population.tenant, candidacy.job.opening
    managers = tenant.with_role("hiring_manager")
    others = [m for m in tenant.staff if m is not managers[opening.manager]]
    others = [m for m in others if "hiring_manager" in m.roles or "recruiter" in m.roles]
    return [managers[opening.manager], *draw.some(others, draw.between(1, 3))]


def _words(
    population: Population, candidacy: Candidacy, truth: float, earlier: Json, draw: Draw
) -> Json:
    kind = draw.weighted({"own": 84.0, "empty": 6.0, "copied": 5.0, "contrary": 5.0})
    if kind == "empty":
        return {"rating": 3} if draw.chance(0.5) else {}
    if kind == "copied" and earlier:
        return dict(earlier)
    view = truth + draw.gauss(0, 0.1) if kind != "contrary" else 1.1 - truth
    rating = max(1, min(5, round(1 + 4.4 * (view - 0.1))))
    tone = "high" if rating >= 4 else "middle" if rating == 3 else "low"
    feedback = population.library.feedback
    slots = {"skill": _skills(population, candidacy)}
    comments = draw.some(feedback["comments"][tone], draw.between(2, 3))
    comments += draw.some(feedback["comments"]["middle"], 1 if tone != "middle" else 0)
    if draw.chance(0.03):
        comments.append(draw.pick(feedback["comments"]["off_topic"]))
    scores = (max(1, min(5, rating + draw.between(-1, 1))) for _ in feedback["competencies"])
    rated = zip(feedback["competencies"], scores, strict=True)
    return {
        "rating": rating,
        "recommendation": feedback["recommendations"][rating - 1],
        "competencies": "; ".join(f"{name}: {score}" for name, score in rated),
        "comments": " ".join(sentence(comment, slots, draw) for comment in comments),
        "summary": sentence(draw.pick(feedback["summary"][tone]), slots, draw),
    }


def _skills(population: Population, candidacy: Candidacy) -> tuple[str, ...]:
    opening = candidacy.job.opening
    abilities = population.library.occupations[opening.occupation].abilities
    asked = (ask.ability for ask in (*opening.required, *opening.preferred) if ask.ability)
    return tuple(abilities[key].skill[""] for key in asked)
