"""What the product wants of a tenant's iCIMS, and what for, in its administrator's words.

Custom fields are found through the field map; standard ones have the same id for every customer.
"""

from dataclasses import dataclass

from core.icims.field_map import Kind, RecordType

APPLICATIONS, PEOPLE, JOBS = RecordType.APPLICATIONS, RecordType.PEOPLE, RecordType.JOBS


@dataclass(frozen=True, slots=True)
class Custom:
    """A custom field to write to; ``nodes`` are the entries its list needs."""

    logical: str
    name: str
    kind: Kind
    purpose: str
    record: RecordType = APPLICATIONS
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standard:
    """A field that iCIMS brings along, or several that serve one purpose."""

    name: str
    record: RecordType
    ids: tuple[str, ...]
    purpose: str


CUSTOM = (
    Custom(
        "ai_match_score",
        "AI match score",
        Kind.NUMBER,
        "Shows the approved score in iCIMS lists and searches.",
    ),
    Custom(
        "ai_reasoning",
        "AI reasoning",
        Kind.TEXT,
        "Explains the score in sentences, with quotes from the resume.",
    ),
    Custom(
        "ai_skills_json",
        "AI skills",
        Kind.TEXT,
        "Keeps every verdict as data, for iCIMS reports.",
    ),
    Custom(
        "tags",
        "Tags",
        Kind.MULTILIST,
        "Marks applications, so that iCIMS searches can filter by them.",
        nodes=("High_Match", "Needs_Review"),
    ),
    Custom(
        "private_note",
        "Private note",
        Kind.TEXT,
        "Says when and how the application was screened, or why it could not be.",
    ),
)
STANDARD = (
    Standard("Job and person", APPLICATIONS, ("baseprofile", "associatedprofile"),
             "Says who applied for which job."),
    Standard("Hiring stage", APPLICATIONS, ("status",), "Shows where an application stands."),
    Standard("Assessment results", APPLICATIONS, ("assessmentresults",),
             "Takes the approved result as an entry of its own, and is read back after writing."),
    Standard("Name", PEOPLE, ("firstname", "lastname"),
             "Is shown to recruiters, and taken out of every text before it is scored."),
    Standard("Resume", PEOPLE, ("resume",), "Is what is scored and quoted."),
    Standard("Job title and folder", JOBS, ("jobtitle", "folder"),
             "Tells jobs apart, and open ones from closed ones."),
    Standard("Recruiter and hiring manager", JOBS, ("recruiter", "hiringmanager"),
             "Decides who may see a job here."),
)  # fmt: skip
