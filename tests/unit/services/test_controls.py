"""Rules of thresholds and stop switches."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.actor import Actor, Role, model_actor, service_actor
from core.domain.audit import Fact
from core.domain.ids import RequisitionId, StopId
from core.domain.judgement import Blinding, BlindMode
from core.domain.policy import Capability, StopScope, TenantPolicy, stopped
from core.domain.records import Location
from core.domain.routing import Thresholds
from core.errors import InvalidInput, NotAllowed, NotFound, SessionEnded
from core.services.choices import tenant_policy
from core.services.controls import LONGEST_REASON, Controls
from tests.desk import TENANT, Desk, open_desk
from tests.store_bench import NOON, CountedIds

DEFAULT = TenantPolicy(thresholds=Thresholds(30, 70))
WHY = "Anna Berg complained about the notes"
SCREENING, WRITING = Capability.SCREENING, Capability.WRITING
EVERYWHERE, HERE, JOB = StopScope.EVERYWHERE, StopScope.JURISDICTION, StopScope.REQUISITION


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(tmp_path)
    place = Location(city="Chicago", region="IL", country="US")
    with opened.store.unit_of_work() as uow:
        uow.requisitions.put(replace(opened.requisition, location=place), NOON)
        uow.commit()
    yield opened
    opened.store.close()


@pytest.fixture
def controls(desk: Desk) -> Controls:
    return Controls(desk.store.unit_of_work, desk.clock, CountedIds(), DEFAULT)


@pytest.fixture
def viktor(desk: Desk) -> Actor:
    return desk.person("viktor", Role.ADMIN)


def facts(desk: Desk) -> list[Fact]:
    with desk.store.unit_of_work() as uow:
        return [event.fact for event in uow.audit.events()]


def holds(desk: Desk, capability: Capability) -> bool:
    with desk.store.unit_of_work() as uow:
        job = uow.requisitions.get(desk.requisition.id)
        assert job is not None
        return stopped(uow.policies.stops(), capability, job) is not None


# --- Who may ---------------------------------------------------------------------------------

COMMANDS: dict[str, Callable[[Controls, Actor], object]] = {
    "view": lambda controls, actor: controls.view(actor),
    "set": lambda controls, actor: controls.set_policy(actor, TenantPolicy()),
    "stop": lambda controls, actor: controls.stop(actor, WRITING, EVERYWHERE, "", WHY),
    "lift": lambda controls, actor: controls.lift(actor, StopId("any")),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMIN])
def test_other_roles_have_no_levers(
    desk: Desk, controls: Controls, command: str, role: Role
) -> None:
    somebody = desk.person("somebody", role, icims="101")
    with pytest.raises(NotAllowed):
        COMMANDS[command](controls, somebody)
    assert not facts(desk)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "actor",
    [model_actor("built-in/1", TENANT), service_actor("worker", TENANT)],
    ids=["model", "worker"],
)
def test_no_model_and_no_service_has_levers(controls: Controls, command: str, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        COMMANDS[command](controls, actor)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_session_that_ended_has_no_levers(
    desk: Desk, controls: Controls, viktor: Actor, command: str
) -> None:
    desk.clock.forward(days=1)
    with pytest.raises(SessionEnded):
        COMMANDS[command](controls, viktor)


# --- Thresholds --------------------------------------------------------------------------------


def test_the_defaults_hold_until_somebody_sets_a_policy(
    desk: Desk, controls: Controls, viktor: Actor
) -> None:
    assert controls.view(viktor).policy == DEFAULT
    mine = TenantPolicy(thresholds=Thresholds(45, 85), sure_from=0.6)
    controls.set_policy(viktor, mine)
    assert controls.view(viktor).policy == mine
    with desk.store.unit_of_work() as uow:
        assert tenant_policy(uow, DEFAULT) == mine


def test_a_set_policy_is_in_the_log_with_what_changed_before_and_after(
    desk: Desk, controls: Controls, viktor: Actor
) -> None:
    sampled = Blinding(BlindMode.SAMPLED, 0.2)
    controls.set_policy(
        viktor, TenantPolicy(thresholds=Thresholds(30, 85), readable_from=0.7, blinding=sampled)
    )
    (fact,) = facts(desk)
    assert (fact.action, fact.actor) == ("policy.set", "viktor")
    assert fact.data == {
        "call_before": 70,
        "call": 85,
        "readable_from_before": 0.6,
        "readable_from": 0.7,
        "blinding_before": "off",
        "blinding": "sampled",
    }


def test_setting_what_holds_already_is_no_event(
    desk: Desk, controls: Controls, viktor: Actor
) -> None:
    controls.set_policy(viktor, DEFAULT)
    assert not facts(desk)


# --- Stops -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "where", "named"),
    [
        (EVERYWHERE, "", ""),
        (JOB, "101", "Store lead (101)"),
        (HERE, "US", "US"),
        (HERE, "US / IL", "US / IL"),
    ],
)
def test_a_stop_holds_until_it_is_lifted_and_both_are_in_the_log(
    desk: Desk, controls: Controls, viktor: Actor, scope: StopScope, where: str, named: str
) -> None:
    controls.stop(viktor, WRITING, scope, where, f" {WHY} ")
    (line,) = controls.view(viktor).stops
    assert (line.stop.reason, line.who, line.where) == (WHY, "Viktor", named)
    assert holds(desk, WRITING)
    assert not holds(desk, SCREENING)
    controls.lift(viktor, line.stop.id)
    assert not holds(desk, WRITING)
    view = controls.view(viktor)
    assert not view.stops
    assert [gone.stop.lifted_by for gone in view.lifted] == ["viktor"]
    assert [(f.action, f.data["scope"], f.data["where"]) for f in facts(desk)] == [
        ("capability.stopped", scope.value, where),
        ("capability.resumed", scope.value, where),
    ]


def test_the_log_does_not_hold_the_reason_itself(
    desk: Desk, controls: Controls, viktor: Actor
) -> None:
    controls.stop(viktor, WRITING, EVERYWHERE, "", WHY)
    assert "Anna" not in str(facts(desk))


def test_stopping_and_lifting_twice_is_one_event_each(
    desk: Desk, controls: Controls, viktor: Actor
) -> None:
    for _ in range(2):
        controls.stop(viktor, SCREENING, EVERYWHERE, "", WHY)
    (line,) = controls.view(viktor).stops
    for _ in range(2):
        controls.lift(viktor, line.stop.id)
    assert [f.action for f in facts(desk)] == ["capability.stopped", "capability.resumed"]


def test_a_capability_can_be_stopped_again_after_lifting(controls: Controls, viktor: Actor) -> None:
    controls.stop(viktor, SCREENING, EVERYWHERE, "", WHY)
    controls.lift(viktor, controls.view(viktor).stops[0].stop.id)
    controls.stop(viktor, SCREENING, EVERYWHERE, "", "again")
    view = controls.view(viktor)
    assert (len(view.stops), len(view.lifted)) == (1, 1)


@pytest.mark.parametrize(
    ("scope", "where", "reason"),
    [
        (EVERYWHERE, "", "  "),
        (EVERYWHERE, "", "x" * (LONGEST_REASON + 1)),
        (EVERYWHERE, "US", WHY),
        (JOB, "", WHY),
        (JOB, "999", WHY),
        (HERE, "", WHY),
        (HERE, "US / XX", WHY),
    ],
)
def test_a_stop_without_reason_or_of_nowhere_is_refused(
    desk: Desk, controls: Controls, viktor: Actor, scope: StopScope, where: str, reason: str
) -> None:
    with pytest.raises(InvalidInput):
        controls.stop(viktor, WRITING, scope, where, reason)
    assert not facts(desk)


def test_lifting_a_stop_that_never_was_is_refused(controls: Controls, viktor: Actor) -> None:
    with pytest.raises(NotFound):
        controls.lift(viktor, StopId("made up"))


def test_a_stop_can_name_open_jobs_and_their_countries_and_regions(
    desk: Desk, controls: Controls, viktor: Actor
) -> None:
    with desk.store.unit_of_work() as uow:
        abroad = Location(country="DE")
        job = replace(desk.requisition, id=RequisitionId("102"), title="Cook", location=abroad)
        uow.requisitions.put(job, NOON)
        closed = Location(country="FR")
        gone = replace(job, id=RequisitionId("103"), location=closed, is_open=False)
        uow.requisitions.put(gone, NOON)
        uow.commit()
    view = controls.view(viktor)
    assert view.places == ("DE", "US", "US / IL")
    assert view.jobs == (("102", "Cook"), ("101", "Store lead"))
