"""What changed in iCIMS is told where people look: moves, postings, applications that are gone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.assist.screening import draft, lint
from core.domain.actor import Actor, Role
from core.domain.events import StageChange
from core.domain.ids import ContentHash, ProposalId, RequisitionId, UserId
from core.domain.proposal import SetStage
from core.domain.records import ListNode
from core.domain.views import TrailLine
from core.errors import ContentChanged, NotAllowed
from core.services.scoring.criteria import CriteriaDesk
from tests.desk import Desk
from tests.pipeline_bench import pipeline_of
from tests.screening_shop import POLL, Shop, open_shop
from tests.store_bench import proposal

NEW, INTERVIEW = ListNode("C1", "New"), ListNode("C2", "Interview")
JOB = RequisitionId("101")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path) as opened:
        yield opened


# --- Moves ----------------------------------------------------------------------------------------


def moves(shop: Shop, actor: Actor | None = None, **stages: str) -> list[TrailLine]:
    review = replace(shop.review, stages=stages)
    view = review.application(actor or shop.desk.recruiter(), shop.id)
    return [line for line in view.trail if line.action == "stage.changed"]


def move(shop: Shop, to: ListNode) -> None:
    shop.desk.ats.edit(shop.id, stage=to)
    shop.desk.clock.forward(seconds=1)
    shop.sync.application(shop.id, POLL)


def test_a_move_in_icims_is_told_with_the_names_of_its_stages(shop: Shop) -> None:
    move(shop, INTERVIEW)
    (line,) = moves(shop, C1="New")
    assert (line.who, line.what) == ("iCIMS", "Moved in iCIMS from New to Interview")


def test_a_stage_whose_name_nobody_knows_is_told_by_its_number(shop: Shop) -> None:
    move(shop, INTERVIEW)
    assert moves(shop)[0].what == "Moved in iCIMS from stage C1 to Interview"


def test_moves_stand_among_the_other_happenings_in_order_of_time(shop: Shop) -> None:
    shop.scored()
    move(shop, INTERVIEW)
    shop.desk.clock.forward(seconds=1)
    rosa = shop.desk.recruiter()
    shop.review.opened(rosa, shop.id)
    actions = [line.action for line in shop.review.application(rosa, shop.id).trail]
    assert actions[-2:] == ["stage.changed", "application.opened"]


def test_a_move_that_we_wrote_is_told_once(shop: Shop) -> None:
    planned = proposal(shop.desk.application, SetStage(NEW, INTERVIEW))
    made = shop.desk.propose(replace(planned, id=ProposalId("p-move")))
    shop.written(made)
    with shop.desk.store.unit_of_work() as uow:
        assert len(uow.stage_changes.of(shop.id)) == 1
    assert moves(shop) == []
    move(shop, NEW)
    move(shop, INTERVIEW)
    assert len(moves(shop)) == 2


def test_a_move_is_told_also_to_who_may_not_see_the_score(shop: Shop) -> None:
    shop.scored()
    shop.blind()
    with shop.desk.store.unit_of_work() as uow:
        uow.stage_changes.put(
            StageChange(
                application_id=shop.id,
                requisition_id=JOB,
                before="C1",
                after="C2",
                seen_at=shop.desk.clock.now(),
            )
        )
        uow.commit()
    assert len(moves(shop, shop.desk.person("mina", Role.HIRING_MANAGER, icims="103"))) == 1


# --- Gone -----------------------------------------------------------------------------------------


def test_an_application_that_icims_has_no_more_stays_listed_and_says_so(shop: Shop) -> None:
    pipeline, rosa = pipeline_of(shop.desk), shop.desk.recruiter()
    assert pipeline.open(rosa, JOB).rows[0].stage == "New"
    del shop.desk.ats.applications[shop.id]
    shop.sync.refresh(shop.id, POLL)
    view = pipeline.open(rosa, JOB)
    assert [row.stage for row in view.rows] == ["New, no longer in iCIMS"]
    assert view.problem.startswith("1 application is no longer in iCIMS")


# --- Postings -------------------------------------------------------------------------------------


def desk_of(desk: Desk) -> CriteriaDesk:
    return CriteriaDesk(
        desk.store.unit_of_work,
        desk.clock,
        lambda job, now, author: draft(job, now=now, author=author),
        lint,
    )


@pytest.fixture
def frozen(shop: Shop) -> Shop:
    """A shop whose job asks for a forklift licence, its criteria frozen by the recruiter."""
    _post(shop, qualifications="Forklift licence required.")
    rosa = shop.desk.recruiter()
    desk_of(shop.desk).freeze(rosa, JOB, 1)
    return shop


def _post(shop: Shop, **changes: object) -> None:
    """Edit the job in iCIMS, and read it."""
    shop.desk.clock.forward(minutes=1)
    before = shop.desk.ats.requisitions[JOB]
    # dataclasses.replace checks the names itself.
    after = replace(before, updated_at=shop.desk.clock.now(), **changes)  # type: ignore[arg-type]
    shop.desk.ats.requisitions[JOB] = after
    shop.sync.refresh_requisition(JOB, POLL)


def test_a_changed_posting_questions_frozen_criteria_and_changes_nothing(frozen: Shop) -> None:
    rosa, desk = frozen.desk.recruiter(), desk_of(frozen.desk)
    before = desk.open(rosa, JOB)
    assert before.posting_change is None
    _post(frozen, qualifications="Crane licence required.")
    after = desk.open(rosa, JOB)
    assert after.frozen == before.frozen
    change = after.posting_change
    assert change is not None
    assert change.at == frozen.desk.clock.now()
    assert change.parts == (
        ("Qualifications", "Forklift licence required.", "Crane licence required."),
    )
    assert pipeline_of(frozen.desk).open(rosa, JOB).posting_change == change
    assert frozen.facts("posting.changed") == [
        {"action": "posting.changed", "by": "service:reader", "criteria_version": 1}
    ]


def test_what_criteria_are_not_drawn_from_questions_nothing(frozen: Shop) -> None:
    _post(frozen, department="Logistics")
    assert desk_of(frozen.desk).open(frozen.desk.recruiter(), JOB).posting_change is None
    assert not frozen.facts("posting.changed")


def test_a_posting_that_is_as_it_was_again_questions_nothing(frozen: Shop) -> None:
    _post(frozen, overview="New.")
    _post(frozen, overview="")
    assert desk_of(frozen.desk).open(frozen.desk.recruiter(), JOB).posting_change is None


def test_still_right_is_recorded_with_who_and_ends_the_question(frozen: Shop) -> None:
    rosa, desk = frozen.desk.recruiter(), desk_of(frozen.desk)
    _post(frozen, overview="New.")
    change = desk.open(rosa, JOB).posting_change
    assert change is not None
    desk.confirm(rosa, JOB, change.seen)
    assert desk.open(rosa, JOB).posting_change is None
    (fact,) = frozen.facts("criteria.confirmed")
    assert (fact["by"], fact["version"], fact["posting"]) == ("rosa", 1, change.seen)
    _post(frozen, overview="Newer.")
    again = desk.open(rosa, JOB).posting_change
    assert again is not None
    assert again.parts == (("Overview", "New.", "Newer."),)


def test_a_click_on_a_posting_that_changed_again_is_refused(frozen: Shop) -> None:
    rosa, desk = frozen.desk.recruiter(), desk_of(frozen.desk)
    _post(frozen, overview="New.")
    change = desk.open(rosa, JOB).posting_change
    assert change is not None
    _post(frozen, overview="Newer.")
    with pytest.raises(ContentChanged):
        desk.confirm(rosa, JOB, change.seen)
    assert not frozen.facts("criteria.confirmed")


def test_only_the_jobs_recruiter_may_say_that_criteria_still_fit(frozen: Shop) -> None:
    mina = frozen.desk.person("mina", Role.HIRING_MANAGER, icims="103")
    with pytest.raises(NotAllowed):
        desk_of(frozen.desk).confirm(mina, JOB, ContentHash("x"))


def test_new_criteria_are_held_against_the_posting_of_their_freezing(frozen: Shop) -> None:
    rosa, desk = frozen.desk.recruiter(), desk_of(frozen.desk)
    _post(frozen, qualifications="Crane licence required.")
    saved = desk.save(rosa, JOB, desk.open(rosa, JOB).criteria.criteria)
    desk.freeze(rosa, JOB, saved.criteria.version)
    assert desk.open(rosa, JOB).posting_change is None


def test_criteria_frozen_before_postings_were_kept_are_questioned_by_the_next_change(
    shop: Shop,
) -> None:
    shop.freeze()
    _post(shop, overview="New.")
    change = desk_of(shop.desk).open(shop.desk.recruiter(), JOB).posting_change
    assert change is not None
    assert change.parts == (("Overview", "", "New."),)
    with shop.desk.store.unit_of_work() as uow:
        fit = uow.criteria.fit(JOB)
    assert fit is not None
    assert fit.by is None
    assert UserId("rosa") != fit.by
