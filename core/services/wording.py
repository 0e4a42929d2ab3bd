"""The recruiter's words for what the records hold."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.domain.actor import Actor
from core.domain.approval import OutboxEntry, OutboxState, Receipt
from core.domain.audit import AuditEvent
from core.domain.proposal import (
    AddAssessmentResult,
    AddTags,
    AppendText,
    Change,
    SetField,
    SetStage,
    Value,
)
from core.domain.views import ChangeLine, TrailLine, WriteLine
from core.flow.propose import SKILLS, skills_read
from core.services.details import detail, doer_name, references

FIELDS = {
    "ai_match_score": "AI match score",
    "ai_skills_json": "AI skills",
    "ai_reasoning": "AI reasoning",
    "tags": "Tags",
    "private_note": "Private note",
}

ACTIONS = {
    "account.linked": "Linked to their company sign-in",
    "account.roles_taken_over": "Roles taken over from the company's groups",
    "application.assessed": "Scored against the criteria",
    "application.confirmed": "Scored again, with the same result",
    "application.opened": "Opened the evidence",
    "application.ungraded": "Could not be graded",
    "approval.replaced": "Approval taken back: a newer score took its place",
    "approval.undone": "Approval taken back",
    "audit.exported": "Exported the audit log",
    "audit.verified": "Verified the audit log",
    "blinding.set": "Chose who is reviewed before scores are shown",
    "capability.resumed": "Switched on again",
    "capability.stopped": "Switched off",
    "criteria.confirmed": "Found that the criteria still fit the posting",
    "criteria.frozen": "Froze the criteria",
    "criteria.saved": "Saved a draft of the criteria",
    "job.dropped": "Took work that was given up off the list",
    "job.replayed": "Had work that was given up tried again",
    "housekeeping.done": "Deleted what nobody needs any more",
    "model.asked": "Asked a language model",
    "model.ended": "Request to a language model ended",
    "model.run_viewed": "Read what a language model was sent",
    "pipeline.exported": "Exported the pipeline",
    "pipeline.searched": "Searched the resumes",
    "policy.set": "Changed thresholds and limits",
    "posting.changed": "The posting changed in iCIMS",
    "prompt.evaluated": "Checked a version of the instructions",
    "prompt.evaluation_asked": "Asked for a check of instructions",
    "prompt.evaluation_cancelled": "Stopped a check of instructions",
    "prompt.promoted": "Put a version of the instructions into production",
    "prompt.promotion_asked": "Asked for instructions to go into production",
    "prompt.promotion_declined": "Declined to put instructions into production",
    "prompt.promotion_withdrawn": "Took back the wish to put instructions into production",
    "prompt.rolled_back": "Went back to an earlier version of the instructions",
    "prompt.staged": "Marked a version of the instructions as the next to try",
    "prompt.trial_asked": "Asked to try instructions on a sample of resumes",
    "prompt.trial_cancelled": "Stopped a trial of instructions",
    "prompt.tried": "Tried instructions on a sample of resumes; no score was kept",
    "prompt.written": "Wrote a version of the instructions",
    "proposal.approved": "Approved the proposal",
    "proposal.made": "Proposed changes for iCIMS",
    "proposal.refused": "Refused the proposal",
    "proposal.returned": "Sent the proposal back for a change",
    "proposal.superseded": "Replaced an older proposal",
    "password.changed": "Changed their password",
    "password.reset": "Gave somebody a new password",
    "regrade.asked": "Asked for it to be scored again",
    "saved_view.removed": "Removed a saved view",
    "saved_view.saved": "Saved a view",
    "screening.cancelled": "Stopped scoring the requisition",
    "screening.started": "Started scoring the requisition",
    "session.ended": "Signed out",
    "session.expired": "Session ran out",
    "session.started": "Signed in",
    "sessions.ended": "Signed somebody out everywhere",
    "sign_in.braked": "Too many sign-in attempts: further ones have to wait",
    "sign_in.failed": "Sign-in failed",
    "sign_in.released": "Let somebody try to sign in again",
    "sign_in.refused": "Company sign-in refused",
    "user.added": "Added a user",
    "user.changed": "Changed a user",
    "user.disabled": "Disabled a user",
    "user.enabled": "Enabled a user",
    "verdict.overridden": "Set a verdict",
    "verdict.restored": "Went back to the assessor's verdict",
    "view.recorded": "Said what they think",
    "write.delayed": "Not written yet: iCIMS was busy or away",
    "write.done": "Written to iCIMS",
    "write.failed": "iCIMS refused the change",
    "write.found": "Found already written in iCIMS",
    "write.held": "Held back: switched off by an administrator",
    "write.in_doubt": "Sent without an answer; to be looked up in iCIMS",
    "write.stale": "Not written: the record had changed in iCIMS",
}

_WRITES = {
    OutboxState.WAITING: "Waiting for the undo window to end",
    OutboxState.SENDING: "Being written; checked in iCIMS before any second try",
    OutboxState.DONE: "Written to iCIMS",
    OutboxState.CANCELLED: "Taken back before it was sent",
    OutboxState.STALE: "Not written: the record had changed in iCIMS since the approval",
    OutboxState.FAILED: "iCIMS refused the change",
}


_DROPPED = "Not sent, because an earlier part of the same approval was not written"
_READING = {
    "search": "Searching",
    "applicantworkflows": "Reading applications",
    "people": "Reading people",
    "jobs": "Reading jobs",
    "resume binary": "Fetching resumes",
    "oauth token": "Signing in to iCIMS",
    "customer": "Checking the connection",
}
_POSTED = ("search", "oauth token")


def change_line(change: Change) -> ChangeLine:
    """Put one exact change into words; values are never shortened."""
    match change:
        case SetField(field=field, old=old, new=new) if field == SKILLS:
            return _skills_line(_text(old), _text(new))
        case SetField(field=field, old=old, new=new):
            return ChangeLine(FIELDS.get(field, field), _text(old), _text(new))
        case AppendText(field=field, text=text):
            return ChangeLine(f"{FIELDS.get(field, field)} (added at the end)", "", text)
        case AddTags(field=field, old=tags):
            return ChangeLine(FIELDS.get(field, field), _text(tags), _text(change.new))
        case AddAssessmentResult():
            entry = f"{change.name}, {change.on:%d %b %Y}: {_text(change.score)} – {change.result}"
            return ChangeLine("Assessment result (new entry)", "", f"{entry}\n{change.notes}")
        case SetStage(old=stage, new=new_stage):
            return ChangeLine("Stage", stage.label, new_stage.label)


def _skills_line(old: str, new: str) -> ChangeLine:
    """Show data as a list; what is approved are the exact characters, and they stand with it."""
    was, becomes = skills_read(old), skills_read(new)
    return ChangeLine(
        FIELDS[SKILLS],
        was or old,
        becomes or new,
        exact_old=old if was else "",
        exact_new=new if becomes else "",
    )


_SHORT = 18


def few_words(lines: Sequence[ChangeLine]) -> str:
    """Say what would change: short values in full, long ones by their field's name alone."""
    return " · ".join(map(_in_few_words, lines))


def _in_few_words(line: ChangeLine) -> str:
    what = line.what.partition(" (")[0]
    if len(line.new) > _SHORT or "\n" in line.new:
        return what
    if line.old and len(line.old) <= _SHORT:
        return f"{what} {line.old} → {line.new or 'empty'}"
    return f"{what} {line.new or 'empty'}"


def write_line(
    entry: OutboxEntry, receipt: Receipt | None, now: datetime, held: str = ""
) -> WriteLine:
    """Say how one approved iCIMS request is doing.

    ``held`` says what keeps the whole approval from being sent.
    """
    words = _WRITES[entry.state]
    match entry.state:
        case OutboxState.WAITING:
            words = _waiting(entry, now, held)
        case OutboxState.CANCELLED if entry.last_error:
            words = _DROPPED
        case OutboxState.SENDING | OutboxState.FAILED if entry.last_error:
            words = f"{words}. {_begun(entry.last_error)}"
    return WriteLine(entry.state, entry.due_at, words, receipt.transaction if receipt else "")


def _waiting(entry: OutboxEntry, now: datetime, held: str) -> str:
    if held:
        return f"Held back. {held}"
    if entry.last_error:
        return f"Not sent yet. {_begun(entry.last_error)}"
    return _WRITES[entry.state] if now < entry.due_at else "Waiting for its turn"


def _begun(words: str) -> str:
    """Begin with a capital letter, but for iCIMS's own name."""
    return words if words.startswith("iCIMS") else f"{words[:1].upper()}{words[1:]}"


def trail_line(event: AuditEvent, names: Mapping[str, str]) -> TrailLine:
    """Put one audit event into words; ``names`` maps user ids to display names."""
    fact = event.fact
    return TrailLine(
        seq=event.seq,
        at=fact.at,
        who=doer_name(fact.actor_kind, fact.actor, names),
        what=ACTIONS.get(fact.action, _plain(fact.action)),
        detail=detail(fact, names),
        hash=event.hash,
        action=fact.action,
        references=references(fact),
    )


def call_words(call: str) -> str:
    """Say what a kind of request to iCIMS does; ``call`` is its method and what its path names."""
    method, _, what = call.partition(" ")
    if method == "GET" or what in _POSTED:
        return _READING.get(what, what.capitalize())
    return "Adding approved entries" if method == "POST" else "Writing approved changes"


def maker(actor: Actor, names: Mapping[str, str]) -> str:
    """Name who or what made a proposal."""
    return doer_name(actor.kind, actor.id, names)


def _plain(action: str) -> str:
    return action.replace(".", " ").replace("_", " ").capitalize()


def _text(value: Value) -> str:
    match value:
        case None | ():
            return ""
        case tuple():
            return ", ".join(value)
        case float() | int():
            return f"{value:g}"
    return value
