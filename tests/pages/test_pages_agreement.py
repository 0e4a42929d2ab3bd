"""Beside the criteria: where people saw it differently, asked for, never acted on."""

from tests.pages.conftest import Open, words
from tests.twins.app import TwinApp

CRITERIA = {"req": "1017"}


def test_the_report_is_read_only_when_asked_for(open_page: Open) -> None:
    page = open_page("review/criteria.py", **CRITERIA)
    assert "People looked at" not in words(page)


def test_it_says_what_changed_what_might_be_done_and_that_nothing_happens_by_itself(
    open_page: Open,
) -> None:
    page = open_page("review/criteria.py", **CRITERIA)
    page.session_state["agreement"] = True
    page.run()
    said = words(page)
    assert "14 scored applications" in said
    assert "This changes nothing by itself" in said
    assert "Ventilator care**: Words may be missing. In 5 of 14" in said
    assert "Registered nurse licence**: It tells nobody apart" in said


def test_an_empty_house_says_when_to_come_back(twin: TwinApp, open_page: Open) -> None:
    twin.state = "empty"
    page = open_page("review/criteria.py", **CRITERIA)
    page.session_state["agreement"] = True
    page.run()
    assert "Nobody has looked at a scored application yet" in words(page)
