"""What waits for a person's eyes, and the cards of their jobs."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.actor import Role
from core.domain.document import FlagKind
from core.domain.ids import RequisitionId
from core.domain.policy import Capability
from core.domain.routing import Eyes
from core.domain.views import RequisitionCard
from core.errors import NotAllowed
from core.services.pipeline.attention import Attention
from core.services.pipeline.requisitions import Requisitions
from tests.desk import TENANT, Desk, open_desk
from tests.pipeline_bench import (
    applies,
    freeze,
    keep,
    looks,
    ranking_of,
    review_blind,
    scored,
    stop,
)
from tests.store_bench import NOON, proposal, requisition


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = open_desk(tmp_path)
    freeze(made)
    with made.store.unit_of_work() as uow:
        for id, is_open, recruiter in (
            ("202", True, made.requisition.recruiter),
            ("303", False, made.requisition.recruiter),
            ("404", True, None),
        ):
            job = replace(requisition(TENANT, id), is_open=is_open, recruiter=recruiter)
            uow.requisitions.put(job, NOON)
        uow.commit()
    yield made
    made.store.close()


def queue(desk: Desk) -> list[str]:
    attention = Attention(desk.store.unit_of_work, desk.clock, ranking_of(desk))
    return [line.row.application_id for line in attention.open(desk.recruiter())]


def cards(desk: Desk, role: Role = Role.RECRUITER, icims: str = "101") -> Sequence[RequisitionCard]:
    service = Requisitions(desk.store.unit_of_work, desk.clock)
    return service.list(desk.person("pat", role, icims=icims))


# --- The queue --------------------------------------------------------------------------------


def test_the_queue_spans_ones_open_jobs_unseen_and_longest_waiting_first(desk: Desk) -> None:
    for id, days, job in (
        ("1", 2, "101"), ("2", 9, "101"), ("3", 5, "202"), ("4", 8, "303"), ("5", 8, "404"),
        ("6", 7, "101"),
    ):  # fmt: skip
        applies(desk, id, days=days, job=job)
        keep(desk, scored(id, 60, confidence=0.9 if id == "6" else 0.1))
    looks(desk, "2")
    looks(desk, "3", who="mina")
    assert queue(desk) == ["3", "1", "2"]


def test_every_reason_brings_an_application_into_the_queue(desk: Desk) -> None:
    reasons = {
        "1": (scored("1", None), Eyes.UNGRADED),
        "2": (scored("2", 60, confidence=0.1), Eyes.UNSURE),
        "3": (scored("3", 60, health=0.1), Eyes.UNREADABLE),
        "4": (scored("4", 41), Eyes.CLOSE_CALL),
        "5": (scored("5", 60, flags=(FlagKind.HIDDEN_TEXT,)), Eyes.FLAGGED),
    }
    for id, (made, _) in reasons.items():
        applies(desk, id)
        keep(desk, made)
    attention = Attention(desk.store.unit_of_work, desk.clock, ranking_of(desk))
    found = {line.row.application_id: line.row.reasons for line in attention.open(desk.recruiter())}
    assert found == {id: (why,) for id, (_, why) in reasons.items()}


def test_a_hidden_score_is_in_the_queue_only_for_its_document(desk: Desk) -> None:
    for id in ("1", "2"):
        applies(desk, id)
    keep(desk, scored("1", None))
    keep(desk, scored("2", 60, flags=(FlagKind.INSTRUCTION,)))
    review_blind(desk)
    assert queue(desk) == ["2"]


def test_what_was_decided_waits_no_longer(desk: Desk) -> None:
    keep(desk, scored("7001", 60, confidence=0.1))
    assert queue(desk) == ["7001"]
    desk.approvals.refuse(desk.recruiter(), desk.proposal.id, "Not this one.")
    assert queue(desk) == []


@pytest.mark.parametrize("role", [Role.COMPLIANCE, Role.ADMIN], ids=["compliance", "admin"])
def test_who_has_no_jobs_has_an_empty_queue_and_no_cards(desk: Desk, role: Role) -> None:
    keep(desk, scored("7001", 60, confidence=0.1))
    attention = Attention(desk.store.unit_of_work, desk.clock, ranking_of(desk))
    assert attention.open(desk.person("pat", role, icims="101")) == ()
    assert cards(desk, role) == ()


def test_an_account_that_changed_gets_nothing(desk: Desk) -> None:
    rosa = desk.recruiter()
    desk.person("rosa", Role.ADMIN)
    attention = Attention(desk.store.unit_of_work, desk.clock, ranking_of(desk))
    with pytest.raises(NotAllowed):
        attention.open(rosa)


# --- The cards --------------------------------------------------------------------------------


def test_a_card_counts_what_needs_somebody_today(desk: Desk) -> None:
    for id in ("1", "2", "3"):
        applies(desk, id)
    keep(desk, scored("1", 60), scored("2", 60))
    looks(desk, "2", who="mina")
    soon = desk.clock.now() + timedelta(hours=47)
    desk.propose(replace(proposal(desk.application), expires_at=soon))
    card = next(card for card in cards(desk) if card.requisition.id == "101")
    assert (card.applications, card.assessed, card.new, card.unseen) == (4, 2, 2, 1)
    assert (card.proposals_open, card.expiring) == (2, 1)
    assert card.criteria_frozen


def test_cards_are_those_of_the_persons_own_open_jobs(desk: Desk) -> None:
    assert [card.requisition.id for card in cards(desk)] == ["101", "202"]
    managed = [card.requisition.id for card in cards(desk, Role.HIRING_MANAGER, "103")]
    assert managed == ["101"]


def test_a_card_says_what_is_switched_off_and_what_failed(desk: Desk) -> None:
    stop(desk, Capability.SCREENING)
    service = Requisitions(desk.store.unit_of_work, desk.clock)
    job = RequisitionId("101")
    service.refresh(desk.recruiter(), job)
    with desk.store.unit_of_work() as uow:
        claimed = uow.jobs.claim(desk.clock.now(), 60)
        assert claimed is not None
        uow.jobs.bury(claimed, desk.clock.now(), "iCIMS did not answer")
        uow.commit()
    card = next(card for card in cards(desk) if card.requisition.id == job)
    assert "Scoring is switched off" in card.stopped
    assert card.problem == "iCIMS did not answer"


def test_who_may_not_decide_on_a_job_has_no_decisions_waiting_there(desk: Desk) -> None:
    soon = desk.clock.now() + timedelta(hours=47)
    desk.propose(replace(proposal(desk.application), expires_at=soon))
    assert [card.may_decide for card in cards(desk)] == [True, True]
    (managed,) = cards(desk, Role.HIRING_MANAGER, "103")
    assert (managed.may_decide, managed.proposals_open, managed.expiring) == (False, 0, 0)
