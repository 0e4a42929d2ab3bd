"""What one person may see of an application, and of a few side by side."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import Path

import pytest

from core.domain.actor import Role
from core.domain.assessment import Assessment, Contribution, Score, Standing, Verdict
from core.domain.filters import PipelineFilter, Range
from core.domain.ids import ApplicationId
from core.domain.judgement import Hidden, Leaning, OverrideReason
from core.domain.policy import Capability
from core.domain.proposal import Change
from core.errors import InvalidInput, NotAllowed, NotFound
from core.services.wording import ACTIONS
from tests.screening_shop import CRANE, ENGLISH, FORKLIFT, POLL, RESUME, THREE, Shop, open_shop

MISREAD = OverrideReason.MISREAD
OWN_FIRST, STOPPED = Hidden.OWN_VIEW_FIRST, Hidden.STOPPED


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path) as opened:
        yield opened


def override(shop: Shop, standing: Standing | None = Standing.MET) -> None:
    rosa = shop.desk.recruiter()
    shop.judging.override(rosa, shop.id, CRANE.id, standing, reason=MISREAD)
    shop.desk.clock.forward(seconds=1)


# --- Hidden scores ---------------------------------------------------------------------------


def told(value: object, path: str = "view") -> Iterator[tuple[str, object]]:
    """Walk everything that an answer holds, down to its strings and numbers."""
    yield path, value
    if isinstance(value, Enum | str | bytes):
        return
    if is_dataclass(value):
        for field in fields(value):
            yield from told(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from told(key, f"{path} key")
            yield from told(item, f"{path}[{key}]")
    elif isinstance(value, list | tuple | set | frozenset):
        for number, item in enumerate(value):
            yield from told(item, f"{path}[{number}]")


_OF_A_SCORE = (Score, Verdict, Contribution, Assessment, Standing, *Change.__args__)
_WORDS = re.compile(
    r"\b(50|67|met|not_shown|not shown in|talent.pool|review|screening.call|misread)\b"
)
_OPAQUE = re.compile(r"[0-9a-f]{32,64}|\d{4}-\d\d-\d\d")


def leaks(view: object) -> list[tuple[str, object]]:
    """Find what tells of a score of 50 or 67, of a verdict, a suggestion or an override."""
    return [
        (path, value)
        for path, value in told(view)
        if isinstance(value, _OF_A_SCORE)
        or (isinstance(value, int | float) and value in (50, 67, 50.0, 67.0))
        or (isinstance(value, str) and _WORDS.search(_OPAQUE.sub("", value).lower()))
    ]


def _nothing(shop: Shop) -> None:
    pass


def _refused(shop: Shop) -> None:
    made = shop.open_proposal()
    shop.approvals.refuse(shop.desk.recruiter(), made.id, "67 is too high, crane is not met")


def _sent_back(shop: Shop) -> None:
    made = shop.open_proposal()
    shop.approvals.ask_change(shop.desk.recruiter(), made.id, "67 is too high", ())


def _written(shop: Shop) -> None:
    shop.written(shop.open_proposal())


def _rescored(shop: Shop) -> None:
    shop.freeze(2, (FORKLIFT, replace(CRANE, weight=3)))
    shop.screening.screen(shop.id, POLL)


def _seen_by_others(shop: Shop) -> None:
    rosa = shop.desk.recruiter()
    shop.review.opened(rosa, shop.id)
    shop.judging.record_view(rosa, shop.id, Leaning.ADVANCE, "67 is about right")


def _ungraded(shop: Shop) -> None:
    shop.resume(b"broken")
    with shop.desk.store.unit_of_work() as uow:
        uow.applications.set_resume(shop.id, None)
        uow.commit()
    shop.screening.screen(shop.id, POLL)


HAPPENINGS = (_nothing, _refused, _sent_back, _written, _rescored, _seen_by_others, _ungraded)


@pytest.mark.parametrize("why", [OWN_FIRST, STOPPED], ids=["own view first", "stopped"])
@pytest.mark.parametrize("happens", HAPPENINGS, ids=[each.__name__ for each in HAPPENINGS])
def test_nothing_in_an_answer_tells_of_a_score_that_is_hidden(
    shop: Shop, happens: object, why: Hidden
) -> None:
    shop.scored()
    override(shop)
    happens(shop)  # type: ignore[operator]
    sam = shop.desk.person("sam", Role.HIRING_MANAGER, icims="103")
    assert leaks(shop.review.application(sam, shop.id)), "the walk finds what is shown"
    if why is STOPPED:
        shop.stop(Capability.SCREENING)
    else:
        shop.blind()
    view = shop.review.application(sam, shop.id)
    assert not leaks(view)
    assert view.row.hidden is why
    assert view.assessment is None
    assert {proposal.hidden for proposal in view.proposals} == {why}


def test_a_hidden_pipeline_row_comparison_and_page_tell_nothing(shop: Shop) -> None:
    shop.scored()
    (other,) = shop.more(1)
    shop.blind()
    rosa = shop.desk.recruiter()
    shop.judging.record_view(rosa, other, Leaning.UNSURE)
    compared = shop.review.compare(rosa, [shop.id, other])
    assert not leaks(compared.rows[0])
    assert {line.verdicts[0] for line in compared.lines} == {None}
    assert compared.bullets[0] == ()
    assert all(line.verdicts[1] for line in compared.lines)
    page = shop.review.page(rosa, shop.id, 1)
    assert (page.marks, page.first_of) == ((), ())


def test_the_same_is_told_of_a_hidden_score_whatever_it_is(shop: Shop) -> None:
    (poor,) = shop.more(1, RESUME)
    shop.scored()
    shop.screening.screen(poor, POLL)
    override(shop)
    shop.blind()
    sam = shop.desk.person("sam", Role.HIRING_MANAGER, icims="103")
    before = shop.review.application(sam, shop.id)
    rosa = shop.desk.recruiter()
    shop.judging.record_view(rosa, shop.id, Leaning.UNSURE)
    override(shop, Standing.NO_DATA)
    after = shop.review.application(sam, shop.id)
    assert replace(before.row, proposal_id=None) == replace(after.row, proposal_id=None)
    assert (before.place, before.next) == (after.place, after.next)


def test_others_views_are_shown_once_a_person_has_one_of_their_own(shop: Shop) -> None:
    shop.scored()
    shop.blind()
    rosa = shop.desk.recruiter()
    mina = shop.desk.person("mina", Role.HIRING_MANAGER, icims="103")
    shop.judging.record_view(mina, shop.id, Leaning.ADVANCE, "Worked with her.")
    assert not shop.review.application(rosa, shop.id).views
    shop.judging.record_view(rosa, shop.id, Leaning.UNSURE)
    view = shop.review.application(rosa, shop.id)
    assert [(line.who, line.view.leaning) for line in view.views] == [
        ("Mina", Leaning.ADVANCE),
        ("Rosa", Leaning.UNSURE),
    ]
    assert view.assessment is not None


# --- What is shown ---------------------------------------------------------------------------


def test_a_trail_names_the_action_as_recorded_and_in_words(shop: Shop) -> None:
    shop.scored()
    override(shop)
    rosa = shop.desk.recruiter()
    shop.review.opened(rosa, shop.id)
    trail = shop.review.application(rosa, shop.id).trail
    assert [line.action for line in trail][-2:] == ["proposal.made", "application.opened"]
    assert all(line.what == ACTIONS[line.action] for line in trail)


def test_opening_the_evidence_is_recorded_once_for_each_assessment(shop: Shop) -> None:
    own = shop.scored()
    rosa = shop.desk.recruiter()
    shop.review.opened(rosa, shop.id)
    shop.review.opened(rosa, shop.id)
    (fact,) = shop.facts("application.opened")
    assert (fact["assessment"], fact["by"]) == (own.key.id, "rosa")
    shop.freeze(2, (CRANE,))
    newer = shop.screening.screen(shop.id, POLL)
    assert newer is not None
    shop.review.opened(rosa, shop.id)
    shop.blind()
    mina = shop.desk.person("mina", Role.HIRING_MANAGER, icims="103")
    shop.review.opened(mina, shop.id)
    opened = [(f["by"], f["assessment"]) for f in shop.facts("application.opened")]
    assert opened == [("rosa", own.key.id), ("rosa", newer.key.id), ("mina", None)]


def test_earlier_scores_say_why_the_next_one_differs_and_which_verdicts_changed(
    shop: Shop,
) -> None:
    shop.scored()
    override(shop)
    shop.resume(b"Anna Berg\nWorked a crane at the harbour, speaks english.")
    with shop.desk.store.unit_of_work() as uow:
        uow.applications.set_resume(shop.id, None)
        uow.commit()
    shop.freeze(2, (*THREE[:2], replace(ENGLISH, weight=1)))
    shop.screening.screen(shop.id, POLL)
    view = shop.review.application(shop.desk.recruiter(), shop.id)
    (earlier,) = view.earlier
    assert earlier.score == Score(value=67, band=2)
    assert earlier.why_new == (
        "Another resume was read.",
        "Other criteria were frozen (version 2).",
    )
    assert earlier.changed == (
        ("Forklift licence", Standing.MET, Standing.NOT_SHOWN),
        ("English", Standing.NOT_SHOWN, Standing.MET),
    )


def test_evidence_is_not_lit_up_in_a_newer_resume_than_the_one_that_was_scored(
    shop: Shop,
) -> None:
    shop.scored()
    shop.resume(b"Anna Berg\nQuite another text, of quite another length.")
    with shop.desk.store.unit_of_work() as uow:
        uow.applications.set_resume(shop.id, None)
        uow.commit()
    application, document = shop.screening.intake.file(shop.id, POLL)
    shop.screening.intake.read(application, document)
    rosa = shop.desk.recruiter()
    view = shop.review.application(rosa, shop.id)
    assert view.document is not None
    assert view.document.highlights == ()
    assert shop.review.page(rosa, shop.id, 1).marks == ()


def test_an_original_page_bears_the_boxes_of_the_quotes_in_shares_of_its_size(
    shop: Shop,
) -> None:
    shop.scored()
    page = shop.review.page(shop.desk.recruiter(), shop.id, 1)
    (mark,) = page.marks
    assert (mark.criterion_id, mark.left, mark.top) == (FORKLIFT.id, 0.1, 0.1)
    assert (mark.width, mark.height) == (0.1, 0.1)
    assert page.first_of == ((FORKLIFT.id, 1),)


def test_a_page_needs_a_resume_and_a_person_who_may_see_it(shop: Shop) -> None:
    with pytest.raises(NotFound):
        shop.review.page(shop.desk.recruiter(), shop.id, 1)
    shop.scored()
    with pytest.raises(NotFound):
        shop.review.page(shop.desk.person("tom", Role.RECRUITER, icims="999"), shop.id, 1)


# --- Neighbours ------------------------------------------------------------------------------


def test_neighbours_are_those_that_the_filter_asks_for(shop: Shop) -> None:
    shop.scored()
    others = shop.more(4, b"Person\nSpeaks english and works a crane all day long.")
    rosa = shop.desk.recruiter()
    view = shop.review.application(rosa, shop.id)
    order = (view.place, view.places)
    assert order in {(n, 5) for n in range(1, 6)}
    low = PipelineFilter(score=Range(None, 49))
    outside = shop.review.application(rosa, shop.id, low)
    assert (outside.place, outside.places) == (0, 0)
    assert (outside.previous, outside.next) == (None, None)
    named = PipelineFilter(name="person 2")
    beside = shop.review.application(rosa, shop.id, named)
    assert {beside.previous, beside.next} == {others[2], None}
    assert (beside.place, beside.places) == (0, 1)
    found = shop.review.application(rosa, shop.id, PipelineFilter(words="harbour"))
    assert (found.place, found.places) == (1, 1)


def test_walking_on_visits_everybody_once(shop: Shop) -> None:
    shop.scored()
    shop.more(4)
    rosa = shop.desk.recruiter()
    view = shop.review.application(rosa, shop.id)
    while view.previous:
        view = shop.review.application(rosa, view.previous)
    seen: list[ApplicationId] = [view.row.application_id]
    places = [view.place]
    while view.next:
        view = shop.review.application(rosa, view.next)
        seen.append(view.row.application_id)
        places.append(view.place)
    assert len(set(seen)) == len(seen) == 5
    assert places == [1, 2, 3, 4, 5]


# --- Comparing -------------------------------------------------------------------------------


def test_compared_people_stand_in_the_order_asked_and_disagreements_come_first(
    shop: Shop,
) -> None:
    shop.scored()
    (other,) = shop.more(1, b"Person\nSpeaks english, drives a forklift every day.")
    compared = shop.review.compare(shop.desk.recruiter(), [other, shop.id])
    assert [row.application_id for row in compared.rows] == [other, shop.id]
    assert [(line.criterion.id, line.disagree) for line in compared.lines] == [
        (ENGLISH.id, True),
        (FORKLIFT.id, False),
        (CRANE.id, False),
    ]
    first = compared.lines[0].verdicts
    assert [verdict.standing for verdict in first if verdict] == [Standing.MET, Standing.NOT_SHOWN]
    assert not shop.facts("application.opened")


def test_two_to_four_different_people_of_one_job_can_be_compared(shop: Shop) -> None:
    shop.scored()
    others = shop.more(4)
    rosa = shop.desk.recruiter()
    for ids in ([shop.id], [shop.id, shop.id], [shop.id, *others]):
        with pytest.raises(InvalidInput, match="2 to 4"):
            shop.review.compare(rosa, ids)
    elsewhere = replace(shop.desk.requisition, id=type(shop.desk.requisition.id)("102"))
    there = replace(shop.desk.application, id=ApplicationId("9001"), requisition_id=elsewhere.id)
    with shop.desk.store.unit_of_work() as uow:
        uow.requisitions.put(elsewhere, shop.desk.clock.now())
        uow.applications.put(there, shop.desk.clock.now())
        uow.commit()
    with pytest.raises(InvalidInput, match="same job"):
        shop.review.compare(rosa, [shop.id, there.id])
    tom = shop.desk.person("tom", Role.RECRUITER, icims="999")
    with pytest.raises(NotFound):
        shop.review.compare(tom, [shop.id, others[0]])


def test_a_verdict_on_another_wording_of_a_criterion_is_not_compared(shop: Shop) -> None:
    shop.scored()
    (other,) = shop.more(1)
    shop.freeze(2, (replace(FORKLIFT, label="Forklift licence, class C"), CRANE))
    shop.screening.screen(other, POLL)
    compared = shop.review.compare(shop.desk.recruiter(), [shop.id, other])
    by_id = {line.criterion.id: line.verdicts for line in compared.lines}
    assert [bool(verdict) for verdict in by_id[FORKLIFT.id]] == [False, True]
    assert [bool(verdict) for verdict in by_id[CRANE.id]] == [True, True]


@pytest.mark.parametrize("role", [Role.COMPLIANCE, Role.ADMIN])
def test_who_has_no_job_sees_no_application(shop: Shop, role: Role) -> None:
    shop.scored()
    other = shop.desk.person("olga", role, icims="101")
    for ask in (
        lambda: shop.review.application(other, shop.id),
        lambda: shop.review.opened(other, shop.id),
        lambda: shop.review.page(other, shop.id, 1),
        lambda: shop.review.compare(other, [shop.id, ApplicationId("7002")]),
    ):
        with pytest.raises((NotAllowed, NotFound)):
            ask()


@pytest.mark.parametrize("content", [b"Person\nSpeaks english and works a crane.", RESUME, b"x"])
def test_saying_what_one_thinks_moves_nobody_out_of_the_way_on(shop: Shop, content: bytes) -> None:
    shop.blind()
    shop.scored()
    shop.more(4, content)
    rosa = shop.desk.recruiter()
    view = shop.review.application(rosa, shop.id)
    while view.previous:
        view = shop.review.application(rosa, view.previous)
    seen: list[ApplicationId] = []
    for _ in range(5):
        id, before = view.row.application_id, view
        seen.append(id)
        shop.judging.record_view(rosa, id, Leaning.UNSURE)
        view = shop.review.application(rosa, id, just_said=True)
        assert view.row.hidden is None
        assert (view.previous, view.next) == (before.previous, before.next)
        assert (view.place, view.places) == (before.place, before.places)
        view = shop.review.application(rosa, view.next) if view.next else view
    assert len(set(seen)) == 5
