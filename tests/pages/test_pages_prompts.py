"""What the screen of instructions to AI models says and does."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.assist.screening import first_prompt
from core.domain.evaluation import Gate, GateResult
from core.domain.trials import ResumeChange, Turn
from core.ui.components.oversight.difference import difference_rows
from core.ui.components.oversight.gates import GATE, bar_frame, figure
from core.ui.components.oversight.prompts import SCREENING
from core.ui.components.oversight.trial_result import TURN, resume_frame
from tests.pages.conftest import Open, words
from tests.twins import people
from tests.twins.app import PASSWORD, TwinApp

PAGE = "oversight/prompts.py"


def press(page: AppTest, key: str) -> AppTest:
    return page.button(key=key).click().run()


def buttons(page: AppTest) -> set[str]:
    return {str(button.key) for button in page.button}


def window(twin: TwinApp, call: str) -> AppTest:
    """Draw a dialog by itself: AppTest closes one that a button opened at the next click."""
    source = f"""
from core.domain.actor import Role
from core.ui.access import the_app
from core.ui.components.oversight import prompt_dialogs
from core.ui.guard import guard
actor = guard(Role.ADMIN)
view = the_app().prompts.view(actor, "screening")
line = view.versions[0]
{call}
"""
    page = AppTest.from_string(source, default_timeout=30)
    page.session_state["copilot_session"] = twin.sign_in.verify("adam", PASSWORD, "").session.id
    return page.run()


WRITE = "prompt_dialogs.write(actor, view, line)"
ASK = "prompt_dialogs.ask(actor, view, line.prompt.version)"
BACK = "prompt_dialogs.go_back(actor, view)"


@pytest.mark.parametrize("who", ["adam", "carla"])
@pytest.mark.parametrize("state", ["full", "empty", "failing"])
def test_every_state_draws_for_administrators_and_compliance(
    open_page: Open, twin: TwinApp, state: str, who: str
) -> None:
    twin.state = state
    page = open_page(PAGE, who)
    assert not page.exception
    assert "Instructions to AI models" in words(page)


@pytest.mark.parametrize("version", ["1", "2", "3", "4", "5"])
def test_every_version_draws_with_its_check_and_what_changed(open_page: Open, version: str) -> None:
    page = open_page(PAGE, "adam", version=version)
    assert not page.exception
    assert f"Version {version}" in [head.value for head in page.subheader]


@pytest.mark.parametrize("who", ["rosa", "henry"])
def test_who_reviews_applications_is_shown_nothing(open_page: Open, who: str) -> None:
    page = open_page(PAGE, who)
    assert words(page) == "This page is not part of your role."
    assert not page.radio


def test_compliance_reads_and_is_offered_no_change(open_page: Open) -> None:
    page = open_page(PAGE, "carla")
    assert "waits for a second person" in words(page)
    assert not buttons(page)


def test_no_candidate_is_on_the_screen(open_page: Open) -> None:
    shown = words(open_page(PAGE, "adam"))
    assert not [row.name for row in people.rows() if row.name in shown]


def test_the_version_that_waits_for_a_second_person_is_shown_first(open_page: Open) -> None:
    page = open_page(PAGE, "adam")
    assert page.radio(key="prompt_version").value == "3"
    assert "Ines Wolf asked on" in words(page)


def test_a_second_person_puts_a_version_into_production(open_page: Open, twin: TwinApp) -> None:
    page = press(open_page(PAGE, "adam"), "confirm-3")
    assert "follows **version 3**" in words(page)
    assert "waits for a second person" not in words(page)
    actor = twin.sign_in.resume(twin.sign_in.verify("adam", PASSWORD, "").session.id)
    assert twin.prompts.view(actor, SCREENING).production.prompt.version == "3"


def test_a_second_person_declines(open_page: Open) -> None:
    page = press(open_page(PAGE, "adam"), "decline-3")
    assert "waits for a second person" not in words(page)
    assert "follows **version 2**" in words(page)


def test_a_check_that_ended_badly_names_gates_and_cases(open_page: Open) -> None:
    page = open_page(PAGE, "adam", version="4")
    assert any("4 gates of 8 not passed" in str(box.proto) for box in page.warning)
    (failures, *_) = page.dataframe
    assert "6 points with the name “Mehmet Yılmaz”" in list(failures.value["What happened"])
    assert page.button(key="ask_open").disabled


def test_a_check_under_way_shows_how_far_and_can_be_stopped(open_page: Open) -> None:
    page = open_page(PAGE, "adam", version="5")
    assert page.button(key="check-5").disabled
    page = press(page, "stop_check")
    assert "was stopped on" in words(page)


def test_a_check_is_begun_by_a_click(open_page: Open) -> None:
    page = press(open_page(PAGE, "adam", version="1"), "check-1")
    assert "stop_check" in buttons(page)


def test_without_a_model_it_says_what_still_works(open_page: Open, twin: TwinApp) -> None:
    twin.state = "failing"
    page = open_page(PAGE, "adam", version="5")
    assert "Scoring goes on with the built-in assessor" in words(page)
    assert page.button(key="check-5").disabled
    assert not page.button(key="write_open").disabled


def test_with_nothing_but_the_first_version_it_says_how_to_begin(
    open_page: Open, twin: TwinApp
) -> None:
    twin.state = "empty"
    shown = words(open_page(PAGE, "adam"))
    assert "Not checked yet" in shown
    assert "There is only one version so far." in shown


def test_a_hostile_reason_is_plain_text(open_page: Open) -> None:
    page = open_page(PAGE, "adam")
    captions = "".join(page.radio(key="prompt_version").proto.captions)
    assert "\\<b\\>ticket 482\\<\\/b\\>" in captions


def test_a_version_is_written_from_another_and_refused_in_words(twin: TwinApp) -> None:
    page = window(twin, WRITE)
    text = page.text_area(key="prompt_text_5")
    text.set_value(str(text.value).replace("{{criteria}}", "")).run()
    page.text_input(key="prompt_note").set_value("Shorter").run()
    page = press(page, "prompt_save")
    assert "exactly once" in words(page)


def test_a_version_that_was_written_is_there(twin: TwinApp) -> None:
    page = window(twin, WRITE)
    text = page.text_area(key="prompt_text_5")
    text.set_value(f"{text.value}\nBe brief.").run()
    page.text_input(key="prompt_note").set_value("Shorter").run()
    assert not press(page, "prompt_save").exception
    actor = twin.sign_in.resume(twin.sign_in.verify("adam", PASSWORD, "").session.id)
    newest = twin.prompts.view(actor, SCREENING).versions[0]
    assert (newest.prompt.version, newest.note, newest.who) == ("6", "Shorter", "Adam Brook")


def test_asking_needs_a_check_and_says_so(twin: TwinApp) -> None:
    page = window(twin, ASK)
    page.text_area(key="ask_reason").set_value("Faster").run()
    assert "Check this version first" in words(press(page, "ask_now"))


def test_production_goes_back_with_a_reason(twin: TwinApp) -> None:
    page = window(twin, BACK)
    assert "why" in words(press(page, "back_now"))
    page.text_area(key="back_reason").set_value("Scores fell").run()
    press(page, "back_now")
    actor = twin.sign_in.resume(twin.sign_in.verify("adam", PASSWORD, "").session.id)
    assert twin.prompts.view(actor, SCREENING).production.prompt.version == "1"


# --- Try on a sample ---------------------------------------------------------------------------


def test_a_trial_that_ended_shows_figures_and_no_candidate(open_page: Open) -> None:
    page = open_page(PAGE, "adam", version="3")
    figures = {metric.label: metric.value for metric in page.metric}
    assert figures["Resumes"] == "10"
    assert figures["Mean change of the score"] == "+0.9"
    assert figures["Tokens"] == "38,352"
    shown = words(page)
    assert "the scores as they are were made by" in shown.casefold()
    assert not [row.name for row in people.rows() if row.name in shown]
    assert not [row.application_id for row in people.rows() if row.application_id in shown]


def test_a_trial_under_way_shows_how_far_and_can_be_stopped(open_page: Open) -> None:
    page = press(open_page(PAGE, "adam", version="5"), "stop_trial")
    assert "The trial on" in words(page)
    assert "stop_trial" not in buttons(page)


def test_a_trial_is_begun_on_a_job_chosen_by_title(open_page: Open) -> None:
    page = open_page(PAGE, "adam", version="4")
    assert page.button(key="try-4").disabled
    job = page.selectbox(key="trial_job_4")
    assert "Warehouse shift lead (1030), 86 scored" in job.options
    page = press(job.select("1030").run(), "try-4")
    assert "stop_trial" in buttons(page)


def test_compliance_sees_what_a_trial_found_and_begins_none(open_page: Open) -> None:
    page = open_page(PAGE, "carla", version="3")
    assert [metric.value for metric in page.metric if metric.label == "Resumes"] == ["10"]
    assert not [key for key in buttons(page) if key.startswith("try-")]


def test_the_version_in_production_is_not_tried(open_page: Open) -> None:
    page = open_page(PAGE, "adam", version="2")
    assert "In production already" in words(page)
    assert "try-2" not in buttons(page)


def test_where_nothing_is_scored_it_says_what_a_sample_needs(
    open_page: Open, twin: TwinApp
) -> None:
    twin.state = "empty"
    actor = twin.sign_in.resume(twin.sign_in.verify("adam", PASSWORD, "").session.id)
    version = twin.prompts.write(
        actor, SCREENING, f"{first_prompt().prompt.text}\nBe brief.", "Shorter"
    )
    shown = words(open_page(PAGE, "adam", version=version))
    assert "No job has enough scored resumes" in shown


def test_a_trial_that_broke_says_why_and_what_goes_on(open_page: Open, twin: TwinApp) -> None:
    twin.state = "failing"
    page = open_page(PAGE, "adam", version="5")
    assert any("The trial could not be finished" in str(box.proto) for box in page.error)
    assert "try-5" not in buttons(page)


def test_every_way_in_which_a_verdict_changes_has_words() -> None:
    assert set(TURN) == set(Turn)


def test_a_resume_says_in_words_what_would_change() -> None:
    line = ResumeChange(before=61, after=48, assessor="a", turns={Turn.LESS: 1})
    lines = [line, replace(line, after=61, turns={}), replace(line, after=None)]
    assert list(resume_frame(lines)["words"]) == [
        "61 → 48 (−13); 1 × less credit", "61, the same",
        "61 → could not be graded; 1 × less credit",
    ]  # fmt: skip


# --- What is drawn -----------------------------------------------------------------------------


def test_every_gate_has_words() -> None:
    assert set(GATE) == set(Gate)


def test_a_figure_says_in_words_whether_it_passed() -> None:
    share = GateResult(Gate.AGREEMENT, 0.81, 0.9, 21)
    points = GateResult(Gate.NAMES, 0.0, 0.0, 24)
    assert (figure(share), figure(points)) == ("✕ 81% of 90% needed", "✓ 0, 0 allowed")
    assert figure(replace(points, tried=0)) == "✕ nothing could be tried"


def test_a_bar_never_leaves_its_picture() -> None:
    frame = bar_frame([GateResult(Gate.NAMES, 87.0, 0.0, 24)])
    assert list(frame["bar"]) == [1.0]
    assert "87" in frame["words"][0]


OLD = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n"


def test_a_difference_pairs_the_lines_that_changed_and_marks_their_words() -> None:
    rows = difference_rows("Judge the resume.\n", "Judge the whole resume.\n")
    ((before, after),) = rows
    assert before is not None
    assert after is not None
    assert (before["kind"], after["kind"]) == ("gone", "come")
    assert [piece["t"] for piece in after["pieces"] if piece["d"]] == ["whole "] or [
        piece["t"] for piece in after["pieces"] if piece["d"]
    ] == ["whole"]


def test_lines_far_from_a_change_become_one_gap() -> None:
    rows = difference_rows(OLD, OLD.replace("eight", "8"))
    kinds = [after["kind"] for _, after in rows if after]
    assert kinds == ["gap", "same", "same", "come"]
    assert rows[0][0] == {"kind": "gap", "n": 5, "pieces": []}


def test_the_lines_of_a_difference_are_those_of_the_new_text() -> None:
    new = OLD.replace("four\n", "").replace("six", "six and a half")
    told = [
        "".join(p["t"] for p in after["pieces"]) for _, after in difference_rows(OLD, new) if after
    ]
    shown = [line for line in told if line]
    assert set(shown) <= set(new.splitlines())
    assert "four" not in shown


def test_the_same_text_twice_is_one_gap() -> None:
    assert [after["kind"] for _, after in difference_rows(OLD, OLD) if after] == ["gap"]
