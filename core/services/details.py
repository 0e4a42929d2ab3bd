"""The words for what a fact in the audit log carries.

Every name under which the code records something stands in ``MEANINGS`` or in ``REFERENCES``.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from core.domain.actor import ActorKind, Role
from core.domain.assessors import assessor_name
from core.domain.audit import Fact
from core.domain.judgement import BlindMode, Hidden, Leaning
from core.domain.model_runs import Outcome
from core.domain.policy import Capability, StopScope
from core.flow.propose import Presentation

Names = Mapping[str, str]
Value = str | int | float | bool | None

_ROLES = {
    Role.RECRUITER: "recruiter",
    Role.HIRING_MANAGER: "hiring manager",
    Role.COMPLIANCE: "compliance reviewer",
    Role.ADMIN: "administrator",
}
_CAPABILITIES = {Capability.SCREENING: "Scoring", Capability.WRITING: "Writing to iCIMS"}
OUTCOMES = {
    Outcome.ANSWERED: "answered",
    Outcome.UNFIT: "the answer could not be used",
    Outcome.REFUSED: "the model refused",
    Outcome.UNDER_WAY: "no answer is known",
    Outcome.CUT: "the answer was cut off",
    Outcome.SILENT: "no answer in time",
    Outcome.FAILED: "the service failed",
    Outcome.STOPPED: "ended before the answer was complete",
}
"""How a request to a language model ended."""
_MODES = {
    BlindMode.OFF: "own view first for nobody",
    BlindMode.SAMPLED: "own view first for a sample of people",
    BlindMode.ALWAYS: "own view first for everybody",
}
_WORDS: dict[str, str] = {
    **{str(standing): words for standing, words in Presentation().standings.items()},
    **{str(reason): words for reason, words in Presentation().reasons.items()},
    **{str(suggestion): words for suggestion, words in Presentation().suggestions.items()},
    **{str(mode): words for mode, words in _MODES.items()},
    Leaning.ADVANCE: "put forward",
    Leaning.UNSURE: "not sure",
    Leaning.NOT_NOW: "not for this job",
    Hidden.OWN_VIEW_FIRST: "the score was hidden until they had a view of their own",
    Hidden.STOPPED: "the score was hidden because scoring is switched off",
    StopScope.EVERYWHERE: "everywhere",
    StopScope.REQUISITION: "for one job",
    StopScope.JURISDICTION: "in one place",
    **{str(outcome): words for outcome, words in OUTCOMES.items()},
    "password": "with a password",
    "single sign-on": "with the company account",
    "idle": "nobody used it for too long",
    "time is up": "its time was up",
    "account changed": "the account was changed",
    "AtsDenied": "iCIMS did not allow it",
    "AtsRejected": "iCIMS refused the change",
    "AtsUnavailable": "iCIMS could not be reached",
    "FieldMapInvalid": "a field is not set up in iCIMS",
    "IntegrityError": "what was approved cannot be read any more",
    "NotFound": "the record is not there any more",
    "QuotaExhausted": "the day's requests to iCIMS were used up",
    "RecordMoved": "the record had changed in iCIMS",
    "WriteInDoubt": "iCIMS gave no answer",
}
"""What coded values mean, whatever name they stand under."""
_COUNTED = {
    "criteria.saved": ("criterion", "criteria"),
    "pipeline.exported": ("person", "people"),
    "pipeline.searched": ("resume found", "resumes found"),
    "screening.cancelled": ("application left unscored", "applications left unscored"),
    "screening.started": ("application", "applications"),
}


def _said(pattern: str = "{}") -> Callable[[Value], str]:
    return lambda value: pattern.format(_plain(value))


def _coded(pattern: str = "{}") -> Callable[[Value], str]:
    return lambda value: pattern.format(_WORDS.get(str(value), _plain(value)))


def _share(pattern: str) -> Callable[[Value], str]:
    return lambda value: pattern.format(
        f"{value:.0%}" if isinstance(value, int | float) else _plain(value)
    )


def _counted(one: str, many: str) -> Callable[[Value], str]:
    return lambda value: f"{value} {one if value == 1 else many}" if value else ""


def _either(yes: str, no: str = "") -> Callable[[Value], str]:
    return lambda value: yes if value else no


def _roles(pattern: str) -> Callable[[Value], str]:
    def words(value: Value) -> str:
        named = [_ROLES[Role(r)] if r in set(Role) else r for r in str(value).split(",") if r]
        return pattern.format(" and ".join(named) or "no role")

    return words


MEANINGS: dict[str, Callable[[Value], str]] = {
    "leaning": _coded(),
    "blind": _either("before seeing the score", "after the score could be seen"),
    "hidden": _coded(),
    "criterion": _said("criterion “{}”"),
    "standing_before": _coded("was “{}”"),
    "standing_after": _coded("now “{}”"),
    "score": _said("score {}"),
    "band": _said("± {}"),
    "score_before": _said("score was {}"),
    "score_after": _said("score now {}"),
    "suggestion": _coded("suggestion: {}"),
    "version": _said("version {}"),
    "version_before": _said("before that version {}"),
    "asked_by": _said("asked for by {}"),
    "passed": _either("every gate passed", "not every gate passed"),
    "gates_failed": _counted("gate failed", "gates failed"),
    "resumes": _counted("resume", "resumes"),
    "requests": _counted("request to the model", "requests to the model"),
    "criteria_version": _said("criteria version {}"),
    "count": _said(),
    "writes": _counted("request to iCIMS", "requests to iCIMS"),
    "left_out": _said("to leave out: line {}"),
    "step": lambda value: f"request {value + 1}" if isinstance(value, int) else _plain(value),
    "attempt": _said("try {}"),
    "was_in_doubt": _either("after a try without an answer"),
    "approved_by": _said("approved by {}"),
    "fields": _said("fields: {}"),
    "dropped": _counted("later request not sent either", "later requests not sent either"),
    "shared": _either("for everybody on the job", "for themselves"),
    "method": _coded(),
    "known": _either("a known user name", "an unknown user name"),
    "seconds": _counted("second to wait", "seconds to wait"),
    "sessions": _counted("session ended", "sessions ended"),
    "events": _counted("event from iCIMS", "events from iCIMS"),
    "jobs": _counted("finished piece of work", "finished pieces of work"),
    "calls": _counted("logged request to iCIMS", "logged requests to iCIMS"),
    "bodies": _counted("old text for a language model", "old texts for language models"),
    "old_sessions": _counted("session that had ended", "sessions that had ended"),
    "roles": _roles("as {}"),
    "roles_before": _roles("before that {}"),
    "email_changed": _either("another e-mail address"),
    "scope": _coded(),
    "where": _said("({})"),
    "pool": _said("talent pool suggested below {}"),
    "pool_before": _said("before that below {}"),
    "call": _said("screening call suggested above {}"),
    "call_before": _said("before that above {}"),
    "sure_from": _share("confident enough from {}"),
    "sure_from_before": _share("before that from {}"),
    "readable_from": _share("read well enough from {}"),
    "readable_from_before": _share("before that from {}"),
    "mode": _coded(),
    "share": _share("a sample is {}"),
    "blinding": _coded(),
    "blinding_before": _coded("before that: {}"),
    "blinding_share": _share("a sample is {}"),
    "blinding_share_before": _share("before that {}"),
    "rows": _counted("row", "rows"),
    "problem": _said(),
    "outcome": _coded(),
    "model": _said("model {}"),
    "host": _said("at {}"),
    "prompt": _said("instructions “{}”"),
    "prompt_version": _said("version {}"),
    "tokens_in": _counted("token sent", "tokens sent"),
    "tokens_out": _counted("token received", "tokens received"),
    "reason": _coded("because: {}"),
}
"""What tells a reader something, in the order in which it is told."""

REFERENCES = {
    "transaction": "iCIMS transaction",
    "status": "iCIMS answer",
    "location": "written to",
    "person": "iCIMS person",
    "person_before": "iCIMS person before",
    "assessment": "assessment",
    "proposal": "proposal",
    "reverses": "takes back proposal",
    "by": "replaced by proposal",
    "approval": "approval",
    "content": "fingerprint of the changes",
    "write": "request",
    "session": "session",
    "document": "fingerprint of the resume",
    "criteria": "fingerprint of the criteria",
    "hash": "fingerprint",
    "evaluation": "check",
    "trial": "trial",
    "requisition": "job",
    "query": "fingerprint of the question",
    "filter": "fingerprint of the filter",
    "posting": "fingerprint of the posting",
    "view": "saved view",
    "stop": "switch",
    "reason_hash": "fingerprint of the reason",
    "run": "request to the model",
    "input": "fingerprint of resume and criteria",
    "sent": "fingerprint of what was sent",
    "undo_until": "could be undone until",
    "expires_at": "could be approved until",
    "due_at": "next try at",
}
"""What something can be looked up by."""


_ABOUT = {"audit": "This log", "policy:tenant": "Thresholds and limits"}
_KNOWN = {*MEANINGS, *REFERENCES}
_LONGEST_REFERENCE = 24
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d$")
_PARTS = {
    "command-line": "command line",
    "writer": "writing",
}


def detail(fact: Fact, names: Names) -> str:
    """Say what a fact carries that a reader can use."""
    known = [(key, fact.data[key]) for key in MEANINGS if key in fact.data]
    other = [(key, value) for key, value in fact.data.items() if key not in _KNOWN]
    said = [_told(fact.action, key, value, names) for key, value in known if value is not None]
    said += [f"{key.replace('_', ' ')} {_plain(value)}" for key, value in other if value]
    # A score and how sure it is belong together, as everywhere on the screens.
    return ", ".join(words for words in said if words).replace(", ±", " ±")


def references(fact: Fact) -> str:
    """List what a fact can be looked up by; the exact name of an assessor is among it."""
    known = [(name, fact.data.get(key)) for key, name in REFERENCES.items()]
    told = [f"{name} {_short(value)}" for name, value in known if value not in (None, "")]
    if fact.actor_kind == ActorKind.MODEL:
        told.append(f"assessor {fact.actor.partition(':')[2]}")
    return ", ".join(told)


def subject_words(subject: str, names: Names) -> str:
    """Say what a fact is about."""
    kind, _, id = subject.partition(":")
    if kind == "user":
        return f"User {names.get(id, id)}"
    if kind == "prompt":
        return f"Instructions ({id})"
    if kind == "capability":
        return _CAPABILITIES[Capability(id)] if id in set(Capability) else id
    return _ABOUT.get(subject) or f"{kind} {id}".strip().capitalize()


def _told(action: str, key: str, value: Value, names: Names) -> str:
    if value == "":
        return ""
    if key == "count":
        one, many = _COUNTED.get(action, ("of them", "of them"))
        return f"{value} {one if value == 1 else many}"
    if key in ("approved_by", "asked_by"):
        value = names.get(str(value), str(value))
    return MEANINGS[key](value)


def _plain(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def _short(value: Value) -> str:
    text = str(value)
    if _MOMENT.match(text):
        return f"{datetime.fromisoformat(text).astimezone(UTC):%d %b %Y %H:%M} UTC"
    return text if len(text) <= _LONGEST_REFERENCE else f"{text[:12]}…"


def doer_name(kind: str, id: str, names: Names) -> str:
    """Name who or what did something: a person, an assessor, or a part of this product."""
    bare = id.partition(":")[2] or id
    match kind:
        case ActorKind.MODEL:
            return assessor_name(bare)
        case ActorKind.SERVICE:
            return f"Copilot ({_PARTS.get(bare, bare)})"
        case _:
            return names.get(id, "Unknown user" if id == "unknown" else id)
