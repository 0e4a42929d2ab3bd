"""Judge what can be looked up: skills, certificates, degrees, languages, availability."""

from collections.abc import Sequence

from core.assist.screening.finding import Finding, no_data, not_shown
from core.assist.screening.passages import Passage
from core.assist.screening.phrases import any_degree, pattern, with_synonyms
from core.assist.screening.reading import Reading
from core.assist.screening.subjects import Subject, subject_of
from core.assist.screening.tables import vocabulary
from core.assist.screening.wording import telling, weight
from core.domain.criteria import Criterion
from core.domain.document import DegreeLevel, Education, LanguageSkill, SectionKind

_CODE = 2
_CEFR = ("A1", "A2", "B1", "B2", "C1", "C2")
_SHORT_BY_ONE = 0.5
_OTHER_SUBJECT = 0.8
_WORDED_OTHERWISE = 0.65
_MOST = 0.6
_ONLY_LISTED = 0.8
_DETAILS_APART = 0.55
_ONE_DETAIL = 0.4
_FEWEST = 2


def judge_skill(criterion: Criterion, reading: Reading) -> Finding:
    """Met when the skill is written in dated work, nearly so when only listed.

    A criterion over a list of tools is met by a share of them.
    """
    if criterion.label.startswith("Tools:"):
        return _tools(criterion.terms, reading)
    subject = subject_of(criterion)
    named = reading.finding(subject.main) if subject.main else ()
    if named:
        worked = [p for p in named if _in_work(p, reading)]
        reason = "Named in the work history." if worked else "Named in the resume."
        return Finding(1.0 if worked or len(named) > 1 else _ONLY_LISTED, worked or named, reason)
    return max(_detailed(subject, reading), _related(subject, reading), key=lambda f: f.credit or 0)


def judge_certificate(criterion: Criterion, reading: Reading) -> Finding:
    """Met when the certificate is written anywhere."""
    named = reading.naming(criterion.terms or (criterion.label.lower(),))
    if named:
        return Finding(1.0, named, "Named in the resume.")
    return not_shown("The resume does not name it.")


def judge_education(criterion: Criterion, reading: Reading) -> Finding:
    """Compare degree levels; a level below the one asked for is half of it."""
    asked = DegreeLevel(criterion.level) if criterion.level else DegreeLevel.SECONDARY
    held = _degrees(reading)
    if not held:
        return no_data("The resume says nothing about education.")
    level, passages = max(held, key=lambda pair: pair[0].rank)
    if level.rank >= asked.rank:
        subject = set(telling(" ".join(criterion.terms)))
        named = not subject or any(subject & p.words for _, ps in held for p in ps)
        reason = f"Level shown: {level.value}{'' if named else '; the subject is not named'}."
        return Finding(1.0 if named else _OTHER_SUBJECT, passages, reason)
    credit = _SHORT_BY_ONE if asked.rank - level.rank == 1 else 0.25
    return Finding(credit, passages, f"Level shown: {level.value}; asked for: {asked.value}.")


def judge_language(criterion: Criterion, reading: Reading) -> Finding:
    """Compare language levels; the language the resume is written in is shown by writing it."""
    codes = {term for term in criterion.terms if len(term) == _CODE}
    names = [term for term in criterion.terms if len(term) > _CODE]
    asked = _cefr(criterion.level or "A1")
    known = [x for x in reading.facts.languages if x.code in codes]
    named = [p for x in known for p in reading.passages_at(x.span)] or list(reading.naming(names))
    named = [p for p in named if not _tells_origin(p, reading)]
    if named:
        held = _level_held(known, named)
        credit = 1.0 if held is None or held >= asked else max(0.3, 1 - 0.35 * (asked - held))
        return Finding(credit, named, "Named among the languages.")
    if reading.facts.language in codes and reading.passages:
        longest = max(reading.passages, key=lambda p: len(p.text))
        return Finding(0.8, [longest], "The resume is written in this language.")
    if any(s.kind is SectionKind.LANGUAGES for s in reading.facts.sections):
        return not_shown("Other languages are listed, this one is not.")
    return no_data("The resume says nothing about languages.")


def judge_availability(criterion: Criterion, reading: Reading) -> Finding:
    """Shifts and places: met when written down, otherwise nobody knows."""
    named = reading.naming(criterion.terms)
    if named:
        return Finding(1.0, named, "Stated in the resume.")
    return no_data("Resumes seldom say; ask.")


def _tools(asked: tuple[str, ...], reading: Reading) -> Finding:
    hits = {term: reading.naming(with_synonyms([term])) for term in asked}
    shown = [term for term, passages in hits.items() if passages]
    if not shown:
        return not_shown("None of the tools is named.")
    enough = max(1.0, min(4.0, len(asked) / 2))
    passages = [hits[term][0] for term in shown]
    return Finding(min(1.0, len(shown) / enough), passages, f"Named: {', '.join(shown[:5])}.")


def _detailed(subject: Subject, reading: Reading) -> Finding:
    """Met by a passage with several of the details, partly by several apart or a telling one."""
    hits = [(d, p) for d in subject.details for p in reading.finding(d)]
    passages = list(dict.fromkeys(p for _, p in hits))
    together = [p for p in passages if sum(p == other for _, other in hits) > 1]
    if together:
        return Finding(_ONLY_LISTED, together, "Several of the details asked for are named.")
    if len({d for d, _ in hits}) > 1:
        return Finding(_DETAILS_APART, passages, "Details of what is asked for are named.")
    related = [p for p in passages if len(subject.words & p.words) >= _FEWEST]
    if related:
        return Finding(_ONE_DETAIL, related, "A detail of what is asked for is named.")
    return not_shown()


def _related(subject: Subject, reading: Reading) -> Finding:
    """Give part of the credit for the passage that shares most of the line's telling words.

    Two of them must be words of an occupation, or one when it is most of the line.
    """
    asked = {s: weight(s) for s in subject.words}
    best = reading.ranked(asked, 1)
    shared = subject.words & best[0].words if best else frozenset()
    plain = sum(asked[s] == 1 for s in shared)
    share = len(shared) / max(1, len(asked))
    if len(shared) < _FEWEST or plain == 0 or (plain < _FEWEST and share < _MOST):
        return not_shown()
    return Finding(_WORDED_OTHERWISE * max(_MOST, share), best, "Worded otherwise in the resume.")


def _in_work(passage: Passage, reading: Reading) -> bool:
    return any(p.span.overlaps(passage.span) for p in reading.facts.positions)


def _degrees(reading: Reading) -> Sequence[tuple[DegreeLevel, tuple[Passage, ...]]]:
    entries = [
        (e.level, (_degree_line(e, lines),))
        for e in reading.facts.education
        if e.level and (lines := reading.passages_at(e.span))
    ]
    return entries or [
        (DegreeLevel(level), (passage,))
        for level, forms in vocabulary().degrees.items()
        for passage in reading.passages
        if any_degree(forms).search(passage.text)
    ]


def _degree_line(education: Education, lines: Sequence[Passage]) -> Passage:
    """The line that names the degree or its subject: where somebody studied is no evidence."""
    forms = vocabulary().degrees.get(education.level or "", ())
    subject = education.subject
    named = (p for p in lines if forms and any_degree(forms).search(p.text))
    return next(named, next((p for p in lines if subject and subject in p.text), lines[0]))


def _level_held(known: list[LanguageSkill], named: list[Passage]) -> int | None:
    texts = [x.level for x in known] or [p.text for p in named]
    for level, words in vocabulary().language_levels.items():
        if any(pattern(words).search(text.lower()) for text in texts):
            return _cefr(level)
    return None


def _tells_origin(passage: Passage, reading: Reading) -> bool:
    """Say whether a passage is about nationality: that is no evidence of a language."""
    before = reading.text.text[: passage.span.start].rstrip().rpartition("\n")[2]
    alone = passage.text.isalpha()
    return bool(pattern(vocabulary().origin).search(f"{before if alone else ''} {passage.text}"))


def _cefr(level: str) -> int:
    return _CEFR.index(level.upper()) if level.upper() in _CEFR else _CEFR.index("B2")
