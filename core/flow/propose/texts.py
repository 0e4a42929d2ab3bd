"""How an assessment reads in iCIMS: headline, reasoning, note and machine-readable standings."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from core.domain.assessment import Assessment, Contribution, Score, Standing
from core.domain.assessors import assessor_name
from core.domain.criteria import Importance
from core.domain.document import FlagKind
from core.domain.ids import CriterionId
from core.domain.judgement import Override
from core.domain.routing import suggest
from core.flow.propose.terms import Presentation, Terms

_LONGEST_TEXT = 3_800
"""Characters: below the 4,000 that a long-text field takes in the strictest tenants we know of."""
_LONGEST_QUOTE = 240
_SKILLS_FORM = 1
_SIGNS = {
    Standing.MET: "●",
    Standing.PARTLY: "◐",
    Standing.NOT_SHOWN: "○",
    Standing.NO_DATA: "?",
}

_TELLING = frozenset(
    {
        FlagKind.HIDDEN_TEXT,
        FlagKind.TINY_TEXT,
        FlagKind.OFF_PAGE_TEXT,
        FlagKind.INSTRUCTION,
        FlagKind.KEYWORD_STUFFING,
        FlagKind.BROKEN_ENCODING,
        FlagKind.TRUNCATED,
    }
)
"""Flags that cast doubt on what was read. A photo or a scan does not: in some countries and for
some people it is the usual form, and must not cost them the better tag."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Words for ``assessment``, which is ``own`` with the overrides ``given`` in its place.

    What a person wrote beside an override is theirs and stands in no text.
    """

    own: Assessment
    assessment: Assessment
    lines: Sequence[Contribution]
    given: Mapping[CriterionId, Override]
    terms: Terms

    @property
    def telling(self) -> frozenset[FlagKind]:
        """Flags that a person should look into."""
        return _TELLING.intersection(self.assessment.flags)

    @property
    def headline(self) -> str:
        """Say the score, and the assessor's own where people judged otherwise."""
        return f"{_named(self.assessment.score)}{self._both()}"

    @property
    def suggestion(self) -> str:
        """Say the suggested next step."""
        return self.terms.words.suggestions[suggest(self.assessment.score, self.terms.thresholds)]

    @property
    def versions(self) -> str:
        """Say what the score rests on; the audit log has all of it under the reference."""
        a = self.assessment
        return (
            f"Criteria version {a.criteria_version}; {assessor_name(a.key.assessor)}; "
            f"reference {a.key.id[:8]}"
        )

    def note(self) -> str:
        """Say it in one paragraph."""
        a = self.assessment
        day = f"{self.terms.now:%Y-%m-%d}"
        if a.score is None:
            return f"{day} AI screening: could not be graded. {a.ungraded} ({self.versions})"
        flags = ", ".join(self._flags())
        flagged = f" To check in the document: {flags}." if flags else ""
        return (
            f"{day} AI screening: {self.headline}. Suggestion: {self.suggestion}.{flagged}"
            f" ({self.versions})"
        )

    def reasoning(self) -> str:
        """Lay out the sum: every criterion with its verdict, points and first quote."""
        head = [f"{self.headline}. Suggestion, not a decision: {self.suggestion}."]
        flags = ", ".join(self._flags())
        head += [f"To check in the document: {flags}."] if flags else []
        body: list[str] = []
        by_importance = sorted(self.lines, key=_importance)
        for importance, lines in groupby(by_importance, key=lambda x: x.criterion.importance):
            body += ["", self.terms.words.importances[importance]]
            body += [self._verdict(line) for line in lines]
        tail = [""] + [f"To ask: {question}" for question in self.assessment.questions]
        return _fitted(head + body, [*tail, self.versions])

    def _both(self) -> str:
        if not self.given:
            return ""
        verdicts = "verdict" if len(self.given) == 1 else "verdicts"
        return (
            f" (assessor {_value(self.own.score)}, with {len(self.given)} recruiter {verdicts}"
            f" {_value(self.assessment.score)})"
        )

    def _verdict(self, line: Contribution) -> str:
        standing = self.terms.words.standings[line.verdict.standing]
        points = f" ({line.points:.0f} of {line.possible:.0f} points)" if line.possible else ""
        override = self.given.get(line.criterion.id)
        why = (
            f", set by a recruiter: {self.terms.words.reasons[override.reason]}" if override else ""
        )
        quotes = "".join(f" “{_short(e.quote)}”" for e in line.verdict.evidence[:1])
        return f"- {line.criterion.label}: {standing}{points}{why}.{quotes}"

    def _flags(self) -> list[str]:
        return sorted(kind.value.replace("_", " ") for kind in self.telling)


def skills_json(assessment: Assessment, lines: Sequence[Contribution]) -> str:
    """Put score and standings into compact JSON, ``v`` its form; least weighty lines go first."""
    score = assessment.score
    kept = sorted(lines, key=lambda line: -line.possible)
    while True:
        shown = [line for line in lines if line in kept]
        text = json.dumps(
            {
                "v": _SKILLS_FORM,
                "assessment": assessment.key.id,
                "score": score and score.value,
                "band": score and score.band,
                "criteria": [_as_json(line) for line in shown],
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        if len(text) <= _LONGEST_TEXT or not kept:
            return text
        kept.pop()


def _as_json(line: Contribution) -> dict[str, str | float | None]:
    by = {"by": "recruiter"} if line.verdict.by else {}
    return {
        "name": line.criterion.label,
        "kind": line.criterion.kind.value,
        "standing": line.verdict.standing.value,
        "credit": line.verdict.credit,
        "points": round(line.points, 1),
        "of": round(line.possible, 1),
        **by,
    }


def skills_read(text: str) -> str:
    """Put what ``skills_json`` wrote into lines that people read; empty for any other text."""
    try:
        told = json.loads(text)
        score = f"Score {told['score']:d} ± {told['band']:d}"
        return "\n".join([score, *map(_line_read, told["criteria"])])
    except (ValueError, TypeError, KeyError, AttributeError):
        return ""


def _line_read(line: Mapping[str, Any]) -> str:
    standing = Standing(line["standing"])
    words = Presentation().standings[standing]
    points = f", {line['points']:g} of {line['of']:g} points" if line.get("of") else ""
    by = ", set by a recruiter" if line.get("by") else ""
    return f"{_SIGNS[standing]} {' '.join(line['name'].split())}: {words}{points}{by}"


def _named(score: Score | None) -> str:
    return f"Match {score.value} ± {score.band} of 100" if score else "Not graded"


def _value(score: Score | None) -> str:
    return f"{score.value}" if score else "not graded"


def _importance(line: Contribution) -> int:
    return tuple(Importance).index(line.criterion.importance)


def _short(quote: str) -> str:
    text = " ".join(quote.split())
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1].rstrip()}…"


def _fitted(lines: Sequence[str], tail: Sequence[str]) -> str:
    """Join all lines; when that is too long, leave out the last of ``lines``, never the tail."""
    kept = list(lines)
    while len(text := "\n".join([*kept, *tail])) > _LONGEST_TEXT and len(kept) > 1:
        kept.pop()
        tail = tail if tail[0].startswith("…") else ["… (shortened)", *tail]
    return text
