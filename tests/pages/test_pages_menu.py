"""Whose menu holds what, and under which titles."""

from dataclasses import replace

import pytest

from core.domain.actor import Actor, Role
from core.ui.menu import SCREENS, work_of
from tests.twins.app import PASSWORD, TwinApp


def signed_in(twin: TwinApp, who: str, *more: Role) -> Actor:
    """The person named, with further roles."""
    actor = twin.sign_in.resume(twin.sign_in.verify(who, PASSWORD, "local").session.id)
    return replace(actor, roles=actor.roles | set(more))


def in_sight(actor: Actor) -> dict[str, list[str]]:
    """The titles a menu shows, by group."""
    return {
        title: [SCREENS[name].title for name in names if not SCREENS[name].hidden]
        for title, names in work_of(actor).items()
    }


def test_one_kind_of_work_is_all_in_sight(twin: TwinApp) -> None:
    assert in_sight(signed_in(twin, "rosa")) == {
        "": ["Requisitions", "Needs your eyes", "Approvals"]
    }


def test_one_role_is_all_in_sight_though_it_does_two_kinds_of_work(twin: TwinApp) -> None:
    assert in_sight(signed_in(twin, "adam")) == {
        "": ["Connection", "Operations", "Users", "Thresholds and stops", "AI instructions"]
    }


def test_several_kinds_of_work_are_grouped_by_title(twin: TwinApp) -> None:
    groups = in_sight(signed_in(twin, "rosa", Role.COMPLIANCE, Role.ADMIN))
    assert list(groups) == ["Review", "Oversight", "Administration"]
    assert groups["Oversight"] == ["Audit log", "What left the building", "AI instructions"]


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_belongs_to_a_kind_of_work(name: str) -> None:
    assert SCREENS[name].audience


@pytest.mark.parametrize("who", ["rosa", "henry", "carla", "adam"])
def test_a_menu_holds_exactly_what_its_reader_may_open(twin: TwinApp, who: str) -> None:
    actor = signed_in(twin, who)
    listed = {name for names in work_of(actor).values() for name in names}
    assert listed == {name for name, screen in SCREENS.items() if screen.roles & actor.roles}


def test_nobody_without_a_role_has_any_work(twin: TwinApp) -> None:
    assert not work_of(replace(signed_in(twin, "rosa"), roles=frozenset()))
