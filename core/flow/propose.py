"""The propose step: an assessment becomes exact changes that a person may approve."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from core.domain.actor import Actor
from core.domain.assessment import Assessment, Contribution, Standing, contributions
from core.domain.criteria import Criteria, Importance
from core.domain.document import FlagKind
from core.domain.ids import ProposalId
from core.domain.proposal import (
    AddAssessmentResult,
    AddTags,
    AppendText,
    Change,
    Proposal,
    SetField,
    Value,
    record_basis,
    settled,
)
from core.domain.records import Application, FieldValue, Presence
from core.domain.routing import Suggestion, Thresholds, is_close_call, suggest

SCORE, SKILLS, REASONING = "ai_match_score", "ai_skills_json", "ai_reasoning"
TAGS, NOTE = "tags", "private_note"

_LONGEST_TEXT = 3_800
"""Characters: below the 4,000 that a long-text field takes in the strictest tenants we know of."""
_LONGEST_QUOTE = 240
_SKILLS_FORM = 1

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """The tenant's words: labels of its tag list, its assessment's name, and how results read."""

    high_match: str = "High_Match"
    needs_review: str = "Needs_Review"
    assessment_name: str = "Recruiter copilot"
    standings: dict[Standing, str] = field(
        default_factory=lambda: {
            Standing.MET: "met",
            Standing.PARTLY: "partly met",
            Standing.NOT_SHOWN: "not shown in the resume",
            Standing.NO_DATA: "cannot be told from the resume",
        }
    )
    importances: dict[Importance, str] = field(
        default_factory=lambda: {
            Importance.REQUIRED: "Required",
            Importance.PREFERRED: "Preferred",
        }
    )
    suggestions: dict[Suggestion, str] = field(
        default_factory=lambda: {
            Suggestion.TALENT_POOL: "consider for the talent pool",
            Suggestion.REVIEW: "review by a recruiter",
            Suggestion.SCREENING_CALL: "consider a screening call",
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a proposal is made under: who makes it, when, how long it holds, the tenant's choices.

    ``available`` are the logical names in the tenant's field map.
    """

    id: ProposalId
    made_by: Actor
    now: datetime
    valid_for: timedelta
    available: Collection[str]
    thresholds: Thresholds = field(default_factory=Thresholds)
    words: Presentation = field(default_factory=Presentation)


def propose(
    assessment: Assessment, criteria: Criteria, record: Application, terms: Terms
) -> Proposal | None:
    """Work out every change an assessment calls for; None when the field map allows none.

    An ungraded document gets no score: only the review tag and a note that says why.
    ``criteria`` are those the assessment was made under.
    """
    lines = contributions(criteria.criteria, assessment.verdicts) if assessment.score else ()
    wanted = _Wanted(assessment, lines, terms)
    changes = tuple(c for c in wanted.changes(record) if _possible(c, record, terms.available))
    if not changes:
        return None
    return Proposal(
        id=terms.id,
        tenant=record.tenant,
        requisition_id=record.requisition_id,
        application_id=record.id,
        person_id=record.person_id,
        capability="screening",
        changes=changes,
        basis=record_basis(record, changes),
        made_by=terms.made_by,
        made_at=terms.now,
        expires_at=terms.now + terms.valid_for,
        assessment_id=assessment.key.id,
        suggestion=suggest(assessment, terms.thresholds).value,
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The changes an assessment calls for, before asking whether the tenant has the fields."""

    assessment: Assessment
    lines: Sequence[Contribution]
    terms: Terms

    def changes(self, record: Application) -> list[Change]:
        wanted: list[Change] = [self._tags(record)]
        score = self.assessment.score
        if score is not None:
            texts: dict[str, Value] = {
                SCORE: score.value,
                SKILLS: skills_json(self.assessment, self.lines),
                REASONING: self._reasoning(),
            }
            fields = [SetField(name, _value(record, name), new) for name, new in texts.items()]
            wanted = [*fields, *wanted, self._entry(score.value)]
        return [*wanted, AppendText(NOTE, self._note())]

    def _tags(self, record: Application) -> AddTags:
        words = self.terms.words
        tag = self._tag()
        ours = (words.high_match, words.needs_review)
        old = _value(record, TAGS)
        return AddTags(
            TAGS,
            old=old if isinstance(old, tuple) else (),
            add=(tag,) if tag else (),
            remove=tuple(other for other in ours if other != tag),
        )

    def _tag(self) -> str:
        """Choose one tag or none: whatever a person should look at is not called a high match."""
        words, thresholds = self.terms.words, self.terms.thresholds
        a = self.assessment
        suggestion = suggest(a, thresholds)
        if self._telling() or suggestion is Suggestion.REVIEW:
            return words.needs_review
        if suggestion is Suggestion.SCREENING_CALL:
            return words.high_match
        return words.needs_review if is_close_call(a, thresholds) else ""

    def _entry(self, value: int) -> AddAssessmentResult:
        return AddAssessmentResult(
            name=self.terms.words.assessment_name,
            on=self.terms.now.date(),
            score=value,
            result=f"{self._headline()}; {self._suggestion()}",
            notes=self._versions(),
        )

    def _note(self) -> str:
        a = self.assessment
        day = f"{self.terms.now:%Y-%m-%d}"
        if a.score is None:
            return f"{day} AI screening: could not be graded. {a.ungraded} ({self._versions()})"
        flags = ", ".join(self._flags())
        flagged = f" To check in the document: {flags}." if flags else ""
        return (
            f"{day} AI screening: {self._headline()}. Suggestion: {self._suggestion()}.{flagged}"
            f" ({self._versions()})"
        )

    def _reasoning(self) -> str:
        head = [f"{self._headline()}. Suggestion, not a decision: {self._suggestion()}."]
        flags = ", ".join(self._flags())
        head += [f"To check in the document: {flags}."] if flags else []
        body: list[str] = []
        by_importance = sorted(self.lines, key=_importance)
        for importance, lines in groupby(by_importance, key=lambda x: x.criterion.importance):
            body += ["", self.terms.words.importances[importance]]
            body += [self._verdict(line) for line in lines]
        tail = [""] + [f"To ask: {question}" for question in self.assessment.questions]
        return _fitted(head + body, [*tail, self._versions()])

    def _verdict(self, line: Contribution) -> str:
        standing = self.terms.words.standings[line.verdict.standing]
        points = f" ({line.points:.0f} of {line.possible:.0f} points)" if line.possible else ""
        quotes = "".join(f" “{_short(e.quote)}”" for e in line.verdict.evidence[:1])
        return f"- {line.criterion.label}: {standing}{points}.{quotes}"

    def _headline(self) -> str:
        score = self.assessment.score
        return f"Match {score.value} ± {score.band} of 100" if score else "Not graded"

    def _suggestion(self) -> str:
        return self.terms.words.suggestions[suggest(self.assessment, self.terms.thresholds)]

    def _flags(self) -> list[str]:
        return sorted(kind.value.replace("_", " ") for kind in self._telling())

    def _telling(self) -> frozenset[FlagKind]:
        return _TELLING.intersection(self.assessment.flags)

    def _versions(self) -> str:
        a = self.assessment
        return (
            f"criteria v{a.criteria_version}, assessor {a.key.assessor}, "
            f"document {a.key.document[:8]}, assessment {a.key.id[:8]}"
        )


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
    return {
        "name": line.criterion.label,
        "kind": line.criterion.kind.value,
        "standing": line.verdict.standing.value,
        "credit": line.verdict.credit,
    }


def _possible(change: Change, record: Application, available: Collection[str]) -> bool:
    """Leave out fields the tenant lacks or hides, and changes that change nothing."""
    match change:
        case SetField(field=name, old=old, new=new):
            return _open(name, record, available) and settled(old) != settled(new)
        case AddTags(field=name, old=old):
            return _open(name, record, available) and change.new != old
        case AppendText(field=name):
            return _open(name, record, available)
    return True


def _open(name: str, record: Application, available: Collection[str]) -> bool:
    there = record.fields.get(name)
    return name in available and (there is None or there.presence is not Presence.DENIED)


def _value(record: Application, name: str) -> Value:
    return record.fields.get(name, FieldValue(Presence.ABSENT)).value


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
