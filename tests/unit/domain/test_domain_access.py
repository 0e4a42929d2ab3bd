"""Roles mirror iCIMS, and what is not allowed is denied."""

from dataclasses import replace

import pytest

from core.domain.access import Command, may, require
from core.domain.actor import Actor, ActorKind, Role, model_actor, service_actor
from core.domain.ids import PersonId, TenantId, UserId
from core.domain.records import PersonLink
from core.errors import NotAllowed, NotFound
from tests.store_bench import requisition

TENANT = TenantId("4711")
JOB = replace(
    requisition(TENANT),
    recruiter=PersonLink(PersonId("1"), "R"),
    secondary_recruiter=PersonLink(PersonId("2"), "S"),
    hiring_manager=PersonLink(PersonId("3"), "M"),
)
ON_A_JOB = {
    Role.RECRUITER: {
        Command.SEE_REQUISITION,
        Command.REFRESH_REQUISITION,
        Command.EDIT_CRITERIA,
        Command.SCREEN,
        Command.SEE_APPLICATION,
        Command.SEE_DOCUMENT,
        Command.PROPOSE,
        Command.APPROVE,
        Command.REFUSE,
        Command.UNDO,
        Command.ASK_CHANGE,
        Command.REVERSE,
        Command.OVERRIDE,
        Command.REGRADE,
        Command.RECORD_VIEW,
        Command.SET_BLINDING,
        Command.SAVE_VIEW,
        Command.EXPORT_PIPELINE,
    },
    Role.HIRING_MANAGER: {
        Command.SEE_REQUISITION,
        Command.REFRESH_REQUISITION,
        Command.SEE_APPLICATION,
        Command.SEE_DOCUMENT,
        Command.RECORD_VIEW,
        Command.SAVE_VIEW,
    },
}
EVERYWHERE = {
    Role.COMPLIANCE: {
        Command.SEE_AUDIT_LOG,
        Command.VERIFY_AUDIT_LOG,
        Command.READ_PROMPTS,
        Command.SEE_MODEL_RUNS,
    },
    Role.ADMIN: {
        Command.SEE_CONNECTION,
        Command.MANAGE_USERS,
        Command.SET_POLICY,
        Command.STOP,
        Command.SEE_OPERATIONS,
        Command.REPLAY,
        Command.READ_PROMPTS,
        Command.WRITE_PROMPT,
        Command.PROMOTE_PROMPT,
    },
}
LINKED = {Role.RECRUITER: {"1", "2"}, Role.HIRING_MANAGER: {"3"}}


def person(role: Role, id: str) -> Actor:
    return Actor(
        id=UserId("u"),
        kind=ActorKind.PERSON,
        tenant=TENANT,
        roles=frozenset({role}),
        icims_person_id=PersonId(id) if id else None,
    )


@pytest.mark.parametrize("command", Command)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("id", ["", "1", "2", "3", "4"])
def test_a_person_may_do_what_their_role_and_link_to_the_job_say_and_nothing_else(
    role: Role, id: str, command: Command
) -> None:
    linked = id in LINKED.get(role, set())
    expected = command in EVERYWHERE.get(role, set()) or (
        linked and command in ON_A_JOB.get(role, set())
    )
    assert may(person(role, id), command, JOB) is expected


@pytest.mark.parametrize("command", Command)
@pytest.mark.parametrize("actor", [service_actor("worker", TENANT), model_actor("m", TENANT)])
def test_services_and_models_may_do_nothing_that_a_person_asks_for(
    actor: Actor, command: Command
) -> None:
    assert not may(actor, command, JOB)
    assert not may(replace(actor, roles=frozenset(Role)), command, JOB)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("command", sorted(ON_A_JOB[Role.RECRUITER]))
def test_no_role_reaches_into_another_tenant(role: Role, command: Command) -> None:
    stranger = replace(person(role, "1"), tenant=TenantId("8820"))
    assert not may(stranger, command, JOB)


def test_a_job_that_is_not_yours_does_not_exist() -> None:
    with pytest.raises(NotFound):
        require(person(Role.RECRUITER, "4"), Command.APPROVE, JOB)


def test_a_command_that_is_not_yours_on_your_job_is_forbidden() -> None:
    with pytest.raises(NotAllowed):
        require(person(Role.HIRING_MANAGER, "3"), Command.APPROVE, JOB)
