"""What the tray of waiting proposals shows, asks and hands on."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.approval import OutboxState
from core.domain.ids import ApplicationId, ProposalId
from core.domain.judgement import Hidden
from core.domain.rows import WorkState
from core.domain.views import ChangeLine, ProposalView, TakenBack, WriteLine
from core.errors import ApprovalRefused
from core.services.wording import few_words
from core.ui.components.arming import REST
from core.ui.components.decisions import tray
from core.ui.components.decisions.changes import compared, line_data
from tests.pages.conftest import Open, words
from tests.twins import people
from tests.twins.app import TwinApp

TRAY = "review/approvals.py"


def waiting() -> list[ProposalView]:
    rows = [row for row in people.rows() if row.state is WorkState.PROPOSED]
    return [people.proposal(row) for row in rows]


def listed(page: AppTest) -> list[str]:
    return list(page.dataframe[0].value["Candidate"])


def shown(page: AppTest) -> list[str]:
    """The proposals that can be decided on right now, on this screen."""
    keys = [str(button.key) for button in page.button]
    return [key.removeprefix("approve-") for key in keys if key.startswith("approve-")]


def test_every_waiting_proposal_is_a_line_and_one_is_shown_whole(open_page: Open) -> None:
    page = open_page(TRAY)
    assert len(listed(page)) == len(waiting())
    assert shown(page) == ["p6"]


def test_what_ends_first_stands_first(open_page: Open) -> None:
    ends = open_page(TRAY).dataframe[0].value["Ends"]
    assert list(ends) == sorted(ends)


def test_an_address_shows_the_proposal_it_names(open_page: Open) -> None:
    assert shown(open_page(TRAY, proposal="p1")) == ["p1"]


def test_next_and_previous_walk_the_list_and_stand_in_the_address(open_page: Open) -> None:
    page = open_page(TRAY)
    page.button(key="tray-next").click().run()
    after = shown(page)
    assert after == ["p0"]
    assert page.query_params["proposal"] == "p0"
    page.button(key="tray-previous").click().run()
    assert shown(page) == ["p6"]


def test_after_a_decision_the_one_below_takes_its_place(open_page: Open, twin: TwinApp) -> None:
    page = open_page(TRAY, proposal="p0")
    page.button(key="approve-p0").click().run()
    assert not page.exception
    assert [view.approved_by for view in twin.decided.values()] == ["Rosa Field"]
    assert shown(page) == ["p1"]


def test_what_was_just_approved_can_be_taken_back_one_by_one(
    open_page: Open, twin: TwinApp
) -> None:
    page = open_page(TRAY, proposal="p0")
    page.button(key="approve-p0").click().run()
    assert "Maria Alvarez approved, not written yet" in words(page)
    page.button(key="undo-p0").click().run()
    page.run()
    assert not twin.decided


def test_what_was_just_approved_can_be_taken_back_at_once(open_page: Open, twin: TwinApp) -> None:
    page = open_page(TRAY, proposal="p0")
    page.button(key="approve-p0").click().run()
    twin.clock.ahead += REST
    page.button(key="approve-p1").click().run()
    assert "**Denise Okafor approved**" in words(page)
    page.button(key="undo-all").click().run()
    page.run()
    assert not page.exception
    assert not twin.decided
    assert "2 taken back" in words(page)


def test_what_took_anothers_place_a_moment_ago_is_not_approved(
    open_page: Open, twin: TwinApp
) -> None:
    page = open_page(TRAY, proposal="p0")
    page.button(key="approve-p0").click().run()
    page.button(key="approve-p1").click().run()
    assert list(twin.decided) == ["p0"]
    assert [t.value for t in page.toast] == [
        "That was very quick: nothing was approved. Press again."
    ]
    twin.clock.ahead += REST
    page.button(key="approve-p1").click().run()
    assert list(twin.decided) == ["p0", "p1"]


def test_the_first_proposal_on_the_screen_can_be_approved_at_once(
    open_page: Open, twin: TwinApp
) -> None:
    open_page(TRAY).button(key="approve-p6").click().run()
    assert list(twin.decided) == ["p6"]


def test_the_person_just_decided_is_named_above_who_took_their_place_with_the_undo_key(
    open_page: Open,
) -> None:
    page = open_page(TRAY, proposal="p0")
    page.button(key="approve-p0").click().run()
    assert "**Maria Alvarez approved, not written yet**" in words(page)
    assert page.button(key="undo-p0").proto.shortcut == "u"
    assert "For Denise Okafor · Score 92 ± 5" in words(page)


def test_undo_all_takes_back_the_persons_own_approvals_and_says_how_many(
    open_page: Open, twin: TwinApp
) -> None:
    other = replace(waiting()[2], approved_by="Henry Marsh", can_undo=True)
    twin.decided[other.proposal.id] = other
    page = open_page(TRAY, proposal="p0")
    page.button(key="approve-p0").click().run()
    button = page.button(key="undo-all")
    assert button.label.startswith("Undo all 1 of yours")
    button.click().run()
    assert list(twin.decided) == [other.proposal.id]


def test_a_no_without_a_reason_stays_and_asks_for_one(open_page: Open, twin: TwinApp) -> None:
    page = open_page(TRAY, proposal="p0")
    page.button(key="refuse-open-p0").click().run()
    page.text_area(key="reason-p0").set_value("  ")
    page.button(key="refuse-p0").click().run()
    assert not twin.decided
    assert "Say why, in a few words." in words(page)
    page.text_area(key="reason-p0").set_value("The licence is on page 2")
    page.button(key="refuse-p0").click().run()
    assert twin.decided[ProposalId("p0")].refused_reason == "The licence is on page 2"


def test_a_batch_that_is_turned_down_without_a_reason_keeps_its_ticks(open_page: Open) -> None:
    page = ticked(open_page(TRAY), "p0", "p1")
    page.button(key="batch-refuse").click().run()
    page.button(key="batch-confirm").click().run()
    page.run()
    assert page.session_state["copilot_tray_ticked"] == {"p0", "p1"}


def test_a_batch_that_could_not_be_decided_keeps_its_ticks(open_page: Open, twin: TwinApp) -> None:
    class Refusing(type(twin.approvals)):  # type: ignore[misc]  # the twin's part is private
        def refuse_all(self, *_: object) -> Any:
            raise ApprovalRefused("Open the people of the sample first.")

    twin.approvals = Refusing(twin)
    page = ticked(open_page(TRAY), "p0", "p1")
    page.button(key="batch-refuse").click().run()
    page.text_area(key="batch-reason").set_value("Hired elsewhere")
    page.button(key="batch-confirm").click().run()
    page.run()
    assert page.session_state["copilot_tray_ticked"] == {"p0", "p1"}


def test_what_is_sent_back_needs_a_note_or_a_line_to_leave_out(
    open_page: Open, twin: TwinApp
) -> None:
    page = open_page(TRAY, proposal="p0")
    next(b for b in page.button if b.label == "Send back").click().run()
    assert not twin.calls
    assert "Choose lines to leave out, or say what should be different." in words(page)


def ticked(page: AppTest, *ids: str) -> AppTest:
    """Tick lines of the tray."""
    page.session_state["copilot_tray_ticked"] = {ProposalId(id) for id in ids}
    page.query_params["proposal"] = ids[0]
    return page.run()


def test_a_proposal_that_changed_after_it_was_drawn_is_not_approved(
    open_page: Open, twin: TwinApp
) -> None:
    page = open_page(TRAY, proposal="p0")
    twin.shift_scores = 5
    page.button(key="approve-p0").click().run()
    assert not twin.decided
    assert "changed since you were shown it" in words(page)


def test_asking_for_a_change_hands_on_the_note_and_the_lines(
    open_page: Open, twin: TwinApp
) -> None:
    page = open_page(TRAY, proposal="p0")
    page.text_area(key="note-p0").set_value("The level of German is in the letter")
    page.button_group(key="leave-p0").set_value([2])
    next(b for b in page.button if b.label == "Send back").click().run()
    assert not page.exception
    assert twin.calls == ["ask_change p0 The level of German is in the letter [2]"]


def test_what_cannot_be_approved_says_why_and_offers_nothing(open_page: Open) -> None:
    page = open_page(TRAY, proposal="p5")
    assert page.button(key="approve-p5").disabled
    assert "changed in iCIMS since" in words(page)


def test_a_hidden_proposal_shows_neither_changes_nor_score(open_page: Open, twin: TwinApp) -> None:
    twin.blind = {ApplicationId("20001")}
    page = open_page(TRAY, proposal="p0")
    line = page.dataframe[0].value.set_index("Candidate").loc["Maria Alvarez"]
    assert (line["What changes"], line["Decision"]) == ("Not shown yet", "Your view first")
    assert not shown(page)
    assert "95" not in words(page)
    assert page.button(key="open-p0").label == "Say what you think"


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        ({"show": "Cannot be approved"}, ["Priya Nair"]),
        ({"show": "Ends within 2 days"}, ["Samuel Ortiz"]),
        ({"find": "reasoning"}, ["Denise Okafor"]),
        ({"find": "maria score"}, ["Maria Alvarez"]),
    ],
    ids=["blocked", "ending", "by change", "by name and change"],
)
def test_an_address_narrows_the_list(
    open_page: Open, asked: dict[str, str], who: list[str]
) -> None:
    assert listed(open_page(TRAY, **asked)) == who


def test_an_address_narrows_the_list_to_a_job(open_page: Open) -> None:
    page = open_page(TRAY, job=people.JOBS[1][0].title)
    assert len(listed(page)) == 1


def test_a_search_that_fits_nothing_says_so(open_page: Open) -> None:
    assert "Nothing fits all of this" in words(open_page(TRAY, find="nobody is called this"))


@pytest.mark.parametrize("order", list(tray.ORDER))
def test_no_order_loses_a_line(open_page: Open, order: str) -> None:
    assert len(listed(open_page(TRAY, order=order))) == len(waiting())


def test_a_hostile_name_is_plain_text_wherever_it_is_shown(open_page: Open) -> None:
    page = open_page(TRAY, proposal="p9")
    assert any("onerror" in name for name in listed(page))
    assert any("onerror" in item.value for item in page.text)
    assert not [item for item in (*page.markdown, *page.caption) if "onerror" in item.value]


def test_the_table_is_the_same_at_every_re_run() -> None:
    lines = [people.tray_line(view) for view in waiting()]
    assert tray.frame(lines).equals(tray.frame(list(lines)))


def test_a_line_of_the_tray_names_long_values_and_spells_short_ones_out() -> None:
    changes = (
        ChangeLine("AI match score", "71", "95"),
        ChangeLine("Tags", "Referred", ""),
        ChangeLine("Private note (added at the end)", "", "A note of more than a few words."),
    )
    said = few_words(changes)
    assert said == "AI match score 71 → 95 · Tags Referred → empty · Private note"


def test_only_the_words_that_differ_are_marked() -> None:
    old, new = compared("Licence met, three years.", "Licence met, five years.")
    assert [text for text, differs in old if differs] == ["three"]
    assert [text for text, differs in new if differs] == ["five"]


def test_a_new_tag_is_marked_without_the_comma_before_it() -> None:
    _, new = compared("Referred", "Referred, High_Match")
    assert new == [("Referred", False), (", ", False), ("High_Match", True)]
    assert compared("Licence met.", "Licence met!")[1][-1] == ("!", True)


def test_data_goes_to_the_screen_as_a_list_and_exactly() -> None:
    shown = line_data(ChangeLine("AI skills", "", "Score 87 ± 4", exact_new='{"v":1}'))
    assert shown["new"] == [{"t": "Score 87 ± 4", "d": False}]
    assert (shown["exactOld"], shown["exactNew"]) == ("", '{"v":1}')


@pytest.mark.parametrize(("old", "new"), [("", "all new"), ("gone", ""), ("one", "other")])
def test_texts_with_nothing_in_common_carry_no_marks(old: str, new: str) -> None:
    assert not [text for side in compared(old, new) for text, differs in side if differs]


def test_what_ended_no_longer_counts_as_ending_soon() -> None:
    line = people.tray_line(waiting()[0])
    after = line.expires_at + timedelta(seconds=1)
    assert not tray.SHOW["Ends within 2 days"](line, after)
    assert tray.SHOW["Ends within 2 days"](line, after - timedelta(hours=1))
    assert line.id == ProposalId("p0")


def decided(twin: TwinApp, **parts: Any) -> ProposalView:
    """Answer the first proposal on the twin, as somebody did before."""
    view = replace(waiting()[0], blocked="This proposal has been answered.", **parts)
    twin.decided[view.proposal.id] = view
    return view


def test_what_is_written_can_be_proposed_back_from_its_card(open_page: Open, twin: TwinApp) -> None:
    decided(twin, approved_by="Rosa Field", reversible=True)
    page = open_page("review/application.py", app="20001")
    assert not shown(page)
    page.button(key="reverse-p0").click().run()
    assert not page.exception
    assert "reverse p0" in twin.calls


def test_what_is_not_written_cannot_be_proposed_back(open_page: Open, twin: TwinApp) -> None:
    decided(twin, approved_by="Rosa Field", reversible=False)
    page = open_page("review/application.py", app="20001")
    assert not [button for button in page.button if str(button.key).startswith("reverse-")]


def test_what_was_sent_back_says_by_whom_and_what_is_wanted(open_page: Open, twin: TwinApp) -> None:
    decided(twin, asked_by="Henry Marsh", change_asked="<b>Nights</b> are wanted")
    page = open_page("review/application.py", app="20001")
    assert "Sent back by Henry Marsh" in words(page)
    assert any(item.value == "Wanted: <b>Nights</b> are wanted" for item in page.text)
    assert not shown(page)


def writes(state: OutboxState, *details: str) -> tuple[WriteLine, ...]:
    return tuple(WriteLine(state, people.now(), detail) for detail in details)


def test_what_was_taken_back_says_once_by_whom_and_when_and_can_be_proposed_again(
    open_page: Open, twin: TwinApp
) -> None:
    decided(
        twin,
        approved_by="Rosa Field",
        taken_back=TakenBack(by="<b>Tom</b>", at=people.now()),
        writes=writes(OutboxState.CANCELLED, *["Taken back before it was sent"] * 2),
        repeatable=True,
    )
    page = open_page("review/application.py", app="20001")
    said = [item.value for item in page.markdown if "Taken back" in item.value]
    assert len(said) == 1
    assert "Tom" in said[0]
    assert "<b>" not in said[0]
    page.button(key="again-p0").click().run()
    assert not page.exception
    assert "propose_again p0" in twin.calls


def test_an_approval_that_gave_way_says_to_whose_score_and_the_new_one_whose_it_replaced(
    open_page: Open, twin: TwinApp
) -> None:
    taken = TakenBack(by="Tom", at=people.now(), replaced=True)
    view = decided(twin, approved_by="Rosa Field", taken_back=taken)
    assert "a newer score by Tom took its place" in words(
        open_page("review/application.py", app="20001")
    )
    twin.decided[view.proposal.id] = replace(waiting()[0], makes_way="Rosa Field")
    said = words(open_page("review/application.py", app="20001"))
    assert "an older score that Rosa Field had approved" in said


def test_what_a_stop_holds_is_taken_back_after_the_undo_time_even_while_it_is_hidden(
    open_page: Open, twin: TwinApp
) -> None:
    held = "Held back. Scoring is switched off here since 2 March 2026: A fault."
    for hidden in (None, Hidden.STOPPED):
        decided(
            twin,
            approved_by="Rosa Field",
            undo_until=people.now() - timedelta(hours=1),
            can_undo=True,
            writes=writes(OutboxState.WAITING, held, held),
            hidden=hidden,
        )
        page = open_page("review/application.py", app="20001")
        assert len([item for item in page.markdown if "Held back" in item.value]) == 1
        assert page.button(key="undo-p0").label == "Take back"


def test_what_is_on_its_way_offers_no_way_back(open_page: Open, twin: TwinApp) -> None:
    decided(twin, approved_by="Rosa Field", undo_until=people.now() - timedelta(hours=1))
    page = open_page("review/application.py", app="20001")
    keys = {str(button.key) for button in page.button}
    assert not {"undo-p0", "again-p0", "reverse-p0"} & keys
