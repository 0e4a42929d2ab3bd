"""Draft criteria from a requisition; a person edits and freezes them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from core.assist.screening.duties import FIELD_OF_WORK
from core.assist.screening.lint import lint
from core.assist.screening.phrases import pattern, skill_phrases, with_synonyms
from core.assist.screening.posting import Part, Posting, read_posting
from core.assist.screening.tables import vocabulary
from core.assist.screening.wording import stem, stems, telling, weight
from core.domain.criteria import (
    Criteria,
    CriteriaStatus,
    Criterion,
    CriterionKind,
    Importance,
    Severity,
)
from core.domain.ids import CriterionId, UserId
from core.domain.records import Requisition

FIELD_WEIGHT = 5.0
DUTIES_WEIGHT = 5.0
REQUIRED_WEIGHT = 2.0
PREFERRED_WEIGHT = 1.0
LOGISTICS_WEIGHT = 0.5
MOST_DUTIES = 12
FIELD_TERMS = 24

_YEARS = re.compile(
    r"\b(\d{1,2}|one|two|three|four|five|six|seven|eight|ten|ein|eine|einem|zwei|drei|vier|fünf)"
    r"(?:\s*(?:-|–|to|bis)\s*\d{1,2})?\s*(?:\+|plus|or more)?\s*(?:full\s+)?"
    r"(?:years?|yrs?|jahre?n?)\b(?!\s+(?:old|of age|alt))",
    re.IGNORECASE,
)
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_NUMBERS |= {"ten": 10, "ein": 1, "eine": 1, "einem": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5}
_WORD = re.compile(r"[^\W\d_]{2,}[+#]*")
_LANGUAGE_CONTEXT = re.compile(
    r"(?i)\b(languages?|speak\w*|spoken|written|fluen\w+|bilingual|proficien\w+|sprach\w*"
    r"|kenntniss?en?|wort|native|level|[abc][12])\b|(?i:kenntnisse)"
)
_AND = re.compile(r"(?i)[,;&/]|\b(?:and|or|und|oder|sowie)\b")


@dataclass(frozen=True, slots=True)
class _Wish:
    kind: CriterionKind
    label: str
    weight: float
    terms: tuple[str, ...] = ()
    minimum: float | None = None
    level: str = ""


def draft(requisition: Requisition, *, now: datetime, author: UserId, version: int = 1) -> Criteria:
    """Draft criteria from the posting's own words; lines the lint would block are left out.

    Qualifications become skill, years, certificate, education, language, shift and location
    criteria; responsibilities become duties, beside one criterion for the field as a whole.
    """
    posting = read_posting(requisition)
    drafted: dict[CriterionId, Criterion] = {}
    for criterion in (*_qualifications(posting), *_field(posting), *_duties(posting)):
        drafted.setdefault(criterion.id, criterion)
    return Criteria(
        tenant=requisition.tenant,
        requisition_id=requisition.id,
        version=version,
        criteria=tuple(drafted.values()),
        status=CriteriaStatus.DRAFT,
        author=author,
        created_at=now,
    )


def _qualifications(posting: Posting) -> Iterator[Criterion]:
    for line in posting.lines:
        if line.part in (Part.REQUIRED, Part.PREFERRED) and not _blocked(line.text):
            for clause in _clauses(line.text):
                importance = _importance(clause, line.part)
                for wish in _wishes(clause):
                    yield _criterion(wish, importance, line.text)
    for text in posting.of(Part.TOOLS):
        if skills := skill_phrases(text):
            wish = _Wish(CriterionKind.SKILL, f"Tools: {_short(text, 70)}", 0.5, skills)
            yield _criterion(wish, Importance.PREFERRED, text)


def _wishes(line: str) -> list[_Wish]:
    found = [*_education(line), *_languages(line), *_certificates(line), *_years(line)]
    found += _logistics(line)
    if all(w.kind in (CriterionKind.SHIFT, CriterionKind.LOCATION) for w in found):
        found += [
            _Wish(CriterionKind.SKILL, _capital(skill), 1.0, with_synonyms([skill]))
            for skill in skill_phrases(line)[:5]
        ]
    return found


def _education(line: str) -> Iterator[_Wish]:
    levels = [lv for lv, forms in vocabulary().degrees.items() if _any_of(forms).search(line)]
    if levels:
        # "Bachelor's or Master's" asks for the lower of the two.
        lowest = levels[-1]
        subject = tuple(t for t in _plain_terms(line) if not _any_degree(t))
        yield _Wish(CriterionKind.EDUCATION, _short(line, 80), 1.0, subject, level=lowest)


def _clauses(line: str) -> list[str]:
    """Split off what is only a wish: after a semicolon, or a comma and "ideally"."""
    cues = "|".join(map(re.escape, vocabulary().preferred_cues))
    return [c for c in re.split(rf"(?i);\s*|[,(]\s*(?=(?:{cues})\b)", line) if c.strip()]


def _languages(line: str) -> Iterator[_Wish]:
    levels = tuple(w for words in vocabulary().language_levels.values() for w in words)
    if not (_LANGUAGE_CONTEXT.search(line) or pattern(levels).search(line)):
        return
    for code, names in vocabulary().languages.items():
        if pattern(names).search(line):
            here = next((p for p in _AND.split(line) if pattern(names).search(p)), line)
            level = _language_level(here) or _language_level(line) or "B2"
            label = f"{names[0].split()[0].capitalize()} {level}".strip()
            yield _Wish(CriterionKind.LANGUAGE, label, 1.0, (code, *names), level=level)


def _language_level(line: str) -> str:
    levels = vocabulary().language_levels.items()
    level = next((lv for lv, words in levels if pattern(words).search(line)), "")
    # What "native" is meant to say is a level; birth is nobody's business.
    return "C1" if level == "C2" else level


def _certificates(line: str) -> Iterator[_Wish]:
    for name, forms in vocabulary().certificates.items():
        if pattern(forms).search(line):
            yield _Wish(CriterionKind.CERTIFICATE, name, 1.0, forms)


def _years(line: str) -> Iterator[_Wish]:
    match = _YEARS.search(line)
    if match:
        number = match[1].lower()
        minimum = float(_NUMBERS.get(number) or number)
        terms = tuple(dict.fromkeys((*skill_phrases(line), *_plain_terms(line))))
        if 0 < minimum <= 50:
            yield _Wish(CriterionKind.YEARS, _short(line, 80), 1.0, with_synonyms(terms), minimum)


def _logistics(line: str) -> Iterator[_Wish]:
    for name, forms in vocabulary().shifts.items():
        if pattern(forms).search(line):
            yield _Wish(CriterionKind.SHIFT, name, LOGISTICS_WEIGHT, forms)
    places = vocabulary().places
    if pattern(places).search(line):
        yield _Wish(CriterionKind.LOCATION, _short(line, 80), LOGISTICS_WEIGHT, places)


def _field(posting: Posting) -> Iterator[Criterion]:
    about = posting.of(Part.OVERVIEW, Part.DUTIES)
    if not telling("\n".join((posting.title, *about))):
        return
    title = _lawful(posting.title)
    label = f"Worked in this field: {_short(title, 70)}"
    terms = _field_terms(title, [_lawful(line) for line in about])
    yield Criterion(
        id=FIELD_OF_WORK,
        label=label,
        kind=CriterionKind.DUTY,
        importance=Importance.REQUIRED,
        weight=FIELD_WEIGHT,
        terms=terms,
        source=_short(" ".join((f"{posting.title}.", *posting.of(Part.OVERVIEW))), 600),
    )


def _field_terms(title: str, about: Iterable[str]) -> tuple[str, ...]:
    """Pick the words that recur most among the telling ones, the title's first."""
    text = " ".join(about)
    counts = Counter(s for s in stems(text) if weight(s) == 1)
    spelled: dict[str, str] = {}
    for word in _WORD.findall(f"{title} {text}".lower()):
        spelled.setdefault(stem(word), word)
    first = [s for s in dict.fromkeys(stems(title)) if weight(s) > 0]
    rest = [s for s, _ in counts.most_common() if s not in first]
    return tuple(spelled[s] for s in (first + rest)[:FIELD_TERMS] if s in spelled)


def _duties(posting: Posting) -> Iterator[Criterion]:
    lines = [x for x in posting.of(Part.DUTIES) if _substance(x) and not _blocked(x)]
    richest = sorted(lines, key=lambda x: (-min(_substance(x), 4), lines.index(x)))[:MOST_DUTIES]
    each = min(1.0, DUTIES_WEIGHT / max(1, len(richest)))
    for line in (x for x in lines if x in richest):
        terms = with_synonyms(dict.fromkeys((*skill_phrases(line), *_plain_terms(line))))
        wish = _Wish(CriterionKind.DUTY, _short(line, 110), each / REQUIRED_WEIGHT, terms)
        yield _criterion(wish, Importance.REQUIRED, line)


def _substance(line: str) -> float:
    return sum(w for w in telling(line).values() if w == 1)


def _criterion(wish: _Wish, importance: Importance, source: str) -> Criterion:
    base = REQUIRED_WEIGHT if importance is Importance.REQUIRED else PREFERRED_WEIGHT
    return Criterion(
        id=CriterionId(_slug(f"{wish.kind.value} {wish.label}")),
        label=wish.label,
        kind=wish.kind,
        importance=importance,
        weight=round(base * wish.weight, 3),
        terms=wish.terms,
        minimum=wish.minimum,
        level=wish.level,
        source=source,
    )


def _importance(line: str, part: Part) -> Importance:
    if pattern(vocabulary().preferred_cues).search(line):
        return Importance.PREFERRED
    if part is Part.PREFERRED and not pattern(vocabulary().required_cues).search(line):
        return Importance.PREFERRED
    return Importance.REQUIRED


def _lawful(text: str) -> str:
    """Cut out every wording the lint names; cutting one can bare another."""
    while concerns := lint(text):
        for concern in concerns:
            text = text.replace(concern.phrase, " ")
        text = " ".join(text.split())
    return text


def _blocked(line: str) -> bool:
    return any(concern.severity is Severity.BLOCK for concern in lint(line))


def _any_of(forms: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?i)(?<!\w)(?:" + "|".join(forms) + r")(?!\w)")


def _any_degree(term: str) -> bool:
    return any(_any_of(forms).search(term) for forms in vocabulary().degrees.values())


def _plain_terms(line: str) -> tuple[str, ...]:
    words = _WORD.findall(line.lower())
    return tuple(dict.fromkeys(w for w in words if weight(stem(w)) == 1))


def _capital(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:]


def _short(text: str, limit: int) -> str:
    text = " ".join(text.split()).rstrip(".;,")
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0].rstrip(",;") + "…"


def _slug(text: str) -> str:
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-")[:80]
