"""What is approved gives way to a newer score, can be taken back while it waits, can come again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.actor import Actor, Role
from core.domain.approval import OutboxState
from core.domain.assessment import Standing
from core.domain.ids import ProposalId
from core.domain.judgement import OverrideReason
from core.domain.policy import Capability
from core.domain.proposal import AppendText, Proposal, SetField
from core.domain.records import FieldValue, Presence
from core.domain.views import BatchOutcome, ProposalView
from core.errors import ApprovalRefused, NotAllowed, NotFound
from core.flow.write import Outcome, write_next
from tests.desk import UNDO
from tests.screening_shop import CLICK, CRANE, POLL, Shop, open_shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path) as opened:
        yield opened


def approved(shop: Shop) -> Proposal:
    """Score, and approve what was proposed: 50 points."""
    shop.scored()
    made = shop.open_proposal()
    shop.approvals.approve(shop.desk.recruiter(), made.id, made.hash)
    shop.desk.clock.forward(seconds=1)
    return made


def corrected(shop: Shop) -> Proposal:
    """Override a verdict: 67 points."""
    shop.judging.override(
        shop.desk.recruiter(), shop.id, CRANE.id, Standing.MET, reason=OverrideReason.MISREAD
    )
    shop.desk.clock.forward(seconds=1)
    return shop.open_proposal()


def score_in(made: Proposal) -> object:
    (value,) = (c.new for c in made.changes if isinstance(c, SetField) and "score" in c.field)
    return value


def in_icims(shop: Shop) -> object:
    return shop.desk.ats.applications[shop.id].fields["ai_match_score"].value


def states(shop: Shop, made: Proposal) -> list[OutboxState]:
    with shop.desk.store.unit_of_work() as uow:
        return [entry.state for entry in uow.outbox.of(made.id)]


def write_one(shop: Shop) -> Outcome | None:
    return write_next(shop.desk.store.unit_of_work, shop.desk.ats, shop.desk.clock)


def reread(shop: Shop) -> bool:
    """Do what the worker does after a write."""
    shop.desk.clock.forward(seconds=1)
    shop.sync.application(shop.id, POLL)
    made = shop.following.renew(shop.id)
    shop.desk.clock.forward(seconds=1)
    return made


def shown(shop: Shop, made: Proposal, who: Actor | None = None) -> ProposalView:
    views = shop.review.application(who or shop.desk.recruiter(), shop.id).proposals
    return next(view for view in views if view.proposal.id == made.id)


# --- A newer score -------------------------------------------------------------------------------


def test_a_corrected_score_takes_the_place_of_an_approved_one_that_still_waits(shop: Shop) -> None:
    old = approved(shop)
    new = corrected(shop)
    assert set(states(shop, old)) == {OutboxState.CANCELLED}
    (fact,) = shop.facts("approval.replaced")
    assert (fact["proposal"], fact["by"], fact["approved_by"]) == (old.id, new.id, "rosa")
    assert shop.desk.write_all() == 0
    shop.written(new)
    assert in_icims(shop) == score_in(new) == 67


def test_the_screen_says_that_an_approval_gave_way_to_a_newer_score_and_by_whom(
    shop: Shop,
) -> None:
    old = approved(shop)
    tom = shop.desk.person("tom", Role.RECRUITER, icims="101")
    shop.judging.override(tom, shop.id, CRANE.id, Standing.MET, reason=OverrideReason.MISREAD)
    taken = shown(shop, old).taken_back
    assert taken is not None
    assert (taken.by, taken.at, taken.replaced) == ("Tom", shop.desk.clock.now(), True)
    assert shown(shop, shop.open_proposal()).makes_way == "Rosa"
    assert not shown(shop, old).repeatable


def test_scoring_again_with_another_result_takes_the_place_of_an_approved_score(
    shop: Shop,
) -> None:
    old = approved(shop)
    shop.freeze(2, (replace(CRANE, weight=4),))
    shop.screening.screen(shop.id, POLL)
    assert set(states(shop, old)) == {OutboxState.CANCELLED}
    taken = shown(shop, old).taken_back
    assert taken is not None
    assert taken.replaced
    assert taken.by != "Rosa"


def test_scoring_again_with_the_same_result_leaves_an_approval_alone(shop: Shop) -> None:
    old = approved(shop)
    shop.screening.screen(shop.id, CLICK)
    assert set(states(shop, old)) == {OutboxState.WAITING}


def test_a_write_that_has_begun_goes_on_and_the_corrected_score_waits_for_it(shop: Shop) -> None:
    old = approved(shop)
    shop.desk.clock.forward(seconds=UNDO.total_seconds())
    assert write_one(shop) is Outcome.WRITTEN
    new, rosa = corrected(shop), shop.desk.recruiter()
    assert states(shop, old) == [OutboxState.DONE, OutboxState.WAITING]
    assert not shop.facts("approval.replaced")
    for view in (shown(shop, new), *shop.approvals.shown(rosa, [new.id])):
        assert view.blocked.startswith("What was approved before is still on its way")
    (line,) = shop.approvals.tray(rosa)
    assert line.blocked.startswith("What was approved before")
    with pytest.raises(ApprovalRefused, match="still on its way"):
        shop.approvals.approve(rosa, new.id, new.hash)
    assert not reread(shop)
    assert write_one(shop) is Outcome.WRITTEN
    assert shown(shop, new).blocked.startswith("What was approved before")
    assert reread(shop)
    newest = shop.open_proposal()
    assert (newest.id != new.id, score_in(newest)) == (True, 67)
    assert shown(shop, newest).blocked == ""
    shop.written(newest)
    assert in_icims(shop) == 67
    assert set(states(shop, newest)) == {OutboxState.DONE}


def test_what_a_person_left_out_stays_out_when_a_write_is_followed(shop: Shop) -> None:
    approved(shop)
    shop.desk.clock.forward(seconds=UNDO.total_seconds())
    write_one(shop)
    new = corrected(shop)
    note = next(n for n, c in enumerate(new.changes) if isinstance(c, AppendText))
    shop.approvals.ask_change(shop.desk.recruiter(), new.id, "", [note])
    shop.desk.clock.forward(seconds=1)
    write_one(shop)
    assert reread(shop)
    assert not [c for c in shop.open_proposal().changes if isinstance(c, AppendText)]


def test_nothing_is_proposed_anew_where_nothing_waits_or_nothing_moved(shop: Shop) -> None:
    assert not shop.following.renew(shop.id)
    shop.scored()
    made = shop.open_proposal()
    assert not reread(shop)
    assert shop.open_proposal() == made


def test_a_newer_score_leaves_what_takes_a_written_one_back(shop: Shop) -> None:
    shop.scored()
    made, rosa = shop.open_proposal(), shop.desk.recruiter()
    shop.written(made)
    opposite = shop.approvals.reverse(rosa, made.id).proposal
    shop.approvals.approve(rosa, opposite.id, opposite.hash)
    new = corrected(shop)
    assert set(states(shop, opposite)) == {OutboxState.WAITING}
    assert shown(shop, new).blocked.startswith("What was approved before")


# --- Held by a stop ------------------------------------------------------------------------------


@pytest.mark.parametrize("capability", list(Capability))
def test_what_a_stop_holds_can_be_taken_back_after_its_undo_window(
    shop: Shop, capability: Capability
) -> None:
    made, rosa = approved(shop), shop.desk.recruiter()
    shop.stop(capability)
    assert shop.desk.write_all() == 1
    view = shown(shop, made)
    assert view.can_undo
    assert {line.state for line in view.writes} == {OutboxState.WAITING}
    assert all("switched off" in line.detail for line in view.writes)
    assert all("A fault is looked into" in line.detail for line in view.writes)
    assert [each.proposal.id for each in shop.approvals.undoable(rosa)] == [made.id]
    after = shop.approvals.undo(rosa, made.id)
    assert after.taken_back is not None
    assert (after.taken_back.by, after.taken_back.replaced) == ("Rosa", False)
    assert not after.can_undo
    shop.lift()
    shop.desk.clock.forward(hours=1)
    assert shop.desk.write_all() == 0


def test_what_takes_an_approval_back_is_offered_to_who_may_do_it(shop: Shop) -> None:
    made = approved(shop)
    mina = shop.desk.person("mina", Role.HIRING_MANAGER, icims="103")
    assert shown(shop, made).can_undo
    assert not shown(shop, made, mina).can_undo


def test_once_one_part_is_written_nothing_is_taken_back(shop: Shop) -> None:
    made, rosa = approved(shop), shop.desk.recruiter()
    shop.desk.clock.forward(seconds=UNDO.total_seconds())
    write_one(shop)
    assert not shown(shop, made).can_undo
    with pytest.raises(ApprovalRefused, match="already written"):
        shop.approvals.undo(rosa, made.id)


# --- Proposing again -----------------------------------------------------------------------------


def test_what_was_undone_is_proposed_again_from_the_same_score(shop: Shop) -> None:
    made, rosa = approved(shop), shop.desk.recruiter()
    assert not shown(shop, made).repeatable
    assert shop.approvals.undo(rosa, made.id).repeatable
    shop.desk.clock.forward(seconds=1)
    view = shop.approvals.propose_again(rosa, made.id)
    again = view.proposal
    assert (again.changes, again.assessment_id) == (made.changes, made.assessment_id)
    assert (again.id != made.id, view.made_by, view.blocked) == (True, "Rosa", "")
    assert shop.reader.reads == 1
    assert not shown(shop, made).repeatable
    with pytest.raises(ApprovalRefused, match="newer proposal"):
        shop.approvals.propose_again(rosa, made.id)
    shop.written(again)
    assert in_icims(shop) == 50


def test_what_is_proposed_again_rests_on_the_record_as_it_is_now(shop: Shop) -> None:
    made, rosa = approved(shop), shop.desk.recruiter()
    shop.approvals.undo(rosa, made.id)
    theirs = {"ai_match_score": FieldValue(Presence.PRESENT, 12)}
    shop.desk.ats.edit(shop.id, fields={**shop.desk.application.fields, **theirs})
    reread(shop)
    again = shop.approvals.propose_again(rosa, made.id).proposal
    (change,) = (c for c in again.changes if isinstance(c, SetField) and "score" in c.field)
    assert (change.old, change.new) == (12, 50)


def test_a_write_that_was_stopped_by_somebodys_edit_is_proposed_again(shop: Shop) -> None:
    made, rosa = approved(shop), shop.desk.recruiter()
    theirs = {"ai_match_score": FieldValue(Presence.PRESENT, 12)}
    shop.desk.ats.edit(shop.id, fields={**shop.desk.application.fields, **theirs})
    shop.desk.write_all()
    reread(shop)
    view = shown(shop, made)
    assert view.repeatable
    assert [line.detail for line in view.writes] == [
        "Not written: the record had changed in iCIMS since the approval",
        "Not sent, because an earlier part of the same approval was not written",
    ]
    rosa = shop.desk.recruiter()
    shop.written(shop.approvals.propose_again(rosa, made.id).proposal)
    assert in_icims(shop) == 50


def test_only_an_approved_score_that_came_to_nothing_is_proposed_again(shop: Shop) -> None:
    shop.scored()
    made, rosa = shop.open_proposal(), shop.desk.recruiter()
    with pytest.raises(ApprovalRefused, match="Only an approved score"):
        shop.approvals.propose_again(rosa, made.id)
    shop.approvals.approve(rosa, made.id, made.hash)
    with pytest.raises(ApprovalRefused, match="still will be"):
        shop.approvals.propose_again(rosa, made.id)
    shop.approvals.undo(rosa, made.id)
    shop.stop(Capability.SCREENING)
    with pytest.raises(ApprovalRefused, match="switched off"):
        shop.approvals.propose_again(rosa, made.id)


@pytest.mark.parametrize(
    ("role", "icims", "error"),
    [
        (Role.HIRING_MANAGER, "103", NotAllowed),
        (Role.RECRUITER, "999", NotFound),
        (Role.ADMIN, "101", NotFound),
    ],
)
def test_only_the_recruiter_of_the_job_proposes_again(
    shop: Shop, role: Role, icims: str, error: type[Exception]
) -> None:
    made = approved(shop)
    shop.approvals.undo(shop.desk.recruiter(), made.id)
    other = shop.desk.person("olga", role, icims=icims)
    with pytest.raises(error):
        shop.approvals.propose_again(other, made.id)
    with pytest.raises(error):
        shop.approvals.propose_again(other, ProposalId(made.id))


# --- Everything at once --------------------------------------------------------------------------


def test_undoing_all_takes_back_ones_own_approvals_and_names_whose_the_others_are(
    shop: Shop,
) -> None:
    shop.freeze()
    mine, theirs = (shop.open_proposal(id) for id in shop.more(2))
    rosa, tom = shop.desk.recruiter(), shop.desk.person("tom", Role.RECRUITER, icims="101")
    shop.approvals.approve(rosa, mine.id, mine.hash)
    shop.approvals.approve(tom, theirs.id, theirs.hash)
    lines = shop.approvals.undo_all(rosa, [mine.id, theirs.id])
    assert [line.outcome for line in lines] == [BatchOutcome.UNDONE, BatchOutcome.NOT_DONE]
    assert lines[1].why.startswith("Tom approved this")
    assert set(states(shop, theirs)) == {OutboxState.WAITING}
    assert shop.approvals.undo(rosa, theirs.id).taken_back
