"""What waits for a person, what they must have opened, and how a decision is taken back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.actor import Actor, ActorKind, Role
from core.domain.approval import OutboxState
from core.domain.assessment import Score, Standing
from core.domain.ids import ApplicationId, ContentHash, ProposalId
from core.domain.judgement import SAMPLE_LEAST, Hidden, Leaning, OverrideReason
from core.domain.policy import Capability
from core.domain.proposal import AddAssessmentResult, AddTags, AppendText, Proposal, SetField
from core.domain.records import FieldValue, Presence
from core.domain.views import BatchOutcome, ProposalView
from core.errors import (
    ApprovalRefused,
    InvalidInput,
    NotAllowed,
    NotFound,
    ProposalExpired,
    RecordMoved,
    SessionEnded,
)
from core.ports import ProposalState
from tests.screening_shop import CLICK, CRANE, POLL, Shop, open_shop
from tests.store_bench import CountedIds


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path) as opened:
        yield opened


def tray(shop: Shop) -> tuple[ProposalView, ...]:
    """What waits, as lines and then whole."""
    rosa = shop.desk.recruiter()
    lines = shop.approvals.tray(rosa)
    return shop.approvals.shown(rosa, [line.id for line in lines]) if lines else ()


def place_of(proposal: Proposal, kind: type) -> int:
    return next(n for n, change in enumerate(proposal.changes) if isinstance(change, kind))


def values(proposal: Proposal) -> dict[str, object]:
    return {c.field: c.new for c in proposal.changes if isinstance(c, SetField)}


# --- The tray --------------------------------------------------------------------------------


def test_the_tray_says_the_score_and_whether_this_person_opened_the_evidence(shop: Shop) -> None:
    shop.scored()
    (view,) = tray(shop)
    # The tenant of this shop has no field for skills, so the band comes from the assessment.
    assert view.score == Score(value=50, band=2)
    assert (view.candidate, view.job, view.blocked) == ("Anna Berg", "Store lead", "")
    assert not view.opened
    shop.review.opened(shop.desk.recruiter(), shop.id)
    assert tray(shop)[0].opened


def test_evidence_counts_as_opened_only_for_the_assessment_that_was_shown(shop: Shop) -> None:
    shop.scored()
    shop.review.opened(shop.desk.recruiter(), shop.id)
    shop.freeze(2, (replace(CRANE, weight=4),))
    shop.screening.screen(shop.id, POLL)
    assert [view.opened for view in tray(shop)] == [False]


def test_a_proposal_whose_score_is_hidden_shows_nothing_and_cannot_be_decided(shop: Shop) -> None:
    shop.scored()
    made = shop.open_proposal()
    shop.blind()
    rosa = shop.desk.recruiter()
    (view,) = tray(shop)
    assert (view.hidden, view.changes, view.score) == (Hidden.OWN_VIEW_FIRST, (), None)
    assert not view.proposal.changes
    assert view.blocked.startswith("Say what you think")
    for decide in (
        lambda: shop.approvals.approve(rosa, made.id, made.hash),
        lambda: shop.approvals.refuse(rosa, made.id, "no"),
        lambda: shop.approvals.ask_change(rosa, made.id, "other words", ()),
    ):
        with pytest.raises(ApprovalRefused, match="what you think"):
            decide()
    shop.judging.record_view(rosa, shop.id, Leaning.UNSURE)
    assert shop.approvals.approve(rosa, made.id, made.hash).approved_by == "Rosa"


@pytest.mark.parametrize(
    ("capability", "word"),
    [(Capability.WRITING, "Writing to iCIMS"), (Capability.SCREENING, "Scoring")],
)
def test_nothing_is_approved_while_writing_or_scoring_is_stopped(
    shop: Shop, capability: Capability, word: str
) -> None:
    shop.scored()
    made, rosa = shop.open_proposal(), shop.desk.recruiter()
    shop.stop(capability)
    assert tray(shop)[0].blocked.startswith(f"{word} is switched off")
    with pytest.raises(ApprovalRefused, match="switched off"):
        shop.approvals.approve(rosa, made.id, made.hash)
    shop.lift()
    assert tray(shop)[0].blocked == ""
    assert shop.approvals.approve(rosa, made.id, made.hash)


def test_the_tray_of_a_stranger_is_empty(shop: Shop) -> None:
    shop.scored()
    assert not shop.approvals.tray(shop.desk.person("tom", Role.RECRUITER, icims="999"))
    mina = shop.desk.person("mina", Role.HIRING_MANAGER, icims="103")
    assert not shop.approvals.tray(mina)
    assert not shop.approvals.undoable(mina)


# --- Asking for a change ---------------------------------------------------------------------


def test_leaving_a_change_out_puts_a_proposal_of_the_others_in_its_place(shop: Shop) -> None:
    shop.scored()
    made, rosa = shop.open_proposal(), shop.desk.recruiter()
    note = place_of(made, AppendText)
    shop.approvals.ask_change(rosa, made.id, "", [note])
    rest = shop.open_proposal()
    assert rest.changes == tuple(c for n, c in enumerate(made.changes) if n != note)
    assert (rest.made_by.id, rest.expires_at) == ("rosa", made.expires_at)
    assert shop.approvals.approve(rosa, rest.id, rest.hash).approved_by == "Rosa"
    (fact,) = shop.facts("proposal.returned")
    assert (fact["proposal"], fact["by"], fact["left_out"]) == (made.id, "rosa", str(note + 1))


def test_what_a_person_left_out_stays_out_of_later_proposals_of_the_same_score(
    shop: Shop,
) -> None:
    shop.scored()
    made, rosa = shop.open_proposal(), shop.desk.recruiter()
    shop.approvals.ask_change(rosa, made.id, "", [place_of(made, AppendText)])
    shop.desk.clock.forward(seconds=1)
    shop.judging.override(rosa, shop.id, CRANE.id, Standing.MET, reason=OverrideReason.OVERLOOKED)
    again = shop.open_proposal()
    assert values(again)["ai_match_score"] == 67
    assert not [c for c in again.changes if isinstance(c, AppendText)]
    shop.desk.clock.at = again.expires_at
    shop.screening.screen(shop.id, POLL)
    renewed = shop.open_proposal()
    assert renewed.id != again.id
    assert not [c for c in renewed.changes if isinstance(c, AppendText)]


def test_a_note_alone_closes_the_proposal_until_somebody_acts_on_it(shop: Shop) -> None:
    shop.scored()
    made, rosa = shop.open_proposal(), shop.desk.recruiter()
    shop.approvals.ask_change(rosa, made.id, " Name the licence class. ", ())
    shop.desk.clock.forward(seconds=1)
    assert not tray(shop)
    with pytest.raises(ApprovalRefused):
        shop.approvals.approve(rosa, made.id, made.hash)
    view = shop.review.application(rosa, shop.id).proposals[0]
    assert (view.change_asked, view.asked_by) == ("Name the licence class.", "Rosa")
    assert view.blocked == "It was sent back for a change."
    assert "licence" not in str(shop.facts("proposal.returned"))
    # Scoring the requisition again does not bring back what a person sent back …
    assert shop.screening.start(rosa, shop.desk.requisition.id) == 0
    shop.screening.screen(shop.id, POLL)
    assert not tray(shop)
    # … but scoring this very application again does.
    shop.screening.screen(shop.id, CLICK)
    assert len(tray(shop)) == 1


def test_a_request_says_what_should_be_different_and_leaves_something(shop: Shop) -> None:
    shop.scored()
    made, rosa = shop.open_proposal(), shop.desk.recruiter()
    everything = range(len(made.changes))
    for note, leave_out in (("  ", ()), ("", [99]), ("", [-1]), ("", everything), ("x" * 501, ())):
        with pytest.raises(InvalidInput):
            shop.approvals.ask_change(rosa, made.id, note, leave_out)
    assert shop.open_proposal() == made
    mina = shop.desk.person("mina", Role.HIRING_MANAGER, icims="103")
    with pytest.raises(NotAllowed):
        shop.approvals.ask_change(mina, made.id, "other words", ())


def test_what_no_longer_fits_the_record_is_not_shaped_but_scored_again(shop: Shop) -> None:
    shop.scored()
    made = shop.open_proposal()
    edited = FieldValue(Presence.PRESENT, 12)
    fields = {**shop.desk.application.fields, "ai_match_score": edited}
    shop.desk.ats.edit(shop.id, fields=fields)
    shop.sync.application(shop.id, POLL)
    with pytest.raises(RecordMoved):
        shop.approvals.ask_change(shop.desk.recruiter(), made.id, "", [0])
    shop.desk.clock.at = made.expires_at
    with pytest.raises(ProposalExpired):
        shop.approvals.ask_change(shop.desk.recruiter(), made.id, "", [0])


# --- Undoing and reversing -------------------------------------------------------------------


def test_what_was_approved_can_be_undone_until_it_goes_out(shop: Shop) -> None:
    shop.scored()
    made, rosa = shop.open_proposal(), shop.desk.recruiter()
    assert not shop.approvals.undoable(rosa)
    shop.approvals.approve(rosa, made.id, made.hash)
    assert [view.proposal.id for view in shop.approvals.undoable(rosa)] == [made.id]
    shop.desk.write_all()
    assert not shop.approvals.undoable(rosa)
    with pytest.raises(ApprovalRefused, match="already written"):
        shop.approvals.undo(rosa, made.id)


def test_a_written_proposal_is_reversed_by_one_that_is_approved_like_any_other(
    shop: Shop,
) -> None:
    shop.scored()
    made = shop.open_proposal()
    before = shop.desk.ats.applications[shop.id]
    shop.written(made)
    rosa = shop.desk.recruiter()
    view = shop.review.application(rosa, shop.id).proposals[0]
    assert view.reversible
    opposite = shop.approvals.reverse(rosa, made.id)
    assert (opposite.proposal.reverses, opposite.made_by) == (made.id, "Rosa")
    assert values(opposite.proposal) == {"ai_match_score": None, "ai_reasoning": None}
    assert not shop.review.application(rosa, shop.id).proposals[-1].reversible
    written = len(shop.desk.ats.applied)
    shop.written(opposite.proposal)
    assert len(shop.desk.ats.applied) == written + 2
    after = shop.desk.ats.applications[shop.id]
    for name in ("ai_match_score", "tags"):
        assert after.fields[name].value == before.fields.get(name, FieldValue(Presence.EMPTY)).value
    assert "withdrawn by a recruiter" in str(after.fields["private_note"].value)
    assert str(after.fields["private_note"].value).startswith("Called on Monday.")
    entries = after.assessment_results
    assert [entry.result.startswith("Withdrawn") for entry in entries] == [False, True]
    actions = [f["action"] for f in shop.facts("proposal.made", "proposal.approved")]
    assert actions == ["proposal.made", "proposal.approved"] * 2


def test_what_somebody_changed_since_is_left_as_they_left_it(shop: Shop) -> None:
    shop.scored()
    made = shop.open_proposal()
    shop.written(made)
    written = shop.desk.ats.applications[shop.id]
    theirs = {"ai_match_score": FieldValue(Presence.PRESENT, 12)}
    tags = {"tags": FieldValue(Presence.PRESENT, ("Veteran", "Needs_Review"))}
    shop.desk.ats.edit(shop.id, fields={**written.fields, **theirs, **tags})
    shop.sync.application(shop.id, POLL)
    opposite = shop.approvals.reverse(shop.desk.recruiter(), made.id).proposal
    assert "ai_match_score" not in values(opposite)
    (tagging,) = (c for c in opposite.changes if isinstance(c, AddTags))
    assert tagging.new == ("Veteran",)


def test_only_what_was_written_as_a_whole_is_reversed_once(shop: Shop) -> None:
    shop.scored()
    made, rosa = shop.open_proposal(), shop.desk.recruiter()
    with pytest.raises(ApprovalRefused, match="not approved"):
        shop.approvals.reverse(rosa, made.id)
    shop.approvals.approve(rosa, made.id, made.hash)
    with pytest.raises(ApprovalRefused, match="still be undone"):
        shop.approvals.reverse(rosa, made.id)
    shop.desk.write_all()
    with pytest.raises(ApprovalRefused, match="being read again"):
        shop.approvals.reverse(shop.desk.recruiter(), made.id)
    shop.desk.clock.forward(seconds=1)
    shop.sync.application(shop.id, POLL)
    opposite = shop.approvals.reverse(shop.desk.recruiter(), made.id).proposal
    with pytest.raises(ApprovalRefused, match="proposed already"):
        shop.approvals.reverse(shop.desk.recruiter(), made.id)
    shop.written(opposite)
    with pytest.raises(ApprovalRefused, match="itself"):
        shop.approvals.reverse(shop.desk.recruiter(), opposite.id)


def test_a_refused_reversal_can_be_proposed_again(shop: Shop) -> None:
    shop.scored()
    made = shop.open_proposal()
    shop.written(made)
    rosa = shop.desk.recruiter()
    first = shop.approvals.reverse(rosa, made.id).proposal
    shop.approvals.refuse(rosa, first.id, "Keep it after all.")
    shop.desk.clock.forward(seconds=1)
    assert shop.approvals.reverse(rosa, made.id).proposal.id != first.id


def test_scoring_again_does_not_write_back_what_a_person_took_back(shop: Shop) -> None:
    shop.scored()
    made = shop.open_proposal()
    shop.written(made)
    opposite = shop.approvals.reverse(shop.desk.recruiter(), made.id).proposal
    shop.screening.screen(shop.id, POLL)
    assert shop.open_proposal() == opposite
    shop.desk.clock.at = opposite.expires_at
    shop.screening.screen(shop.id, POLL)
    assert shop.open_proposal() == opposite
    shop.screening.screen(shop.id, CLICK)
    assert shop.open_proposal().reverses is None


def test_a_stopped_score_can_still_be_taken_out_of_icims(shop: Shop) -> None:
    shop.scored()
    made = shop.open_proposal()
    shop.written(made)
    shop.stop(Capability.SCREENING)
    rosa = shop.desk.recruiter()
    opposite = shop.approvals.reverse(rosa, made.id)
    assert (opposite.hidden, opposite.blocked) == (None, "")
    shop.written(opposite.proposal)
    assert shop.desk.ats.applications[shop.id].fields["ai_match_score"].value is None


@pytest.mark.parametrize("role", [Role.HIRING_MANAGER, Role.COMPLIANCE, Role.ADMIN])
def test_only_the_recruiter_of_the_job_reverses(shop: Shop, role: Role) -> None:
    shop.scored()
    made = shop.open_proposal()
    shop.written(made)
    other = shop.desk.person("olga", role, icims="103")
    with pytest.raises((NotAllowed, NotFound)):
        shop.approvals.reverse(other, made.id)


# --- Batches ---------------------------------------------------------------------------------


def crowd(shop: Shop, number: int = 30) -> dict[ProposalId, ContentHash]:
    shop.freeze()
    return {made.id: made.hash for made in map(shop.open_proposal, shop.more(number))}


def open_sample(shop: Shop, rosa: Actor, seen: dict[ProposalId, ContentHash]) -> None:
    for id in shop.approvals.check(rosa, seen).to_open:
        shop.review.opened(rosa, id)


def test_a_batch_is_decided_only_after_a_fixed_sample_was_opened(shop: Shop) -> None:
    seen, rosa = crowd(shop), shop.desk.recruiter()
    check = shop.approvals.check(rosa, seen)
    assert (check.opened, check.total) == (0, 30)
    assert len(check.to_open) == len(check.sample) >= SAMPLE_LEAST
    assert shop.approvals.check(rosa, list(reversed(seen))) == check
    with pytest.raises(ApprovalRefused, match="Read the evidence"):
        shop.approvals.approve_all(rosa, seen)
    with pytest.raises(ApprovalRefused, match="Read the evidence"):
        shop.approvals.refuse_all(rosa, seen, "The job is filled.")
    shop.review.opened(rosa, check.to_open[0])
    assert shop.approvals.check(rosa, seen).to_open == check.to_open[1:]
    assert not shop.facts("proposal.approved", "proposal.refused")


def test_a_batch_is_one_decision_and_one_fact_for_each_person(shop: Shop) -> None:
    seen, rosa = crowd(shop), shop.desk.recruiter()
    open_sample(shop, rosa, seen)
    lines = shop.approvals.approve_all(rosa, seen)
    assert {line.outcome for line in lines} == {BatchOutcome.APPROVED}
    assert {line.candidate for line in lines} == {f"Person {n} Berg" for n in range(30)}
    facts = shop.facts("proposal.approved")
    assert {fact["proposal"] for fact in facts} == set(seen)
    assert len({fact["batch"] for fact in facts}) == 1
    assert {fact["sampled"] for fact in facts} == {True}
    with shop.desk.store.unit_of_work() as uow:
        approvals = {uow.proposals.approval(id) for id in seen}
    assert len({approval.id for approval in approvals if approval}) == 30


def test_a_batch_of_which_all_was_opened_is_not_a_sample(shop: Shop) -> None:
    seen, rosa = crowd(shop, 3), shop.desk.recruiter()
    open_sample(shop, rosa, seen)
    shop.approvals.approve_all(rosa, seen)
    assert {fact["sampled"] for fact in shop.facts("proposal.approved")} == {False}


def test_of_twenty_approved_two_are_undone_and_eighteen_are_written(shop: Shop) -> None:
    seen, rosa = crowd(shop, 20), shop.desk.recruiter()
    open_sample(shop, rosa, seen)
    shop.approvals.approve_all(rosa, seen)
    undone = shop.approvals.undo_all(rosa, list(seen)[:2])
    assert [line.outcome for line in undone] == [BatchOutcome.UNDONE] * 2
    shop.desk.write_all()
    assert len({write.application_id for write in shop.desk.ats.applied}) == 18


def test_one_that_moved_or_changed_is_told_apart_and_the_others_go_on(shop: Shop) -> None:
    seen, rosa = crowd(shop, 5), shop.desk.recruiter()
    open_sample(shop, rosa, seen)
    moved, changed, answered, *fine = seen
    id = ApplicationId("8000")
    fields = {**shop.desk.application.fields, "ai_match_score": FieldValue(Presence.PRESENT, 1)}
    shop.desk.ats.edit(id, fields=fields)
    shop.sync.application(id, POLL)
    shop.approvals.refuse(rosa, answered, "I know them.")
    lines = shop.approvals.approve_all(rosa, {**seen, changed: ContentHash("0" * 64)})
    outcomes = {line.proposal_id: line for line in lines}
    assert [outcomes[p].outcome for p in fine] == [BatchOutcome.APPROVED] * 2
    assert "changed in iCIMS" in outcomes[moved].why
    assert "changed since you were shown" in outcomes[changed].why
    assert "already answered" in outcomes[answered].why
    assert {f["proposal"] for f in shop.facts("proposal.approved")} == set(fine)


def test_a_refused_batch_needs_one_reason_and_is_one_fact_each(shop: Shop) -> None:
    seen, rosa = crowd(shop, 4), shop.desk.recruiter()
    open_sample(shop, rosa, seen)
    with pytest.raises(InvalidInput):
        shop.approvals.refuse_all(rosa, seen, "  ")
    lines = shop.approvals.refuse_all(rosa, seen, "The job is filled.")
    assert {line.outcome for line in lines} == {BatchOutcome.REFUSED}
    assert len(shop.facts("proposal.refused")) == 4
    assert shop.desk.write_all() == 0


def test_a_session_that_ends_stops_the_rest_of_a_batch(shop: Shop) -> None:
    seen, rosa = crowd(shop, 4), shop.desk.recruiter()
    open_sample(shop, rosa, seen)
    approvals = replace(shop.approvals, ids=EndingSession(shop, approved=2))
    lines = approvals.approve_all(rosa, seen)
    outcomes = [line.outcome for line in lines]
    assert outcomes == [BatchOutcome.APPROVED] * 2 + [BatchOutcome.NOT_DONE] * 2
    assert {line.why for line in lines[2:]} == {"Your session has ended. Please sign in again."}
    with pytest.raises(SessionEnded):
        approvals.check(rosa, seen)


class EndingSession:
    """Gives the ids of ``approved`` approvals and their two writes, then an hour passes."""

    def __init__(self, shop: Shop, approved: int) -> None:
        self.shop, self.left = shop, 3 * approved
        self.ids = CountedIds()

    def new(self) -> str:
        self.left -= 1
        if self.left == 0:
            self.shop.desk.clock.forward(hours=1)
        return self.ids.new()


def test_a_batch_needs_members_who_are_all_this_persons_to_decide(shop: Shop) -> None:
    seen = crowd(shop, 3)
    rosa, tom = shop.desk.recruiter(), shop.desk.person("tom", Role.RECRUITER, icims="999")
    with pytest.raises(InvalidInput, match="at least one"):
        shop.approvals.check(rosa, ())
    with pytest.raises(InvalidInput, match="at most"):
        shop.approvals.check(rosa, [ProposalId(f"p{n}") for n in range(501)])
    for act in (
        lambda: shop.approvals.check(tom, seen),
        lambda: shop.approvals.approve_all(tom, seen),
        lambda: shop.approvals.undo_all(tom, seen),
    ):
        with pytest.raises(NotFound):
            act()
    mina = shop.desk.person("mina", Role.HIRING_MANAGER, icims="103")
    with pytest.raises(NotAllowed):
        shop.approvals.approve_all(mina, seen)


def test_opening_another_persons_evidence_opens_nothing_for_this_one(shop: Shop) -> None:
    seen, rosa = crowd(shop, 3), shop.desk.recruiter()
    mina = shop.desk.person("mina", Role.HIRING_MANAGER, icims="103")
    for id in shop.approvals.check(rosa, seen).to_open:
        shop.review.opened(mina, id)
    assert len(shop.approvals.check(rosa, seen).to_open) == 3


def test_a_model_can_neither_send_back_reverse_nor_decide_a_batch(shop: Shop) -> None:
    shop.scored()
    made = shop.open_proposal()
    model = replace(shop.desk.recruiter(), kind=ActorKind.MODEL)
    for act in (
        lambda: shop.approvals.ask_change(model, made.id, "other words", ()),
        lambda: shop.approvals.reverse(model, made.id),
        lambda: shop.approvals.approve_all(model, {made.id: made.hash}),
        lambda: shop.approvals.refuse_all(model, [made.id], "no"),
        lambda: shop.approvals.undo_all(model, [made.id]),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_sent_back_proposal_stands_as_returned_and_never_gets_a_write(shop: Shop) -> None:
    shop.scored()
    made, rosa = shop.open_proposal(), shop.desk.recruiter()
    shop.approvals.ask_change(rosa, made.id, "Other words, please.", ())
    with shop.desk.store.unit_of_work() as uow:
        standing = uow.overview.standing(shop.id)
        assert standing is not None
        assert standing.state is ProposalState.RETURNED
        assert not uow.outbox.of(made.id)
    assert shop.desk.write_all() == 0


def test_undone_writes_are_cancelled_as_a_whole(shop: Shop) -> None:
    shop.scored()
    made, rosa = shop.open_proposal(), shop.desk.recruiter()
    assert any(isinstance(change, AddAssessmentResult) for change in made.changes)
    shop.approvals.approve(rosa, made.id, made.hash)
    (line,) = shop.approvals.undo_all(rosa, [made.id])
    assert line.outcome is BatchOutcome.UNDONE
    with shop.desk.store.unit_of_work() as uow:
        assert {e.state for e in uow.outbox.of(made.id)} == {OutboxState.CANCELLED}
    (again,) = shop.approvals.undo_all(rosa, [made.id])
    assert again.outcome is BatchOutcome.NOT_DONE
