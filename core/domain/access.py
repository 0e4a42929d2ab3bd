"""Who may do what: one table, default deny."""

from enum import StrEnum

from core.domain.actor import Actor, ActorKind, Role
from core.domain.records import Requisition
from core.errors import NotAllowed, Unknown


class Command(StrEnum):
    """Everything a signed-in person can ask of a service."""

    SEE_REQUISITION = "requisition.see"
    REFRESH_REQUISITION = "requisition.refresh"
    EDIT_CRITERIA = "criteria.edit"
    SCREEN = "application.screen"
    SEE_APPLICATION = "application.see"
    SEE_DOCUMENT = "application.document"
    PROPOSE = "proposal.make"
    APPROVE = "proposal.approve"
    REFUSE = "proposal.refuse"
    UNDO = "proposal.undo"
    SEE_AUDIT_LOG = "audit.log"
    VERIFY_AUDIT_LOG = "audit.verify"
    SEE_MODEL_RUNS = "model.runs"
    ASK_CHANGE = "proposal.ask_change"
    REVERSE = "proposal.reverse"
    OVERRIDE = "verdict.override"
    REGRADE = "application.regrade"
    RECORD_VIEW = "view.record"
    SET_BLINDING = "blinding.set"
    SAVE_VIEW = "saved_view.save"
    EXPORT_PIPELINE = "pipeline.export"
    SEE_CONNECTION = "connection.see"
    MANAGE_USERS = "users.manage"
    SET_POLICY = "policy.set"
    STOP = "capability.stop"
    SEE_OPERATIONS = "operations.see"
    REPLAY = "operations.replay"
    READ_PROMPTS = "prompts.read"
    WRITE_PROMPT = "prompts.write"
    PROMOTE_PROMPT = "prompts.promote"


_JOB_ROLES = frozenset({Role.RECRUITER, Role.HIRING_MANAGER})
_RECRUITER = frozenset({Role.RECRUITER})

# Commands on a requisition and its applications also need a link from the job to the person.
_NEEDS_JOB_LINK: dict[Command, frozenset[Role]] = {
    Command.SEE_REQUISITION: _JOB_ROLES,
    Command.REFRESH_REQUISITION: _JOB_ROLES,
    Command.EDIT_CRITERIA: _RECRUITER,
    Command.SCREEN: _RECRUITER,
    Command.SEE_APPLICATION: _JOB_ROLES,
    Command.SEE_DOCUMENT: _JOB_ROLES,
    Command.PROPOSE: _RECRUITER,
    Command.APPROVE: _RECRUITER,
    Command.REFUSE: _RECRUITER,
    Command.UNDO: _RECRUITER,
    Command.ASK_CHANGE: _RECRUITER,
    Command.REVERSE: _RECRUITER,
    Command.OVERRIDE: _RECRUITER,
    Command.REGRADE: _RECRUITER,
    Command.RECORD_VIEW: _JOB_ROLES,
    Command.SET_BLINDING: _RECRUITER,
    Command.SAVE_VIEW: _JOB_ROLES,
    Command.EXPORT_PIPELINE: _RECRUITER,
}

_GLOBAL: dict[Command, frozenset[Role]] = {
    Command.SEE_AUDIT_LOG: frozenset({Role.COMPLIANCE}),
    Command.VERIFY_AUDIT_LOG: frozenset({Role.COMPLIANCE}),
    Command.SEE_MODEL_RUNS: frozenset({Role.COMPLIANCE}),
    Command.SEE_CONNECTION: frozenset({Role.ADMIN}),
    Command.MANAGE_USERS: frozenset({Role.ADMIN}),
    Command.SET_POLICY: frozenset({Role.ADMIN}),
    Command.STOP: frozenset({Role.ADMIN}),
    Command.SEE_OPERATIONS: frozenset({Role.ADMIN}),
    Command.REPLAY: frozenset({Role.ADMIN}),
    Command.READ_PROMPTS: frozenset({Role.ADMIN, Role.COMPLIANCE}),
    Command.WRITE_PROMPT: frozenset({Role.ADMIN}),
    Command.PROMOTE_PROMPT: frozenset({Role.ADMIN}),
}


def may(actor: Actor, command: Command, requisition: Requisition | None = None) -> bool:
    """Say whether ``actor`` may run ``command``, on ``requisition`` where it concerns one."""
    if actor.kind is not ActorKind.PERSON:
        return False
    if command in _GLOBAL:
        return bool(actor.roles & _GLOBAL[command])
    allowed = actor.roles & _NEEDS_JOB_LINK.get(command, frozenset())
    if requisition is None or requisition.tenant != actor.tenant:
        return False
    return any(requisition.links(actor.icims_person_id, role) for role in allowed)


def require(
    actor: Actor,
    command: Command,
    requisition: Requisition | None = None,
    asked: Unknown | None = None,
) -> None:
    """Raise unless ``may``: where even existence is not this person's to know, ``asked``.

    ``asked`` names what they asked for; without it that was the requisition itself.
    """
    if may(actor, command, requisition):
        return
    if requisition is not None and not may(actor, Command.SEE_REQUISITION, requisition):
        raise asked or Unknown("requisition", requisition.id)
    raise NotAllowed(f"your role does not allow {command.value}")
