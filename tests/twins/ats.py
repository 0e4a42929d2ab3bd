"""An applicant tracking system in memory, which can misbehave like the real one."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from threading import RLock
from typing import TypeVar

from core.domain.approval import AtsWrite, Receipt, trimmed
from core.domain.budget import QuotaReading, Reserves
from core.domain.ids import ApplicationId, OutboxId, PersonId, RequisitionId
from core.domain.proposal import (
    AddAssessmentResult,
    AddTags,
    AppendText,
    Change,
    SetField,
    SetStage,
    Value,
    settled,
    touched_fields,
)
from core.domain.records import (
    Application,
    AssessmentEntry,
    Candidate,
    FieldValue,
    FileRef,
    Presence,
    Requisition,
)
from core.errors import (
    AtsRejected,
    AtsUnavailable,
    CopilotError,
    NotFound,
    QuotaExhausted,
    WriteInDoubt,
)
from core.ports import AtsCheck, Clock, QuotaState, Trigger

K = TypeVar("K")
V = TypeVar("V")


class Fate(StrEnum):
    """What becomes of a write."""

    APPLIED = "applied and answered"
    APPLIED_UNANSWERED = "applied, then the connection broke"
    LOST = "in doubt, and not applied"
    UNAVAILABLE = "never sent"
    NO_QUOTA = "never sent, the day's requests are used up"
    REJECTED = "refused"


_UNKNOWN = QuotaReading(None, None, None)


@dataclass
class MemoryAts:
    """Records in dictionaries; ``applied`` and ``calls`` say what was done to them.

    ``fates`` decides the next writes, ``read_errors`` what the next reads raise; both are used
    up from the left and then everything works. ``hidden`` fields can be neither read nor written.
    """

    clock: Clock
    open_folders: frozenset[str] = frozenset({"D31001"})
    hidden: frozenset[str] = frozenset()
    found: AtsCheck = field(default_factory=AtsCheck)
    budget: QuotaState = field(default_factory=lambda: QuotaState(_UNKNOWN, Reserves()))
    requisitions: dict[RequisitionId, Requisition] = field(default_factory=dict)
    applications: dict[ApplicationId, Application] = field(default_factory=dict)
    people: dict[PersonId, Candidate] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    fates: deque[Fate] = field(default_factory=deque)
    read_errors: deque[CopilotError] = field(default_factory=deque)
    applied: list[AtsWrite] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    _stages: dict[ApplicationId, list[tuple[datetime, str]]] = field(default_factory=dict)
    _lock: RLock = field(default_factory=RLock)

    def check(self, trigger: Trigger) -> AtsCheck:
        self._called("check", "")
        return self.found

    def quota(self) -> QuotaState:
        return self.budget

    # --- Reads -------------------------------------------------------------------------------

    def requisition_ids(self, trigger: Trigger, since: datetime | None) -> Sequence[RequisitionId]:
        self._called("requisition_ids", "")
        return [
            job.id
            for job in self.requisitions.values()
            if (job.folder.id in self.open_folders if since is None else _at(job) >= _minute(since))
        ]

    def requisition(self, trigger: Trigger, id: RequisitionId) -> Requisition:
        self._called("requisition", id)
        return _found(self.requisitions, id)

    def application_ids(
        self, trigger: Trigger, requisition: RequisitionId, since: datetime | None
    ) -> Sequence[ApplicationId]:
        self._called("application_ids", requisition)
        return [
            one.id
            for one in self.applications.values()
            if one.requisition_id == requisition and (since is None or _at(one) >= _minute(since))
        ]

    def changed_application_ids(self, trigger: Trigger, since: datetime) -> Sequence[ApplicationId]:
        self._called("changed_application_ids", "")
        return [one.id for one in self.applications.values() if _at(one) >= _minute(since)]

    def application_of(
        self, trigger: Trigger, person: PersonId, requisition: RequisitionId
    ) -> ApplicationId:
        self._called("application_of", f"{person}:{requisition}")
        for one in self.applications.values():
            if (one.person_id, one.requisition_id) == (person, requisition):
                return one.id
        raise NotFound(f"person {person} has no application to job {requisition}")

    def person_ids(self, trigger: Trigger, since: datetime) -> Sequence[PersonId]:
        self._called("person_ids", "")
        return [one.id for one in self.people.values() if _at(one) >= _minute(since)]

    def application(
        self, trigger: Trigger, id: ApplicationId, *, live: bool = False
    ) -> Application:
        self._called("application", id)
        found = _found(self.applications, id)
        fields = {**found.fields, **dict.fromkeys(self.hidden, FieldValue(Presence.DENIED))}
        return replace(
            found, fields=fields, assessment_results=found.assessment_results if live else ()
        )

    def candidate(self, trigger: Trigger, id: PersonId) -> Candidate:
        self._called("candidate", id)
        found, seen = _found(self.people, id), {id}
        while found.merged_into is not None:
            if found.merged_into in seen:
                raise NotFound(f"person {id} was merged in a circle")
            seen.add(found.merged_into)
            found = _found(self.people, found.merged_into)
        return found

    def file(self, trigger: Trigger, ref: FileRef) -> bytes:
        self._called("file", ref.path)
        return _found(self.files, ref.path)

    def link_to(self, record: Application | Candidate | Requisition) -> str:
        kind = "jobs" if isinstance(record, Requisition) else "people"
        id = record.person_id if isinstance(record, Application) else record.id
        return f"https://ats.example/linkTo/{kind}/{id}"

    # --- Writes ------------------------------------------------------------------------------

    def apply(self, trigger: Trigger, write: AtsWrite) -> Receipt:
        with self._lock:
            self.calls.append(("apply", write.application_id))
            fate = self.fates.popleft() if self.fates else Fate.APPLIED
            _stop_before(fate)
            before = self.applications.get(write.application_id)
            if before is None:
                raise AtsRejected(f"application {write.application_id} does not exist")
            if names := sorted(self.hidden & touched_fields(write.changes)):
                raise AtsRejected("hidden from the integration user", fields=tuple(names))
            if fate is not Fate.LOST:
                self._keep(before, write)
            if fate in (Fate.LOST, Fate.APPLIED_UNANSWERED):
                raise WriteInDoubt(f"no answer to a write of application {before.id}")
            location = self._entry(write)
            return self._receipt(201 if location else 204, location)

    def find(self, trigger: Trigger, write: AtsWrite) -> Receipt | None:
        self._called("find", write.application_id)
        there = _found(self.applications, write.application_id)
        if not all(self._is_in(change, write, there) for change in write.changes):
            return None
        return self._receipt(200, self._entry(write), found=True)

    def edit(self, id: ApplicationId, **changes: object) -> None:
        """Change an application as somebody else in the ATS would."""
        with self._lock:
            # dataclasses.replace checks the names itself.
            changed = replace(self.applications[id], updated_at=self.clock.now(), **changes)  # type: ignore[arg-type]
            self._store(self.applications[id], changed)

    def _keep(self, before: Application, write: AtsWrite) -> None:
        after = before
        for change in write.changes:
            after = _changed(after, change, write.marker)
        self.applied.append(write)
        self._store(before, replace(after, updated_at=self.clock.now()))

    def _store(self, before: Application, after: Application) -> None:
        self.applications[after.id] = after
        if before.stage != after.stage:
            self._stages.setdefault(after.id, []).append((self.clock.now(), after.stage.id))

    def _is_in(self, change: Change, write: AtsWrite, there: Application) -> bool:
        match change:
            case SetField(name, _, new):
                return settled(_value(there, name)) == settled(new)
            case AppendText(name, _):
                return f"[{write.marker}]" in str(_value(there, name))
            case AddTags(name, _, add, remove):
                tags = _value(there, name) or ()
                return isinstance(tags, tuple) and {*add} <= {*tags} and not {*remove} & {*tags}
            case AddAssessmentResult():
                return bool(self._entry(write))
            case SetStage(_, new):
                log = self._stages.get(there.id, [])
                passed = any(at >= write.approval.at and id == new.id for at, id in log)
                return passed or there.stage.id == new.id

    def _entry(self, write: AtsWrite) -> str:
        names = {c.name for c in write.changes if isinstance(c, AddAssessmentResult)}
        entries = self.applications[write.application_id].assessment_results
        ours = (e.path for e in entries if f"[{write.marker}]" in e.notes and e.name in names)
        return next(ours, "")

    def _receipt(self, status: int, location: str, *, found: bool = False) -> Receipt:
        return Receipt(
            outbox_id=OutboxId(""),
            at=self.clock.now(),
            status=status,
            location=location,
            found=found,
        )

    def _called(self, name: str, about: str) -> None:
        with self._lock:
            self.calls.append((name, about))
            if self.read_errors:
                raise self.read_errors.popleft()


def _stop_before(fate: Fate) -> None:
    match fate:
        case Fate.UNAVAILABLE:
            raise AtsUnavailable("the ATS cannot be reached")
        case Fate.NO_QUOTA:
            raise QuotaExhausted("the requests of today are used up", resets_in=3600.0)
        case Fate.REJECTED:
            raise AtsRejected("the ATS refused the write", fields=("cost centre",))


def _changed(application: Application, change: Change, marker: str) -> Application:
    match change:
        case SetField(name, _, new):
            return _with(application, name, new)
        case AppendText(name, text):
            before = str(_value(application, name) or "")
            text = f"{text} [{marker}]"
            return _with(application, name, f"{before}\n\n{text}" if before else text)
        case AddTags(name, _, _, _):
            now = _value(application, name) or ()
            tags = replace(change, old=now if isinstance(now, tuple) else ())
            return _with(application, name, tags.new)
        case SetStage(_, new):
            return replace(application, stage=new)
        case AddAssessmentResult():
            entry = _entry_of(application, change, marker)
            return replace(application, assessment_results=(*application.assessment_results, entry))


def _entry_of(
    application: Application, change: AddAssessmentResult, marker: str
) -> AssessmentEntry:
    result, notes = trimmed(change, marker)
    number = len(application.assessment_results) + 1
    return AssessmentEntry(
        name=change.name,
        on=change.on,
        score=change.score,
        result=result,
        notes=notes,
        path=f"applicantworkflows/{application.id}/fields/assessmentresults/{number}",
    )


def _with(application: Application, name: str, value: Value) -> Application:
    empty = value is None or value in ("", ())
    after = FieldValue(Presence.ABSENT) if empty else FieldValue(Presence.PRESENT, value)
    return replace(application, fields={**application.fields, name: after})


def _value(application: Application, name: str) -> Value:
    return application.fields.get(name, FieldValue(Presence.ABSENT)).value


def _found(records: dict[K, V], id: K) -> V:
    if id not in records:
        raise NotFound(f"{id} does not exist")
    return records[id]


def _minute(at: datetime) -> datetime:
    """Cut a search's date as iCIMS does."""
    return at.replace(second=0, microsecond=0)


def _at(record: Requisition | Application | Candidate) -> datetime:
    assert record.updated_at is not None, "a record in the twin has an update time"
    return record.updated_at
