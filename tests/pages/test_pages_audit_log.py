"""How a reviewer asks the log."""

import pytest

from core.services.wording import ACTIONS
from core.ui.components.oversight.audit_head import FAMILIES, subject
from tests.pages.conftest import Open, words


@pytest.mark.parametrize("beginning", [b for b in FAMILIES.values() if b])
def test_every_kind_of_event_offered_is_one_that_happens(beginning: str) -> None:
    assert [action for action in ACTIONS if action.startswith(beginning)]


@pytest.mark.parametrize("number", ["20417", " 20417 ", "application:20417"])
def test_a_record_is_named_as_the_log_does(number: str) -> None:
    assert subject("application", number) == "application:20417"


@pytest.mark.parametrize(("kind", "number"), [("", "20417"), ("application", " ")])
def test_without_a_kind_or_a_number_every_record_is_meant(kind: str, number: str) -> None:
    assert subject(kind, number) == ""


def test_people_are_offered_by_name_and_only_those_in_the_log(open_page: Open) -> None:
    who = open_page("oversight/audit_log.py", "carla").selectbox(key="by")
    assert who.options == [
        "Anybody",
        "Built-in assessor, version 6 (built-in-6 words-2.7 minilm-l6-v2-int8-afdb6f1a)",
        "Carla Stone (carla)",
        "Copilot (writing)",
        "Rosa Field (rosa)",
    ]


def test_what_is_asked_by_whom_reaches_the_log(open_page: Open) -> None:
    page = open_page("oversight/audit_log.py", "carla")
    page.selectbox(key="by").set_value("Rosa Field (rosa)").run()
    assert set(page.dataframe[0].value["Who"]) == {"Rosa Field"}


def test_an_address_may_name_who_is_meant(open_page: Open) -> None:
    page = open_page("oversight/audit_log.py", "carla", by="Rosa Field (rosa)")
    assert set(page.dataframe[0].value["Who"]) == {"Rosa Field"}
    page = open_page("oversight/audit_log.py", "carla", by="Somebody else")
    assert page.selectbox(key="by").value == "Anybody"


def test_a_number_can_be_given_once_it_is_said_of_what(open_page: Open) -> None:
    page = open_page("oversight/audit_log.py", "carla")
    assert page.text_input(key="number").disabled
    page.selectbox(key="kind").set_value("A requisition").run()
    assert not page.text_input(key="number").disabled


def test_the_log_says_how_many_events_there_are(open_page: Open) -> None:
    assert "8 events in the log · 8 on this page" in words(
        open_page("oversight/audit_log.py", "carla")
    )


def test_a_question_that_nothing_fits_does_not_say_that_the_log_is_empty(open_page: Open) -> None:
    page = open_page("oversight/audit_log.py", "carla")
    page.selectbox(key="by").set_value("Copilot (writing)").run()
    assert page.dataframe[0].value["What"].tolist() == ["Written to iCIMS"]
    page = open_page("oversight/audit_log.py", "carla", kind="A requisition", number="9")
    assert "Nothing fits" in words(page)
    assert "Nothing recorded yet" not in words(page)
