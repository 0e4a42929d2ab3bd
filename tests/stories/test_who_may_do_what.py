"""Every role meets everything a screen may ask and every screen there is; the default is no."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.bootstrap import App
from core.domain.access import Command
from core.domain.actor import Actor, Role, model_actor, service_actor
from core.domain.assessment import Standing
from core.domain.filters import PipelineFilter
from core.domain.ids import (
    ApplicationId,
    CriterionId,
    EvaluationId,
    JobId,
    ModelRunId,
    ProposalId,
    RequisitionId,
    SavedViewId,
    StopId,
    TrialId,
    UserId,
)
from core.domain.judgement import Blinding, Leaning, OverrideReason
from core.domain.operations import DropReason
from core.domain.policy import Capability, StopScope, TenantPolicy
from core.domain.records import PersonLink
from core.errors import CopilotError, NotAllowed, NotFound, SessionEnded
from core.settings import Settings
from core.ui import access
from core.ui.access import provide
from core.ui.menu import SCREENS
from tests.browser.visits import VISITS
from tests.desk import TENANT, Desk, open_desk
from tests.pages.conftest import words
from tests.screening_shop import CRANE
from tests.twins.app import PASSWORD, TwinApp
from tests.unit.domain.test_domain_access import EVERYWHERE, ON_A_JOB

ROOT = Path(__file__).resolve().parents[2]
Ask = Callable[[App, Actor, Desk], object]


def _job(name: str, *arguments: object, **more: object) -> Ask:
    return lambda app, who, desk: _call(app, name, who, desk.requisition.id, *arguments, **more)


def _person(name: str, *arguments: object, **more: object) -> Ask:
    return lambda app, who, desk: _call(app, name, who, desk.application.id, *arguments, **more)


def _change(name: str, *arguments: object) -> Ask:
    return lambda app, who, desk: _call(app, name, who, desk.proposal.id, *arguments)


def _plain(name: str, *arguments: object, **more: object) -> Ask:
    return lambda app, who, desk: _call(app, name, who, *arguments, **more)


def _call(app: App, name: str, *arguments: object, **more: object) -> object:
    service, _, method = name.partition(".")
    given = getattr(getattr(app, service), method)(*arguments, **more)
    # A generator asks nobody before it is read.
    return list(given) if inspect.isgenerator(given) else given


def _hashes(desk: Desk) -> dict[ProposalId, Any]:
    return {desk.proposal.id: desk.proposal.hash}


_C, _NOBODY = Command, UserId("nobody")
ASKED: Mapping[str, tuple[Command, Ask]] = {
    "requisitions.refresh": (_C.REFRESH_REQUISITION, _job("requisitions.refresh")),
    "pipeline.open": (_C.SEE_REQUISITION, _job("pipeline.open")),
    "pipeline.progress": (_C.SEE_REQUISITION, _job("pipeline.progress")),
    "pipeline.reading_names": (_C.SEE_REQUISITION, _job("pipeline.reading_names")),
    "pipeline.cancel": (_C.SCREEN, _job("pipeline.cancel")),
    "pipeline.find": (_C.SEE_REQUISITION, _job("pipeline.find", "nurse")),
    "pipeline.export": (_C.EXPORT_PIPELINE, _job("pipeline.export", PipelineFilter())),
    "pipeline.save_view": (
        _C.SAVE_VIEW,
        _job("pipeline.save_view", "Mine", PipelineFilter(), shared=True),
    ),
    "pipeline.set_blinding": (_C.SET_BLINDING, _job("pipeline.set_blinding", Blinding())),
    "screening.start": (_C.SCREEN, _job("screening.start")),
    "screening.regrade": (_C.REGRADE, _person("screening.regrade")),
    "review.application": (_C.SEE_APPLICATION, _person("review.application")),
    "review.opened": (_C.SEE_APPLICATION, _person("review.opened")),
    "review.file": (_C.SEE_DOCUMENT, _person("review.file")),
    "review.page": (_C.SEE_DOCUMENT, _person("review.page", 1)),
    "review.compare": (
        _C.SEE_APPLICATION,
        lambda app, who, desk: app.review.compare(
            who, [desk.application.id, ApplicationId("another")]
        ),
    ),
    "judging.override": (
        _C.OVERRIDE,
        _person(
            "judging.override", CriterionId("c-1"), Standing.MET, reason=OverrideReason.MISREAD
        ),
    ),
    "judging.preview": (
        _C.OVERRIDE,
        _person("judging.preview", CriterionId("c-1"), Standing.MET),
    ),
    "judging.record_view": (_C.RECORD_VIEW, _person("judging.record_view", Leaning.UNSURE)),
    "criteria.open": (_C.SEE_REQUISITION, _job("criteria.open")),
    "criteria.save": (_C.EDIT_CRITERIA, _job("criteria.save", ())),
    "criteria.freeze": (_C.EDIT_CRITERIA, _job("criteria.freeze", 1)),
    "criteria.confirm": (_C.EDIT_CRITERIA, _job("criteria.confirm", "c" * 64)),
    "approvals.approve": (
        _C.APPROVE,
        lambda app, who, desk: app.approvals.approve(who, desk.proposal.id, desk.proposal.hash),
    ),
    "approvals.refuse": (_C.REFUSE, _change("approvals.refuse", "The licence is on page 2.")),
    "approvals.undo": (_C.UNDO, _change("approvals.undo")),
    "approvals.ask_change": (_C.ASK_CHANGE, _change("approvals.ask_change", "Shorter.", ())),
    "approvals.reverse": (_C.REVERSE, _change("approvals.reverse")),
    "approvals.propose_again": (_C.PROPOSE, _change("approvals.propose_again")),
    "approvals.check": (
        _C.APPROVE,
        lambda app, who, desk: app.approvals.check(who, [desk.proposal.id]),
    ),
    "approvals.shown": (
        _C.APPROVE,
        lambda app, who, desk: app.approvals.shown(who, [desk.proposal.id]),
    ),
    "approvals.approve_all": (
        _C.APPROVE,
        lambda app, who, desk: app.approvals.approve_all(who, _hashes(desk)),
    ),
    "approvals.refuse_all": (
        _C.REFUSE,
        lambda app, who, desk: app.approvals.refuse_all(who, [desk.proposal.id], "No."),
    ),
    "approvals.undo_all": (
        _C.UNDO,
        lambda app, who, desk: app.approvals.undo_all(who, [desk.proposal.id]),
    ),
    "audit.page": (_C.SEE_AUDIT_LOG, _plain("audit.page", before=None, limit=5)),
    "audit.doers": (_C.SEE_AUDIT_LOG, _plain("audit.doers")),
    "audit.verify": (_C.VERIFY_AUDIT_LOG, _plain("audit.verify")),
    "audit.export": (_C.SEE_AUDIT_LOG, _plain("audit.export")),
    "agreement.of": (_C.SEE_REQUISITION, _job("agreement.of")),
    "model_log.page": (_C.SEE_MODEL_RUNS, _plain("model_log.page")),
    "model_log.models": (_C.SEE_MODEL_RUNS, _plain("model_log.models")),
    "model_log.opened": (_C.SEE_MODEL_RUNS, _plain("model_log.opened", ModelRunId("another"))),
    "model_log.of": (_C.SEE_APPLICATION, _person("model_log.of")),
    "model_log.opened_of": (
        _C.SEE_APPLICATION,
        _person("model_log.opened_of", ModelRunId("another")),
    ),
    "model_log.expected": (_C.SCREEN, _job("model_log.expected", 10)),
    "connection.view": (_C.SEE_CONNECTION, _plain("connection.view")),
    "connection.check": (_C.SEE_CONNECTION, _plain("connection.check")),
    "users.list": (_C.MANAGE_USERS, _plain("users.list")),
    "users.add": (
        _C.MANAGE_USERS,
        _plain("users.add", "new.person", "New Person", frozenset({Role.COMPLIANCE})),
    ),
    "users.change": (
        _C.MANAGE_USERS,
        _plain("users.change", _NOBODY, frozenset({Role.COMPLIANCE}), "", ""),
    ),
    "users.set_disabled": (_C.MANAGE_USERS, _plain("users.set_disabled", _NOBODY, True)),
    "users.reset_password": (_C.MANAGE_USERS, _plain("users.reset_password", _NOBODY)),
    "users.end_sessions": (_C.MANAGE_USERS, _plain("users.end_sessions", _NOBODY)),
    "users.release": (_C.MANAGE_USERS, _plain("users.release", _NOBODY)),
    "controls.view": (_C.SET_POLICY, _plain("controls.view")),
    "controls.set_policy": (_C.SET_POLICY, _plain("controls.set_policy", TenantPolicy())),
    "controls.stop": (
        _C.STOP,
        _plain("controls.stop", Capability.WRITING, StopScope.JURISDICTION, "Nowhere", "A test."),
    ),
    "operations.view": (_C.SEE_OPERATIONS, _plain("operations.view")),
    "operations.replay": (_C.REPLAY, _plain("operations.replay", [JobId("1")])),
    "operations.drop": (
        _C.REPLAY,
        _plain("operations.drop", [JobId("1")], DropReason.NOT_NEEDED),
    ),
    "prompts.view": (_C.READ_PROMPTS, _plain("prompts.view", "screening")),
    "prompts.write": (_C.WRITE_PROMPT, _plain("prompts.write", "screening", "", "")),
    "prompts.stage": (_C.WRITE_PROMPT, _plain("prompts.stage", "screening", "9")),
    "prompts.evaluate": (_C.WRITE_PROMPT, _plain("prompts.evaluate", "screening", "1")),
    "prompts.cancel_evaluation": (
        _C.WRITE_PROMPT,
        _plain("prompts.cancel_evaluation", EvaluationId("none")),
    ),
    "prompts.sample_jobs": (_C.WRITE_PROMPT, _plain("prompts.sample_jobs")),
    "prompts.try_out": (
        _C.WRITE_PROMPT,
        _plain("prompts.try_out", "screening", "9", RequisitionId("none")),
    ),
    "prompts.cancel_trial": (_C.WRITE_PROMPT, _plain("prompts.cancel_trial", TrialId("none"))),
    "prompts.ask_promotion": (
        _C.PROMOTE_PROMPT,
        _plain("prompts.ask_promotion", "screening", "1", "A test."),
    ),
    "prompts.confirm": (_C.PROMOTE_PROMPT, _plain("prompts.confirm", "screening", "2")),
    "prompts.withdraw": (_C.PROMOTE_PROMPT, _plain("prompts.withdraw", "screening", "2")),
    "prompts.decline": (_C.PROMOTE_PROMPT, _plain("prompts.decline", "screening", "2")),
    "prompts.roll_back": (
        _C.PROMOTE_PROMPT,
        _plain("prompts.roll_back", "screening", "1", "A test."),
    ),
    "controls.lift": (_C.STOP, _plain("controls.lift", StopId("none"))),
}
OWN = {
    "requisitions.list": "list",
    "queue.open": "open",
    "approvals.tray": "tray",
    "approvals.undoable": "undoable",
}
"""Asked by anybody signed in, and answered with what is theirs."""
OPEN_TO_ALL = {
    "sign_in.me", "sign_in.change_password", "criteria.lint", "pipeline.remove_view",
}  # fmt: skip
"""Concern the asker's own account or own view, or nobody; tested where they are made."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody at the door, and whether the job names them for ``role``."""

    name: str
    role: Role | None
    icims: str = ""
    linked: bool = False


ASKERS = (
    Asker("recruiter", Role.RECRUITER, "101", linked=True),
    Asker("second_recruiter", Role.RECRUITER, "102", linked=True),
    Asker("hiring_manager", Role.HIRING_MANAGER, "103", linked=True),
    Asker("another_recruiter", Role.RECRUITER, "901"),
    Asker("another_manager", Role.HIRING_MANAGER, "902"),
    Asker("manager_in_the_recruiters_place", Role.HIRING_MANAGER, "101"),
    Asker("recruiter_unknown_to_icims", Role.RECRUITER),
    Asker("compliance", Role.COMPLIANCE, "101"),
    Asker("admin", Role.ADMIN, "101"),
    Asker("without_a_role", None, "101"),
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(tmp_path)
    second = PersonLink(icims_id("102"), "Tom")
    named = replace(opened.requisition, secondary_recruiter=second)
    with opened.store.unit_of_work() as uow:
        uow.requisitions.put(named, opened.clock.now())
        uow.commit()
    yield opened
    opened.store.close()


def icims_id(number: str) -> Any:
    """Number a person of iCIMS."""
    return number


@pytest.fixture
def app(desk: Desk) -> App:
    """The product's own wiring, on the desk's database, clock and ATS."""
    field_map = Path("data/demo/field_map_4711.json")
    made = App(Settings(icims_customer_id=TENANT, icims_field_map=field_map))
    made.__dict__.update(store=desk.store, ats=desk.ats)
    object.__setattr__(made, "clock", desk.clock)
    return made


def asked_of_services() -> set[str]:
    """Everything with an actor that the screens' door offers."""
    found = set()
    for name, member in vars(access.App).items():
        if not isinstance(member, property) or member.fget is None:
            continue
        kind = vars(access).get(str(inspect.signature(member.fget).return_annotation.__name__))
        for method, function in vars(kind or object).items():
            parameters = getattr(function, "__code__", None)
            if parameters and parameters.co_varnames[1:2] == ("actor",):
                found.add(f"{name}.{method}")
    return found


def test_the_matrix_knows_everything_a_screen_may_ask() -> None:
    assert asked_of_services() == {*ASKED, *OWN, *OPEN_TO_ALL}


def test_the_matrix_tries_every_command() -> None:
    tried = {command for command, _ in ASKED.values()}
    assert tried == set(Command)


def refused(ask: Callable[[], object]) -> bool:
    """Say whether the door stayed shut; what fails behind it is another matter."""
    try:
        ask()
    except (NotAllowed, SessionEnded):
        return True
    except NotFound as error:
        return "or is not yours" in str(error) and "another" not in str(error)
    except CopilotError:
        return False
    return False


def expected(asker: Asker, command: Command) -> bool:
    """Say what the rules give: by role everywhere, by role and link on a job."""
    if asker.role is None:
        return False
    if command in EVERYWHERE.get(asker.role, set()):
        return True
    return asker.linked and command in ON_A_JOB.get(asker.role, set())


@pytest.mark.parametrize("asker", ASKERS, ids=lambda asker: asker.name)
def test_every_role_gets_exactly_what_is_theirs(asker: Asker, app: App, desk: Desk) -> None:
    roles = (asker.role,) if asker.role else ()
    who = desk.person(asker.name, *roles, icims=asker.icims)
    open_doors = {
        name for name, (_, ask) in ASKED.items() if not refused(partial(ask, app, who, desk))
    }
    assert open_doors == {name for name, (command, _) in ASKED.items() if expected(asker, command)}


@pytest.mark.parametrize(
    "asker", [asker for asker in ASKERS if not asker.linked], ids=lambda asker: asker.name
)
def test_nobody_is_handed_a_job_that_does_not_name_them(asker: Asker, app: App, desk: Desk) -> None:
    who = desk.person(asker.name, *((asker.role,) if asker.role else ()), icims=asker.icims)
    assert {name: len(_call(app, name, who)) for name in OWN} == dict.fromkeys(OWN, 0)  # type: ignore[arg-type]


def test_who_may_not_edit_the_criteria_reads_those_in_use_without_the_recruiters_draft(
    app: App, desk: Desk
) -> None:
    rosa, job = desk.recruiter(), desk.requisition.id
    mina = desk.person("mina", Role.HIRING_MANAGER, icims="103")
    drafted = app.criteria.open(mina, job)
    assert (drafted.frozen, drafted.may_edit, drafted.concerns) == (None, False, ())
    app.criteria.save(rosa, job, (replace(CRANE, weight=2.0),))
    app.criteria.freeze(rosa, job, 1)
    app.criteria.save(rosa, job, (replace(CRANE, weight=3.0),))
    assert app.criteria.open(rosa, job).criteria.version == 2
    assert app.criteria.open(rosa, job).may_edit
    assert app.criteria.open(mina, job).criteria.version == 1


OUTSIDERS = [asker for asker in ASKERS if not asker.linked]


@pytest.mark.parametrize("asker", OUTSIDERS, ids=lambda asker: asker.name)
def test_what_is_not_yours_and_what_never_was_get_one_answer_that_names_only_what_was_asked(
    asker: Asker, app: App, desk: Desk
) -> None:
    who = desk.person(asker.name, *((asker.role,) if asker.role else ()), icims=asker.icims)
    for name, (command, ask) in ASKED.items():
        if command in ON_A_JOB[Role.RECRUITER]:
            ghost = elsewhere(desk)
            assert answer(ask, app, who, desk) == answer(ask, app, who, ghost), name


@pytest.mark.parametrize("asker", [None, *OUTSIDERS], ids=lambda asker: asker and asker.name)
def test_a_view_that_is_not_yours_and_one_that_never_was_get_one_answer(
    asker: Asker | None, app: App, desk: Desk
) -> None:
    rosa, job = desk.recruiter(), desk.requisition.id
    kept = app.pipeline.save_view(rosa, job, "Mine", PipelineFilter(), shared=False).id
    who = service_actor("worker", TENANT)
    if asker:
        who = desk.person(asker.name, *((asker.role,) if asker.role else ()), icims=asker.icims)
    said = {_said(partial(app.pipeline.remove_view, who, id), id) for id in (kept, _NO_VIEW)}
    assert len(said) == 1


@pytest.mark.parametrize("who", [service_actor("worker", TENANT), model_actor("m", TENANT)])
def test_who_is_turned_away_at_the_door_learns_nothing_of_what_there_is(
    who: Actor, app: App, desk: Desk
) -> None:
    for name, (_, ask) in ASKED.items():
        assert answer(ask, app, who, desk) == answer(ask, app, who, elsewhere(desk)), name


_NO_VIEW = SavedViewId("v" * 500)


def elsewhere(desk: Desk) -> Desk:
    """Give the same desk with ids that never were."""
    return replace(
        desk,
        requisition=replace(desk.requisition, id=RequisitionId("no-job" * 99)),
        application=replace(desk.application, id=ApplicationId("no-application" * 99)),
        proposal=replace(desk.proposal, id=ProposalId("no-proposal" * 99)),
    )


def answer(ask: Ask, app: App, who: Actor, desk: Desk) -> tuple[str, str]:
    """Give the kind and the words of a refusal, without the ids of ``desk`` that were asked for."""
    return _said(
        partial(ask, app, who, desk), desk.requisition.id, desk.application.id, desk.proposal.id
    )


def _said(ask: Callable[[], object], *ids: str) -> tuple[str, str]:
    with pytest.raises(CopilotError) as refusal:
        ask()
    words = str(refusal.value)
    for id in ids:
        words = words.replace(id if len(id) <= 40 else f"{id[:40]}…", "this one")
    return type(refusal.value).__name__, words


@pytest.mark.parametrize(
    "who", [service_actor("worker", TENANT), model_actor("m", TENANT)], ids=["service", "model"]
)
def test_services_and_models_are_let_in_nowhere(who: Actor, app: App, desk: Desk) -> None:
    everything = replace(who, roles=frozenset(Role))
    for name, (_, ask) in ASKED.items():
        assert refused(partial(ask, app, everything, desk)), name
    for name in OWN:
        assert refused(partial(_call, app, name, everything)), name


def test_a_session_that_ended_opens_nothing(app: App, desk: Desk) -> None:
    who = desk.person("rosa", *Role, icims="101")
    desk.clock.forward(hours=13)
    for name, (_, ask) in ASKED.items():
        assert refused(partial(ask, app, who, desk)), name


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinApp]:
    stand_in = TwinApp()
    provide(stand_in)
    yield stand_in
    provide(None)


_PEOPLE = {
    "rosa": Role.RECRUITER, "henry": Role.HIRING_MANAGER,
    "carla": Role.COMPLIANCE, "adam": Role.ADMIN,
}  # fmt: skip


@pytest.mark.parametrize("who", _PEOPLE)
@pytest.mark.parametrize("screen", [name for name in SCREENS if name != "sign_out"])
def test_every_page_opens_for_its_roles_and_for_nobody_else(
    screen: str, who: str, twin: TwinApp
) -> None:
    page = AppTest.from_file(str(ROOT / "pages" / SCREENS[screen].script), default_timeout=30)
    page.session_state["copilot_session"] = twin.sign_in.verify(who, PASSWORD, "").session.id
    path = next(visit.path for visit in VISITS if visit.name == screen)
    for name, value in _parameters(path).items():
        page.query_params[name] = value
    shown = words(page.run())
    roles = SCREENS[screen].roles
    allowed = not roles or _PEOPLE[who] in roles
    assert ("This page is not part of your role" not in shown) is allowed


def _parameters(path: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in filter(None, path.partition("?")[2].split("&")):
        name, _, value = pair.partition("=")
        found.setdefault(name, []).append(value)
    return found
