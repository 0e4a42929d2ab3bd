"""From an application to a text that may be assessed: person, file, parse, pseudonymise.

Each stage is kept before the next begins, so nothing is fetched or worked out twice.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from core.domain.document import ExtractedDocument, Month, ParsedResume
from core.domain.identity import KnownIdentity, PseudonymisedText
from core.domain.ids import ApplicationId, DocumentHash, RequisitionId
from core.domain.records import Application, Candidate
from core.errors import DocumentRefused, NotFound
from core.flow.pseudonymise import Policy, identities_of, pseudonymise
from core.ports import Ats, Clock, DocumentReader, Trigger, UnitOfWorkFactory
from core.services.keeping import change_person

Parse = Callable[[ExtractedDocument, Month | None], ParsedResume]
"""Reads a document's facts; current positions count up to the month given."""


def people_cursor(id: RequisitionId) -> str:
    """Name the time at which a requisition's people were last completed."""
    return f"people:{id}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A document ready for an assessor; ``identities`` are what was taken out of ``text``."""

    application: Application
    document: DocumentHash
    parsed: ParsedResume
    text: PseudonymisedText
    identities: tuple[KnownIdentity, ...]


@dataclass(frozen=True, slots=True)
class Intake:
    """Brings in whatever of an application is not there yet."""

    unit_of_work: UnitOfWorkFactory
    ats: Ats
    clock: Clock
    reader: DocumentReader
    parse: Parse
    policy: Policy

    def file(self, id: ApplicationId, trigger: Trigger) -> tuple[Application, DocumentHash]:
        """Make sure person and resume are cached; at most two iCIMS calls.

        Raises ``NotFound`` when the person has no resume, ``DocumentRefused`` when it is too big.
        """
        with self.unit_of_work() as uow:
            cached = uow.applications.get(id)
        if cached is None:
            raise NotFound(f"application {id} is not cached")
        application, candidate = cached.application, cached.candidate
        if candidate is None:
            application, candidate = self._person(application, trigger)
        if cached.resume is not None:
            return application, cached.resume
        if candidate.resume is None:
            raise NotFound("there is no resume in iCIMS for this person")
        content = self.ats.file(trigger, candidate.resume)
        with self.unit_of_work() as uow:
            document = uow.documents.put_file(
                candidate.id, candidate.resume.name, content, self.clock.now()
            )
            uow.applications.set_resume(id, document)
            uow.commit()
        return application, document

    def people(self, id: RequisitionId, trigger: Trigger) -> None:
        """Read the people of a requisition who are not cached, so that its list has names.

        Scoring needs each of these calls anyway. Whoever iCIMS hides stays without a name.
        """
        with self.unit_of_work() as uow:
            unknown = [c.application for c in uow.applications.of(id) if c.candidate is None]
        for application in unknown:
            with suppress(NotFound):
                self._person(application, trigger)
        with self.unit_of_work() as uow:
            uow.requisitions.set_cursor(people_cursor(id), self.clock.now())
            uow.commit()

    def read(self, application: Application, document: DocumentHash) -> Reading:
        """Parse and pseudonymise a cached file; raises ``DocumentRefused``, ``LeakDetected``."""
        person = application.person_id
        with self.unit_of_work() as uow:
            parsed = uow.documents.parsed(person, document)
            done = uow.documents.pseudonymised(person, document)
            stored = None if parsed else uow.documents.file(person, document)
            found = uow.applications.candidate(person)
        if parsed is not None and done is not None:
            return Reading(application, document, parsed, *done)
        if parsed is None:
            if stored is None:
                raise DocumentRefused("The resume is no longer on file. Refresh the requisition.")
            parsed = self.parse(self.reader.read(*stored), application_month(application))
        hidden = pseudonymise(parsed, identities_of(found[0]) if found else (), self.policy)
        with self.unit_of_work() as uow:
            uow.documents.put_parsed(person, parsed)
            uow.documents.put_pseudonymised(person, document, hidden.text, hidden.identities)
            uow.commit()
        return Reading(application, document, parsed, hidden.text, hidden.identities)

    def _person(self, application: Application, trigger: Trigger) -> tuple[Application, Candidate]:
        """Read and keep the person of an application, under the number that was kept."""
        at = self.clock.now()
        candidate = self.ats.candidate(trigger, application.person_id)
        with self.unit_of_work() as uow:
            change_person(uow, application.id, candidate.id)
            uow.applications.put_candidate(candidate, at)
            uow.commit()
        return replace(application, person_id=candidate.id), candidate


def application_month(application: Application) -> Month | None:
    """Give the month of the application, up to which a current position counts."""
    at = application.created_at or application.updated_at
    return Month(at.year, at.month) if at else None
