"""What the administrator of the connection is told, and when iCIMS is asked for it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.actor import Actor, Role, model_actor, service_actor
from core.domain.ids import RequisitionId
from core.domain.views import FieldLine, FieldState
from core.errors import AtsUnavailable, NotAllowed, SessionEnded
from core.ports import AtsCheck
from core.services.connection import Connection
from tests.desk import TENANT, Desk, open_desk
from tests.store_bench import NOON

SCORE = FieldLine(
    name="AI match score",
    purpose="Shows the score.",
    icims_id="field1",
    state=FieldState.MISSING,
    to_ask="Please give access.",
)
QUESTIONS: dict[str, Callable[[Connection, Actor], object]] = {
    "view": lambda connection, actor: connection.view(actor),
    "check": lambda connection, actor: connection.check(actor),
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(tmp_path)
    opened.recruiter()
    yield opened
    opened.store.close()


@pytest.fixture
def connection(desk: Desk) -> Connection:
    unit = desk.store.unit_of_work
    return Connection(unit, desk.clock, desk.ats, "https://api.example.com", "4711")


@pytest.fixture
def viktor(desk: Desk) -> Actor:
    return desk.person("viktor", Role.ADMIN)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMIN])
def test_other_roles_do_not_see_the_connection(
    desk: Desk, connection: Connection, question: str, role: Role
) -> None:
    somebody = desk.person("somebody", role, icims="101")
    with pytest.raises(NotAllowed):
        QUESTIONS[question](connection, somebody)
    assert not desk.ats.calls


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "actor",
    [model_actor("built-in/1", TENANT), service_actor("worker", TENANT)],
    ids=["model", "worker"],
)
def test_no_model_and_no_service_sees_the_connection(
    connection: Connection, question: str, actor: Actor
) -> None:
    with pytest.raises(NotAllowed):
        QUESTIONS[question](connection, actor)


def test_what_was_checked_is_still_nobody_elses_to_see(
    desk: Desk, connection: Connection, viktor: Actor
) -> None:
    connection.view(viktor)
    desk.clock.forward(days=1)
    with pytest.raises(SessionEnded):
        connection.view(viktor)


def test_icims_is_asked_the_first_time_and_when_somebody_asks_again(
    desk: Desk, connection: Connection, viktor: Actor
) -> None:
    assert connection.view(viktor).checked_at == NOON
    desk.clock.forward(minutes=5)
    assert connection.view(viktor).checked_at == NOON
    assert desk.ats.calls == [("check", "")]
    desk.ats.found = AtsCheck(("The field map names no assessment.",), (SCORE,))
    view = connection.check(viktor)
    assert view.checked_at == desk.clock.now()
    assert (view.problems, view.fields) == (("The field map names no assessment.",), (SCORE,))
    assert connection.view(viktor) == view


def test_no_answer_is_a_problem_and_not_an_error(
    desk: Desk, connection: Connection, viktor: Actor
) -> None:
    desk.ats.read_errors.append(AtsUnavailable("iCIMS did not answer"))
    view = connection.check(viktor)
    assert (view.problems, view.fields) == (("iCIMS did not answer",), ())
    assert not connection.check(viktor).problems


def test_requisitions_that_nobody_here_may_see_are_named(
    desk: Desk, connection: Connection, viktor: Actor
) -> None:
    assert not connection.view(viktor).problems
    with desk.store.unit_of_work() as uow:
        for id in range(500, 507):
            job = replace(desk.requisition, id=RequisitionId(str(id)))
            uow.requisitions.put(replace(job, recruiter=None, hiring_manager=None), NOON)
        uow.commit()
    (problem,) = connection.view(viktor).problems
    assert "500, 501, 502, 503, 504 and 2 more" in problem
