"""From an answer other than success to the error that says who can act on it.

iCIMS's codes: 0 internal, 1 field required or invalid, 2 missing, 3 hidden from the login group,
6 wrong password, 9 wrong signature or expired token. Problems stand in the JSON body and in
``X-Error: code:field:detail`` headers; either may be absent.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from core.errors import (
    AtsDenied,
    AtsRejected,
    AtsUnavailable,
    CopilotError,
    NotFound,
    WriteInDoubt,
)
from core.icims.field_map import FieldMap
from core.icims.replies import Reply

TOKEN_EXPIRED = 9
_HEADER = re.compile(r"^(\d+):(?:([a-z][a-z0-9_.]*):)?\s*(.*)$")
_MESSAGE = re.compile(r"^(?:([a-z][a-z0-9_.]*):)?\s*(.*)$")
# Messages are stored and logged in clear; iCIMS's may repeat a value that was sent or found.
_VALUE = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|\S+@\S+|\+?\d[\d\s()./-]{4,}\d")
_CREDENTIALS = {
    6: "iCIMS does not accept the integration user's password",
    TOKEN_EXPIRED: "iCIMS does not accept the token or signature; check the secret and the clock",
}

_STANDARD_WORDS = {
    "firstname": "first name",
    "lastname": "last name",
    "email": "e-mail",
    "jobtitle": "job title",
    "joblocation": "job location",
    "hiringmanager": "hiring manager",
    "startdate": "start date",
    "sourcename": "source name",
    "assessmentname": "assessment name",
    "assessmentdate": "assessment date",
    "assessmentscore": "assessment score",
    "assessmentresult": "assessment result",
    "assessmentnotes": "assessment notes",
}

Words = Callable[[str], str]
"""Turns a JSON field id into what people of the tenant call the field."""


def words_of(field_map: FieldMap) -> Words:
    """Name fields as the field map does, standard ones in plain words, others by their id."""
    mapped = {f.json_id: f.logical.replace("_", " ") for f in field_map.fields.values()}
    known = {**_STANDARD_WORDS, **mapped}
    return lambda json_id: known.get(json_id, json_id)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing iCIMS complains about; ``field`` is a JSON field id or empty."""

    code: int
    field: str
    detail: str


def problems(reply: Reply) -> tuple[Problem, ...]:
    """Collect what headers and body complain about, each thing once."""
    found = [*_from_headers(reply), *_from_body(reply)]
    named = {(p.code, p.field) for p in found if p.field}
    once = {(p.code, p.field or p.detail): p for p in reversed(found)}
    # A message without a field only repeats what a header said with one.
    return tuple(
        p for p in reversed(once.values()) if p.field or p.code not in {c for c, _ in named}
    )


def _from_headers(reply: Reply) -> list[Problem]:
    matches = (_HEADER.match(line) for line in reply.headers.get_list("x-error"))
    return [Problem(int(m[1]), m[2] or "", m[3]) for m in matches if m]


def _from_body(reply: Reply) -> list[Problem]:
    try:
        errors = reply.json().get("errors")
    except AtsUnavailable:
        return []
    found = []
    for error in errors if isinstance(errors, list) else []:
        code = str(error.get("errorCode", "")) if isinstance(error, dict) else ""
        message = _MESSAGE.match(str(error.get("errorMessage", ""))) if code.isdigit() else None
        if message:
            found.append(Problem(int(code), message[1] or "", message[2]))
    return found


class Busy(AtsUnavailable):
    """iCIMS asks to be left alone for ``seconds``."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


def is_expired_token(reply: Reply) -> bool:
    """Say whether a new token could help: 401, with code 9 or no code at all."""
    codes = {problem.code for problem in problems(reply)}
    return reply.status == 401 and (not codes or TOKEN_EXPIRED in codes)


def read_error(reply: Reply, what: str, words: Words = str) -> CopilotError:
    """Translate a failed read of ``what``, e.g. ``application 7``; 429 is the governor's."""
    if reply.status in (401, 403):
        return _denied(reply, what)
    if reply.status == 404:
        return NotFound(f"{what} does not exist in iCIMS or is hidden from the integration user")
    if 400 <= reply.status < 500:
        return _rejected(reply, what, words)
    message = f"iCIMS answered {reply.status} for {what} ({reply.transaction})"
    pause = reply.retry_after
    return AtsUnavailable(message) if pause is None else Busy(message, pause)


def write_error(reply: Reply, what: str, words: Words = str) -> CopilotError:
    """Translate a failed write: only a 4xx is proof that nothing was changed."""
    if reply.status in (401, 403):
        return _denied(reply, what)
    if reply.status == 404:
        return AtsRejected(f"{what} no longer exists in iCIMS, or the integration user lost it")
    if reply.status != 408 and 400 <= reply.status < 500:
        return _rejected(reply, what, words)
    return WriteInDoubt(f"iCIMS answered {reply.status} to a write of {what} ({reply.transaction})")


def _denied(reply: Reply, what: str) -> AtsDenied:
    codes = (problem.code for problem in problems(reply))
    why = next((_CREDENTIALS[code] for code in codes if code in _CREDENTIALS), None)
    return AtsDenied(f"{why or 'iCIMS refused the integration user'} ({what})")


def _rejected(reply: Reply, what: str, words: Words) -> AtsRejected:
    found = problems(reply)
    fields = tuple(dict.fromkeys(words(p.field) for p in found if p.field))
    if fields:
        return AtsRejected(
            f"iCIMS refused {what} until these fields are filled in there: {', '.join(fields)}",
            fields=fields,
        )
    details = "; ".join(dict.fromkeys(_VALUE.sub("…", p.detail) for p in found if p.detail))
    return AtsRejected(f"iCIMS refused {what}: {details or f'status {reply.status}'}")
