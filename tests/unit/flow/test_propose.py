"""What an assessment asks to be written, and what it never asks."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.domain.actor import model_actor
from core.domain.assessment import Assessment, Evidence, Score, Standing, Verdict
from core.domain.criteria import Criteria, Criterion, CriterionKind, Importance
from core.domain.document import FlagKind, Span
from core.domain.ids import CriterionId, ProposalId, TenantId, UserId
from core.domain.proposal import (
    AddAssessmentResult,
    AddTags,
    AppendText,
    Change,
    Proposal,
    SetField,
    SetStage,
    record_basis,
)
from core.domain.records import Application, FieldValue, Presence
from core.flow.propose import Terms, propose, skills_read
from tests.store_bench import NOON, application, assessment, criteria

TENANT = TenantId("4711")
RECORD = application(TENANT)
ALL_FIELDS = frozenset({"ai_match_score", "ai_skills_json", "ai_reasoning", "tags", "private_note"})
TERMS = Terms(
    id=ProposalId("p1"),
    made_by=model_actor("built-in/1", TENANT),
    now=NOON,
    valid_for=timedelta(days=7),
    available=ALL_FIELDS,
)
FROZEN = criteria(TENANT).freeze(UserId("rosa"), NOON)


def made(
    judged: Assessment,
    record: Application = RECORD,
    asked: Criteria = FROZEN,
    **terms: Any,
) -> Proposal:
    found = propose(judged, asked, record, replace(TERMS, **terms))
    assert found is not None
    return found


def change(proposal: Proposal, kind: type[Change], field: str = "") -> Any:
    return next(
        (c for c in proposal.changes if type(c) is kind and getattr(c, "field", "") == field), None
    )


def scored(value: int, **more: Any) -> Assessment:
    base = replace(assessment(TENANT, score=value), **more)
    return replace(base, score=Score(value=value, band=3))


def with_field(name: str, value: Any) -> Application:
    present = FieldValue(Presence.PRESENT, value)
    return replace(RECORD, fields={**RECORD.fields, name: present})


def test_a_graded_document_gives_every_change_with_its_old_value() -> None:
    record = with_field("ai_match_score", 12)
    proposal = made(scored(87), record)
    assert change(proposal, SetField, "ai_match_score") == SetField("ai_match_score", 12, 87)
    kinds = [type(c) for c in proposal.changes]
    assert kinds == [SetField, SetField, SetField, AddTags, AddAssessmentResult, AppendText]
    assert proposal.basis == record_basis(record, proposal.changes)
    assert proposal.expires_at == NOON + timedelta(days=7)


@pytest.mark.parametrize("score", [0, 39, 55, 81, 100])
def test_no_score_moves_anybody_to_another_stage(score: int) -> None:
    assert change(made(scored(score)), SetStage) is None


@pytest.mark.parametrize(
    ("score", "suggestion", "tags"),
    [
        (20, "talent_pool", ()),
        (38, "talent_pool", ("Needs_Review",)),
        (60, "review", ("Needs_Review",)),
        (90, "screening_call", ("High_Match",)),
    ],
)
def test_suggestion_and_tag_follow_the_thresholds_and_a_close_call_is_reviewed(
    score: int, suggestion: str, tags: tuple[str, ...]
) -> None:
    proposal = made(scored(score))
    tagging = change(proposal, AddTags, "tags")
    assert proposal.suggestion == suggestion
    assert (tagging.add if tagging else ()) == tags


def test_the_other_tag_goes_and_foreign_tags_stay() -> None:
    record = with_field("tags", ("Veteran", "Needs_Review"))
    tagging = change(made(scored(90), record), AddTags, "tags")
    assert tagging.new == ("Veteran", "High_Match")


def test_a_tag_that_is_there_already_is_not_proposed() -> None:
    assert change(made(scored(90), with_field("tags", ("High_Match",))), AddTags, "tags") is None


@pytest.mark.parametrize("flag", [FlagKind.HIDDEN_TEXT, FlagKind.INSTRUCTION])
def test_a_doubtful_document_is_for_review_and_the_note_says_why(flag: FlagKind) -> None:
    proposal = made(scored(95, flags=(flag,)))
    assert change(proposal, AddTags, "tags").add == ("Needs_Review",)
    assert flag.value.replace("_", " ") in change(proposal, AppendText, "private_note").text


@pytest.mark.parametrize("flag", [FlagKind.PHOTO, FlagKind.SCANNED])
def test_a_photo_or_a_scan_costs_nobody_the_better_tag(flag: FlagKind) -> None:
    proposal = made(scored(95, flags=(flag,)))
    assert change(proposal, AddTags, "tags").add == ("High_Match",)


def test_an_ungraded_document_gets_no_score_but_a_review_and_the_reason() -> None:
    proposal = made(assessment(TENANT, score=None))
    assert [type(c) for c in proposal.changes] == [AddTags, AppendText]
    assert change(proposal, AddTags, "tags").add == ("Needs_Review",)
    note = change(proposal, AppendText, "private_note").text
    assert "could not be graded. The document is a scan nobody can read." in note
    assert proposal.suggestion == "review"


@pytest.mark.parametrize("missing", sorted(ALL_FIELDS))
def test_a_field_the_tenant_lacks_or_hides_is_never_proposed(missing: str) -> None:
    lacking = made(scored(90), available=ALL_FIELDS - {missing})
    denied = replace(RECORD, fields={**RECORD.fields, missing: FieldValue(Presence.DENIED)})
    for proposal in (lacking, made(scored(90), denied)):
        fields = {getattr(c, "field", "") for c in proposal.changes}
        assert missing not in fields
        assert ALL_FIELDS - {missing} <= fields


def test_where_nothing_can_be_written_there_is_no_proposal() -> None:
    ungraded = assessment(TENANT, score=None)
    assert propose(ungraded, FROZEN, RECORD, replace(TERMS, available=())) is None


def test_the_reasoning_shows_the_sum_the_quotes_and_what_it_rests_on() -> None:
    text = change(made(scored(100)), SetField, "ai_reasoning").new
    assert text.startswith("Match 100 ± 3 of 100. Suggestion, not a decision:")
    assert "- Forklift licence: met (100 of 100 points). “Forklift licence class B”" in text
    reference = scored(100).key.id[:8]
    assert text.endswith(f"Criteria version 1; Built-in assessor, version 1; reference {reference}")


def test_no_text_for_icims_names_the_assessor_by_its_version_string() -> None:
    exact = "built-in-6 words-2.7 minilm-l6-v2-int8-1a2b3c4d"
    own = scored(87)
    proposal = made(replace(own, key=replace(own.key, assessor=exact)))
    assert "words-2.7" not in str(proposal.changes)


def test_the_skills_read_as_a_list_of_criteria_verdicts_and_points() -> None:
    skills = change(made(scored(100)), SetField, "ai_skills_json").new
    assert isinstance(skills, str)
    assert skills_read(skills).splitlines() == [
        "Score 100 ± 3",
        "● Forklift licence: met, 100 of 100 points",
    ]


@pytest.mark.parametrize(
    "foreign", ["", "7", "[]", "{}", "a note", '{"score":1,"band":1,"criteria":[{"name":7}]}']
)
def test_what_is_not_ours_is_not_read_as_skills(foreign: str) -> None:
    assert skills_read(foreign) == ""


def many(number: int) -> tuple[Criteria, tuple[Verdict, ...]]:
    asked = tuple(
        Criterion(
            id=CriterionId(f"c{n}"),
            label=f"Criterion {n} " + "of some length " * 8,
            kind=CriterionKind.SKILL,
            importance=tuple(Importance)[n % 2],
            weight=1 + n % 9,
        )
        for n in range(number)
    )
    quote = "a long quote " * 40
    evidence = (Evidence(quote, Span(0, len(quote)), Span(0, len(quote))),)
    verdicts = tuple(
        Verdict(criterion_id=c.id, standing=Standing.MET, credit=1.0, evidence=evidence)
        for c in asked
    )
    return replace(FROZEN, criteria=asked), verdicts


@pytest.mark.parametrize("number", [1, 8, 60])
def test_texts_fit_a_long_text_field_and_the_json_stays_json(number: int) -> None:
    asked, verdicts = many(number)
    proposal = made(scored(90, verdicts=verdicts), asked=asked)
    reasoning = change(proposal, SetField, "ai_reasoning").new
    skills = change(proposal, SetField, "ai_skills_json").new
    assert len(reasoning) < 4_000
    assert len(skills) < 4_000
    assert reasoning.endswith("reference " + scored(90).key.id[:8])
    read = json.loads(skills)
    assert (read["v"], read["score"], read["band"]) == (1, 90, 3)
    assert 1 <= len(read["criteria"]) <= number


def test_proposing_twice_gives_the_same_content() -> None:
    first, second = made(scored(87)), made(scored(87), id=ProposalId("p2"))
    assert first.hash == second.hash
