"""The rules of the application screen: what it shows of a score, to whom, and what keys do."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from streamlit.elements.lib.shortcut_utils import normalize_shortcut
from streamlit.testing.v1 import AppTest

from core.domain.actor import Actor
from core.domain.ids import ApplicationId
from core.domain.judgement import Hidden
from core.domain.views import ApplicationView, OverrideLine, PageView, TrailLine
from core.errors import DocumentRefused
from core.ui.access import provide
from core.ui.components.application.profile_facts import compared, frame
from core.ui.components.application.reader import reading, sheet
from core.ui.components.application.score_panel import panel
from core.ui.components.application.timeline import days, happenings
from core.ui.components.arming import REST
from core.ui.components.keys import KEYS
from tests.pages.conftest import ROOT, Open, words
from tests.twins import people
from tests.twins.app import PASSWORD, TwinApp, _Review

SCRIPT = "review/application.py"
MARIA, THOMAS = ApplicationId("20001"), ApplicationId("20003")


def drawn(page: AppTest, component: str) -> dict[str, Any] | None:
    """Give the data that one of our own components was sent, None where it is not drawn."""
    for part in page.get("bidi_component"):
        if part.proto.component_name == f"recruiter_copilot.{component}":
            return dict(json.loads(part.proto.json))
    return None


def keys(page: AppTest) -> set[str]:
    return {button.proto.shortcut for button in page.button} - {""}


def view_of(number: int) -> ApplicationView:
    return people.application(people.rows()[number])


# --- The score ---------------------------------------------------------------------------------


def test_the_score_stands_with_its_band_and_its_must_haves(open_page: Open) -> None:
    shown = drawn(open_page(SCRIPT, app=MARIA), "score_panel")
    assert shown is not None
    assert shown["score"]["words"] == "95 ± 6"
    assert (shown["met"], shown["required"]) == (4, 4)


def test_a_score_that_people_changed_stands_beside_the_copilots() -> None:
    shown = panel(view_of(2))
    assert (shown["score"]["words"], shown["before"]["words"]) == ("88 ± 8", "84 ± 2")


def test_a_changed_verdict_shows_both_and_who_and_why() -> None:
    changed = [v for v in reading(view_of(2))["verdicts"] if "before" in v]
    assert [v["label"] for v in changed] == ["Night shifts"]
    assert changed[0]["before"] == {
        "sign": "◐",
        "word": "Partly",
        "who": "Rosa Field",
        "why": "the candidate told us",
    }


def test_a_verdict_taken_back_shows_the_assessors_only() -> None:
    view = view_of(2)
    view = replace(view, overrides=tuple(replace(o, in_force=False) for o in view.overrides))
    assert not [v for v in reading(view)["verdicts"] if "before" in v]


def test_only_who_may_decide_is_offered_to_change_verdicts(open_page: Open) -> None:
    manager = open_page(SCRIPT, "henry", app=MARIA)
    shown = drawn(manager, "reader")
    assert shown is not None
    assert shown["may_change"] is False
    assert not {button.key for button in manager.button} & {"change", "again"}


# --- The reader's own view ---------------------------------------------------------------------


def test_before_the_own_view_nothing_tells_of_a_score(open_page: Open, twin: TwinApp) -> None:
    twin.blind = {MARIA}
    page = open_page(SCRIPT, app=MARIA)
    assert not page.exception
    assert "Your view first" in words(page)
    assert drawn(page, "score_panel") is None
    shown = drawn(page, "reader")
    assert shown is not None
    assert (shown["verdicts"], shown["total"]) == ([], "")
    assert not [piece for piece in shown["document"]["own"] if piece["c"]]
    assert "95" not in words(page)
    assert not [b for b in page.button if str(b.key).startswith(("approve", "refuse", "change"))]


def test_a_view_that_opens_the_score_keeps_the_way_on_while_the_person_stays_open(
    open_page: Open, twin: TwinApp
) -> None:
    twin.blind = {MARIA}
    kept = f"in place {MARIA}"
    page = open_page(SCRIPT, app=MARIA)
    assert kept not in twin.calls
    twin.clock.ahead += REST
    page.button(key="view-advance").click().run()
    assert twin.calls.count(kept) == 1
    page.run()
    assert twin.calls.count(kept) == 2
    for another in (THOMAS, MARIA):
        page.query_params["app"] = another
        page.run()
    twin.clock.ahead += REST
    page.button(key="view-unsure").click().run()
    assert twin.calls.count(kept) == 2


def test_after_the_own_view_everything_appears_beside_it(open_page: Open, twin: TwinApp) -> None:
    twin.blind = {MARIA}
    page = open_page(SCRIPT, app=MARIA)
    page.text_input(key=f"note-{MARIA}").set_value("Nights are fine")
    page.button(key="view-advance").click().run()
    assert f"view {MARIA} advance" in twin.calls
    assert drawn(page, "score_panel") is not None
    said = "You said: Put forward. The score suggests: consider a screening call."
    assert said in words(page)
    assert page.text_input(key=f"note-{MARIA}").value == ""


def test_where_scoring_is_stopped_the_document_can_be_read(twin: TwinApp, open_page: Open) -> None:
    class Stopped(TwinApp):
        def rows(self) -> Any:
            return tuple(replace(people.masked(r), hidden=Hidden.STOPPED) for r in people.rows())

    provide(stopped := Stopped())
    stopped.sign_in = twin.sign_in
    page = open_page(SCRIPT, app=MARIA)
    assert "The resume can be read as ever" in "\n".join(str(i.value) for i in page.info)
    assert drawn(page, "reader") is not None
    assert drawn(page, "score_panel") is None


def test_what_was_begun_about_a_verdict_waits_until_it_is_sent(
    open_page: Open, twin: TwinApp
) -> None:
    page = open_page(SCRIPT, app=MARIA)
    page.button(key="change").click().run()
    chosen = page.selectbox(key=f"change-{MARIA}")
    first, other = chosen.value, chosen.options[1]
    field = f"said-{MARIA}-{first}-0"
    page.text_area(key=field).set_value("She said so on the phone").run()
    page.selectbox(key=f"change-{MARIA}").select(other).run()
    assert not [area for area in page.text_area if area.key == field]
    page.selectbox(key=f"change-{MARIA}").select_index(0).run()
    assert page.text_area(key=field).value == "She said so on the phone"
    page.session_state["copilot_window"] = None
    page.run()
    page.button(key="change").click().run()
    assert page.text_area(key=field).value == "She said so on the phone"


# --- Moving on ---------------------------------------------------------------------------------


def test_next_walks_the_people_the_pipeline_was_narrowed_to(open_page: Open) -> None:
    page = open_page(SCRIPT, app=MARIA, stage="Recruiter review")
    assert "1 of 8 as filtered" in words(page)
    page.button(key="next").click().run()
    assert page.query_params["app"] == "20004"
    assert page.query_params["stage"] == "Recruiter review"
    assert "Aisha Rahman" in words(page)


def test_the_page_stays_after_a_decision_unless_asked_to_go_on(open_page: Open) -> None:
    page = open_page(SCRIPT, app=MARIA)
    page.button(key="view-unsure").click().run()
    assert page.query_params["app"] == MARIA
    page.toggle(key="copilot_go_on").set_value(True).run()
    page.button(key="view-advance").click().run()
    assert page.query_params["app"] == "20002"


def test_leafing_past_people_is_no_look(open_page: Open, twin: TwinApp) -> None:
    page = open_page(SCRIPT, app=MARIA)
    for _ in range(3):
        page.button(key="next").click().run()
    assert not [call for call in twin.calls if call.startswith("opened")]
    assert "Counts as looked at after 3 seconds" in words(page)


def test_a_view_is_a_look_and_comes_after_it(open_page: Open, twin: TwinApp) -> None:
    open_page(SCRIPT, app=MARIA).button(key="view-unsure").click().run()
    assert twin.calls[:2] == [f"opened {MARIA}", f"view {MARIA} unsure"]


def test_a_decision_beside_the_evidence_is_a_look_and_one_in_the_tray_is_none(
    open_page: Open, twin: TwinApp
) -> None:
    open_page("review/approvals.py").button(key="approve-p6").click().run()
    assert not twin.calls
    open_page(SCRIPT, app=MARIA).button(key="approve-p0").click().run()
    assert twin.calls == [f"opened {MARIA}"]


def test_a_second_click_leaves_no_view_of_who_took_the_place(
    open_page: Open, twin: TwinApp
) -> None:
    page = open_page(SCRIPT, app=MARIA)
    page.toggle(key="copilot_go_on").set_value(True).run()
    page.button(key="view-advance").click().run()
    assert page.query_params["app"] == "20002"
    page.button(key="view-advance").click().run()
    assert page.query_params["app"] == "20002"
    assert [t.value for t in page.toast] == [
        "That was very quick: your view was not kept. Press again."
    ]
    twin.clock.ahead += REST
    page.button(key="view-advance").click().run()
    assert twin.own_views.keys() == {MARIA, "20002"}


def test_a_note_waits_for_its_person_until_it_is_sent(open_page: Open, twin: TwinApp) -> None:
    page = open_page(SCRIPT, app=MARIA)
    page.text_input(key=f"note-{MARIA}").set_value("Nights are fine").run()
    page.button(key="next").click().run()
    page.button(key="previous").click().run()
    assert page.text_input(key=f"note-{MARIA}").value == "Nights are fine"
    twin.clock.ahead += REST
    page.button(key="view-advance").click().run()
    assert page.text_input(key=f"note-{MARIA}").value == ""


def test_scoring_again_is_asked_for_one_person(open_page: Open, twin: TwinApp) -> None:
    open_page(SCRIPT, app=MARIA).button(key="again").click().run()
    assert f"regrade {MARIA}" in twin.calls


# --- Keys --------------------------------------------------------------------------------------


def test_buttons_and_the_list_of_keys_agree(open_page: Open) -> None:
    page = open_page(SCRIPT, app=MARIA)
    found = keys(page)
    page.button(key="approve-p0").click().run()
    assert found | keys(page) == {normalize_shortcut(one.shortcut) for one in KEYS.values()}


def test_no_key_serves_two_actions() -> None:
    taken = [normalize_shortcut(one.shortcut) for one in KEYS.values()]
    assert len(set(taken)) == len(taken)


def test_no_key_works_while_somebody_types() -> None:
    through = {"ctrl", "cmd", "alt", "mod"}
    for one in KEYS.values():
        assert not through & set(normalize_shortcut(one.shortcut).split("+"))


def test_keys_rest_while_a_window_is_open(open_page: Open) -> None:
    page = open_page(SCRIPT, app=MARIA)
    page.button(key="keys").click().run()
    assert not keys(page)


def test_a_window_left_open_elsewhere_takes_no_keys_away(open_page: Open) -> None:
    page = open_page(SCRIPT, app=MARIA)
    page.button(key="change").click().run()
    page.query_params["app"] = THOMAS
    page.run()
    assert "j" in keys(page)


# --- The original page -------------------------------------------------------------------------


class _Torn(TwinApp):
    """No page can be drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.review = _NoPages(self)


class _NoPages(_Review):
    def page(self, actor: Actor, application_id: ApplicationId, number: int) -> PageView:
        raise DocumentRefused("The original page could not be drawn. The text is complete.")


def test_original_pages_are_asked_for_only_when_wanted(open_page: Open) -> None:
    page = open_page(SCRIPT, app=MARIA)
    shown = drawn(page, "reader")
    assert shown is not None
    assert shown["page"] is None
    page.button(key="original").click().run()
    shown = drawn(page, "reader")
    assert shown is not None
    assert (shown["mode"], shown["page"]["number"], shown["page"]["count"]) == ("page", 1, 2)


def test_how_resumes_are_read_is_kept_for_the_next_person(open_page: Open) -> None:
    page = open_page(SCRIPT, app=MARIA)
    page.button(key="original").click().run()
    page.button(key="next").click().run()
    shown = drawn(page, "reader")
    assert shown is not None
    assert shown["mode"] == "page"


def test_without_the_original_page_the_text_stays() -> None:
    torn = _Torn()
    provide(torn)
    page = AppTest.from_file(str(ROOT / "pages" / SCRIPT), default_timeout=30)
    page.session_state["copilot_session"] = torn.sign_in.verify("rosa", PASSWORD, "").session.id
    page.session_state["copilot_reader_mode"] = "page"
    page.query_params["app"] = MARIA
    page.run()
    shown = drawn(page, "reader")
    assert shown is not None
    assert shown["page"] == {
        "problem": "The original page could not be drawn. The text is complete."
    }
    assert "".join(piece["t"] for piece in shown["document"]["own"]) == people.RESUME


def test_marks_of_a_page_stand_in_shares_of_it() -> None:
    page = TwinApp().review.page(Actor, MARIA, 1)  # type: ignore[arg-type]  # nobody in particular
    boxes = [mark["box"] for mark in sheet(page)["marks"]]
    assert boxes
    assert all(0 <= side <= 1 for box in boxes for side in box)


# --- What lies behind --------------------------------------------------------------------------


def test_what_differs_between_profile_and_resume_comes_first_with_a_sign() -> None:
    table = frame(people.FACTS)
    differing = [line for line in people.FACTS if line.differs]
    assert list(table["Compared"][: len(differing)]) == ["≠ Differs"] * len(differing)
    assert {compared(line) for line in people.FACTS} <= {
        "≠ Differs",
        "= Same",
        "◂ Only in iCIMS",
        "▸ Only in the resume",
    }


def test_foreign_text_in_facts_is_one_line_of_text() -> None:
    line = replace(people.FACTS[0], profile=people.HOSTILE, resume="=1+1\n\u202ex" * 9_000)
    table = frame((line,))
    assert all(isinstance(value, str) and "\n" not in value for value in table.iloc[0])
    assert len(table["Resume"][0]) <= 300


def opened(page: AppTest, *drawers: str) -> AppTest:
    for name in drawers:
        page.session_state[f"drawer-{name}"] = True
    return page.run()


def test_the_timeline_is_newest_first_and_tells_everything_once() -> None:
    view = view_of(2)
    override, said = view.overrides[0].override, view.views[0].view
    twice = (
        TrailLine(9, override.at, "Rosa Field", "Set a verdict", "", "", "verdict.overridden"),
        TrailLine(10, said.at, "Henry Marsh", "Said what they think", "", "", "view.recorded"),
    )
    found = happenings(replace(view, trail=(*view.trail, *twice)))
    assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)
    assert len(found) == len(view.trail) + len(view.views) + len(view.overrides)
    told = [event["what"] for day in days(found) for event in day["events"]]
    assert "Night shifts: ◐ Partly → ● Met, because the candidate told us" in told
    assert "Own view: Put forward, before seeing a score" in told


def test_a_verdict_given_back_is_told_as_such() -> None:
    view = view_of(2)
    old = view.overrides[0]
    back = replace(old.override, standing=None, at=old.override.at + timedelta(minutes=1))
    line: OverrideLine = replace(old, override=back, in_force=False)
    told = [one.what for one in happenings(replace(view, overrides=(line,)))]
    assert "Night shifts: ◐ Partly → back to the copilot's" in told


def test_a_drawer_holds_nothing_until_it_is_opened_and_stays_open_for_the_next_person(
    open_page: Open,
) -> None:
    page = open_page(SCRIPT, app=MARIA)
    assert not page.dataframe
    opened(page, "profile")
    assert len(page.dataframe) == 1
    page.query_params["app"] = people.rows()[2].application_id
    page.run()
    assert len(page.dataframe) == 1


def test_earlier_scores_say_why_they_changed(open_page: Open) -> None:
    said = words(opened(open_page(SCRIPT, app=MARIA), "earlier"))
    assert "A newer resume was uploaded." in said
    assert "ACLS certificate: ○ Not shown → ● Met" in said


def test_notes_of_people_are_plain_text(open_page: Open) -> None:
    page = open_page(SCRIPT, app=MARIA)
    assert not [m for m in (*page.markdown, *page.caption) if "<i>" in str(m.value)]
    assert any("<i>Ask about nights</i>" in str(t.value) for t in page.text)
