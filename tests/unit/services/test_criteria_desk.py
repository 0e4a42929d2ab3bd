"""What a recruiter's list of criteria becomes when it is kept."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.assist.screening import draft, lint
from core.domain.criteria import Criteria
from core.domain.records import Requisition
from core.errors import CriteriaRefused
from core.services.scoring.criteria import CriteriaDesk
from tests.desk import Desk, open_desk
from tests.screening_shop import CRANE


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return open_desk(tmp_path)


@pytest.fixture
def criteria(desk: Desk) -> CriteriaDesk:
    def drafted(requisition: Requisition, now: object, author: object) -> Criteria:
        return draft(requisition, now=desk.clock.now(), author=desk.recruiter().id)

    return CriteriaDesk(desk.store.unit_of_work, desk.clock, drafted, lint)


def test_names_are_kept_without_the_spaces_around_and_within_them(
    desk: Desk, criteria: CriteriaDesk
) -> None:
    wanted = (replace(CRANE, label="  Crane \n operator "),)
    saved = criteria.save(desk.recruiter(), desk.requisition.id, wanted)
    assert [each.label for each in saved.criteria.criteria] == ["Crane operator"]


def test_a_name_nobody_could_read_at_a_glance_is_refused_and_nothing_is_kept(
    desk: Desk, criteria: CriteriaDesk
) -> None:
    before = criteria.open(desk.recruiter(), desk.requisition.id).criteria.version
    with pytest.raises(CriteriaRefused, match="under 200 characters"):
        criteria.save(desk.recruiter(), desk.requisition.id, (replace(CRANE, label="x" * 201),))
    assert criteria.open(desk.recruiter(), desk.requisition.id).criteria.version == before
