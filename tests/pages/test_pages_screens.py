"""What each screen says when it is full, empty or failing."""

import json

import pytest

from tests.pages.conftest import Open, words
from tests.twins import people
from tests.twins.app import TwinApp

ROSA = [
    ("review/requisitions.py", {}),
    ("review/pipeline.py", {"req": "1017"}),
    ("review/application.py", {"app": "20001"}),
    ("review/criteria.py", {"req": "1017"}),
    ("review/approvals.py", {}),
    ("account/password.py", {}),
]
OTHERS = [("oversight/audit_log.py", "carla"), ("admin/connection.py", "adam")]


@pytest.mark.parametrize("state", ["full", "failing"])
@pytest.mark.parametrize(("script", "address"), ROSA)
def test_a_recruiters_screens_draw(
    open_page: Open, twin: TwinApp, state: str, script: str, address: dict[str, str]
) -> None:
    twin.state = state
    assert not open_page(script, **address).exception


@pytest.mark.parametrize("state", ["full", "empty", "failing"])
@pytest.mark.parametrize(("script", "who"), OTHERS)
def test_the_screens_of_other_roles_draw(
    open_page: Open, twin: TwinApp, state: str, script: str, who: str
) -> None:
    twin.state = state
    assert not open_page(script, who).exception


@pytest.mark.parametrize(
    ("script", "who"),
    [
        ("review/requisitions.py", "carla"),
        ("review/approvals.py", "henry"),
        ("oversight/audit_log.py", "rosa"),
        ("admin/connection.py", "rosa"),
        ("review/application.py", "adam"),
    ],
)
def test_a_page_of_another_role_says_so_and_nothing_else(
    open_page: Open, script: str, who: str
) -> None:
    page = open_page(script, who, req="1017", app="20001")
    assert words(page) == "This page is not part of your role."


def test_an_empty_house_says_what_to_do(open_page: Open, twin: TwinApp) -> None:
    twin.state = "empty"
    assert "No jobs name you yet" in words(open_page("review/requisitions.py"))
    assert "No applications yet" in words(open_page("review/pipeline.py", req="1017"))
    assert "Nothing waits for you" in words(open_page("review/approvals.py"))
    assert "Nothing recorded yet" in words(open_page("oversight/audit_log.py", "carla"))


def test_every_application_is_in_the_table_in_the_order_given(open_page: Open) -> None:
    table = open_page("review/pipeline.py", req="1017").dataframe[0].value
    rows = people.rows()
    assert len(table) == len(rows)
    assert table["Candidate"][0] == "Maria Alvarez"
    scores = [row.score.value if row.score else None for row in rows]
    assert table["Score"].astype(object).where(table["Score"].notna(), None).tolist() == scores


def test_what_could_not_be_graded_has_no_score_and_a_reason(open_page: Open) -> None:
    page = open_page("review/pipeline.py", req="1017")
    table = page.dataframe[0].value
    assert "Read it: The file is a scan and no text could be read." in set(table["Suggestion"])
    assert table["Score"].isna().sum() == 4
    assert set(table[table["Must-haves"] == "–"]["Score"].isna()) == {True}


def test_the_age_of_the_data_is_shown(open_page: Open) -> None:
    assert "iCIMS data 4 minutes old" in words(open_page("review/pipeline.py", req="1017"))


def test_a_lost_connection_is_told_and_the_last_state_shown(open_page: Open, twin: TwinApp) -> None:
    twin.state = "failing"
    page = open_page("review/pipeline.py", req="1017")
    assert "iCIMS did not answer at 09" in words(page)
    assert len(page.dataframe[0].value) == len(people.rows())


def test_scoring_starts_after_a_second_look_and_shows_progress(
    open_page: Open, twin: TwinApp
) -> None:
    page = open_page("review/pipeline.py", req="1017")
    page.button(key="start_scoring").click().run()
    assert not page.exception
    assert twin.scoring is not None
    assert page.button(key="stop")


def test_a_hiring_manager_sees_but_cannot_score(open_page: Open) -> None:
    page = open_page("review/pipeline.py", "henry", req="1017")
    keys = {button.key for button in page.button}
    assert "refresh" in keys
    assert "start_scoring" not in keys


def test_a_hiring_manager_reads_the_criteria_and_cannot_change_them(open_page: Open) -> None:
    page = open_page("review/criteria.py", "henry", req="1017")
    assert not page.exception
    assert "The recruiters of this job write them" in words(page)
    assert not {button.key for button in page.button} & {"save", "freeze"}
    assert page.dataframe


def test_a_hiring_manager_is_shown_no_decision_that_is_not_theirs(open_page: Open) -> None:
    page = open_page("review/requisitions.py", "henry")
    tiles = json.loads(
        next(p.proto.json for p in page.get("bidi_component") if "tiles" in p.proto.component_name)
    )["tiles"]
    assert {tile["id"] for tile in tiles} == {"unseen", "trouble"}
    assert "waiting" not in words(page)
    page = open_page("review/application.py", "henry", app="20001")
    assert "The recruiters of this job decide on it" in words(page)
    keys = {button.key for button in page.button if button.key}
    assert not {key for key in keys if key.startswith(("approve", "refuse", "again", "change"))}


def test_a_need_that_is_not_theirs_narrows_nothing(open_page: Open) -> None:
    page = open_page("review/requisitions.py", "henry", need="decide")
    assert "No job fits" not in words(page)


@pytest.mark.parametrize(
    ("script", "asked"),
    [
        ("review/application.py", {"app": "9" * 300}),
        ("review/pipeline.py", {"req": "9" * 300}),
        ("review/criteria.py", {"req": "9" * 300}),
        ("review/compare.py", {"apps": f"20001,{'9' * 300}"}),
    ],
)
def test_an_address_of_nothing_says_why_and_leads_back(
    open_app: Open, script: str, asked: dict[str, str]
) -> None:
    page = open_app(script, **asked)
    assert "was not found" in words(page)
    assert f"“{'9' * 40}…”" in words(page)
    assert "9" * 41 not in words(page)
    page.button(key="to_jobs").click().run()
    assert "Requisitions" in [title.value for title in page.title]


def test_refreshing_asks_for_this_job_only(open_page: Open, twin: TwinApp) -> None:
    open_page("review/pipeline.py", req="1017").button(key="refresh").click().run()
    assert twin.calls == ["refresh 1017"]


def test_searching_shows_who_matches_and_says_that_nobody_is_gone(open_page: Open) -> None:
    page = open_page("review/pipeline.py", req="1017")
    page.text_input(key="find").set_value("novak").run()
    assert list(page.dataframe[0].value["Candidate"]) == ["Peter Novak"]
    assert "1 of 24 shown" in words(page)


def test_an_unknown_application_is_told_in_words(open_app: Open) -> None:
    page = open_app("review/application.py", app="99999")
    assert not page.exception
    assert "This application was not found" in words(page)


def test_approving_keeps_the_hash_of_what_was_shown(open_page: Open, twin: TwinApp) -> None:
    page = open_page("review/application.py", app="20001")
    page.button(key="approve-p0").click().run()
    assert not page.exception
    assert [view.approved_by for view in twin.decided.values()] == ["Rosa Field"]
    assert page.button(key="undo-p0").label.startswith("Undo (")


def test_a_proposal_that_changed_after_it_was_drawn_is_not_approved(
    open_page: Open, twin: TwinApp
) -> None:
    page = open_page("review/application.py", app="20001")
    twin.shift_scores = 5
    page.button(key="approve-p0").click().run()
    assert not twin.decided
    assert "changed since you were shown it" in words(page)


def test_undoing_takes_the_approval_back(open_page: Open, twin: TwinApp) -> None:
    page = open_page("review/application.py", app="20001")
    page.button(key="approve-p0").click().run()
    page.button(key="undo-p0").click().run()
    page.run()
    assert not twin.decided
    assert not page.exception


def test_the_log_verifies_in_words(open_page: Open, twin: TwinApp) -> None:
    page = open_page("oversight/audit_log.py", "carla")
    verify = next(b for b in page.button if b.label == "Verify the log")
    verify.click().run()
    assert "8 rows checked" in words(page)
    twin.state = "failing"
    next(b for b in page.button if b.label == "Verify the log").click().run()
    assert "row 5 was altered" in words(page)


def test_a_change_of_password_needs_the_same_words_twice(open_page: Open) -> None:
    page = open_page("account/password.py")
    old, new, again = page.text_input
    old.set_value("whatever")
    new.set_value("one long sentence")
    again.set_value("another sentence")
    page.button[0].click().run()
    assert "differ" in words(page)


def test_signing_out_ends_the_session_on_the_server(open_page: Open, twin: TwinApp) -> None:
    page = open_page("account/sign_out.py")
    assert not page.exception
    assert [title.value for title in page.title] == ["Recruiter copilot"]
