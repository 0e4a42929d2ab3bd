"""The tray's sketches follow every change of what they are about, and nothing else is opened."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.actor import Role
from core.domain.ids import ProposalId, RequisitionId
from core.services.decisions.tray import Sketch, Tray
from tests.desk import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(tmp_path)
    yield opened
    opened.store.close()


def sketches(desk: Desk, tray: Tray) -> tuple[Sketch, ...]:
    with desk.store.unit_of_work() as uow:
        return tray.sketches(uow, desk.requisition.id)


def test_a_second_look_gives_the_very_same_sketches(desk: Desk) -> None:
    tray = Tray()
    (first,) = sketches(desk, tray)
    assert sketches(desk, tray)[0] is first


def test_a_record_that_moved_blocks_its_proposal_at_the_next_look(desk: Desk) -> None:
    tray = Tray()
    assert [sketch.moved for sketch in sketches(desk, tray)] == [False]
    stage = replace(desk.application.stage, id="C99", label="Phone screen")
    with desk.store.unit_of_work() as uow:
        later = desk.clock.now() + timedelta(minutes=1)
        uow.applications.put(replace(desk.application, stage=stage), later)
        uow.commit()
    assert [sketch.moved for sketch in sketches(desk, tray)] == [True]
    (line,) = desk.approvals.tray(desk.recruiter())
    assert "has changed in iCIMS" in line.blocked


def test_what_is_answered_leaves_and_what_is_new_comes(desk: Desk) -> None:
    tray = Tray()
    sketches(desk, tray)
    desk.approvals.refuse(desk.recruiter(), desk.proposal.id, "No.")
    assert not sketches(desk, tray)
    new = desk.propose(replace(desk.proposal, id=ProposalId("p-new")))
    assert [sketch.id for sketch in sketches(desk, tray)] == [new.id]


def test_a_forgotten_person_is_in_no_line(desk: Desk) -> None:
    tray = Tray()
    assert sketches(desk, tray)
    with desk.store.unit_of_work() as uow:
        uow.vault.forget(desk.application.person_id)
        uow.commit()
    assert not sketches(desk, tray)


def test_the_least_recently_used_requisition_is_forgotten_first(desk: Desk) -> None:
    other = RequisitionId("another")
    named = replace(desk.requisition, id=other)
    record = replace(desk.application, id=type(desk.application.id)("a-2"), requisition_id=other)
    with desk.store.unit_of_work() as uow:
        uow.requisitions.put(named, desk.clock.now())
        uow.applications.put(record, desk.clock.now())
        uow.proposals.put(
            replace(
                desk.proposal, id=ProposalId("p-2"), requisition_id=other, application_id=record.id
            )
        )
        uow.commit()
    tray = Tray(most=1)
    (first,) = sketches(desk, tray)
    with desk.store.unit_of_work() as uow:
        assert len(tray.sketches(uow, other)) == 1
    assert sketches(desk, tray)[0] is not first


def test_only_recruiters_of_the_job_see_proposals_whole(desk: Desk) -> None:
    (view,) = desk.approvals.shown(desk.recruiter(), [desk.proposal.id])
    assert view.hash == desk.proposal.hash
    stranger = desk.person("tom", Role.RECRUITER, icims="999")
    with pytest.raises(Exception, match="not yours"):
        desk.approvals.shown(stranger, [desk.proposal.id])
