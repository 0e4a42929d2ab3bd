"""A store filled for measuring screens: jobs of any size, everybody scored, most with a proposal.

    python -m bench.seeded FOLDER [APPLICATIONS …]

Everything goes through the real unit of work, so a measurement reads what production reads. The
people and their resumes are made up; forty resumes are shared by all of them.
"""

import hashlib
import random
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.bootstrap import App
from core.domain.actor import Role, service_actor
from core.domain.assessment import (
    Assessment,
    FreezeKey,
    Standing,
    Verdict,
    locate,
    score_of,
)
from core.domain.audit import about, fact_by
from core.domain.criteria import Criteria, CriteriaStatus, Criterion, CriterionKind, Importance
from core.domain.document import ExtractedDocument, Page, ParsedResume, Span
from core.domain.ids import (
    ApplicationId,
    CriterionId,
    DocumentHash,
    PersonId,
    ProposalId,
    RequisitionId,
    TenantId,
    UserId,
)
from core.domain.records import (
    Application,
    Candidate,
    ListNode,
    Location,
    PersonLink,
    Requisition,
)
from core.flow.parse import parse
from core.flow.propose import Terms, propose
from core.flow.pseudonymise import Policy, Pseudonymised, pseudonymise
from core.ports import Account, UnitOfWork
from core.services.accounts.passwords import hash_password
from core.services.keeping import applications_cursor
from core.settings import Settings

SIZES = (200, 1_200, 5_000)
USERNAME, PASSWORD = "rosa", "a password for measuring"
_TENANT = TenantId("4711")
_ROSA = PersonLink(PersonId("101"), "Rosa Field")
_BATCH = 500
_RESUMES = 40

_ASKED = {
    "Forklift licence": "Held a forklift licence for counterbalance and reach trucks throughout.",
    "Team leadership": "Led a team of twelve pickers and packers over two shifts.",
    "Stock control": "Ran stock control for 40,000 items with an accuracy above 99 per cent.",
    "SAP": "Booked every movement in SAP and taught new colleagues to use it.",
    "Safety": "Held the weekly safety briefing and cut accidents by a third.",
    "Night shifts": "Worked rotating night shifts for three years without a break in cover.",
    "English": "Spoke fluent English with carriers and suppliers every day.",
    "Budgeting": "Planned a yearly budget of 1.2 million and reported against it.",
    "Excel": "Built the Excel report that the site still opens every morning.",
    "Customer service": "Answered claims with courtesy; customer service rated the desk first.",
}
_OTHER = (
    "Loaded and unloaded up to thirty trailers a day with two colleagues.",
    "Moved the returns desk next to the dock, which saved an hour every shift.",
    "Checked deliveries against orders and settled differences with the carrier.",
    "Kept aisles clear and machines charged, and wrote down every fault.",
    "Trained nine starters, seven of whom stayed longer than a year.",
    "Took part in the move to a new hall of 18,000 square metres.",
)
_FIRST = "Ada Ben Cleo Dan Eva Finn Gina Hugo Ines Jon Kim Lea Max Nora Omar Pia"
_LAST = "Adler Bell Cole Dorn Ekdal Frost Gray Holm Ives Jung Kern Lund Moor Nash"


@dataclass(frozen=True, slots=True)
class Reading:
    """A resume with all that is known about it before anybody applies with it."""

    content: bytes
    parsed: ParsedResume
    hidden: Pseudonymised
    verdicts: tuple[Verdict, ...]


def environment(folder: Path) -> dict[str, str]:
    """Give the settings of a process that shows the store in ``folder``; iCIMS is not asked."""
    return {
        "COPILOT_DATABASE_URL": f"sqlite:///{folder / 'seeded.db'}",
        "COPILOT_SECRET_KEY": "a secret for measuring, and only for that",
        "COPILOT_ICIMS_CUSTOMER_ID": _TENANT,
        "COPILOT_ICIMS_CLIENT_ID": "nobody",
        "COPILOT_ICIMS_CLIENT_SECRET": "nothing",
        "COPILOT_ICIMS_FIELD_MAP": "data/demo/field_map_4711.json",
        "COPILOT_LOG_LEVEL": "WARNING",
    }


def seed(folder: Path, sizes: Sequence[int] = SIZES) -> Mapping[int, RequisitionId]:
    """Make the store in ``folder``; return the requisition of each size."""
    now = datetime.now(UTC).replace(microsecond=0)
    names = {name.removeprefix("COPILOT_").lower(): v for name, v in environment(folder).items()}
    app = App(Settings.model_validate(names))
    app.prepare()
    jobs = {size: RequisitionId(f"{90_000 + place}") for place, size in enumerate(sizes)}
    readings = tuple(_reading(random.Random(n)) for n in range(_RESUMES))
    with app.store.unit_of_work() as uow:
        uow.accounts.put(_account())
        uow.commit()
    for size, job in jobs.items():
        _fill(app, job, size, readings, now)
    app.close()
    return jobs


def _fill(
    app: App, job: RequisitionId, size: int, readings: Sequence[Reading], now: datetime
) -> None:
    criteria = _criteria(job, now)
    with app.store.unit_of_work() as uow:
        uow.requisitions.put(_requisition(job, size, now), now)
        uow.requisitions.set_cursor(applications_cursor(job), now)
        uow.criteria.put(criteria)
        uow.commit()
    for start in range(0, size, _BATCH):
        with app.store.unit_of_work() as uow:
            for n in range(start, min(start + _BATCH, size)):
                applied = _application(job, n, now)
                _apply(uow, applied, readings[n % len(readings)], n, now)
                _assess(uow, applied, readings[n % len(readings)], criteria, app)
            uow.commit()


def _apply(uow: UnitOfWork, applied: Application, r: Reading, n: int, now: datetime) -> None:
    """Keep an application with its person and everything read from the resume."""
    person = applied.person_id
    uow.applications.put(applied, now)
    uow.applications.put_candidate(_candidate(person, n, now), now)
    document = uow.documents.put_file(person, "resume.txt", r.content, now)
    uow.documents.put_parsed(person, r.parsed)
    uow.documents.put_pseudonymised(person, document, r.hidden.text, r.hidden.identities)
    uow.applications.set_resume(applied.id, document)


def _assess(
    uow: UnitOfWork, applied: Application, r: Reading, criteria: Criteria, app: App
) -> None:
    """Keep the assessment and, for four of five, the proposal that follows from it."""
    judged = _assessment(applied, r, criteria)
    uow.assessments.put(judged)
    doer = service_actor("screening", _TENANT)
    now = applied.updated_at or criteria.created_at
    subject = about(applied.id)
    uow.audit.append(fact_by(doer, now, "application.assessed", subject, id=judged.key.id))
    terms = Terms(
        id=ProposalId(f"proposal-{applied.id}"),
        made_by=doer,
        now=criteria.created_at,
        valid_for=timedelta(days=7),
        available=frozenset(app.field_map.fields),
        thresholds=app.thresholds,
    )
    made = propose(judged, criteria, applied, terms)
    if made is not None and int(applied.id) % 5:
        uow.proposals.put(made)


def _assessment(applied: Application, r: Reading, criteria: Criteria) -> Assessment:
    score = score_of(criteria.criteria, r.verdicts, r.parsed.health.score)
    return Assessment(
        tenant=_TENANT,
        application_id=applied.id,
        key=FreezeKey(r.parsed.document.sha256, criteria.hash, "seeded/1"),
        criteria_version=criteria.version,
        verdicts=r.verdicts,
        score=score,
        confidence=0.8,
        parse_health=r.parsed.health.score,
        bullets=tuple(f"{label}: shown in the resume." for label in list(_ASKED)[:3]),
        questions=("How many people did you lead, and for how long?",),
        ungraded="" if score else "Nothing in the document could be judged.",
        made_at=criteria.created_at,
    )


def _reading(draw: random.Random) -> Reading:
    shown = [text for text in _ASKED.values() if draw.random() < 0.7]
    text = _resume(draw, shown)
    content = text.encode()
    extracted = ExtractedDocument(
        sha256=DocumentHash(hashlib.sha256(content).hexdigest()),
        name="resume.txt",
        media_type="text/plain",
        text=text,
        pages=(Page(1, Span(0, len(text))),),
    )
    parsed = parse(extracted)
    hidden = pseudonymise(parsed, (), Policy())
    verdicts = tuple(_verdict(draw, label, hidden) for label in _ASKED)
    return Reading(content, parsed, hidden, verdicts)


def _resume(draw: random.Random, shown: Sequence[str]) -> str:
    lines = [*shown, *_OTHER * 3]
    draw.shuffle(lines)
    parts = ["Summary", "Warehouse professional with ten years of practice.", "", "Experience"]
    for n, (title, years) in enumerate(
        (("Shift lead", "2021 - 2025"), ("Stock clerk", "2018 - 2021"), ("Picker", "2014 - 2018"))
    ):
        parts += [f"{title}, Warehouse {n + 1}, {years}"]
        parts += [f"- {line}" for line in lines[n::3]]
    return "\n".join([*parts, "", "Education", "Vocational training in logistics, 2014", ""])


def _verdict(draw: random.Random, label: str, hidden: Pseudonymised) -> Verdict:
    id = _criterion_id(label)
    found = locate(hidden.text, _ASKED[label])
    if found is None:
        unknown = draw.random() < 0.2
        return Verdict(
            criterion_id=id,
            standing=Standing.NO_DATA if unknown else Standing.NOT_SHOWN,
            credit=None if unknown else 0.0,
            reason=f"The resume does not mention {label.lower()}.",
        )
    credit = draw.choice((0.5, 1.0, 1.0, 1.0))
    return Verdict(
        criterion_id=id,
        standing=Standing.MET if credit == 1 else Standing.PARTLY,
        credit=credit,
        evidence=(found,),
        reason=f"The resume shows {label.lower()}.",
    )


def _criteria(job: RequisitionId, now: datetime) -> Criteria:
    return Criteria(
        tenant=_TENANT,
        requisition_id=job,
        version=1,
        criteria=tuple(
            Criterion(
                id=_criterion_id(label),
                label=label,
                kind=CriterionKind.SKILL,
                importance=Importance.REQUIRED if place < 4 else Importance.PREFERRED,
                weight=3 if place < 4 else 1,
                terms=(label.casefold(),),
            )
            for place, label in enumerate(_ASKED)
        ),
        status=CriteriaStatus.DRAFT,
        author=UserId(USERNAME),
        created_at=now,
    ).freeze(UserId(USERNAME), now)


def _requisition(job: RequisitionId, size: int, now: datetime) -> Requisition:
    return Requisition(
        id=job,
        tenant=_TENANT,
        title=f"Shift lead, {size} applications",
        folder=ListNode("D31001", "Open"),
        location=Location("Tacoma", "Washington", "US"),
        qualifications="\n".join(_ASKED),
        recruiter=_ROSA,
        updated_at=now,
    )


def _application(job: RequisitionId, n: int, now: datetime) -> Application:
    at = now - timedelta(hours=n % 900)
    stage = ("New Application", "Under Review", "Screening Call")[n % 3]
    return Application(
        id=ApplicationId(f"{job}{n:05d}"),
        tenant=_TENANT,
        requisition_id=job,
        person_id=PersonId(f"{job}{n:05d}9"),
        stage=ListNode(f"C3835{n % 3}", stage),
        source="Careers site",
        created_at=at,
        updated_at=at,
    )


def _candidate(person: PersonId, n: int, now: datetime) -> Candidate:
    firsts, lasts = _FIRST.split(), _LAST.split()
    first, last = firsts[n % len(firsts)], lasts[n // len(firsts) % len(lasts)]
    return Candidate(
        id=person,
        tenant=_TENANT,
        first_name=first,
        last_name=f"{last}-{n}",
        email=f"{first}.{last}.{n}@example.com".casefold(),
        phones=("+1 253 555 0143",),
        location=Location("Tacoma", "Washington", "US"),
        updated_at=now,
    )


def _account() -> Account:
    return Account(
        id=UserId(USERNAME),
        tenant=_TENANT,
        username=USERNAME,
        display_name=_ROSA.name,
        email="",
        password_hash=hash_password(PASSWORD),
        roles=frozenset({Role.RECRUITER}),
        icims_person_id=_ROSA.id,
    )


def _criterion_id(label: str) -> CriterionId:
    return CriterionId(label.casefold().replace(" ", "-"))


def main(folder: str, *sizes: str) -> None:
    """Fill a store and say how long it took."""
    start = time.perf_counter()
    for size, job in seed(Path(folder), [*map(int, sizes)] or SIZES).items():
        print(f"{job}: {size:,} applications")
    print(f"{time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
