"""What one line of a posting's qualifications asks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.assist.screening.phrases import (
    any_degree,
    names_of,
    pattern,
    skill_phrases,
    with_synonyms,
)
from core.assist.screening.subjects import skill_terms
from core.assist.screening.tables import vocabulary
from core.assist.screening.wording import stem, stems, weight
from core.domain.criteria import CriterionKind

LOGISTICS_WEIGHT = 0.5
"""Shifts and places count half: resumes seldom say, and a question settles it."""

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
_OR = re.compile(r"(?i)\b(?:or|oder)\b")
_AND = re.compile(r"(?i)[,;&/]|\b(?:and|or|und|oder|sowie)\b")


@dataclass(frozen=True, slots=True)
class Wish:
    """A criterion before it has an id, an importance and a source."""

    kind: CriterionKind
    label: str
    weight: float = 1.0
    terms: tuple[str, ...] = ()
    minimum: float | None = None
    level: str = ""


def clauses(line: str) -> list[str]:
    """Split off what is only a wish: after a semicolon, or a comma and "ideally"."""
    cues = "|".join(map(re.escape, vocabulary().preferred_cues))
    return [c for c in re.split(rf"(?i);\s*|[,(]\s*(?=(?:{cues})\b)", line) if c.strip()]


def wishes(line: str) -> list[Wish]:
    """List what ``line`` asks for; what is neither a degree, language, … is one skill."""
    found = [*_education(line), *_languages(line), *_certificates(line), *_years(line)]
    found += _logistics(line)
    return found or _skills(line)


def _skills(line: str) -> list[Wish]:
    """Make one skill of a line, or one each where the line is nothing but a list of names."""
    named = skill_phrases(line)
    rest = set(plain_stems(line)) - {s for name in named for s in stems(name)}
    if len(named) > 1 and not rest and not _OR.search(line):
        return [Wish(CriterionKind.SKILL, n[:1].upper() + n[1:], terms=names_of(n)) for n in named]
    terms = skill_terms(line)
    return [Wish(CriterionKind.SKILL, shortened(line, 80), terms=terms)] if terms else []


def _education(line: str) -> Iterator[Wish]:
    levels = [lv for lv, forms in vocabulary().degrees.items() if any_degree(forms).search(line)]
    if levels:
        # "Bachelor's or Master's" asks for the lower of the two.
        lowest = levels[-1]
        framing = vocabulary().framing
        subject = tuple(t for t in plain_terms(line) if t not in framing and not _any_degree(t))
        yield Wish(CriterionKind.EDUCATION, shortened(line, 80), terms=subject, level=lowest)


def _languages(line: str) -> list[Wish]:
    levels = tuple(w for words in vocabulary().language_levels.values() for w in words)
    names = {s for forms in vocabulary().languages.values() for f in forms for s in stems(f)}
    about_languages = _LANGUAGE_CONTEXT.search(line) or pattern(levels).search(line)
    if not about_languages and set(plain_stems(line)) - names:
        return []
    languages = vocabulary().languages.items()
    found = [_language(c, forms, line) for c, forms in languages if pattern(forms).search(line)]
    if len(found) > 1 and _OR.search(line):
        terms = tuple(term for wish in found for term in wish.terms)
        label = " or ".join(wish.label for wish in found)
        return [Wish(CriterionKind.LANGUAGE, label, terms=terms, level=found[0].level)]
    return found


def _language(code: str, forms: tuple[str, ...], line: str) -> Wish:
    here = next((p for p in _AND.split(line) if pattern(forms).search(p)), line)
    level = _language_level(here) or _language_level(line)
    label = f"{forms[0].split()[0].capitalize()} {level}".strip()
    return Wish(CriterionKind.LANGUAGE, label, terms=(code, *forms), level=level)


def _language_level(line: str) -> str:
    levels = vocabulary().language_levels.items()
    level = next((lv for lv, words in levels if pattern(words).search(line)), "")
    # What "native" is meant to say is a level; birth is nobody's business.
    return "C1" if level == "C2" else level


def _certificates(line: str) -> list[Wish]:
    certificates = vocabulary().certificates.items()
    found = [
        (name, _no_less(forms, hit[0].lower()))
        for name, forms in certificates
        if (hit := pattern(forms).search(line))
    ]
    if len(found) > 1 and _OR.search(line):
        name = " or ".join(name for name, _ in found)
        return [Wish(CriterionKind.CERTIFICATE, name, terms=sum((f for _, f in found), ()))]
    return [Wish(CriterionKind.CERTIFICATE, name, terms=forms) for name, forms in found]


def _no_less(forms: tuple[str, ...], asked: str) -> tuple[str, ...]:
    """Leave out what is only the beginning of what was asked for: OSHA of OSHA 10."""
    return tuple(form for form in forms if not asked.startswith(f"{form} "))


def _years(line: str) -> Iterator[Wish]:
    match = _YEARS.search(line)
    if match:
        number = match[1].lower()
        minimum = float(_NUMBERS.get(number) or number)
        named = [name.lower() for name in skill_phrases(line)]
        ends = {name.split()[-1] for name in named if " " in name}
        plain = [w for w in plain_terms(line.replace(match[0], " ")) if w not in ends]
        terms = tuple(dict.fromkeys((*named, *plain)))
        if 0 < minimum <= 50:
            yield Wish(CriterionKind.YEARS, shortened(line, 80), 1.0, with_synonyms(terms), minimum)


def _logistics(line: str) -> Iterator[Wish]:
    for name, forms in vocabulary().shifts.items():
        if pattern(forms).search(line):
            yield Wish(CriterionKind.SHIFT, name, LOGISTICS_WEIGHT, forms)
    places = vocabulary().places
    if pattern(places).search(line):
        yield Wish(CriterionKind.LOCATION, shortened(line, 80), LOGISTICS_WEIGHT, places)


def _any_degree(term: str) -> bool:
    return any(any_degree(forms).search(term) for forms in vocabulary().degrees.values())


def plain_stems(line: str) -> list[str]:
    """List the stems in ``line`` that tell something of an occupation."""
    return [s for s in stems(line) if weight(s) == 1]


def plain_terms(line: str) -> tuple[str, ...]:
    """List the words of ``line`` that tell something of an occupation, lower-case."""
    words = _WORD.findall(line.lower())
    return tuple(dict.fromkeys(w for w in words if weight(stem(w)) == 1))


def shortened(text: str, limit: int) -> str:
    """Cut ``text`` between words to at most ``limit`` characters."""
    text = " ".join(text.split()).rstrip(".;,")
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0].rstrip(",;") + "…"
