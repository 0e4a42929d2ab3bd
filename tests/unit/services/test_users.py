"""Rules of who keeps accounts, and what an account may be."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.actor import Actor, Role, model_actor, service_actor
from core.domain.audit import Fact
from core.domain.ids import RequisitionId, UserId
from core.domain.views import UserLine
from core.errors import CopilotError, InvalidInput, NotAllowed, NotFound, SessionEnded
from core.services.access import admit_signed_in
from core.services.accounts.sign_in import SignIn
from core.services.accounts.sign_in_policy import SignInPolicy
from core.services.accounts.users import OPERATOR, Users
from tests.desk import TENANT, Desk, open_desk
from tests.store_bench import NOON, CountedIds

COMMAND_LINE = service_actor(OPERATOR, TENANT)
RECRUITER = frozenset({Role.RECRUITER})
ADMIN = frozenset({Role.ADMIN})
COMPLIANCE = frozenset({Role.COMPLIANCE})
ROSA = UserId("rosa")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(tmp_path)
    yield opened
    opened.store.close()


@pytest.fixture
def users(desk: Desk) -> Users:
    brakes = SignInPolicy().per_user
    return Users(desk.store.unit_of_work, desk.clock, CountedIds(), brakes)


@pytest.fixture
def sign_in(desk: Desk) -> SignIn:
    return SignIn(desk.store.unit_of_work, desk.clock, CountedIds(), TENANT)


@pytest.fixture
def viktor(desk: Desk) -> Actor:
    return desk.person("viktor", Role.ADMIN)


def facts(desk: Desk) -> list[Fact]:
    with desk.store.unit_of_work() as uow:
        return [event.fact for event in uow.audit.events()]


def line(users: Users, viktor: Actor, user: str = "rosa") -> UserLine:
    return next(line for line in users.list(viktor) if line.username == user)


# --- Who may ---------------------------------------------------------------------------------

COMMANDS: dict[str, Callable[[Users, Actor], object]] = {
    "list": lambda users, actor: users.list(actor),
    "add": lambda users, actor: users.add(actor, "new", "New", ADMIN),
    "change": lambda users, actor: users.change(actor, ROSA, ADMIN, "", ""),
    "disable": lambda users, actor: users.set_disabled(actor, ROSA, True),
    "reset": lambda users, actor: users.reset_password(actor, ROSA),
    "end": lambda users, actor: users.end_sessions(actor, ROSA),
    "release": lambda users, actor: users.release(actor, ROSA),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMIN])
def test_other_roles_keep_no_accounts(desk: Desk, users: Users, command: str, role: Role) -> None:
    desk.recruiter()
    somebody = desk.person("somebody", role, icims="7")
    before = facts(desk)
    with pytest.raises(NotAllowed):
        COMMANDS[command](users, somebody)
    assert facts(desk) == before


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "actor",
    [model_actor("built-in/1", TENANT), service_actor("worker", TENANT)],
    ids=["model", "worker"],
)
def test_no_model_and_no_service_keeps_accounts(
    desk: Desk, users: Users, command: str, actor: Actor
) -> None:
    desk.recruiter()
    with pytest.raises(NotAllowed):
        COMMANDS[command](users, actor)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_session_that_ended_keeps_no_accounts(
    desk: Desk, users: Users, viktor: Actor, command: str
) -> None:
    desk.recruiter()
    desk.clock.forward(days=1)
    with pytest.raises(SessionEnded):
        COMMANDS[command](users, viktor)


@pytest.mark.parametrize("command", ["list", "change", "disable", "reset", "end", "release"])
def test_the_command_line_only_adds(users: Users, command: str) -> None:
    with pytest.raises(NotAllowed):
        COMMANDS[command](users, COMMAND_LINE)


@pytest.mark.parametrize("command", ["change", "disable", "reset", "end", "release"])
def test_an_unknown_user_is_named_as_such(users: Users, viktor: Actor, command: str) -> None:
    with pytest.raises(NotFound):
        COMMANDS[command](users, viktor)


# --- Adding ----------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["command line", "administrator"])
def test_a_new_user_signs_in_with_the_first_password_and_must_change_it(
    users: Users, sign_in: SignIn, viktor: Actor, by: str
) -> None:
    actor = viktor if by == "administrator" else COMMAND_LINE
    password = users.add(actor, "Mara", "Mara Diaz", RECRUITER, "110", "mara@example.com")
    signed_in = sign_in.verify("mara", password, "127.0.0.1")
    assert signed_in.account.must_change_password
    assert signed_in.account.email == "mara@example.com"


def test_adding_a_user_is_in_the_log_without_name_address_or_password(
    desk: Desk, users: Users, viktor: Actor
) -> None:
    password = users.add(viktor, "mara", "Mara Diaz", RECRUITER, "110", "mara@example.com")
    (fact,) = facts(desk)
    assert (fact.action, fact.actor) == ("user.added", "viktor")
    assert fact.data == {"roles": "recruiter", "person": "110"}
    assert password not in str(fact)


@pytest.mark.parametrize(
    ("username", "name", "roles", "person", "email"),
    [
        ("", "Rosa", RECRUITER, "101", ""),
        ("rosa", " ", RECRUITER, "101", ""),
        ("rosa", "Rosa", frozenset(), "101", ""),
        ("rosa", "Rosa", RECRUITER, "", ""),
        ("rosa", "Rosa", frozenset({Role.HIRING_MANAGER}), "abc", ""),
        ("rosa", "Rosa", RECRUITER, "¹²", ""),
        ("rosa", "Rosa", ADMIN, "abc", ""),
        ("rosa", "Rosa", ADMIN, "", "rosa at example"),
        ("rosa", "Rosa", COMPLIANCE | ADMIN, "", ""),
        ("rosa", "Rosa", COMPLIANCE | RECRUITER, "101", ""),
    ],
)
def test_an_incomplete_or_unfit_user_is_refused(
    users: Users, username: str, name: str, roles: frozenset[Role], person: str, email: str
) -> None:
    with pytest.raises(InvalidInput):
        users.add(COMMAND_LINE, username, name, roles, person, email)


def test_user_name_and_address_are_given_once(users: Users) -> None:
    users.add(COMMAND_LINE, "rosa", "Rosa Delgado", RECRUITER, "101", "rosa@example.com")
    with pytest.raises(InvalidInput, match="already"):
        users.add(COMMAND_LINE, "ROSA", "Rosa Diaz", RECRUITER, "102")
    with pytest.raises(InvalidInput, match="e-mail"):
        users.add(COMMAND_LINE, "rosa2", "Rosa Diaz", RECRUITER, "102", "Rosa@Example.com")


# --- What an administrator sees ----------------------------------------------------------------


def test_a_user_is_listed_with_sessions_and_the_open_jobs_that_name_them(
    desk: Desk, users: Users, viktor: Actor
) -> None:
    desk.recruiter()
    with desk.store.unit_of_work() as uow:
        twice = replace(desk.requisition, id=RequisitionId("102"))
        uow.requisitions.put(replace(twice, secondary_recruiter=twice.recruiter), NOON)
        closed = replace(desk.requisition, id=RequisitionId("103"), is_open=False)
        uow.requisitions.put(closed, NOON)
        uow.commit()
    rosa = line(users, viktor)
    assert (rosa.jobs, rosa.sessions, rosa.last_seen_at) == (2, 1, NOON)
    assert not rosa.braked


def test_a_job_counts_only_for_the_role_it_names_the_person_for(
    desk: Desk, users: Users, viktor: Actor
) -> None:
    desk.person("mina", Role.RECRUITER, icims="103")
    assert line(users, viktor, "mina").jobs == 0


def test_too_many_failures_show_and_can_be_taken_off(
    desk: Desk, users: Users, sign_in: SignIn, viktor: Actor
) -> None:
    password = users.add(viktor, "mara", "Mara Diaz", RECRUITER, "110")
    for _ in range(5):
        with pytest.raises(NotAllowed):
            sign_in.verify("mara", "wrong", "127.0.0.1")
    assert line(users, viktor, "mara").braked
    users.release(viktor, line(users, viktor, "mara").user_id)
    assert not line(users, viktor, "mara").braked
    assert sign_in.verify("mara", password, "127.0.0.1")
    assert [f.action for f in facts(desk)].count("sign_in.released") == 1


def test_releasing_who_is_not_braked_is_no_event(desk: Desk, users: Users, viktor: Actor) -> None:
    desk.recruiter()
    users.release(viktor, ROSA)
    assert not facts(desk)


# --- Changing ----------------------------------------------------------------------------------


def test_changed_roles_end_the_sessions_and_stand_in_the_log_before_and_after(
    desk: Desk, users: Users, viktor: Actor
) -> None:
    rosa = desk.recruiter()
    users.change(viktor, ROSA, frozenset({Role.HIRING_MANAGER}), "103", "rosa@example.com")
    with desk.store.unit_of_work() as uow, pytest.raises(SessionEnded):
        admit_signed_in(uow, rosa, desk.clock.now())
    (fact,) = facts(desk)
    assert (fact.action, fact.subject) == ("user.changed", "user:rosa")
    assert fact.data == {
        "roles_before": "recruiter",
        "roles": "hiring_manager",
        "person_before": "101",
        "person": "103",
        "email_changed": False,
    }


def test_a_changed_address_leaves_the_sessions_and_is_not_in_the_log(
    desk: Desk, users: Users, viktor: Actor
) -> None:
    rosa = desk.recruiter()
    users.change(viktor, ROSA, RECRUITER, "101", "rosa.delgado@example.com")
    with desk.store.unit_of_work() as uow:
        admit_signed_in(uow, rosa, desk.clock.now())
    (fact,) = facts(desk)
    assert fact.data["email_changed"] is True
    assert "delgado" not in str(fact)


def test_nothing_changed_is_no_event(desk: Desk, users: Users, viktor: Actor) -> None:
    desk.recruiter()
    users.change(viktor, ROSA, RECRUITER, " 101 ", "rosa@example.com")
    users.set_disabled(viktor, ROSA, False)
    assert not facts(desk)


@pytest.mark.parametrize("other", [Role.ADMIN, Role.RECRUITER, Role.HIRING_MANAGER])
def test_who_reads_the_log_has_no_other_role(
    desk: Desk, users: Users, viktor: Actor, other: Role
) -> None:
    desk.recruiter()
    with pytest.raises(InvalidInput, match="Compliance"):
        users.change(viktor, ROSA, COMPLIANCE | {other}, "101", "")


def test_a_disabled_user_is_out_at_once_and_may_come_back(
    desk: Desk, users: Users, viktor: Actor
) -> None:
    rosa = desk.recruiter()
    users.set_disabled(viktor, ROSA, True)
    with desk.store.unit_of_work() as uow, pytest.raises(SessionEnded):
        admit_signed_in(uow, rosa, desk.clock.now())
    assert (line(users, viktor).disabled, line(users, viktor).sessions) == (True, 0)
    users.set_disabled(viktor, ROSA, False)
    assert not line(users, viktor).disabled
    assert [f.action for f in facts(desk)] == ["user.disabled", "user.enabled"]


def test_a_reset_password_ends_the_sessions_and_must_be_changed(
    desk: Desk, users: Users, sign_in: SignIn, viktor: Actor
) -> None:
    first = users.add(viktor, "mara", "Mara Diaz", RECRUITER, "110")
    mara = sign_in.verify("mara", first, "127.0.0.1")
    second = users.reset_password(viktor, mara.account.id)
    with pytest.raises(SessionEnded):
        sign_in.resume(mara.session.id)
    with pytest.raises(NotAllowed):
        sign_in.verify("mara", first, "127.0.0.1")
    assert sign_in.verify("mara", second, "127.0.0.1").account.must_change_password
    assert all(word not in str(facts(desk)) for word in (first, second))


def test_a_company_account_gets_no_password_beside(desk: Desk, users: Users, viktor: Actor) -> None:
    desk.recruiter()
    with desk.store.unit_of_work() as uow:
        rosa = uow.accounts.get(ROSA)
        assert rosa is not None
        uow.accounts.put(replace(rosa, subject="https://id.example|1"))
        uow.commit()
    with pytest.raises(InvalidInput, match="company account"):
        users.reset_password(viktor, ROSA)


def test_signing_somebody_out_says_how_many_sessions_that_were(
    desk: Desk, users: Users, viktor: Actor
) -> None:
    rosa = desk.recruiter()
    assert users.end_sessions(viktor, ROSA) == 1
    assert users.end_sessions(viktor, ROSA) == 0
    with desk.store.unit_of_work() as uow, pytest.raises(SessionEnded):
        admit_signed_in(uow, rosa, desk.clock.now())
    assert [f.action for f in facts(desk)] == ["sessions.ended"]


# --- Administrators themselves -------------------------------------------------------------------

OWN: dict[str, Callable[[Users, Actor], object]] = {
    "demote": lambda users, me: users.change(me, me.id, RECRUITER, "5", "viktor@example.com"),
    "promote": lambda users, me: users.change(me, me.id, ADMIN | RECRUITER, "5", ""),
    "disable": lambda users, me: users.set_disabled(me, me.id, True),
    "reset": lambda users, me: users.reset_password(me, me.id),
}


@pytest.mark.parametrize("deed", OWN)
def test_nobody_changes_what_they_themselves_may_do(
    desk: Desk, users: Users, viktor: Actor, deed: str
) -> None:
    desk.person("olga", Role.ADMIN)
    with pytest.raises(NotAllowed):
        OWN[deed](users, viktor)
    assert not facts(desk)


def test_an_administrator_may_correct_their_own_address(users: Users, viktor: Actor) -> None:
    users.change(viktor, viktor.id, ADMIN, "", "viktor.lund@example.com")
    assert line(users, viktor, "viktor").email == "viktor.lund@example.com"


def test_two_administrators_who_switch_each_other_off_do_not_both_succeed(
    desk: Desk, users: Users, viktor: Actor
) -> None:
    olga = desk.person("olga", Role.ADMIN)
    users.set_disabled(viktor, olga.id, True)
    with pytest.raises(CopilotError):
        users.set_disabled(olga, viktor.id, True)
    assert not line(users, viktor, "viktor").disabled


def test_the_last_active_administrator_stays_whoever_asks(
    desk: Desk, users: Users, viktor: Actor
) -> None:
    """The asker's own account is switched off between the door and the deed, by somebody else."""

    class Racing(Users):
        def _admitted(self, *args: object) -> object:  # type: ignore[override]
            found = super()._admitted(*args)  # type: ignore[arg-type]
            uow = args[0]
            olga = uow.accounts.get(UserId("olga"))  # type: ignore[attr-defined]
            uow.accounts.put(replace(olga, disabled=True))  # type: ignore[attr-defined]
            return found

    olga = desk.person("olga", Role.ADMIN)
    racing = Racing(users.unit_of_work, users.clock, users.ids, users.brakes)
    with pytest.raises(NotAllowed, match="must stay"):
        racing.set_disabled(olga, viktor.id, True)
    with pytest.raises(NotAllowed, match="must stay"):
        racing.change(olga, viktor.id, RECRUITER, "5", "")
    assert not line(users, viktor, "viktor").disabled
    assert not facts(desk)


def test_listing_counts_only_sessions_that_still_hold(
    desk: Desk, users: Users, viktor: Actor
) -> None:
    desk.recruiter()
    desk.clock.forward(minutes=29)
    assert line(users, viktor).sessions == 1
    later = desk.clock.now() + timedelta(minutes=2)
    desk.clock.at = later
    olga = desk.person("olga", Role.ADMIN)
    assert line(users, olga).sessions == 0
