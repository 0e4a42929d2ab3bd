"""iCIMS as the ``Ats`` port: one tenant, any base URL, any number of threads."""

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx

from core.domain.approval import AtsWrite, Receipt
from core.domain.budget import Reserves
from core.domain.ids import ApplicationId, OutboxId, PersonId, RequisitionId, TenantId
from core.domain.proposal import SetStage
from core.domain.records import Application, Candidate, FileRef, Requisition
from core.errors import AtsDenied, AtsRejected, CopilotError, NotFound
from core.icims import check, search, shapes, writes
from core.icims.credentials import Credentials
from core.icims.errors import words_of
from core.icims.exchange import Exchange
from core.icims.field_map import FieldMap, RecordType
from core.icims.http import IcimsHttp
from core.icims.quota import QuotaGovernor
from core.icims.reading import Reader
from core.ports import AtsCallLog, AtsCheck, Clock, Places, QuotaState, Trigger

# iCIMS answers searches from a cache of 15 minutes; some more for clocks that differ.
_OWN_WRITES_MATTER = timedelta(minutes=20)
_MERGES = 10


class IcimsClient:
    """Reads and writes one tenant's records.

    ``reserves`` of the day's requests are kept for the more urgent; ``places`` bounds the requests
    under way over all processes; ``timeout`` is in seconds. Threads may share a client.
    """

    def __init__(
        self,
        *,
        base_url: str,
        customer_id: str,
        credentials: Credentials,
        field_map: FieldMap,
        call_log: AtsCallLog,
        clock: Clock,
        reserves: Reserves,
        places: Places,
        transport: httpx.BaseTransport | None = None,
        timeout: float = 30.0,
        max_file_bytes: int = 15_000_000,
    ) -> None:
        self._tenant = TenantId(customer_id)
        self._base = f"{base_url.rstrip('/')}/customers/{customer_id}"
        self._field_map = field_map
        self._clock = clock
        self._max_file_bytes = max_file_bytes
        self._governor = QuotaGovernor(clock, reserves, places, call_log)
        self._exchange = Exchange(
            tenant=self._tenant,
            call_log=call_log,
            clock=clock,
            timeout=timeout,
            transport=transport,
        )
        self._http = IcimsHttp(
            base=self._base,
            credentials=credentials,
            exchange=self._exchange,
            governor=self._governor,
            clock=clock,
            words=words_of(field_map),
        )
        self._reader = Reader(self._http, clock)
        self._lock = threading.Lock()
        self._wrote_at: datetime | None = None

    def close(self) -> None:
        """Close the connections."""
        self._exchange.http.close()

    # --- Connection ----------------------------------------------------------------------------

    def check(self, trigger: Trigger) -> AtsCheck:
        """Compare credentials, customer and field map with the tenant; four calls."""
        try:
            customer = self._reader.json(trigger, "", "the customer", attempts=1)
            schemas = {
                record: self._reader.schema(trigger, record, attempts=1) for record in RecordType
            }
        except (AtsDenied, NotFound) as error:
            return AtsCheck((_no_connection(error),))
        return AtsCheck(
            tuple(check.problems(self._field_map, self._tenant, customer)),
            tuple(check.fields(self._field_map, schemas)),
        )

    def quota(self) -> QuotaState:
        """Report the day's budget as the last answer to any process gave it."""
        return self._governor.state()

    # --- Search --------------------------------------------------------------------------------

    def requisition_ids(self, trigger: Trigger, since: datetime | None) -> Sequence[RequisitionId]:
        """List jobs updated since, in whatever folder, or all in the tenant's open folders."""
        folders = self._field_map.open_folders
        if since is not None:
            wanted = [search.updated_since(RecordType.JOBS, since)]
        else:
            wanted = [search.Filter("job.folder", folders)] if folders else []
        live = since is not None
        return [RequisitionId(id) for id in self._ids(trigger, RecordType.JOBS, wanted, live=live)]

    def application_ids(
        self, trigger: Trigger, requisition: RequisitionId, since: datetime | None
    ) -> Sequence[ApplicationId]:
        """List a job's applications, any number."""
        wanted = [search.Filter("applicantworkflow.job.id", (requisition,))]
        if since is not None:
            wanted.append(search.updated_since(RecordType.APPLICATIONS, since))
        found = self._ids(trigger, RecordType.APPLICATIONS, wanted, live=since is not None)
        return [ApplicationId(id) for id in found]

    def changed_application_ids(self, trigger: Trigger, since: datetime) -> Sequence[ApplicationId]:
        """List applications of the whole tenant updated since."""
        wanted = [search.updated_since(RecordType.APPLICATIONS, since)]
        found = self._ids(trigger, RecordType.APPLICATIONS, wanted, live=True)
        return [ApplicationId(id) for id in found]

    def application_of(
        self, trigger: Trigger, person: PersonId, requisition: RequisitionId
    ) -> ApplicationId:
        """Look a pair up. The answer need not name the application, so a search does: it must."""
        wanted = [
            search.Filter("applicantworkflow.person.id", (person,)),
            search.Filter("applicantworkflow.job.id", (requisition,)),
        ]
        found = self._ids(trigger, RecordType.APPLICATIONS, wanted, live=True)
        if not found:
            raise NotFound(f"person {person} has no application to job {requisition}")
        return ApplicationId(found[-1])

    def person_ids(self, trigger: Trigger, since: datetime) -> Sequence[PersonId]:
        """List people of the whole tenant updated since."""
        wanted = [search.updated_since(RecordType.PEOPLE, since)]
        return [PersonId(id) for id in self._ids(trigger, RecordType.PEOPLE, wanted, live=True)]

    def _ids(
        self, trigger: Trigger, record: RecordType, wanted: Sequence[search.Filter], *, live: bool
    ) -> list[str]:
        query = search.Search(record, tuple(wanted))
        return self._reader.search(trigger, query, live=live or self._must_be_live(trigger))

    def _must_be_live(self, trigger: Trigger) -> bool:
        """Bypass iCIMS's cache for a person who asks, and while it may hide our own writes."""
        with self._lock:
            wrote_at = self._wrote_at
        recent = wrote_at is not None and self._clock.now() - wrote_at < _OWN_WRITES_MATTER
        return recent or trigger.person_waiting

    # --- Records -------------------------------------------------------------------------------

    def requisition(self, trigger: Trigger, id: RequisitionId) -> Requisition:
        """Read one job."""
        body = self._reader.record(trigger, RecordType.JOBS, id, shapes.JOB_FIELDS)
        return shapes.requisition(self._tenant, id, body, self._field_map.open_folders)

    def application(
        self, trigger: Trigger, id: ApplicationId, *, live: bool = False
    ) -> Application:
        """Read one application with its mapped fields; ``live`` adds the assessment results."""
        mapped = tuple(f.json_id for f in self._field_map.of(RecordType.APPLICATIONS))
        more = (shapes.ASSESSMENTS,) if live else ()
        asked = (*shapes.APPLICATION_FIELDS, *mapped, *more)
        body = self._reader.record(trigger, RecordType.APPLICATIONS, id, asked)
        absent = [name for name in mapped if name not in body]
        hidden = self._reader.hidden(trigger, RecordType.APPLICATIONS, absent)
        return shapes.application(self._tenant, id, body, self._field_map, hidden)

    def candidate(self, trigger: Trigger, id: PersonId) -> Candidate:
        """Read one person; of merged duplicates the one that was kept, under its own id."""
        seen = [id]
        while True:
            body = self._reader.record(trigger, RecordType.PEOPLE, seen[-1], shapes.PERSON_FIELDS)
            found = shapes.candidate(self._tenant, seen[-1], body)
            if found.merged_into is None:
                return found
            if found.merged_into in seen or len(seen) >= _MERGES:
                raise NotFound(f"person {id} was merged in a circle or too often to follow")
            seen.append(found.merged_into)

    def file(self, trigger: Trigger, ref: FileRef) -> bytes:
        """Download a file field."""
        return self._reader.file(trigger, ref.path, self._max_file_bytes)

    def link_to(self, record: Application | Candidate | Requisition) -> str:
        """Address in the iCIMS interface; an application has none of its own, so its person's."""
        if isinstance(record, Requisition):
            return f"{self._base}/linkTo/jobs/{record.id}"
        person = record.person_id if isinstance(record, Application) else record.id
        return f"{self._base}/linkTo/people/{person}"

    # --- Writes --------------------------------------------------------------------------------

    def apply(self, trigger: Trigger, write: AtsWrite) -> Receipt:
        """Send one approved write once, after reading live what it adds to.

        Those reads are tried once only, so that the caller knows how long a write can take: three
        time-outs, and the wait for a place in flight.
        """
        if write.tenant != self._tenant:
            raise AtsRejected(f"this connection is for customer {self._tenant}, not {write.tenant}")
        self._refuse_hidden(trigger, write)
        call = writes.call_for(write, self._current(trigger, write), self._field_map)
        with self._lock:
            self._wrote_at = self._clock.now()
        reply = self._http.write(trigger, call)
        return self._receipt(
            reply.status, reply.transaction, shapes.api_path(reply.headers.get("location", ""))
        )

    def find(self, trigger: Trigger, write: AtsWrite) -> Receipt | None:
        """Read back, by the rules in ``writes``; one call, two when a stage is not as written."""
        application = self.application(trigger, write.application_id, live=True)
        log: Sequence[Mapping[str, Any]] = ()
        if not writes.is_written(write, application, log):
            log = self._status_log(trigger, write)
            if not writes.is_written(write, application, log):
                return None
        location = writes.entry_of(write, application) or ""
        return self._receipt(200, "", location, found=True)

    def _refuse_hidden(self, trigger: Trigger, write: AtsWrite) -> None:
        """Stop writes to fields we cannot see: what stands there would be lost unread."""
        fields = writes.written_fields(write, self._field_map)
        ids = [field.json_id for field in fields]
        hidden = self._reader.hidden(trigger, RecordType.APPLICATIONS, ids, attempts=1)
        names = tuple(field.logical for field in fields if field.json_id in hidden)
        if names:
            raise AtsRejected(
                f"iCIMS hides {', '.join(names)} from the integration user", fields=names
            )

    def _current(self, trigger: Trigger, write: AtsWrite) -> Mapping[str, Any]:
        needed = writes.needed_fields(write, self._field_map)
        if not needed:
            return {}
        try:
            return self._reader.record(
                trigger, RecordType.APPLICATIONS, write.application_id, needed, attempts=1
            )
        except NotFound as error:
            raise AtsRejected(str(error)) from error

    def _status_log(self, trigger: Trigger, write: AtsWrite) -> Sequence[Mapping[str, Any]]:
        if not any(isinstance(change, SetStage) for change in write.changes):
            return ()
        path = f"{RecordType.APPLICATIONS}/{write.application_id}/submittalstatuslog"
        body = self._reader.json(
            trigger, path, f"the statuses of application {write.application_id}"
        )
        return shapes.status_log(body)

    def _receipt(
        self, status: int, transaction: str, location: str, *, found: bool = False
    ) -> Receipt:
        return Receipt(
            outbox_id=OutboxId(""),
            at=self._clock.now(),
            status=status,
            transaction=transaction,
            location=location,
            found=found,
        )


def _no_connection(error: CopilotError) -> str:
    return (
        f"The connection does not work: {error}. Ask your iCIMS administrator whether this "
        "integration user may use the API, and iCIMS whether your addresses are on its allow-list."
    )
