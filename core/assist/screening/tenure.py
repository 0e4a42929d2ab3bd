"""Judge years: which dated positions speak of the subject, and how long they add up to."""

import re
from functools import lru_cache

from core.assist.screening.duties import FIELD_OF_WORK, by_rank, closeness_of_words
from core.assist.screening.finding import Finding, no_data, not_shown
from core.assist.screening.phrases import pattern, with_synonyms
from core.assist.screening.reading import Passage, Reading
from core.assist.screening.tables import vocabulary
from core.assist.screening.wording import stems, telling
from core.domain.criteria import Criterion
from core.domain.document import Position

_STATED_YEARS = re.compile(r"\b(\d{1,2})\+?\s*(?:years?|yrs?|jahre?n?)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LONG = 5
"""Letters from which a word is also looked for inside compounds: Lager in Fachlagerist."""

SAME_FIELD = 0.2
"""Closeness in words from which a position is of the requisition's field of work."""


def judge_years(criterion: Criterion, reading: Reading) -> Finding:
    """Compare dated positions that speak of the subject, or years stated in words."""
    asked = criterion.minimum or 1.0
    relevant = _relevant(criterion, reading)
    years = round(reading.months(relevant) / 12, 1)
    stated = _stated(criterion, reading)
    if stated and stated[0] > years:
        reason = f"The resume states {stated[0]} years; {asked:g} are asked for."
        return Finding(min(1.0, stated[0] / asked), [stated[1]], reason)
    if years:
        passages = [_dated_line(position, reading) for position in relevant]
        reason = f"Dated positions add up to about {years:g} years; {asked:g} are asked for."
        return Finding(min(1.0, years / asked), passages, reason)
    if not any(p.start for p in reading.facts.positions):
        return no_data("The resume gives no dates to count from.")
    return not_shown("No dated position speaks of this.")


def _relevant(criterion: Criterion, reading: Reading) -> list[Position]:
    """Positions that name the subject or are of the field, at the head of others where asked."""
    dated = [p for p in reading.facts.positions if p.start and reading.passages_at(p.span)]
    if not criterion.terms:
        return dated
    leading = pattern(vocabulary().leading)
    heads = bool(leading.search(criterion.source or criterion.label))
    subject, field = _subject(criterion.terms), by_rank(_field_terms(reading))
    texts = [(p, p.span.of(reading.text.text)) for p in dated]
    return [
        p
        for p, text in texts
        if (not heads or leading.search(text))
        and (subject.search(text) or closeness_of_words(field, stems(text)) >= SAME_FIELD)
    ]


@lru_cache(maxsize=512)
def _subject(terms: tuple[str, ...]) -> re.Pattern[str]:
    named = pattern(with_synonyms(terms)).pattern
    words = [w for term in terms for w in term.split() if len(w) >= _LONG and telling(w)]
    inside = "|".join(re.escape(w) for w in dict.fromkeys(words))
    return re.compile(f"{named}|(?i:{inside})" if inside else named)


def _field_terms(reading: Reading) -> tuple[str, ...]:
    return next((c.terms for c in reading.criteria if c.id == FIELD_OF_WORK), ())


def _dated_line(position: Position, reading: Reading) -> Passage:
    """The line of a position that holds its dates, else its first."""
    lines = reading.passages_at(position.span)
    return next((p for p in lines if _YEAR.search(p.text)), lines[0])


def _stated(criterion: Criterion, reading: Reading) -> tuple[int, Passage] | None:
    words = set(telling(" ".join(criterion.terms)))
    found = [
        (int(match[1]), passage)
        for passage in reading.passages
        if not words or words & passage.words
        for match in _STATED_YEARS.finditer(passage.text)
    ]
    return max(found, key=lambda pair: (pair[0], -pair[1].span.start), default=None)
