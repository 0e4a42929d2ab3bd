"""An administrator's words for kinds of work, of events and of lanes."""

from core.domain.budget import Lane
from core.domain.events import EventKind
from core.domain.jobs import JobKind
from core.domain.operations import DropReason

WORK = {
    JobKind.RECONCILE: "Asking iCIMS for changes",
    JobKind.SWEEP: "Nightly comparison with iCIMS",
    JobKind.HOUSEKEEPING: "Clearing away what is old",
    JobKind.REFRESH_REQUISITION: "Reading jobs",
    JobKind.FIND_APPLICATION: "Looking up applications",
    JobKind.SYNC_APPLICATIONS: "Listing the applications of jobs",
    JobKind.REFRESH_PERSON: "Reading people again",
    JobKind.FETCH_PEOPLE: "Reading the people of jobs",
    JobKind.READ_HIDDEN: "Asking again for what iCIMS hides",
    JobKind.REFRESH_APPLICATION: "Reading applications",
    JobKind.SCREEN: "Scoring",
    JobKind.GATHER_BASELINE: "Finding earlier applicants to compare with",
    JobKind.SCORE_BASELINE: "Scoring earlier applicants",
    JobKind.EVALUATE_PROMPT: "Checking instructions to AI models",
    JobKind.TRY_PROMPT: "Trying instructions on a sample of resumes",
}
EVENT = {
    EventKind.APPLICATION_COMPLETED: "New applications",
    EventKind.STAGE_CHANGED: "Changed stages",
    EventKind.JOB_POSTED: "Jobs posted",
    EventKind.JOB_UNPOSTED: "Jobs taken down",
    EventKind.JOB_EDITED: "Jobs edited",
    EventKind.UNKNOWN: "Not understood",
}
KEPT = {
    Lane.PEOPLE: "for people who click",
    Lane.EVENTS: "for what was just reported",
    Lane.RECONCILE: "for comparing with iCIMS",
    Lane.BACKLOG: "for everything",
}
DROP = {
    DropReason.DONE_ELSEWHERE: "Somebody did it by hand in iCIMS",
    DropReason.NOT_NEEDED: "Nobody needs it any more",
    DropReason.HOPELESS: "It fails however often it is tried",
}
IDS = {"application": "Application", "requisition": "Job", "person": "Person"}
"""What work can be about, by the name its number has in it; the first one there names it."""


def about(payload: object) -> str:
    """Say what a piece of work was about, by number; the same words for the same payload."""
    found = payload if isinstance(payload, dict) else {}
    return ", ".join(f"{word} {found[name]}" for name, word in IDS.items() if found.get(name))
