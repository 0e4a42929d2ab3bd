"""Who is told how people and the assessor agree, and that asking changes nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.actor import Role
from core.domain.assessment import Standing
from core.domain.judgement import Leaning, OverrideReason
from core.errors import NotAllowed, Unknown
from core.services.review.agreement import AgreementDesk
from tests.screening_shop import CRANE, Shop, open_shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path) as opened:
        yield opened


def desk_of(shop: Shop) -> AgreementDesk:
    return AgreementDesk(shop.desk.store.unit_of_work, shop.desk.clock, shop.pipeline.ranking)


def look(shop: Shop) -> None:
    shop.review.opened(shop.desk.recruiter(), shop.id)


def test_an_overridden_verdict_is_counted_with_the_way_it_went(shop: Shop) -> None:
    shop.scored()
    look(shop)
    shop.judging.override(
        shop.desk.recruiter(), shop.id, CRANE.id, Standing.MET, reason=OverrideReason.OVERLOOKED
    )
    found = desk_of(shop).of(shop.desk.recruiter(), shop.desk.requisition.id)
    assert found is not None
    (line,) = (one for one in found.criteria if one.criterion.id == CRANE.id)
    assert (found.scored, found.reviewed, line.raised, line.changed) == (1, 1, 1, 1)
    assert line.reasons == {OverrideReason.OVERLOOKED: [shop.id]}


def test_what_nobody_looked_at_is_not_agreement(shop: Shop) -> None:
    shop.scored()
    found = desk_of(shop).of(shop.desk.recruiter(), shop.desk.requisition.id)
    assert found is not None
    assert (found.scored, found.reviewed) == (1, 0)


def test_a_score_that_is_hidden_from_a_person_is_in_no_figure_for_them(shop: Shop) -> None:
    shop.blind()
    shop.scored()
    look(shop)
    recruiter = shop.desk.recruiter()
    found = desk_of(shop).of(recruiter, shop.desk.requisition.id)
    assert found is not None
    assert (found.scored, found.reviewed) == (0, 0)
    shop.judging.record_view(recruiter, shop.id, Leaning.ADVANCE)
    found = desk_of(shop).of(recruiter, shop.desk.requisition.id)
    assert found is not None
    assert (found.reviewed, found.blind.views, found.seen.views) == (1, 1, 0)


def test_a_view_before_the_score_counts_also_after_a_second_thought(shop: Shop) -> None:
    shop.blind()
    shop.scored()
    look(shop)
    recruiter, job = shop.desk.recruiter(), shop.desk.requisition.id
    for leaning in (Leaning.NOT_NOW, Leaning.ADVANCE):
        shop.judging.record_view(recruiter, shop.id, leaning)
        shop.desk.clock.forward(seconds=1)
    found = desk_of(shop).of(recruiter, job)
    assert found is not None
    ((_, before),), ((_, after),) = found.blind.counts, found.seen.counts
    assert (before, after) == (Leaning.NOT_NOW, Leaning.ADVANCE)


def test_the_report_says_nothing_before_criteria_are_frozen(shop: Shop) -> None:
    other = replace(shop.desk.requisition, id="77")  # type: ignore[arg-type]
    with shop.desk.store.unit_of_work() as uow:
        uow.requisitions.put(other, shop.desk.clock.now())
        uow.commit()
    assert desk_of(shop).of(shop.desk.recruiter(), other.id) is None


def test_a_stranger_to_the_job_is_told_nothing(shop: Shop) -> None:
    stranger = shop.desk.person("stranger", Role.RECRUITER, icims="999")
    with pytest.raises(Unknown):
        desk_of(shop).of(stranger, shop.desk.requisition.id)
    for role in (Role.COMPLIANCE, Role.ADMIN):
        with pytest.raises((NotAllowed, Unknown)):
            desk_of(shop).of(shop.desk.person(role.value, role), shop.desk.requisition.id)


def test_asking_changes_nothing(shop: Shop) -> None:
    shop.scored()
    look(shop)
    before = shop.desk.store.unit_of_work
    with before() as uow:
        events, kept = uow.audit.count(), uow.assessments.latest(shop.id)
    desk_of(shop).of(shop.desk.recruiter(), shop.desk.requisition.id)
    with before() as uow:
        assert (uow.audit.count(), uow.assessments.latest(shop.id)) == (events, kept)
