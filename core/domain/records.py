"""Requisition, candidate and application as received from iCIMS."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from core.domain.actor import Role
from core.domain.ids import ApplicationId, PersonId, RequisitionId, TenantId

Scalar = str | int | float | bool | None


class Presence(StrEnum):
    """Why a field has or lacks a value.

    iCIMS leaves out both empty and hidden fields, so ABSENT means "asked for, not answered";
    EMPTY was answered as null or ""; DENIED is hidden from the integration user's login group
    (not in the schema it is shown).
    """

    PRESENT = "present"
    EMPTY = "empty"
    ABSENT = "absent"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A mapped field: ``value`` is a scalar, or a tuple of labels for a multi-select list."""

    presence: Presence
    value: Scalar | tuple[str, ...] = None

    def __post_init__(self) -> None:
        if self.presence is not Presence.PRESENT and self.value is not None:
            raise ValueError("only a present field has a value")


@dataclass(frozen=True, slots=True)
class PersonLink:
    """A link from a job to a person, e.g. its recruiter."""

    id: PersonId
    name: str


@dataclass(frozen=True, slots=True)
class ListNode:
    """A node of an iCIMS list: ``D…`` ids are system defaults, ``C…`` the tenant's own."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Location:
    """Where a job or a person is; parts that iCIMS did not give are empty."""

    city: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requisition:
    """An iCIMS job; ``is_open`` when its folder is one the tenant hires from.

    The three long texts are plain text, their HTML already removed.
    """

    id: RequisitionId
    tenant: TenantId
    title: str
    folder: ListNode
    is_open: bool = True
    location: Location = Location()
    category: str = ""
    position_type: str = ""
    department: str = ""
    openings: int | None = None
    overview: str = ""
    responsibilities: str = ""
    qualifications: str = ""
    recruiter: PersonLink | None = None
    secondary_recruiter: PersonLink | None = None
    hiring_manager: PersonLink | None = None
    updated_at: datetime | None = None

    def links(self, person: PersonId | None, role: Role) -> bool:
        """Say whether the job names ``person`` in a place that ``role`` stands for."""
        if person is None:
            return False
        by_role = {
            Role.RECRUITER: (self.recruiter, self.secondary_recruiter),
            Role.HIRING_MANAGER: (self.hiring_manager,),
        }
        return any(link is not None and link.id == person for link in by_role.get(role, ()))

    @property
    def text(self) -> str:
        """The posting as one text: title, overview, responsibilities, qualifications."""
        parts = (self.title, self.overview, self.responsibilities, self.qualifications)
        return "\n\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file field: name as uploaded and the API path of its bytes."""

    name: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkEntry:
    """One entry of the iCIMS profile's work experience, as the candidate typed it."""

    employer: str = ""
    title: str = ""
    start: date | None = None
    end: date | None = None
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EducationEntry:
    """One entry of the iCIMS profile's education."""

    school: str = ""
    major: str = ""
    degree: str = ""
    graduated: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An iCIMS person, as far as screening may ask: never gender, race, birth date or photo."""

    id: PersonId
    tenant: TenantId
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    email: str = ""
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    location: Location = Location()
    resume: FileRef | None = None
    work: tuple[WorkEntry, ...] = ()
    education: tuple[EducationEntry, ...] = ()
    skills: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    merged_into: PersonId | None = None
    updated_at: datetime | None = None

    @property
    def name(self) -> str:
        """The full name as iCIMS spells it."""
        return " ".join(p for p in (self.first_name, self.middle_name, self.last_name) if p)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentEntry:
    """One entry of an application's ``assessmentresults`` collection.

    ``path`` is the entry's API path once it exists. iCIMS limits: result 128, notes 192 characters.
    """

    name: str
    on: date
    score: float | None = None
    result: str = ""
    notes: str = ""
    url: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One person on one job; ``fields`` holds mapped custom fields by logical name.

    ``created_at`` is the earliest update time we saw: iCIMS does not tell when it was made.
    """

    id: ApplicationId
    tenant: TenantId
    requisition_id: RequisitionId
    person_id: PersonId
    stage: ListNode
    source: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    assessment_results: tuple[AssessmentEntry, ...] = ()
