"""ExtractedDocument to ParsedResume: one pass over the text per kind of fact."""

from collections.abc import Sequence

from core.domain.document import (
    ExtractedDocument,
    Month,
    ParsedResume,
    Position,
    ResumeFacts,
)
from core.flow.parse.careers import find_positions
from core.flow.parse.contact import find_contact
from core.flow.parse.dates import DateRange, find_dates
from core.flow.parse.health import assess_health
from core.flow.parse.lines import Lines
from core.flow.parse.mentions import find_certificates, find_languages
from core.flow.parse.schooling import find_education
from core.flow.parse.sections import find_sections
from core.flow.parse.skills import find_skills
from core.flow.parse.tenure import Interval, interval, years
from core.flow.parse.tongue import language_of

PARSER_VERSION = "2"


def parse(document: ExtractedDocument, *, as_of: Month | None = None) -> ParsedResume:
    """Read facts and judge the reading; the same document always gives the same answer.

    ``as_of`` is the month in which positions held "to present" end, e.g. that of the application.
    Without it they end with the latest month the document itself names, which can only be too
    early. What is withheld from assessors is not read either.
    """
    facts = read_facts(document.legible, as_of)
    return ParsedResume(
        document=document,
        facts=facts,
        health=assess_health(document, facts),
        parser_version=PARSER_VERSION,
    )


def read_facts(text: str, as_of: Month | None = None) -> ResumeFacts:
    """Read everything out of a text."""
    lines = Lines(text)
    sections = find_sections(lines)
    dates = find_dates(text)
    positions = find_positions(lines, sections, dates) if lines.all else ()
    intervals = _intervals(positions, as_of or _latest(dates))
    return ResumeFacts(
        language=language_of(text),
        sections=sections,
        positions=positions,
        skills=find_skills(text, positions, intervals),
        education=find_education(lines, sections),
        certificates=find_certificates(text),
        languages=find_languages(text, sections),
        contact=find_contact(lines, positions),
        total_years=years(intervals.values()),
    )


def _intervals(positions: Sequence[Position], latest: Month | None) -> dict[Position, Interval]:
    found = ((position, interval(position, latest)) for position in positions)
    return {position: months for position, months in found if months is not None}


def _latest(dates: Sequence[DateRange]) -> Month | None:
    named = [month for found in dates for month in (found.start, found.end) if month]
    return max(named, key=lambda month: month.index, default=None)
