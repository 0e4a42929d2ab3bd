"""An assessment, as people judged it, becomes exact changes that a person may approve."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core.domain.assessment import Assessment, contributions
from core.domain.criteria import Criteria
from core.domain.judgement import Override, in_force, judged
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
from core.domain.routing import Suggestion, is_close_call, suggest
from core.flow.propose.terms import NOTE, REASONING, SCORE, SKILLS, TAGS, Terms
from core.flow.propose.texts import Texts, skills_json


def propose(
    own: Assessment,
    criteria: Criteria,
    record: Application,
    terms: Terms,
    overrides: Sequence[Override] = (),
) -> Proposal | None:
    """Work out every change an assessment calls for; None when the field map allows none.

    ``own`` is the assessor's; people's ``overrides`` of it (oldest first) are put in their place
    before anything is proposed. What is ungraded even so gets no score: only the review tag and
    a note that says why. ``criteria`` are those the assessment was made under.
    """
    wanted = _Wanted(_texts(own, criteria, terms, overrides), terms)
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
        assessment_id=own.key.id,
        suggestion=wanted.suggestion.value,
    )


def _texts(
    own: Assessment, criteria: Criteria, terms: Terms, overrides: Sequence[Override]
) -> Texts:
    assessment = judged(own, criteria, overrides)
    lines = contributions(criteria.criteria, assessment.verdicts) if assessment.score else ()
    return Texts(own, assessment, lines, in_force(own.key.id, overrides), terms)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The changes an assessment calls for, before asking whether the tenant has the fields."""

    texts: Texts
    terms: Terms

    @property
    def assessment(self) -> Assessment:
        return self.texts.assessment

    @property
    def suggestion(self) -> Suggestion:
        return suggest(self.assessment.score, self.terms.thresholds)

    def changes(self, record: Application) -> list[Change]:
        wanted: list[Change] = [self._tags(record)]
        score = self.assessment.score
        if score is not None:
            values: dict[str, Value] = {
                SCORE: score.value,
                SKILLS: skills_json(self.assessment, self.texts.lines),
                REASONING: self.texts.reasoning(),
            }
            fields = [SetField(name, _value(record, name), new) for name, new in values.items()]
            wanted = [*fields, *wanted, self._entry(score.value)]
        return [*wanted, AppendText(NOTE, self.texts.note())]

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
        words = self.terms.words
        if self.texts.telling or self.suggestion is Suggestion.REVIEW:
            return words.needs_review
        if self.suggestion is Suggestion.SCREENING_CALL:
            return words.high_match
        close = is_close_call(self.assessment.score, self.terms.thresholds)
        return words.needs_review if close else ""

    def _entry(self, value: int) -> AddAssessmentResult:
        return AddAssessmentResult(
            name=self.terms.words.assessment_name,
            on=self.terms.now.date(),
            score=value,
            result=f"{self.texts.headline}; {self.texts.suggestion}",
            notes=self.texts.versions,
        )


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
