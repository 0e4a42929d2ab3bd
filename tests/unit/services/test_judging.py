"""People's verdicts: the score is their sum, both are kept, and what is proposed is theirs."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.actor import Actor, ActorKind, Role
from core.domain.assessment import Standing, Verdict, contributions, score_of
from core.domain.ids import CriterionId, OverrideId, UserId
from core.domain.judgement import (
    CREDIT,
    Blinding,
    BlindMode,
    Leaning,
    Override,
    OverrideReason,
    OwnView,
    in_force,
    judged,
)
from core.domain.policy import Capability, TenantPolicy
from core.domain.proposal import AddAssessmentResult, AppendText, SetField
from core.errors import InvalidInput, NotAllowed, NotFound
from core.services.controls import Controls
from tests.desk import TENANT
from tests.screening_shop import CRANE, ENGLISH, FORKLIFT, POLL, THREE, Shop, open_shop
from tests.store_bench import NOON, CountedIds, assessment, criteria

MISREAD = OverrideReason.MISREAD


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path) as opened:
        yield opened


def override(shop: Shop, standing: Standing | None, **more: str) -> None:
    shop.judging.override(
        shop.desk.recruiter(), shop.id, CRANE.id, standing, reason=MISREAD, **more
    )
    shop.desk.clock.forward(seconds=1)


# --- The sum ---------------------------------------------------------------------------------

_standings = st.sampled_from([*Standing, None])
_given = st.lists(st.tuples(st.sampled_from(THREE), _standings), max_size=8)


@given(_given, st.lists(st.sampled_from(list(Standing)), min_size=3, max_size=3))
def test_a_judged_score_is_the_sum_of_the_newest_verdicts_and_taking_all_back_restores_it(
    given: list[tuple[object, Standing | None]], own: list[Standing]
) -> None:
    asked = replace(criteria(TENANT), criteria=THREE)
    verdicts = tuple(
        Verdict(criterion_id=c.id, standing=s, credit=CREDIT[s], by=UserId("test"))
        for c, s in zip(THREE, own, strict=True)
    )
    score = score_of(THREE, verdicts, 0.9)
    made = replace(
        assessment(TENANT), verdicts=verdicts, score=score, ungraded="" if score else "No data."
    )
    overrides = [
        Override(
            id=OverrideId(str(number)),
            application_id=made.application_id,
            assessment_id=made.key.id,
            criterion_id=criterion.id,  # type: ignore[attr-defined]
            standing=standing,
            reason=MISREAD,
            by=UserId("rosa"),
            at=NOON,
        )
        for number, (criterion, standing) in enumerate(given)
    ]
    after = judged(made, asked, overrides)
    lines = contributions(THREE, after.verdicts)
    if after.score:
        assert after.score.value == round(sum(line.points for line in lines))
    for id, newest in in_force(made.key.id, overrides).items():
        assert next(v.standing for v in after.verdicts if v.criterion_id == id) is newest.standing
    taken_back = [replace(o, standing=None) for o in overrides]
    assert judged(made, asked, [*overrides, *taken_back]) == made


# --- Overriding ------------------------------------------------------------------------------


def test_an_overridden_verdict_changes_the_score_and_both_are_kept(shop: Shop) -> None:
    own = shop.scored()
    assert own.score is not None
    assert own.score.value == 50
    override(shop, Standing.MET)
    view = shop.review.application(shop.desk.recruiter(), shop.id)
    assert view.assessment is not None
    assert view.assessment.score is not None
    assert view.assessment.score.value == 67
    assert round(sum(line.points for line in view.sum)) == 67
    assert view.own_assessment == own
    assert round(sum(line.points for line in view.own_sum)) == 50
    (line,) = view.overrides
    assert (line.who, line.before, line.in_force) == ("Rosa", Standing.NOT_SHOWN, True)
    with shop.desk.store.unit_of_work() as uow:
        assert uow.assessments.latest(shop.id) == own


def test_taking_an_override_back_restores_the_assessors_score(shop: Shop) -> None:
    own = shop.scored()
    override(shop, Standing.MET)
    override(shop, None)
    view = shop.review.application(shop.desk.recruiter(), shop.id)
    assert view.assessment == view.own_assessment == own
    assert not any(line.in_force for line in view.overrides)
    proposed = next(c for c in shop.open_proposal().changes if isinstance(c, SetField))
    assert proposed.new == 50
    actions = [f["action"] for f in shop.facts("verdict.overridden", "verdict.restored")]
    assert actions == ["verdict.overridden", "verdict.restored"]


def test_an_override_is_one_fact_with_both_scores_and_no_words_of_the_recruiter(
    shop: Shop,
) -> None:
    shop.scored()
    override(shop, Standing.MET, note="She told me on the phone.")
    (fact,) = shop.facts("verdict.overridden")
    assert (fact["score_before"], fact["score_after"]) == (50, 67)
    assert (fact["standing_before"], fact["standing_after"]) == ("not_shown", "met")
    assert (fact["criterion"], fact["reason"], fact["by"]) == ("crane", "misread", "rosa")
    assert "phone" not in str(fact)


def test_the_person_proposes_the_score_on_their_screen_in_place_of_the_open_one(
    shop: Shop,
) -> None:
    shop.scored()
    before = shop.open_proposal()
    override(shop, Standing.MET, note="She told me on the phone.")
    made = shop.open_proposal()
    assert made.id != before.id
    assert (made.made_by.id, made.made_by.kind) == ("rosa", ActorKind.PERSON)
    assert made.made_by.session is None
    values = {c.field: c.new for c in made.changes if isinstance(c, SetField)}
    assert values["ai_match_score"] == 67
    reasoning = str(values["ai_reasoning"])
    assert "assessor 50, with 1 recruiter verdict 67" in reasoning
    assert "Crane: met (17 of 17 points), set by a recruiter: the resume was misread." in reasoning
    assert "phone" not in str(made.changes)
    entry = next(c for c in made.changes if isinstance(c, AddAssessmentResult))
    assert "assessor 50, with 1 recruiter verdict 67" in entry.result
    assert len(entry.result) <= 128
    assert any("recruiter verdict" in c.text for c in made.changes if isinstance(c, AppendText))


def test_scoring_again_with_the_same_result_proposes_the_judged_score(shop: Shop) -> None:
    shop.scored()
    override(shop, Standing.MET)
    mine = shop.open_proposal()
    shop.screening.screen(shop.id, POLL)
    assert shop.open_proposal() == mine
    shop.desk.clock.at = mine.expires_at
    shop.screening.screen(shop.id, POLL)
    renewed = shop.open_proposal()
    assert renewed.id != mine.id
    values = {c.field: c.new for c in renewed.changes if isinstance(c, SetField)}
    assert values["ai_match_score"] == 67


def test_a_verdict_of_a_person_gives_an_unreadable_resume_a_score(shop: Shop) -> None:
    shop.resume(b"broken")
    own = shop.scored()
    assert own.score is None
    override(shop, Standing.MET)
    view = shop.review.application(shop.desk.recruiter(), shop.id)
    assert view.assessment is not None
    assert view.assessment.score is not None
    assert view.assessment.score.value == 100
    assert view.own_assessment is not None
    assert view.own_assessment.score is None
    reasoning = [c.new for c in shop.open_proposal().changes if isinstance(c, SetField)]
    assert "assessor not graded, with 1 recruiter verdict 100" in str(reasoning)


def test_a_quote_must_stand_in_the_resume_as_the_assessor_saw_it(shop: Shop) -> None:
    shop.scored()
    for made_up in ("drives a crane", "Anna Berg"):
        with pytest.raises(InvalidInput, match="do not stand like that"):
            override(shop, Standing.MET, quote=made_up)
    override(shop, Standing.MET, quote="six years at the harbour")
    view = shop.review.application(shop.desk.recruiter(), shop.id)
    line = next(line for line in view.sum if line.criterion.id == CRANE.id)
    (evidence,) = line.verdict.evidence
    assert view.document is not None
    assert evidence.original.of(view.document.text) == "six years at the harbour"
    assert evidence.original in {h.span for h in view.document.highlights}


def test_an_unreadable_resume_has_nothing_to_quote(shop: Shop) -> None:
    shop.resume(b"broken")
    shop.scored()
    with pytest.raises(InvalidInput, match="no readable resume"):
        override(shop, Standing.MET, quote="anything")


def test_what_says_nothing_new_is_not_recorded_again(shop: Shop) -> None:
    shop.scored()
    override(shop, None)
    override(shop, Standing.MET)
    override(shop, Standing.MET)
    assert len(shop.facts("verdict.overridden", "verdict.restored")) == 1


def test_a_verdict_needs_a_score_a_known_criterion_and_a_short_note(shop: Shop) -> None:
    with pytest.raises(NotFound, match="not been scored"):
        override(shop, Standing.MET)
    shop.scored()
    with pytest.raises(InvalidInput, match="500"):
        override(shop, Standing.MET, note="x" * 501)
    rosa = shop.desk.recruiter()
    with pytest.raises(NotFound):
        shop.judging.override(rosa, shop.id, CriterionId("beauty"), Standing.MET, reason=MISREAD)
    with pytest.raises(InvalidInput, match="few words"):
        shop.judging.override(rosa, shop.id, CRANE.id, Standing.MET, reason=OverrideReason.OTHER)
    assert not shop.facts("verdict.overridden")


@pytest.mark.parametrize(
    ("role", "icims", "error"),
    [
        (Role.HIRING_MANAGER, "103", NotAllowed),
        (Role.RECRUITER, "999", NotFound),
        (Role.COMPLIANCE, "", NotFound),
        (Role.ADMIN, "", NotFound),
    ],
)
def test_only_the_recruiter_of_the_job_changes_verdicts(
    shop: Shop, role: Role, icims: str, error: type[Exception]
) -> None:
    shop.scored()
    other = shop.desk.person("olga", role, icims=icims)
    with pytest.raises(error):
        shop.judging.override(other, shop.id, CRANE.id, Standing.MET, reason=MISREAD)
    with pytest.raises(error):
        shop.judging.preview(other, shop.id, CRANE.id, Standing.MET)


def test_hidden_verdicts_cannot_be_changed_nor_the_score_tried_out(shop: Shop) -> None:
    shop.scored()
    shop.blind()
    rosa = shop.desk.recruiter()
    with pytest.raises(NotAllowed, match="what you think first"):
        override(shop, Standing.MET)
    with pytest.raises(NotAllowed):
        shop.judging.preview(rosa, shop.id, CRANE.id, Standing.MET)
    shop.judging.record_view(rosa, shop.id, Leaning.UNSURE)
    override(shop, Standing.MET)
    shop.stop(Capability.SCREENING)
    with pytest.raises(NotAllowed, match="switched off"):
        override(shop, Standing.PARTLY)


@pytest.mark.parametrize(
    ("standing", "value"),
    [(Standing.MET, 67), (Standing.PARTLY, 58), (Standing.NO_DATA, 60), (None, 50)],
)
def test_a_preview_says_the_score_that_it_would_be_and_keeps_nothing(
    shop: Shop, standing: Standing | None, value: int
) -> None:
    shop.scored()
    rosa = shop.desk.recruiter()
    score = shop.judging.preview(rosa, shop.id, CRANE.id, standing)
    assert score is not None
    assert score.value == value
    assert not shop.facts("verdict.overridden", "verdict.restored")
    override(shop, standing)
    view = shop.review.application(rosa, shop.id)
    assert view.assessment is not None
    assert view.assessment.score == score


def test_an_override_belongs_to_its_assessment_and_does_not_follow_to_a_new_one(
    shop: Shop,
) -> None:
    shop.scored()
    override(shop, Standing.MET)
    shop.freeze(2, (FORKLIFT, CRANE, replace(ENGLISH, weight=3)))
    made = shop.screening.screen(shop.id, POLL)
    view = shop.review.application(shop.desk.recruiter(), shop.id)
    assert view.assessment == made
    assert [line.in_force for line in view.overrides] == [False]


# --- Own views -------------------------------------------------------------------------------


def blindness(shop: Shop, who: Actor | None = None) -> bool:
    """Record a view that nobody has noted yet and say whether it is kept as blind."""
    note = str(len(said_of(shop)))
    shop.judging.record_view(who or shop.desk.recruiter(), shop.id, Leaning.ADVANCE, note)
    return said_of(shop)[-1].blind


def said_of(shop: Shop) -> list[OwnView]:
    with shop.desk.store.unit_of_work() as uow:
        return list(uow.judgements.views(shop.id))


def choose(shop: Shop, mode: BlindMode, share: float = 0.2) -> None:
    shop.pipeline.set_blinding(
        shop.desk.recruiter(), shop.desk.requisition.id, Blinding(mode, share)
    )
    shop.desk.clock.forward(seconds=1)


def choose_everywhere(shop: Shop, policy: TenantPolicy) -> None:
    clock = shop.desk.clock
    controls = Controls(shop.desk.store.unit_of_work, clock, CountedIds(), TenantPolicy())
    controls.set_policy(shop.desk.person("ada", Role.ADMIN), policy)
    clock.forward(seconds=1)


def test_a_view_before_the_score_is_shown_is_blind_and_one_after_it_is_not(shop: Shop) -> None:
    shop.blind()
    shop.scored()
    rosa = shop.desk.recruiter()
    shop.judging.record_view(rosa, shop.id, Leaning.NOT_NOW, "  Too far away. ")
    shop.judging.record_view(rosa, shop.id, Leaning.ADVANCE)
    with shop.desk.store.unit_of_work() as uow:
        views = uow.judgements.views(shop.id)
    assert [(v.leaning, v.blind) for v in views] == [
        (Leaning.NOT_NOW, True),
        (Leaning.ADVANCE, False),
    ]
    facts = shop.facts("view.recorded")
    assert [(f["leaning"], f["blind"]) for f in facts] == [("not_now", True), ("advance", False)]
    assert "far away" not in str(facts)


def test_a_score_that_could_be_seen_anywhere_before_is_not_unseen_by_hiding_it(shop: Shop) -> None:
    shop.scored()
    shop.blind()
    assert not blindness(shop)
    # Somebody who never opened anything could have read it in the table, the tray, a comparison.
    assert not blindness(shop, shop.desk.person("mina", Role.HIRING_MANAGER, icims="103"))


def test_a_gap_in_which_the_score_was_open_ends_blindness_for_good(shop: Shop) -> None:
    shop.blind()
    shop.scored()
    choose(shop, BlindMode.OFF)
    choose(shop, BlindMode.ALWAYS)
    assert not blindness(shop)


def test_choosing_a_sample_that_holds_the_application_leaves_no_gap(shop: Shop) -> None:
    shop.blind()
    shop.scored()
    choose(shop, BlindMode.SAMPLED, 1.0)
    assert blindness(shop)


def test_an_earlier_score_counts_though_a_newer_one_was_hidden_from_the_start(shop: Shop) -> None:
    shop.scored()
    shop.blind()
    shop.freeze(2, (FORKLIFT, CRANE, replace(ENGLISH, weight=3)))
    shop.screening.screen(shop.id, POLL)
    shop.desk.clock.forward(seconds=1)
    assert not blindness(shop)


def test_blindness_chosen_for_all_jobs_counts_until_the_job_has_its_own_choice(shop: Shop) -> None:
    choose_everywhere(shop, TenantPolicy(blinding=Blinding(BlindMode.SAMPLED, 0.5)))
    choose_everywhere(
        shop, TenantPolicy(sure_from=0.4, blinding=Blinding(BlindMode.ALWAYS, share=0.5))
    )
    shop.scored()
    choose_everywhere(shop, TenantPolicy(sure_from=0.3, blinding=Blinding(BlindMode.ALWAYS, 0.5)))
    assert blindness(shop)
    choose(shop, BlindMode.ALWAYS)
    assert not blindness(shop, shop.desk.person("mina", Role.HIRING_MANAGER, icims="103"))


def test_scoring_switched_off_hides_a_score_and_does_not_make_it_unseen(shop: Shop) -> None:
    shop.scored()
    shop.stop(Capability.SCREENING)
    assert not blindness(shop)


def test_whoever_reads_the_log_is_never_blind_for_it_holds_every_score(shop: Shop) -> None:
    shop.blind()
    shop.scored()
    both = shop.desk.person("rosa", Role.RECRUITER, Role.COMPLIANCE, icims="101")
    assert not blindness(shop, both)


def test_a_second_view_is_blind_only_while_nobody_has_scored(shop: Shop) -> None:
    shop.blind()
    assert blindness(shop)
    assert blindness(shop)
    shop.scored()
    assert not blindness(shop)


def test_a_view_that_repeats_the_newest_of_its_person_is_recorded_once(shop: Shop) -> None:
    rosa = shop.desk.recruiter()
    mina = shop.desk.person("mina", Role.HIRING_MANAGER, icims="103")
    for who, leaning, note in (
        (rosa, Leaning.ADVANCE, "Nights"),
        (rosa, Leaning.ADVANCE, " Nights "),
        (mina, Leaning.ADVANCE, "Nights"),
        (rosa, Leaning.ADVANCE, "Nights"),
        (rosa, Leaning.ADVANCE, ""),
        (rosa, Leaning.UNSURE, ""),
        (rosa, Leaning.ADVANCE, ""),
    ):
        shop.judging.record_view(who, shop.id, leaning, note)
    kept = [(view.by, view.leaning, view.note) for view in said_of(shop)]
    assert kept == [
        (rosa.id, Leaning.ADVANCE, "Nights"),
        (mina.id, Leaning.ADVANCE, "Nights"),
        (rosa.id, Leaning.ADVANCE, ""),
        (rosa.id, Leaning.UNSURE, ""),
        (rosa.id, Leaning.ADVANCE, ""),
    ]


def test_a_view_of_what_nobody_has_scored_is_blind(shop: Shop) -> None:
    shop.judging.record_view(shop.desk.recruiter(), shop.id, Leaning.UNSURE)
    with shop.desk.store.unit_of_work() as uow:
        assert [view.blind for view in uow.judgements.views(shop.id)] == [True]


def test_the_hiring_manager_of_the_job_has_a_view_and_a_stranger_has_none(shop: Shop) -> None:
    shop.scored()
    mina = shop.desk.person("mina", Role.HIRING_MANAGER, icims="103")
    shop.judging.record_view(mina, shop.id, Leaning.ADVANCE)
    stranger = shop.desk.person("tom", Role.HIRING_MANAGER, icims="999")
    with pytest.raises(NotFound):
        shop.judging.record_view(stranger, shop.id, Leaning.ADVANCE)
    with pytest.raises(InvalidInput, match="500"):
        shop.judging.record_view(mina, shop.id, Leaning.ADVANCE, "x" * 501)


def test_a_view_writes_nothing_and_answers_no_proposal(shop: Shop) -> None:
    shop.scored()
    shop.judging.record_view(shop.desk.recruiter(), shop.id, Leaning.NOT_NOW)
    assert shop.open_proposal()
    assert shop.desk.write_all() == 0
