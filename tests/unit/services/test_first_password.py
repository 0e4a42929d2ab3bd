"""Whoever still has a first password can change it and sign out, and nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.actor import Role
from core.errors import NotAllowed
from core.services.access import admit_signed_in
from core.services.audit import Audit
from tests.desk import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return open_desk(tmp_path)


def with_a_first_password(desk: Desk, name: str) -> None:
    with desk.store.unit_of_work() as uow:
        account = uow.accounts.by_username(name)
        assert account is not None
        uow.accounts.put(replace(account, must_change_password=True))
        uow.commit()


@pytest.mark.parametrize("role", list(Role), ids=[role.value for role in Role])
def test_no_role_is_admitted_before_the_password_is_changed(desk: Desk, role: Role) -> None:
    actor = desk.person("rosa", role, icims="101")
    with desk.store.unit_of_work() as uow:
        admit_signed_in(uow, actor, desk.clock.now())
    with_a_first_password(desk, "rosa")
    with desk.store.unit_of_work() as uow, pytest.raises(NotAllowed, match="password of your own"):
        admit_signed_in(uow, actor, desk.clock.now())


def test_services_refuse_whoever_still_has_a_first_password(desk: Desk) -> None:
    recruiter = desk.recruiter()
    auditor = desk.person("carla", Role.COMPLIANCE)
    for name in ("rosa", "carla"):
        with_a_first_password(desk, name)
    with pytest.raises(NotAllowed, match="password of your own"):
        desk.approvals.approve(recruiter, desk.proposal.id, desk.proposal.hash)
    with pytest.raises(NotAllowed, match="password of your own"):
        Audit(desk.store.unit_of_work, desk.clock).verify(auditor)
