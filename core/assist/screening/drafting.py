"""Draft criteria from a requisition; a person edits and freezes them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.assist.screening.duties import FIELD_OF_WORK
from core.assist.screening.lint import lint
from core.assist.screening.phrases import is_known, pattern, skill_phrases, with_synonyms
from core.assist.screening.posting import Part, Posting, read_posting
from core.assist.screening.tables import vocabulary
from core.assist.screening.wishes import (
    Wish,
    clauses,
    plain_stems,
    plain_terms,
    shortened,
    wishes,
)
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


@dataclass(frozen=True, slots=True)
class _General:
    """Weights of the field of work, of a duty and of all duties, and how many duties to keep."""

    field: float
    duty: float
    duties: float
    most: int


ALONE = _General(field=5.0, duty=1.0, duties=5.0, most=12)
BESIDE_QUALIFICATIONS = _General(field=2.0, duty=0.25, duties=1.0, most=4)
ENOUGH_QUALIFICATIONS = 3
"""Lines on skills, years, certificates or degrees from which those lead."""

REQUIRED_WEIGHT = 2.0
PREFERRED_WEIGHT = 0.5
FIELD_TERMS = 24
LEAST_SUBSTANCE = 2
"""Telling words a duty needs, so that "Improve what we do" does not become a criterion."""

_WORD = re.compile(r"[^\W\d_]{2,}[+#]*")


def draft(requisition: Requisition, *, now: datetime, author: UserId, version: int = 1) -> Criteria:
    """Draft criteria from the posting's own words; lines the lint would block are left out.

    Qualifications become skill, years, certificate, education, language, shift and location
    criteria; responsibilities become duties, beside one criterion for the field as a whole.
    """
    posting = read_posting(requisition)
    drafted: dict[CriterionId, Criterion] = {}
    asked = list(_qualifications(posting))
    general = _general(asked)
    for criterion in (*asked, *_field(posting, general), *_duties(posting, general)):
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
            for clause in clauses(line.text):
                importance = _importance(clause, line.part)
                for wish in wishes(clause):
                    yield _criterion(wish, importance, line.text)
    for text in posting.of(Part.TOOLS):
        if skills := tuple(name.lower() for name in skill_phrases(text)):
            wish = Wish(CriterionKind.SKILL, f"Tools: {shortened(text, 70)}", 0.5, skills)
            yield _criterion(wish, Importance.PREFERRED, text)


def _general(asked: Sequence[Criterion]) -> _General:
    checkable = (CriterionKind.SKILL, CriterionKind.YEARS, CriterionKind.CERTIFICATE)
    lines = {c.source for c in asked if c.kind in checkable or c.kind is CriterionKind.EDUCATION}
    return BESIDE_QUALIFICATIONS if len(lines) >= ENOUGH_QUALIFICATIONS else ALONE


def _field(posting: Posting, general: _General) -> Iterator[Criterion]:
    about = posting.of(Part.DUTIES) + posting.of(Part.REQUIRED) + posting.of(Part.OVERVIEW)
    if not telling("\n".join((posting.title, *about))):
        return
    title = _lawful(posting.title)
    label = f"Experience in this kind of work: {shortened(title, 70)}"
    terms = _field_terms(title, [_lawful(line) for line in about])
    yield Criterion(
        id=FIELD_OF_WORK,
        label=label,
        kind=CriterionKind.DUTY,
        importance=Importance.REQUIRED,
        weight=general.field,
        terms=terms,
        source=shortened(" ".join((f"{posting.title}.", *posting.of(Part.OVERVIEW))), 600),
    )


def _field_terms(title: str, about: Sequence[str]) -> tuple[str, ...]:
    """Pick the words that recur most among the telling ones, the title's first.

    Names of places and firms are left out: where somebody worked is not what they can do.
    """
    text = " ".join(about)
    names = _proper_names(about)
    counts = Counter(s for s in plain_stems(text) if s not in names)
    spelled: dict[str, str] = {}
    for word in _WORD.findall(f"{title} {text}".lower()):
        spelled.setdefault(stem(word), word)
    first = [s for s in dict.fromkeys(stems(title)) if weight(s) > 0 and s not in names]
    rest = [s for s, _ in counts.most_common() if s not in first]
    return tuple(spelled[s] for s in (first + rest)[:FIELD_TERMS] if s in spelled)


def _proper_names(about: Sequence[str]) -> set[str]:
    """Find words written with a capital inside sentences only; German nouns all have one."""
    inside = [w for line in about for w in _WORD.findall(line)[1:]]
    capital = {stem(w.lower()) for w in inside if w[0].isupper() and w[1:].islower()}
    small = {stem(w) for line in about for w in _WORD.findall(line) if w.islower()}
    skills = {p for line in about for p in skill_phrases(line) if is_known(p)}
    named = {stem(word.lower()) for skill in skills for word in skill.split()}
    german = len(capital) > len(small) / 3
    return set() if german else capital - small - named


def _duties(posting: Posting, general: _General) -> Iterator[Criterion]:
    lines = [
        line
        for line in posting.of(Part.DUTIES)
        if _substance(line) >= LEAST_SUBSTANCE and not _blocked(line)
    ]
    richest = sorted(lines, key=lambda x: (-min(_substance(x), 4), lines.index(x)))[: general.most]
    each = min(general.duty, general.duties / max(1, len(richest)))
    for line in (x for x in lines if x in richest):
        terms = with_synonyms(
            dict.fromkeys((*(n.lower() for n in skill_phrases(line)), *plain_terms(line)))
        )
        wish = Wish(CriterionKind.DUTY, shortened(line, 110), each / REQUIRED_WEIGHT, terms)
        yield _criterion(wish, Importance.REQUIRED, line)


def _substance(line: str) -> int:
    return len(set(plain_stems(line)))


def _criterion(wish: Wish, importance: Importance, source: str) -> Criterion:
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


def _slug(text: str) -> str:
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-")[:80]
