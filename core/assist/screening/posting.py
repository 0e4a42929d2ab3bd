"""A job posting taken apart: title, and lines by what they are about."""

import re
from dataclasses import dataclass
from enum import StrEnum

from core.assist.screening.tables import vocabulary
from core.domain.ids import RequisitionId, TenantId
from core.domain.records import ListNode, Requisition

_BULLET = re.compile(r"^\s*(?:[-–—*•·●▪◦‣o]\s+|\d{1,2}[.)]\s+)")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-ZÄÖÜ])")
_LEAD_IN = re.compile(r"^([^:]{3,40}):\s+(.+)$")


class Part(StrEnum):
    """What a part of a posting speaks about; ASIDE is pay, benefits and the company."""

    OVERVIEW = "overview"
    DUTIES = "duties"
    REQUIRED = "required"
    PREFERRED = "preferred"
    TOOLS = "tools"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class PostingLine:
    """One bullet or sentence of a posting."""

    part: Part
    text: str


@dataclass(frozen=True, slots=True)
class Posting:
    """A posting's title and its lines in order."""

    title: str
    lines: tuple[PostingLine, ...]

    def of(self, *parts: Part) -> tuple[str, ...]:
        """List the texts of the lines under ``parts``."""
        return tuple(line.text for line in self.lines if line.part in parts)


def read_posting(requisition: Requisition) -> Posting:
    """Take a requisition's three texts apart; headings inside them win over the field."""
    fields = (
        (Part.OVERVIEW, requisition.overview),
        (Part.DUTIES, requisition.responsibilities),
        (Part.REQUIRED, requisition.qualifications),
    )
    lines = [line for part, text in fields for line in _lines(text, part)]
    return Posting(requisition.title, tuple(lines))


def requisition_from_text(text: str, *, id: RequisitionId, tenant: TenantId) -> Requisition:
    """Read a plain job text, its first line the title, as if it were an iCIMS job."""
    title, _, body = text.strip().partition("\n")
    return Requisition(
        id=id,
        tenant=tenant,
        title=title.strip().lstrip("# ").strip(),
        folder=ListNode(id="", label="Open"),
        overview=body.strip(),
    )


def _lines(text: str, part: Part) -> list[PostingLine]:
    found: list[PostingLine] = []
    for raw in text.splitlines():
        line = _BULLET.sub("", raw).strip()
        heading = _heading(line)
        if heading:
            part = heading
            continue
        found += _pieces(line, part)
    return found


def _pieces(line: str, part: Part) -> list[PostingLine]:
    lead = _LEAD_IN.match(line)
    heading = _heading(lead[1]) if lead else None
    if lead and heading:
        part, line = heading, lead[2]
    pieces = [line] if part is Part.TOOLS else _SENTENCE.split(line)
    return [PostingLine(part, piece.strip()) for piece in pieces if piece.strip()]


def _heading(line: str) -> Part | None:
    phrase = line.lower().strip("#*: ").removesuffix(" are").strip()
    name = vocabulary().headings.get(phrase)
    return Part(name) if name else None
