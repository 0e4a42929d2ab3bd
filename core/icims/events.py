"""Reading an event: which record it is about, and nothing else it says.

Links are trusted before the flat ids, which are strings and sometimes another record's. An address
in an event is read for its ids and never fetched.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from core.domain.events import AtsEvent, EventKind
from core.domain.ids import ApplicationId, PersonId, RequisitionId, TenantId
from core.errors import InvalidInput

_KINDS = {
    "WorkFlowStatusChangeEvent": EventKind.STAGE_CHANGED,
    "ApplicationCompletedEvent": EventKind.APPLICATION_COMPLETED,
    "AssessmentEvent": EventKind.APPLICATION_COMPLETED,
    "JobPostToWebEvent": EventKind.JOB_POSTED,
    "JobUnpostToWebEvent": EventKind.JOB_UNPOSTED,
}
_ABOUT_A_JOB = re.compile(r"Job\w*Event")
_LINK = re.compile(
    r"(?:https?://[^/?#\s]+)?/customers/([0-9]+)/(applicantworkflows|people|jobs)"
    r"/([1-9][0-9]{0,18})/?(?:[?#].*)?"
)
_ID = re.compile(r"[1-9][0-9]{0,18}")
_DEEPEST = 20
"""Levels of nesting; iCIMS's own events have three."""


def read_event(body: bytes, tenant: TenantId) -> AtsEvent:
    """Read one event of ``tenant``; raises ``InvalidInput`` for what cannot be one.

    A kind nobody foresaw is ``UNKNOWN``, not an error.
    """
    event = _object(body)
    links = _links(event, tenant)
    _require_ours(_text(event.get("customerId")), tenant)
    kind = _kind(_text(event.get("eventType")))
    job = links.get("jobs") or _id(event, "jobId")
    person = links.get("people") or _id(event, "personId")
    application = links.get("applicantworkflows")
    if kind is EventKind.UNKNOWN:
        # No application: nobody is going to read it, so nobody may think that it was told of.
        application = ""
    elif kind.about_a_job:
        application, job = "", links.get("jobs") or _id(event, "systemId") or job
        _require(job, "the event names no job")
    else:
        application = application or _id(event, "systemId")
        _require(application or (person and job), "the event names no application")
    return AtsEvent(
        kind=kind,
        tenant=tenant,
        application=ApplicationId(application) if application else None,
        requisition=RequisitionId(job) if job else None,
        person=PersonId(person) if person else None,
    )


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body.decode("utf-8-sig"))
    except RecursionError:
        raise InvalidInput("the body is nested too deeply") from None
    except ValueError:
        raise InvalidInput("the body is not JSON in UTF-8") from None
    if not isinstance(found, dict):
        raise InvalidInput("the body is not a JSON object")
    _require(_is_shallow(found), "the body is nested too deeply")
    return found


def _is_shallow(value: object) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return True
    return False


def _inside(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _kind(name: str) -> EventKind:
    known = _KINDS.get(name)
    if known is not None:
        return known
    return EventKind.JOB_EDITED if _ABOUT_A_JOB.fullmatch(name) else EventKind.UNKNOWN


def _links(event: Mapping[str, Any], tenant: TenantId) -> Mapping[str, str]:
    """Give the first id that the links name for each type of record."""
    given = event.get("links")
    found: dict[str, str] = {}
    for link in given if isinstance(given, list) else ():
        match = _LINK.fullmatch(_text(link.get("url"))) if isinstance(link, dict) else None
        if match is not None:
            customer, kind, id = match.groups()
            _require_ours(customer, tenant)
            found.setdefault(kind, id)
    return found


def _id(event: Mapping[str, Any], name: str) -> str:
    text = _text(event.get(name))
    return text if _ID.fullmatch(text) else ""


def _text(value: object) -> str:
    """Give a value's text; iCIMS sends strings, a number of the same digits is no offence."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def _require_ours(customer: str, tenant: TenantId) -> None:
    _require(customer in ("", tenant), "the event is another customer's")


def _require(met: object, otherwise: str) -> None:
    if not met:
        raise InvalidInput(otherwise)
