"""What an administrator's screens say and do."""

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.actor import Role
from core.domain.ids import StopId, UserId
from core.domain.judgement import BlindMode
from core.domain.policy import Capability, StopScope
from core.domain.routing import Thresholds
from core.ui.components.admin.connection import request_text
from core.ui.components.admin.thresholds import zones_of
from tests.pages.conftest import Open, words
from tests.twins import admin, people
from tests.twins.app import PASSWORD, TwinApp

CONNECTION, USERS, CONTROLS = "admin/connection.py", "admin/users.py", "admin/controls.py"


class House:
    """The administrator's parts of the in-memory App."""

    def __init__(self, twin: TwinApp) -> None:
        self.twin = twin
        self.users = admin.Users(twin)
        self.controls = admin.Controls(twin)
        self.connection = admin.Connection(twin)
        parts = {"users": self.users, "controls": self.controls, "connection": self.connection}
        vars(twin).update(parts)


@pytest.fixture
def house(twin: TwinApp) -> House:
    return House(twin)


def press(page: AppTest, key: str) -> AppTest:
    return page.button(key=key).click().run()


def window(house: House, call: str) -> AppTest:
    """Draw a dialog by itself: AppTest closes one that a button opened at the next click."""
    source = f"""
from core.domain.actor import Role
from core.domain.ids import UserId
from core.ui.access import the_app
from core.ui.components.admin import stops, user_dialogs
from core.ui.guard import guard
actor = guard(Role.ADMIN)
rosa = next(u for u in the_app().users.list(actor) if u.username == "rosa")
{call}
"""
    page = AppTest.from_string(source, default_timeout=30)
    session = house.twin.sign_in.verify("adam", PASSWORD, "local").session
    page.session_state["copilot_session"] = session.id
    return page.run()


ADD, CHANGE = "user_dialogs.add(actor)", "user_dialogs.change(actor, rosa)"
RESET, SWITCH_OFF = "user_dialogs.reset(actor, rosa)", "user_dialogs.switch_off(actor, rosa)"
STOP = "stops.stop(actor, the_app().controls.view(actor))"


@pytest.mark.parametrize("script", [CONNECTION, USERS, CONTROLS])
@pytest.mark.parametrize("state", ["full", "empty", "failing"])
def test_every_state_of_an_administrators_screen_draws(
    open_page: Open, house: House, script: str, state: str
) -> None:
    house.twin.state = state
    assert not open_page(script, "adam").exception


@pytest.mark.parametrize("script", [CONNECTION, USERS, CONTROLS])
@pytest.mark.parametrize("who", ["rosa", "henry", "carla"])
def test_an_administrators_screen_is_nobody_elses(
    open_page: Open, house: House, script: str, who: str
) -> None:
    page = open_page(script, who)
    assert words(page) == "This page is not part of your role."
    assert not page.dataframe
    assert not page.button


@pytest.mark.parametrize("script", [CONNECTION, USERS, CONTROLS])
def test_no_candidate_is_on_an_administrators_screen(
    open_page: Open, house: House, script: str
) -> None:
    page = open_page(script, "adam")
    shown = words(page) + "".join(str(table.value) for table in page.dataframe)
    assert not [row.name for row in people.rows() if row.name in shown]


# --- Connection --------------------------------------------------------------------------------


def test_the_last_check_is_shown_with_its_age_and_made_again_on_asking(
    open_page: Open, house: House
) -> None:
    page = open_page(CONNECTION, "adam")
    assert "Checked 4 minutes ago" in words(page)
    assert house.connection.checks == 1
    press(page, "check_again")
    assert house.connection.checks == 2
    assert "Checked less than a minute ago" in words(page)


def test_what_is_missing_is_listed_with_a_text_to_send(open_page: Open, house: House) -> None:
    house.twin.state = "failing"
    page = open_page(CONNECTION, "adam")
    states = list(page.dataframe[0].value["State"])
    assert "✕ Not shown by iCIMS" in states
    assert "✕ Hidden from us" in states
    (text,) = page.code
    assert "1. Please give our integration user's login group read and write access" in text.value
    assert "4. Please give" in text.value
    assert "leave those hidden" in text.value


def test_nothing_to_ask_for_is_no_text(open_page: Open, house: House) -> None:
    page = open_page(CONNECTION, "adam")
    assert not page.code
    actor = house.twin.sign_in.resume(page.session_state["copilot_session"])
    assert request_text(house.connection.view(actor)) == ""


def test_no_answer_says_so_and_shows_no_field(open_page: Open, house: House) -> None:
    house.connection.gone = True
    page = open_page(CONNECTION, "adam")
    assert "iCIMS did not answer in 30 seconds" in words(page)
    assert "could not be checked" in words(page)
    assert not page.dataframe


def test_a_budget_down_to_the_reserve_is_told(open_page: Open, house: House) -> None:
    assert "500 of them are kept" in words(open_page(CONNECTION, "adam"))
    house.twin.state = "failing"
    told = words(open_page(CONNECTION, "adam"))
    assert "Only the 312 requests" in told
    assert "1,240 tasks put off for lack of requests" in told


# --- Users -------------------------------------------------------------------------------------


def test_everybody_is_listed_as_text(open_page: Open, house: House) -> None:
    table = open_page(USERS, "adam").dataframe[0].value
    assert len(table) == len(house.users.lines)
    assert any(name.startswith("<img src=x") for name in table["Name"])


def test_who_cannot_work_is_told_why(open_page: Open, house: House) -> None:
    page = open_page(USERS, "adam")
    notes = [note for note in page.dataframe[0].value["Needs a look"] if note]
    assert notes == ["Too many failed sign-ins: has to wait", "No open job names this iCIMS person"]
    page.button_group(key="which_users").set_value("Needs a look").run()
    assert list(page.dataframe[0].value["User name"]) == ["ivy", "luis"]


def test_an_unlinked_recruiter_comes_with_advice(open_page: Open, house: House) -> None:
    page = open_page(USERS, "adam", user="u-luis")
    assert "sees an empty list" in page.warning[0].value


@pytest.mark.parametrize(
    ("user", "button", "deed"),
    [
        ("u-henry", "end-u-henry", "end u-henry"),
        ("u-ivy", "release-u-ivy", "release u-ivy"),
        ("u-owen", "enable-u-owen", "enable u-owen"),
    ],
)
def test_what_can_be_done_at_once_is_done_at_once(
    open_page: Open, house: House, user: str, button: str, deed: str
) -> None:
    page = press(open_page(USERS, "adam", user=user), button)
    assert house.users.deeds == [deed]
    assert button not in {b.key for b in page.button}
    assert not page.exception


def test_ones_own_account_has_no_levers(open_page: Open, house: House) -> None:
    page = open_page(USERS, "adam", user="u-adam")
    assert "This is your own account" in words(page)
    assert [b.key for b in page.button] == ["add_user_open"]


def test_a_hostile_name_stays_text_in_the_panel(open_page: Open, house: House) -> None:
    page = open_page(USERS, "adam", user="u-zed")
    assert any(text.value.startswith("<img src=x") for text in page.text)
    assert not [m.value for m in page.markdown if "<img" in m.value]


def test_a_new_user_gets_a_first_password_that_is_shown_once(open_page: Open, house: House) -> None:
    page = window(house, ADD)
    page.text_input(key="new_name").set_value("Mara Diaz")
    page.text_input(key="new_username").set_value(" mara ")
    page.button_group(key="new-roles").set_value([Role.RECRUITER])
    page.text_input(key="new-person").set_value("117")
    press(page, "add_now")
    assert [code.value for code in page.code] == [admin.FIRST_PASSWORD]
    assert house.users.deeds == ["add mara"]
    page.run()
    assert not page.code


def test_a_new_password_is_asked_for_twice_and_shown_once(house: House) -> None:
    page = window(house, RESET)
    assert not house.users.deeds
    press(page, "reset_now")
    assert [code.value for code in page.code] == [admin.FIRST_PASSWORD]
    assert house.users.deeds == ["reset u-rosa"]


@pytest.mark.parametrize(
    ("opener", "inside"),
    [("reset", "reset_now"), ("disable", "disable_now"), ("change", "change_now")],
)
def test_a_button_with_dots_only_opens_a_window(
    open_page: Open, house: House, opener: str, inside: str
) -> None:
    page = press(open_page(USERS, "adam", user="u-rosa"), f"{opener}-u-rosa")
    assert page.button(key=inside)
    assert not house.users.deeds


def test_switching_off_is_asked_twice(house: House) -> None:
    page = window(house, SWITCH_OFF)
    assert not house.users.deeds
    press(page, "disable_now")
    assert house.users.lines[UserId("u-rosa")].disabled


def test_roles_that_do_not_go_together_are_refused_in_words(house: House) -> None:
    page = window(house, CHANGE)
    both = [Role.RECRUITER, Role.COMPLIANCE]
    page.button_group(key="change-u-rosa-roles").set_value(both)
    press(page, "change_now")
    assert "Compliance goes with no other role" in words(page)
    assert not house.users.deeds


def test_new_roles_are_saved(house: House) -> None:
    page = window(house, CHANGE)
    page.button_group(key="change-u-rosa-roles").set_value([Role.ADMIN])
    press(page, "change_now")
    assert house.users.lines[UserId("u-rosa")].roles == {Role.ADMIN}


def test_what_cannot_be_kept_is_told_and_the_form_stays(house: House) -> None:
    page = window(house, ADD)
    house.twin.state = "failing"
    press(page, "add_now")
    assert "try again" in words(page)
    assert page.text_input(key="new_name")


# --- Thresholds and stops ----------------------------------------------------------------------


def test_a_stop_says_what_where_why_and_who(open_page: Open, house: House) -> None:
    page = open_page(CONTROLS, "adam")
    first, second = page.error
    assert "ticket 482" in first.value
    assert "Stopped by Adam Brook" in first.value
    assert "<b>" not in first.value
    assert "Nobody is scored" in second.value


def test_lifting_takes_the_stop_from_the_screen(open_page: Open, house: House) -> None:
    page = press(open_page(CONTROLS, "adam"), "lift-1")
    assert len(page.error) == 1
    assert next(s for s in house.controls.stops if s.id == StopId("1")).lifted_at
    assert not page.exception


def test_stopping_names_capability_place_and_reason(house: House) -> None:
    page = window(house, STOP)
    page.radio(key="stop_what").set_value(Capability.WRITING)
    page.radio(key="stop_scope").set_value(StopScope.JURISDICTION).run()
    page.selectbox(key="stop_place").set_value("US / NY")
    page.text_area(key="stop_reason").set_value("The union asked")
    press(page, "stop_now")
    made = house.controls.stops[0]
    assert (made.capability, made.scope, made.where, made.reason) == (
        Capability.WRITING,
        StopScope.JURISDICTION,
        "US / NY",
        "The union asked",
    )


def test_a_stop_without_a_reason_is_refused_in_words(house: House) -> None:
    page = press(window(house, STOP), "stop_now")
    assert "Say why it is stopped" in words(page)


def test_nothing_stopped_is_said(open_page: Open, house: House) -> None:
    house.twin.state = "empty"
    page = open_page(CONTROLS, "adam")
    assert not page.error
    assert "run everywhere" in words(page)


def test_thresholds_are_set_on_saving_and_not_before(open_page: Open, house: House) -> None:
    page = open_page(CONTROLS, "adam")
    assert page.button(key="save_policy").disabled
    edges = page.slider[0]
    edges.set_value((45, 85)).run()
    assert house.controls.policy.thresholds == Thresholds()
    assert "Below 45" in words(page)
    press(page, "save_policy")
    assert house.controls.policy.thresholds == Thresholds(45, 85)
    assert page.button(key="save_policy").disabled


def test_all_that_was_moved_is_saved_together(open_page: Open, house: House) -> None:
    page = open_page(CONTROLS, "adam")
    page.slider[1].set_value(70)
    page.slider[2].set_value(40)
    page.radio[0].set_value(BlindMode.SAMPLED).run()
    page.slider[3].set_value(35).run()
    press(page, "save_policy")
    kept = house.controls.policy
    assert (kept.sure_from, kept.readable_from) == (0.7, 0.4)
    assert (kept.blinding.mode, kept.blinding.share) == (BlindMode.SAMPLED, 0.35)


def test_what_could_not_be_saved_is_told(open_page: Open, house: House) -> None:
    house.twin.state = "failing"
    page = open_page(CONTROLS, "adam")
    page.slider[0].set_value((45, 85)).run()
    press(page, "save_policy")
    assert "try again" in words(page)
    assert house.controls.policy.thresholds == Thresholds()


def test_the_zones_cover_the_whole_scale_and_name_only_where_there_is_room() -> None:
    zones = zones_of(Thresholds(5, 95))
    assert list(zones["from"]) == [0, 5, 95]
    assert list(zones["to"]) == [5, 95, 100]
    assert list(zones["name"]) == ["", "Review", ""]
    assert list(zones["range"]) == ["below 5", "5 to 95", "above 95"]
