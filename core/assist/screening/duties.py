"""Judge duties and the field of work: which telling words of the posting the resume shares."""

from collections.abc import Mapping
from math import log1p, sqrt

from core.assist.screening.finding import Finding, not_shown
from core.assist.screening.reading import MOST_QUOTES, Passage, Reading
from core.assist.screening.wording import telling
from core.domain.criteria import Criterion

FIELD_MARK = "field"
OFTEN = 3
"""A word used this often counts fully; more often adds nothing."""


def judge_duty(criterion: Criterion, reading: Reading) -> Finding:
    """Weigh how much of the duty's wording one passage covers, and the resume as a whole."""
    asked = telling(" ".join((criterion.source or criterion.label, *criterion.terms[:8])))
    total = sum(asked.values())
    if not total:
        return not_shown()
    best = _best_passages(asked, reading)
    if not best:
        return not_shown()
    local = _shared(asked, best[0].words) / total
    whole = (
        sum(w * min(1.0, log1p(reading.counts[s]) / log1p(OFTEN)) for s, w in asked.items()) / total
    )
    credit = _stretch(0.5 * local + 0.5 * whole, 0.1, 0.75)
    return Finding(credit, best, "Passages of the resume speak of this work.")


def judge_field(criterion: Criterion, reading: Reading) -> Finding:
    """Compare the words the resume keeps using with those the posting turns on."""
    asked = telling(" ".join((criterion.source or criterion.label, *criterion.terms)))
    best = _best_passages(asked, reading)
    size = sqrt(sum((w * log1p(reading.counts[s])) ** 2 for s, w in _weights(reading).items()))
    if not best or not size:
        return not_shown("The resume does not speak of this field of work.")
    shared = sum(w * log1p(reading.counts[s]) for s, w in asked.items() if w == 1)
    closeness = shared / size / sqrt(max(1.0, sum(w * w for w in asked.values())))
    credit = _stretch(closeness, 0.08, 0.45)
    return Finding(credit, best, "The resume keeps using the words of this field.")


def _weights(reading: Reading) -> dict[str, float]:
    return telling(" ".join(reading.counts))


def _best_passages(asked: Mapping[str, float], reading: Reading) -> list[Passage]:
    near = {i for s, w in asked.items() if w == 1 for i in reading.by_word.get(s, ())}
    ranked = sorted(
        near,
        key=lambda i: (
            -_shared(asked, reading.passages[i].words),
            len(reading.passages[i].text),
            i,
        ),
    )
    return [reading.passages[i] for i in ranked[:MOST_QUOTES]]


def _shared(asked: Mapping[str, float], words: frozenset[str]) -> float:
    return sum(w for s, w in asked.items() if s in words)


def _stretch(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))
