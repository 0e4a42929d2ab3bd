"""A pipeline shows everybody, and of each no more than a person may see."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.actor import Actor, Role
from core.domain.assessment import Standing
from core.domain.audit import AuditEvent
from core.domain.canonical import canonical_json
from core.domain.document import FlagKind, Span
from core.domain.filters import Choice, PipelineFilter, Range
from core.domain.ids import RequisitionId, SavedViewId
from core.domain.judgement import Blinding, BlindMode, Hidden, Leaning
from core.domain.policy import Capability, TenantPolicy
from core.domain.routing import Eyes, Suggestion, Thresholds
from core.domain.rows import PipelineRow, WorkState
from core.domain.views import PipelineView
from core.errors import InvalidInput, NotAllowed, NotFound
from core.services.pipeline.pipeline import Pipeline
from tests.desk import Desk, open_desk
from tests.pipeline_bench import (
    applies,
    freeze,
    keep,
    looks,
    overrides,
    pipeline_of,
    review_blind,
    scored,
    sends_resume,
    stop,
    thinks,
)

JOB = RequisitionId("101")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = open_desk(tmp_path)
    freeze(made)
    yield made
    made.store.close()


def shown(desk: Desk, actor: Actor | None = None) -> dict[str, PipelineRow]:
    """Open the pipeline and give its rows by id, in order."""
    view = opened(desk, actor)
    return {row.application_id: row for row in view.rows}


def opened(desk: Desk, actor: Actor | None = None) -> PipelineView:
    return pipeline_of(desk).open(actor or desk.recruiter(), JOB)


def facts(desk: Desk, action: str) -> list[AuditEvent]:
    with desk.store.unit_of_work() as uow:
        return [event for event in uow.audit.events() if event.fact.action == action]


# --- Order ------------------------------------------------------------------------------------


def test_what_has_no_score_stands_in_the_middle_by_how_long_it_waits(desk: Desk) -> None:
    for id, score, days in (("1", 90, 0), ("2", 10, 9), ("3", None, 2), ("4", 50, 3), ("5", 50, 1)):
        applies(desk, id, days=days)
        keep(desk, scored(id, score))
    applies(desk, "6", days=5)
    assert [*shown(desk)] == ["1", "6", "4", "3", "5", "7001", "2"]


def test_a_recruiters_verdict_moves_the_row_and_both_scores_are_kept(desk: Desk) -> None:
    applies(desk, "1")
    made = scored("1", 100)
    keep(desk, made)
    overrides(desk, made, Standing.NOT_SHOWN)
    row = shown(desk)["1"]
    assert row.score is not None
    assert row.score_before is not None
    assert (row.score.value, row.score_before.value) == (0, 100)
    assert row.standings == {Standing.NOT_SHOWN: 1}
    assert (row.required_met, row.required_total) == (0, 1)
    assert row.suggestion is Suggestion.TALENT_POOL


def test_the_tenants_policy_decides_suggestions_and_reasons(desk: Desk) -> None:
    applies(desk, "1")
    keep(desk, scored("1", 60, confidence=0.55, health=0.65))
    assert shown(desk)["1"].reasons == ()
    policy = TenantPolicy(thresholds=Thresholds(62, 90), sure_from=0.6, readable_from=0.7)
    with desk.store.unit_of_work() as uow:
        uow.policies.put_policy(policy)
        uow.commit()
    row = shown(desk)["1"]
    assert row.suggestion is Suggestion.TALENT_POOL
    assert row.reasons == (Eyes.UNSURE, Eyes.UNREADABLE, Eyes.CLOSE_CALL)
    assert row.close_call


def test_rows_say_who_has_looked(desk: Desk) -> None:
    rosa = desk.recruiter()
    looks(desk, "7001", "mina")
    row = shown(desk, rosa)["7001"]
    assert (row.looks, row.looked) == (1, False)
    looks(desk, "7001", "rosa")
    row = shown(desk, rosa)["7001"]
    assert (row.looks, row.looked) == (2, True)


# --- What is hidden ---------------------------------------------------------------------------


@pytest.mark.parametrize("why", Hidden, ids=[why.value for why in Hidden])
def test_a_hidden_score_leaves_no_trace_in_rows_or_their_order(desk: Desk, why: Hidden) -> None:
    for id, days in (("1", 3), ("2", 3), ("3", 3), ("4", 0)):
        applies(desk, id, days=days)
    keep(desk, scored("1", 90), scored("2", 50), scored("3", 50), scored("4", 10))
    for id in ("1", "3", "4"):
        thinks(desk, id, Leaning.UNSURE)
    if why is Hidden.STOPPED:
        stop(desk, Capability.SCREENING)
    else:
        review_blind(desk)
    rosa, pipeline, numbers = desk.recruiter(), pipeline_of(desk), iter(range(9_999))

    def look() -> tuple[PipelineRow, ...]:
        return pipeline.open(rosa, JOB).rows

    before = look()
    hidden = {row.application_id for row in before if row.hidden is why}
    assert hidden == ({"1", "2", "3", "4"} if why is Hidden.STOPPED else {"2"})

    @settings(max_examples=40, deadline=None)
    @given(st.none() | st.integers(0, 100), st.sampled_from([Standing.MET, Standing.NOT_SHOWN]))
    def same_whatever_the_score(score: int | None, standing: Standing) -> None:
        sure = 0.1 if score is None else score / 100
        keep(desk, scored("2", score, standing, confidence=sure, document=f"d{next(numbers)}"))
        assert look() == before

    same_whatever_the_score()


def test_a_hidden_row_keeps_only_what_its_document_warns_of(desk: Desk) -> None:
    applies(desk, "1")
    applies(desk, "2")
    flags = (FlagKind.INSTRUCTION, FlagKind.PHOTO)
    keep(desk, scored("1", 41, confidence=0.1, health=0.2, flags=flags))
    keep(desk, scored("2", None, confidence=0.1, health=0.2, flags=(FlagKind.PHOTO,)))
    assert shown(desk)["1"].reasons == (
        Eyes.UNSURE, Eyes.UNREADABLE, Eyes.CLOSE_CALL, Eyes.FLAGGED,
    )  # fmt: skip
    review_blind(desk)
    rows = shown(desk)
    assert rows["1"].reasons == (Eyes.FLAGGED,)
    assert rows["1"].flags == ("instruction", "photo")
    assert rows["2"].reasons == ()
    assert rows["2"].state is WorkState.ASSESSED, "that it is ungraded would tell"
    assert rows["7001"].hidden is None, "there is no score to hide"


def test_an_own_view_uncovers_the_score_for_this_person_only(desk: Desk) -> None:
    applies(desk, "1")
    keep(desk, scored("1", 60))
    review_blind(desk)
    thinks(desk, "1", Leaning.ADVANCE)
    rosa, mina = desk.recruiter(), desk.person("mina", Role.HIRING_MANAGER, icims="103")
    assert shown(desk, rosa)["1"].hidden is None
    assert shown(desk, mina)["1"].hidden is Hidden.OWN_VIEW_FIRST


def test_agreement_counts_only_views_recorded_before_the_score(desk: Desk) -> None:
    assert opened(desk).agreement is None
    for id, score, leaning, blind in (
        ("1", 90, Leaning.ADVANCE, True),
        ("2", 90, Leaning.NOT_NOW, True),
        ("3", 60, Leaning.UNSURE, True),
        ("4", 10, Leaning.NOT_NOW, False),
    ):
        applies(desk, id)
        keep(desk, scored(id, score))
        thinks(desk, id, leaning, blind=blind)
    thinks(desk, "7001", Leaning.ADVANCE)
    agreement = opened(desk).agreement
    assert agreement is not None
    assert (agreement.same, agreement.both) == (2, 3)


def test_a_stop_is_said_in_words(desk: Desk) -> None:
    assert not opened(desk).stopped
    stop(desk, Capability.WRITING)
    assert "Writing to iCIMS is switched off" in opened(desk).stopped
    stop(desk, Capability.SCREENING)
    assert "Scoring is switched off" in opened(desk).stopped


def test_blinding_is_chosen_per_job_and_recorded(desk: Desk) -> None:
    assert opened(desk).blinding == Blinding()
    chosen = Blinding(BlindMode.SAMPLED, 0.3)
    pipeline_of(desk).set_blinding(desk.recruiter(), JOB, chosen)
    assert opened(desk).blinding == chosen
    (event,) = facts(desk, "blinding.set")
    assert event.fact.data == {"mode": "sampled", "share": 0.3}


# --- Search -----------------------------------------------------------------------------------


def test_resumes_are_searched_without_what_no_reader_sees(desk: Desk) -> None:
    for id, text, concealed in (
        ("1", "Forklift licence class B, reach trucks", None),
        ("2", "Sorted parcels by hand", None),
        ("3", "Ran the till. forklift forklift", Span(14, 31)),
    ):
        applies(desk, id)
        sends_resume(desk, id, text, concealed)
    found = pipeline_of(desk).find(desk.recruiter(), JOB, "FORKLIFT")
    assert set(found) == {"1"}
    assert [span.of(found["1"].passage) for span in found["1"].hits] == ["Forklift"]  # type: ignore[index]


def test_a_search_is_recorded_once_and_without_its_words(desk: Desk) -> None:
    applies(desk, "1")
    sends_resume(desk, "1", "Anna Berg drives forklifts")
    pipeline = pipeline_of(desk)
    assert set(pipeline.find(desk.recruiter(), JOB, '"anna berg"')) == {"1"}
    assert pipeline.find(desk.recruiter(), JOB, "   ") == {}
    (event,) = facts(desk, "pipeline.searched")
    assert event.fact.subject == "requisition:101"
    assert event.fact.data["count"] == 1
    assert "anna" not in canonical_json(event.fact).casefold()


def test_a_forgotten_persons_resume_is_not_found(desk: Desk) -> None:
    applies(desk, "1")
    sends_resume(desk, "1", "forklift")
    with desk.store.unit_of_work() as uow:
        uow.vault.forget(uow.applications.among(["1"])[0].application.person_id)  # type: ignore[list-item]
        uow.commit()
    assert pipeline_of(desk).find(desk.recruiter(), JOB, "forklift") == {}


# --- Taking it away ---------------------------------------------------------------------------


def lines(sheet: bytes) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"), newline=""))]


def test_a_sheet_holds_the_rows_asked_for_and_says_so_in_the_log(desk: Desk) -> None:
    for id, score, text in (("1", 90, "forklift"), ("2", 80, "till"), ("3", 20, "forklift")):
        applies(desk, id, name=f"Person {id}")
        keep(desk, scored(id, score))
        sends_resume(desk, id, text)
    asked = PipelineFilter(score=Range(low=50), words="forklift")
    sheet = lines(pipeline_of(desk).export(desk.recruiter(), JOB, asked))
    assert [(line["Candidate"], line["Score"], line["Forklift licence"]) for line in sheet] == [
        ("Person 1", "90", "met")
    ]
    (event,) = facts(desk, "pipeline.exported")
    assert event.fact.data["count"] == 1
    assert "forklift" not in canonical_json(event.fact)


def test_what_is_hidden_on_the_screen_is_hidden_in_the_sheet(desk: Desk) -> None:
    applies(desk, "1")
    keep(desk, scored("1", 73))
    review_blind(desk)
    sheet = lines(pipeline_of(desk).export(desk.recruiter(), JOB, PipelineFilter()))
    line = next(line for line in sheet if line["Application"] == "1")
    assert line["Why no score"] == "own view first"
    told = {"Score", "Score from", "Score to", "Confidence %", "Suggestion", "Forklift licence"}
    assert {line[column] for column in told} == {""}


def test_a_candidates_name_is_no_formula_in_the_sheet(desk: Desk) -> None:
    applies(desk, "1", name="=HYPERLINK(0) \u202eBerg")
    sheet = lines(pipeline_of(desk).export(desk.recruiter(), JOB, PipelineFilter()))
    assert "'=HYPERLINK(0) Berg" in {line["Candidate"] for line in sheet}


# --- Saved views ------------------------------------------------------------------------------

TALL = PipelineFilter(stage=Choice(frozenset({"New"})), words="berg")


def saved(pipeline: Pipeline, actor: Actor) -> list[str]:
    return [view.name for view in pipeline.open(actor, JOB).saved]


def test_views_are_ones_own_until_they_are_shared(desk: Desk) -> None:
    pipeline, rosa = pipeline_of(desk), desk.recruiter()
    mina = desk.person("mina", Role.HIRING_MANAGER, icims="103")
    own = pipeline.save_view(rosa, JOB, "  mine\u202e \n", TALL, shared=False)
    pipeline.save_view(rosa, JOB, "ours", TALL, shared=True)
    assert (own.name, own.asked) == ("mine", TALL)
    assert saved(pipeline, rosa) == ["mine", "ours"]
    assert saved(pipeline, mina) == ["ours"]


def test_saving_under_the_same_name_replaces_ones_own_view(desk: Desk) -> None:
    pipeline, rosa = pipeline_of(desk), desk.recruiter()
    first = pipeline.save_view(rosa, JOB, "Mine", TALL, shared=False)
    second = pipeline.save_view(rosa, JOB, "mine", PipelineFilter(eyes=True), shared=True)
    assert second.id == first.id
    assert [view.asked.eyes for view in pipeline.open(rosa, JOB).saved] == [True]


def test_only_the_owner_removes_a_view(desk: Desk) -> None:
    pipeline, rosa = pipeline_of(desk), desk.recruiter()
    mina = desk.person("mina", Role.HIRING_MANAGER, icims="103")
    own = pipeline.save_view(rosa, JOB, "mine", TALL, shared=False)
    ours = pipeline.save_view(rosa, JOB, "ours", TALL, shared=True)
    with pytest.raises(NotFound):
        pipeline.remove_view(mina, own.id)
    with pytest.raises(NotAllowed):
        pipeline.remove_view(mina, ours.id)
    with pytest.raises(NotFound):
        pipeline.remove_view(rosa, SavedViewId("nothing"))
    pipeline.remove_view(rosa, ours.id)
    assert saved(pipeline, rosa) == ["mine"]
    assert [event.fact.data["view"] for event in facts(desk, "saved_view.removed")] == [ours.id]


def test_views_have_a_name_and_an_end(desk: Desk) -> None:
    pipeline, rosa = pipeline_of(desk), desk.recruiter()
    with pytest.raises(InvalidInput):
        pipeline.save_view(rosa, JOB, "\u202e", TALL, shared=False)
    for number in range(40):
        pipeline.save_view(rosa, JOB, f"view {number}", TALL, shared=False)
    with pytest.raises(InvalidInput):
        pipeline.save_view(rosa, JOB, "one more", TALL, shared=False)
    pipeline.save_view(rosa, JOB, "view 7", TALL, shared=True)


# --- Who may ----------------------------------------------------------------------------------

ASKS: dict[str, Callable[[Pipeline, Actor], object]] = {
    "open": lambda p, who: p.open(who, JOB),
    "progress": lambda p, who: p.progress(who, JOB),
    "reading_names": lambda p, who: p.reading_names(who, JOB),
    "cancel": lambda p, who: p.cancel(who, JOB),
    "find": lambda p, who: p.find(who, JOB, "forklift"),
    "export": lambda p, who: p.export(who, JOB, PipelineFilter()),
    "save_view": lambda p, who: p.save_view(who, JOB, "mine", TALL, shared=False),
    "set_blinding": lambda p, who: p.set_blinding(who, JOB, Blinding()),
}
STRANGERS: dict[str, tuple[Sequence[Role], str]] = {
    "another manager": ((Role.HIRING_MANAGER,), "909"),
    "another recruiter": ((Role.RECRUITER,), "909"),
    "the manager as a recruiter": ((Role.RECRUITER,), "103"),
    "compliance": ((Role.COMPLIANCE,), "101"),
    "an administrator": ((Role.ADMIN,), "101"),
}


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS.keys())
@pytest.mark.parametrize(("roles", "person"), STRANGERS.values(), ids=STRANGERS.keys())
def test_to_strangers_the_job_does_not_exist(
    desk: Desk, ask: Callable[[Pipeline, Actor], object], roles: Sequence[Role], person: str
) -> None:
    stranger = desk.person("sam", *roles, icims=person)
    with pytest.raises(NotFound):
        ask(pipeline_of(desk), stranger)
    with desk.store.unit_of_work() as uow:
        assert uow.audit.count() == 0


def test_a_hiring_manager_looks_and_takes_nothing_away(desk: Desk) -> None:
    mina, pipeline = desk.person("mina", Role.HIRING_MANAGER, icims="103"), pipeline_of(desk)
    view = pipeline.open(mina, JOB)
    assert (view.may_screen, view.may_approve, view.may_edit_criteria) == (False, False, False)
    assert pipeline.find(mina, JOB, "forklift") == {}
    for refused in ("cancel", "export", "set_blinding"):
        with pytest.raises(NotAllowed):
            ASKS[refused](pipeline, mina)


def test_a_view_of_a_job_that_is_no_longer_ones_own_cannot_be_touched(desk: Desk) -> None:
    pipeline = pipeline_of(desk)
    view = pipeline.save_view(desk.recruiter(), JOB, "ours", TALL, shared=True)
    with desk.store.unit_of_work() as uow:
        uow.requisitions.put(replace(desk.requisition, recruiter=None), desk.clock.now())
        uow.commit()
    with pytest.raises(NotFound):
        pipeline.remove_view(desk.recruiter(), view.id)
