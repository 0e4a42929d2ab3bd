"""Read one application anew from iCIMS because a person asked: record, person and resume."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.ids import ApplicationId
from core.domain.records import Candidate
from core.errors import NotFound
from core.ports import Trigger
from core.services.keeping import change_person
from core.services.sync import Sync


@dataclass(frozen=True, slots=True)
class Rereading:
    """Replaces what is cached of an application; three iCIMS calls."""

    sync: Sync

    def read(self, id: ApplicationId, trigger: Trigger) -> None:
        """Read everything again; what iCIMS no longer lets us read leaves the cache as it is.

        Raises ``NotFound``, and ``DocumentRefused`` when the resume is too big by now.
        """
        at = self.sync.clock.now()
        self.sync.application(id, trigger)
        with self.sync.unit_of_work() as uow:
            cached = uow.applications.get(id)
        if cached is None:
            raise NotFound(f"application {id} is not cached")
        person = self.sync.ats.candidate(trigger, cached.application.person_id)
        content = self.sync.ats.file(trigger, person.resume) if person.resume else b""
        self._keep(id, person, content, at)

    def _keep(self, id: ApplicationId, person: Candidate, content: bytes, at: datetime) -> None:
        now = self.sync.clock.now()
        with self.sync.unit_of_work() as uow:
            cached = uow.applications.get(id)
            if cached is None:
                raise NotFound(f"application {id} is not cached")
            change_person(uow, id, person.id)
            uow.applications.put_candidate(person, at)
            document = None
            if person.resume is not None:
                document = uow.documents.put_file(person.id, person.resume.name, content, now)
            uow.applications.set_resume(id, document)
            uow.commit()
