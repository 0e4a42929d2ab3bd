"""The recruiter's words for what the records hold."""

from collections.abc import Mapping

from core.domain.actor import Actor, ActorKind
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

FIELDS = {
    "ai_match_score": "AI match score",
    "ai_skills_json": "AI skills (data)",
    "ai_reasoning": "AI reasoning",
    "tags": "Tags",
    "private_note": "Private note",
}

ACTIONS = {
    "application.assessed": "Scored against the criteria",
    "application.ungraded": "Could not be graded",
    "application.pulled": "Fetched from iCIMS",
    "approval.undone": "Approval taken back",
    "audit.exported": "Exported the audit log",
    "audit.verified": "Verified the audit log",
    "criteria.frozen": "Froze the criteria",
    "criteria.saved": "Saved a draft of the criteria",
    "document.refused": "Resume could not be read",
    "proposal.approved": "Approved the proposal",
    "proposal.made": "Proposed changes for iCIMS",
    "proposal.refused": "Refused the proposal",
    "proposal.superseded": "Replaced an older proposal",
    "password.changed": "Changed their password",
    "screening.cancelled": "Stopped scoring the requisition",
    "screening.started": "Started scoring the requisition",
    "session.ended": "Signed out",
    "session.started": "Signed in",
    "sign_in.failed": "Sign-in failed",
    "user.added": "Added a user",
    "write.delayed": "Not written yet: iCIMS was busy or away",
    "write.done": "Written to iCIMS",
    "write.failed": "iCIMS refused the change",
    "write.found": "Found already written in iCIMS",
    "write.in_doubt": "Sent without an answer; to be looked up in iCIMS",
    "write.stale": "Not written: the record had changed in iCIMS",
}

_DOERS = {ActorKind.MODEL: "Assessor", ActorKind.SERVICE: "Copilot"}

_WRITES = {
    OutboxState.WAITING: "Waiting for the undo window to end",
    OutboxState.SENDING: "Being written; checked in iCIMS before any second try",
    OutboxState.DONE: "Written to iCIMS",
    OutboxState.CANCELLED: "Taken back before it was sent",
    OutboxState.STALE: "Not written: the record had changed in iCIMS since the approval",
    OutboxState.FAILED: "iCIMS refused the change",
}


def change_line(change: Change) -> ChangeLine:
    """Put one exact change into words; values are never shortened."""
    match change:
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


def write_line(entry: OutboxEntry, receipt: Receipt | None) -> WriteLine:
    """Say how one approved iCIMS request is doing, with iCIMS's transaction id once it has one."""
    words = _WRITES[entry.state]
    if receipt is not None and receipt.transaction:
        words = f"{words} (transaction {receipt.transaction})"
    if entry.last_error and entry.state is not OutboxState.DONE:
        words = f"{words}. {entry.last_error}"
    return WriteLine(entry.state, entry.due_at, words)


def trail_line(event: AuditEvent, names: Mapping[str, str]) -> TrailLine:
    """Put one audit event into words; ``names`` maps user ids to display names."""
    fact = event.fact
    doer = names.get(fact.actor) or _doer(fact.actor_kind, fact.actor)
    detail = ", ".join(
        f"{key.replace('_', ' ')} {_short(value)}"
        for key, value in fact.data.items()
        if value not in (None, "")
    )
    what = ACTIONS.get(fact.action, fact.action.replace(".", " ").replace("_", " ").capitalize())
    return TrailLine(event.seq, fact.at, doer, what, detail, event.hash)


def maker(actor: Actor, names: Mapping[str, str]) -> str:
    """Name who or what made a proposal."""
    return names.get(actor.id) or _doer(actor.kind.value, actor.id)


def _doer(kind: str, id: str) -> str:
    label = _DOERS.get(ActorKind(kind)) if kind in set(ActorKind) else None
    return f"{label} {id.partition(':')[2]}" if label else id


def _text(value: Value) -> str:
    match value:
        case None | ():
            return ""
        case tuple():
            return ", ".join(value)
        case float() | int():
            return f"{value:g}"
    return value


def _short(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 24 else f"{text[:12]}…"
