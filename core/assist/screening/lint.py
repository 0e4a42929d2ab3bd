"""Find wordings that tie a criterion to who a person is; cheap enough to run on each keystroke."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from core.assist.screening.tables import table
from core.domain.criteria import Criteria, Criterion, CriterionConcern, Severity
from core.errors import CriteriaRefused

_NEVER = r"(?!)"


@dataclass(frozen=True, slots=True)
class TraitRule:
    """One row of ``data/rules/protected_traits.toml``."""

    id: str
    severity: Severity
    pattern: re.Pattern[str]
    unless: re.Pattern[str]
    message: str
    source: str


def lint(subject: Criteria | Criterion | str) -> tuple[CriterionConcern, ...]:
    """Name every unlawful or risky wording in labels and terms, blocking ones first.

    A source sentence is only quoted from the posting and is not judged here.
    """
    found = {c: None for text in _texts(subject) for c in _concerns(text)}
    return tuple(sorted(found, key=lambda c: c.severity is not Severity.BLOCK))


def require_lawful(criteria: Criteria) -> None:
    """Raise ``CriteriaRefused`` naming the first wording that blocks; call before freezing."""
    for concern in lint(criteria):
        if concern.severity is Severity.BLOCK:
            raise CriteriaRefused(f"“{concern.phrase}”: {concern.message}")


def _texts(subject: Criteria | Criterion | str) -> Iterator[str]:
    match subject:
        case str():
            yield subject
        case Criterion():
            yield subject.label
            yield from subject.terms
        case Criteria():
            for criterion in subject.criteria:
                yield from _texts(criterion)


def _concerns(text: str) -> Iterator[CriterionConcern]:
    for rule in trait_rules():
        for match in _matches(rule, text):
            yield CriterionConcern(rule.severity, match[0], rule.message, rule.id, rule.source)


def _matches(rule: TraitRule, text: str) -> Iterator[re.Match[str]]:
    """Find the rule's wordings, but for those that speak of patients, customers or goods."""
    excused = [m.span() for m in rule.unless.finditer(text)]
    for match in rule.pattern.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in excused):
            yield match


@cache
def trait_rules() -> tuple[TraitRule, ...]:
    """Load the rules with one compiled pattern each."""
    raw = table("rules/protected_traits")
    return tuple(
        TraitRule(
            id=rule["id"],
            severity=Severity(rule["severity"]),
            pattern=_any_of(rule["patterns"]),
            unless=_any_of(rule.get("unless", [_NEVER])),
            message=rule["message"],
            source=f"{rule['source']} ({raw['status']}, {raw['drafted']:%d %B %Y})",
        )
        for rule in raw["rule"]
    )


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(r"(?i)(?<!\w)(?:" + "|".join(patterns) + r")(?!\w)")
