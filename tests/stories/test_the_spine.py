"""One requisition goes the whole way over real HTTP, real files and a real database."""

from collections.abc import Iterator

import pytest

from core.domain.approval import OutboxState
from core.domain.assessment import Standing
from core.domain.judgement import OverrideReason
from core.domain.rows import WorkState
from core.domain.views import PipelineView
from core.errors import NotFound
from core.ports import Trigger
from core.services.audit import walk
from core.worker import build_loop
from tests.whole import CUSTOMER, OTHER_MANAGER, RECRUITER, SUPPORT, Whole, start_whole

POLL = Trigger("test", "service:test")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with start_whole(tmp_path_factory.mktemp("whole")) as started:
        yield started


@pytest.fixture(scope="module")
def ranked(whole: Whole) -> PipelineView:
    """The support requisition, its drafted criteria frozen by its recruiter, and scored."""
    app, rosa = whole.app, whole.sign_in(RECRUITER)
    app.sync.requisition(SUPPORT, POLL)
    app.sync.applications(SUPPORT, POLL)
    opened = app.criteria.open(rosa, SUPPORT)
    saved = app.criteria.save(rosa, SUPPORT, opened.criteria.criteria)
    app.criteria.freeze(rosa, SUPPORT, saved.criteria.version)
    app.screening.start(rosa, SUPPORT)
    whole.work()
    return app.pipeline.open(rosa, SUPPORT)


def test_every_application_is_ranked_or_says_why_it_could_not_be_graded(
    ranked: PipelineView,
) -> None:
    assert len(ranked.rows) == 23
    assert all((row.score is None) == bool(row.ungraded) for row in ranked.rows)
    assert sum(row.score is not None for row in ranked.rows) >= 18
    assert ranked.progress is not None
    assert not ranked.progress.running


def test_points_on_the_screen_add_up_and_quotes_stand_in_the_candidates_own_document(
    whole: Whole, ranked: PipelineView
) -> None:
    rosa = whole.sign_in(RECRUITER)
    quotes = 0
    for row in ranked.rows:
        view = whole.app.review.application(rosa, row.application_id)
        if view.assessment is None or view.assessment.score is None:
            continue
        assert round(sum(line.points for line in view.sum)) == view.assessment.score.value
        assert view.document is not None
        for line in view.sum:
            for evidence in line.verdict.evidence:
                assert evidence.span.of(view.document.model_text) == evidence.quote
                assert evidence.original.of(view.document.text) == evidence.quote
                quotes += 1
    assert quotes > 50


def test_scoring_the_same_documents_again_gives_the_identical_assessments(
    whole: Whole, ranked: PipelineView
) -> None:
    with whole.app.store.unit_of_work() as uow:
        before = uow.assessments.latest_of(SUPPORT)
    again = {id: whole.app.screening.screen(id, POLL) for id in before}
    assert again == before


def test_score_has_a_place_among_past_applicants_of_similar_requisitions_or_says_nothing(
    whole: Whole, ranked: PipelineView
) -> None:
    with whole.app.store.unit_of_work() as uow:
        frozen = uow.criteria.frozen(SUPPORT)
        assert frozen is not None
        scores = uow.baselines.scores(frozen.hash)
    assert scores
    view = whole.app.review.application(whole.sign_in(RECRUITER), ranked.rows[0].application_id)
    assert view.assessment is not None
    assert (view.assessment.percentile is None) == (len(scores) < 20)


def test_no_name_of_the_candidate_is_in_what_the_assessor_saw(
    whole: Whole, ranked: PipelineView
) -> None:
    rosa = whole.sign_in(RECRUITER)
    seen = 0
    for row in ranked.rows:
        view = whole.app.review.application(rosa, row.application_id)
        if view.document is None or view.candidate is None or not view.document.model_text:
            continue
        seen += 1
        assert view.candidate.name.casefold() not in view.document.model_text.casefold()
        assert view.candidate.email.casefold() not in view.document.model_text.casefold()
    assert seen >= 18


def test_another_managers_job_does_not_exist_for_a_hiring_manager(
    whole: Whole, ranked: PipelineView
) -> None:
    paul = whole.sign_in(OTHER_MANAGER)
    with pytest.raises(NotFound):
        whole.app.pipeline.open(paul, SUPPORT)
    with pytest.raises(NotFound):
        whole.app.review.application(paul, ranked.rows[0].application_id)


def test_approved_score_is_in_icims_once_and_the_log_holds(
    whole: Whole, ranked: PipelineView
) -> None:
    app, rosa = whole.app, whole.sign_in(RECRUITER)
    best = ranked.rows[0]
    (proposal,) = app.review.application(rosa, best.application_id).proposals
    assert not proposal.blocked
    app.approvals.approve(rosa, proposal.proposal.id, proposal.hash)
    whole.write()
    journal = whole.sandbox.admin.journal("changed", "added")
    assert {entry["id"] for entry in journal} == {int(best.application_id)}
    assert len(journal) == 2
    record = app.ats.application(POLL, best.application_id, live=True)
    assert best.score is not None
    assert record.fields["ai_match_score"].value == best.score.value
    assert [entry.score for entry in record.assessment_results] == [best.score.value]
    whole.work()
    (after,) = app.review.application(rosa, best.application_id).proposals
    assert {line.state for line in after.writes} == {OutboxState.DONE}
    row = next(
        r for r in app.pipeline.open(rosa, SUPPORT).rows if r.application_id == best.application_id
    )
    assert row.state is WorkState.WRITTEN
    with app.store.unit_of_work() as uow:
        assert not walk(uow.audit.events()).problem
    assert whole.sandbox.admin.requests(CUSTOMER) < 400


def test_a_score_corrected_while_the_old_one_is_being_written_follows_it_into_icims(
    whole: Whole, ranked: PipelineView
) -> None:
    app, rosa = whole.app, whole.sign_in(RECRUITER)
    id = ranked.rows[1].application_id
    before = app.review.application(rosa, id)
    (old,) = before.proposals
    app.approvals.approve(rosa, old.proposal.id, old.hash)
    assert build_loop(app).write_next()
    line = before.sum[0]
    other = Standing.NOT_SHOWN if line.verdict.standing is Standing.MET else Standing.MET
    app.judging.override(rosa, id, line.criterion.id, other, reason=OverrideReason.MISREAD)
    waiting = app.review.application(rosa, id).proposals[0]
    assert "on its way to iCIMS" in waiting.blocked
    whole.write()
    whole.work()
    view = app.review.application(rosa, id)
    new = view.proposals[0]
    assert not new.blocked
    app.approvals.approve(rosa, new.proposal.id, new.hash)
    whole.write()
    record = app.ats.application(POLL, id, live=True)
    assert view.assessment is not None
    assert view.assessment.score is not None
    corrected = view.assessment.score.value
    assert record.fields["ai_match_score"].value == corrected
    assert [entry.score for entry in record.assessment_results][-1] == corrected
    assert len(record.assessment_results) == 2
