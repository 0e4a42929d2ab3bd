"""Judge years: which dated positions speak of the subject, and how long they add up to."""

import re
from functools import lru_cache

from core.assist.screening.duties import FIELD_OF_WORK, by_rank, closeness_of_words
from core.assist.screening.finding import MET_FROM, Finding, no_data, not_shown
from core.assist.screening.passages import Passage
from core.assist.screening.phrases import pattern, with_synonyms
from core.assist.screening.reading import Reading
from core.assist.screening.tables import vocabulary
from core.assist.screening.wording import stem, stems, telling, weight
from core.domain.criteria import Criterion
from core.domain.document import Position

_STATED_YEARS = re.compile(r"\b(\d{1,2})\+?\s*(?:years?|yrs?|jahre?n?)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LONG = 5
"""Letters from which a word is also looked for inside compounds: Lager in Fachlagerist."""

SAME_FIELD, SAME_OCCUPATION = 0.06, 0.2
"""Closeness in words from which a position is of the requisition's field of work; more is asked
where the line names an occupation: "as a registered nurse"."""

_NEARLY, _NOT_ENOUGH = 0.95, MET_FROM - 0.01
_OCCUPATION = re.compile(r"(?i)\b(?:as an?|als)\b")


def judge_years(criterion: Criterion, reading: Reading) -> Finding:
    """Compare dated positions that speak of the subject, or years stated in words."""
    asked = criterion.minimum or 1.0
    relevant = _relevant(criterion, reading)
    years = round(reading.months(relevant) / 12, 1)
    stated = _stated(criterion, reading)
    if stated and stated[0] > years:
        reason = f"The resume states {_years(stated[0])}; asked for: {asked:g}."
        return Finding(_credit(stated[0], asked), [stated[1]], reason)
    if years:
        passages = [line for position in relevant for line in _lines(position, reading)]
        reason = f"Dated positions add up to about {_years(years)}; asked for: {asked:g}."
        return Finding(_credit(years, asked), passages, reason)
    if not any(p.start for p in reading.facts.positions):
        return no_data("The resume gives no dates to count from.")
    return not_shown("No dated position speaks of this.")


def _credit(years: float, asked: float) -> float:
    """Fewer years count in proportion and are never called enough, but for a few weeks."""
    share = years / asked
    return 1.0 if share >= _NEARLY else min(share, _NOT_ENOUGH)


def _years(number: float) -> str:
    return "1 year" if number == 1 else f"{number:g} years"


def _relevant(criterion: Criterion, reading: Reading) -> list[Position]:
    """Positions that name the subject or are of the field, at the head of others where asked."""
    dated = [p for p in reading.facts.positions if p.start and reading.passages_at(p.span)]
    if not criterion.terms:
        return dated
    leading = pattern(vocabulary().leading)
    line = criterion.source or criterion.label
    heads = bool(leading.search(line))
    near = SAME_OCCUPATION if _OCCUPATION.search(line) else SAME_FIELD
    subject, field = _subject(criterion.terms), by_rank(_field_terms(reading))
    texts = [(p, p.span.of(reading.text.text)) for p in dated]
    return [
        p
        for p, text in texts
        if (not heads or leading.search(text))
        and (subject.search(text) or closeness_of_words(field, stems(text)) >= near)
    ]


@lru_cache(maxsize=512)
def _subject(terms: tuple[str, ...]) -> re.Pattern[str]:
    named = pattern(with_synonyms(terms)).pattern
    words = [t for t in terms if len(t) >= _LONG and t.isalpha() and weight(stem(t)) == 1]
    inside = "|".join(re.escape(w) for w in dict.fromkeys(words))
    return re.compile(f"{named}|(?i:{inside})" if inside else named)


def _field_terms(reading: Reading) -> tuple[str, ...]:
    return next((c.terms for c in reading.criteria if c.id == FIELD_OF_WORK), ())


def _lines(position: Position, reading: Reading) -> list[Passage]:
    """The lines of a position that hold its title and its dates, as one where they adjoin."""
    lines = reading.passages_at(position.span)
    titled = next((p for p in lines if position.title and position.title in p.text), lines[0])
    year = _YEAR.search(reading.text.text, position.span.start, position.span.end)
    dated = reading.line_at(year.start()) if year else None
    return reading.joined(titled, dated) if dated else [titled]


def _stated(criterion: Criterion, reading: Reading) -> tuple[int, Passage] | None:
    words = set(telling(" ".join(criterion.terms)))
    found = [
        (int(match[1]), passage)
        for passage in reading.passages
        if not words or words & passage.words
        for match in _STATED_YEARS.finditer(passage.text)
    ]
    return max(found, key=lambda pair: (pair[0], -pair[1].span.start), default=None)
