"""The sandbox's world: every record from its number, every file when asked for."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from core.sandbox.icims.seed import Record, StoredFile, TenantSpec
from core.sandbox.icims.world.applications import application_record, has_report
from core.sandbox.icims.world.feedback import feedback_records
from core.sandbox.icims.world.library import library
from core.sandbox.icims.world.offers import application_of_offer, offer_record
from core.sandbox.icims.world.papers import offer_letter, report, resume_file, resume_name
from core.sandbox.icims.world.plan import Plan
from core.sandbox.icims.world.population import Candidacy, Population
from core.sandbox.icims.world.postings import job_record
from core.sandbox.icims.world.profiles import merged_body, profile_body, staff_record
from core.sandbox.icims.world.tenants import tenants

DEFAULT_PEOPLE = 3_000


class DemoWorld:
    """Two customers and about ``people`` people, as of the morning of ``as_of`` (UTC).

    The same arguments give the same records and the same file bytes.
    """

    def __init__(self, seed: int, people: int, as_of: date) -> None:
        read = library()
        self._populations = {
            customer: Population(
                read, tenant, Plan(customer, read.openings, people, as_of), seed, as_of
            )
            for customer, tenant in tenants().items()
        }

    @property
    def tenants(self) -> Sequence[TenantSpec]:
        """The two customers."""
        return tuple(p.tenant.spec for p in self._populations.values())

    def population(self, customer_id: str) -> Population:
        """Give a tenant's people by number, with the truth about them that records do not show."""
        return self._populations[customer_id]

    def records(self, customer_id: str) -> Iterator[Record]:
        """All records of a tenant, in id order per type; made while iterating."""
        population = self._populations[customer_id]
        yield from self._jobs(population)
        yield from self._people(population)
        everybody = range(population.plan.people)
        for person in everybody:
            for candidacy in population.candidacies(person):
                yield application_record(population, candidacy)
        for person in everybody:
            for candidacy in population.candidacies(person):
                yield from feedback_records(population, candidacy)
        for person in everybody:
            for candidacy in population.candidacies(person):
                offer = offer_record(population, candidacy)
                if offer is not None:
                    yield offer

    def file(self, customer_id: str, record_type: str, id: int, name: str) -> StoredFile | None:
        """Make the bytes of a resume, a background report or an offer letter."""
        population = self._populations.get(customer_id)
        if population is None:
            return None
        if record_type == "people" and name == "resume":
            person = id - population.tenant.first_person
            return resume_file(population, person) if self._has_resume(population, person) else None
        if record_type == "offers" and name in ("signed", "unsigned"):
            candidacy = _find(population, application_of_offer(id))
            signed = name == "signed"
            return offer_letter(population, candidacy, signed=signed) if candidacy else None
        if record_type == "applicantworkflows":
            candidacy = _find(population, id)
            asked_for_report = name == population.tenant.field_ids["background_report"]
            if candidacy and asked_for_report and has_report(population, candidacy):
                return report(population, candidacy)
        return None

    def _jobs(self, population: Population) -> Iterator[Record]:
        plan = population.plan
        for job in (*plan.filled_jobs, *plan.open_jobs):
            yield job_record(population.library, population.tenant, job)

    def _people(self, population: Population) -> Iterator[Record]:
        hired = population.now - timedelta(days=900)
        for member in population.tenant.staff:
            yield staff_record(member, hired)
        for person in range(population.plan.people):
            yield self._person(population, person)

    def _person(self, population: Population, person: int) -> Record:
        id, kept = population.id_of(person), population.merged_into(person)
        draw = population.draw("profile", person)
        first = next(population.candidacies(person)).moves[0].at
        if kept is not None:
            body = merged_body(kept)
        else:
            life, file_name = population.life(person), resume_name(population, person)
            body = profile_body(population.library, population.tenant, id, life, file_name, draw)
        updated = min(first + timedelta(hours=draw.between(0, 40)), population.now)
        return Record(record_type="people", id=id, body=body, created=first, updated=updated)

    def _has_resume(self, population: Population, person: int) -> bool:
        return 0 <= person < population.plan.people and population.merged_into(person) is None


def _find(population: Population, id: int) -> Candidacy | None:
    person, place = divmod(id - population.tenant.first_application, 2)
    if not 0 <= person < population.plan.people:
        return None
    found = list(population.candidacies(person))
    return found[place] if place < len(found) else None
