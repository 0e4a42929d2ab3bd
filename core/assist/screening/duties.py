"""Judge duties and the field of work: words used, best passage, and closeness in meaning.

Word evidence leads because it can be pointed at; meaning catches other wordings of the same
work. Each part is stretched so that what any resume reaches by chance counts as nothing.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from math import log1p, sqrt

from core.assist.screening.finding import Finding, not_shown
from core.assist.screening.passages import Passage
from core.assist.screening.reading import Reading
from core.assist.screening.wording import stem, stems, telling, weight
from core.domain.criteria import Criterion
from core.domain.ids import CriterionId

FIELD_OF_WORK = CriterionId("field-of-work")
"""Id of the one drafted criterion that asks for the occupation as a whole."""

CHANCE = {"use": (0.01, 0.16), "field": (0.20, 0.60), "passage": (0.10, 0.60), "duty": (0.15, 0.50)}
"""Where each measure starts to say something, and where it says all it can."""

PLAIN = 0.4
"""Least weight of a word inside one passage, so that a single shared word is not the duty."""

SAME_TITLE = 0.8
"""Part of the missing credit that a dated position of the very same title makes up for."""

_TITLE_END = re.compile(r"\s*[,(/|–—]|\s-\s")

LEAST_SHARED = 2
"""Telling words a passage shares with a duty before it is shown as bearing it out."""

LEAST_USE = 3.0
"""Keeps a handful of words from looking like a whole resume about one thing."""


def judge_field(criterion: Criterion, reading: Reading, meaning: float) -> Finding:
    """Weigh how much the resume keeps using the posting's leading words, and closeness in meaning.

    ``criterion.terms`` stand in order of importance. ``meaning`` is the best cosine between the
    criterion and the resume's windows.
    """
    asked = by_rank(criterion.terms or stems(criterion.label))
    best = reading.ranked(asked)
    if not best:
        return not_shown("The resume does not speak of this field of work.")
    credit = 0.5 * _stretch("use", _use(asked, reading)) + 0.5 * _stretch("field", meaning)
    credit += (1 - credit) * SAME_TITLE * _held(criterion, reading)
    return Finding(credit, best, _speaks_of(asked, criterion, best))


def judge_duty(criterion: Criterion, reading: Reading, meaning: float) -> Finding:
    """Weigh how much of the duty the best passage covers, its use overall, and its meaning."""
    wording = " ".join((criterion.source or criterion.label, *criterion.terms[:8]))
    asked = telling(wording)
    best = reading.ranked({s: w for s, w in asked.items() if w == 1} or asked)
    if not best:
        return not_shown()
    core = {s: max(w, PLAIN) for s, w in telling(criterion.source or criterion.label).items()}
    best = [p for p in best if len((core.keys() | asked.keys()) & p.words) >= LEAST_SHARED]
    if not best:
        return not_shown()
    local = max(_share(core, p.words) for p in best)
    credit = (
        0.4 * _stretch("passage", local)
        + 0.35 * _stretch("use", _use(asked, reading))
        + 0.25 * _stretch("duty", meaning)
    )
    return Finding(credit, best, _speaks_of(asked, criterion, best))


def _held(criterion: Criterion, reading: Reading) -> float:
    """Largest share of the requisition's title, up to the first comma, that a title held has."""
    title = _TITLE_END.split(criterion.label.partition(": ")[2])[0]
    asked = telling(title)
    return max(
        (_share(asked, frozenset(stems(p.title))) for p in reading.facts.positions), default=0.0
    )


def by_rank(terms: Sequence[str]) -> dict[str, float]:
    """Weigh the stems of ``terms`` by their place, the first most."""
    ranked = dict.fromkeys(s for term in terms for s in stems(term))
    return {s: 1 / sqrt(rank + 2) for rank, s in enumerate(ranked)}


def closeness_of_words(asked: Mapping[str, float], words: Sequence[str]) -> float:
    """Cosine between the asked words and ``words`` (stems), log-damped."""
    use = {s: w * log1p(n) for s, n in Counter(words).items() if (w := weight(s)) > 0}
    size = sqrt(sum(value * value for value in use.values()))
    shared = sum(w * use.get(s, 0.0) for s, w in asked.items())
    return shared / max(size, LEAST_USE) / sqrt(sum(w * w for w in asked.values()) or 1.0)


def _use(asked: Mapping[str, float], reading: Reading) -> float:
    """Cosine between the asked words and the words the resume uses, log-damped."""
    shared = sum(w * reading.use.get(s, 0.0) for s, w in asked.items())
    return shared / max(reading.size, LEAST_USE) / sqrt(sum(w * w for w in asked.values()) or 1.0)


def _share(asked: Mapping[str, float], words: frozenset[str]) -> float:
    return sum(w for s, w in asked.items() if s in words) / (sum(asked.values()) or 1.0)


def _stretch(measure: str, value: float) -> float:
    low, high = CHANCE[measure]
    return min(1.0, max(0.0, (value - low) / (high - low)))


def _speaks_of(asked: Mapping[str, float], criterion: Criterion, best: Sequence[Passage]) -> str:
    shared = {s for p in best for s in p.words if s in asked}
    spelled = [t for t in criterion.terms if set(stems(t)) & shared] or sorted(shared, key=stem)
    return f"The resume speaks of {', '.join(spelled[:5])}."
