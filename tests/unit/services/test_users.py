"""Rules of adding people who may sign in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.actor import Role, service_actor
from core.errors import InvalidInput
from core.services.sign_in import SignIn
from core.services.users import Users
from tests.desk import TENANT, Desk, open_desk
from tests.store_bench import CountedIds

OPERATOR = service_actor("command-line", TENANT)
RECRUITER = frozenset({Role.RECRUITER})


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(tmp_path)
    yield opened
    opened.store.close()


@pytest.fixture
def users(desk: Desk) -> Users:
    return Users(desk.store.unit_of_work, desk.clock, CountedIds())


def test_new_user_signs_in_with_the_first_password_and_must_change_it(
    desk: Desk, users: Users
) -> None:
    password = users.add(OPERATOR, "Rosa", "Rosa Delgado", RECRUITER, "101")
    sign_in = SignIn(desk.store.unit_of_work, desk.clock, CountedIds(), TENANT)
    signed_in = sign_in.verify("rosa", password, "127.0.0.1")
    assert signed_in.account.must_change_password


def test_adding_a_user_is_in_the_log_without_name_or_password(desk: Desk, users: Users) -> None:
    password = users.add(OPERATOR, "rosa", "Rosa Delgado", RECRUITER, "101")
    with desk.store.unit_of_work() as uow:
        (event,) = (e for e in uow.audit.events() if e.fact.action == "user.added")
    assert "Delgado" not in str(event)
    assert password not in str(event)


@pytest.mark.parametrize(
    ("username", "name", "roles", "person"),
    [
        ("", "Rosa", RECRUITER, "101"),
        ("rosa", " ", RECRUITER, "101"),
        ("rosa", "Rosa", frozenset(), "101"),
        ("rosa", "Rosa", RECRUITER, ""),
        ("rosa", "Rosa", frozenset({Role.HIRING_MANAGER}), "abc"),
    ],
)
def test_incomplete_user_is_refused(
    users: Users, username: str, name: str, roles: frozenset[Role], person: str
) -> None:
    with pytest.raises(InvalidInput):
        users.add(OPERATOR, username, name, roles, person)


def test_user_name_is_given_once(users: Users) -> None:
    users.add(OPERATOR, "rosa", "Rosa Delgado", RECRUITER, "101")
    with pytest.raises(InvalidInput, match="already"):
        users.add(OPERATOR, "ROSA", "Rosa Diaz", RECRUITER, "102")
