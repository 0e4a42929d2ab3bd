"""What left for language models: listed, narrowed, opened as text, recorded once per opening."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.model_log import BodyState
from core.services.model_bodies import laid_out, messages_of
from core.ui import format as f
from core.ui.components.oversight.run_list import frame
from tests.pages.conftest import Open, words
from tests.twins import people
from tests.twins.app import TwinApp
from tests.twins.model_log import line, sent

PAGE = "oversight/what_left.py"


def test_requests_are_listed_newest_first_with_sums_over_all(open_page: Open) -> None:
    page = open_page(PAGE, "carla")
    table = page.dataframe[0].value
    assert len(table) == 14
    assert table["Application"].tolist()[:3] == ["20001", "20001", "20002"]
    assert set(table["How it ended"]) == {"Answered", "Answer not usable", "Answer cut off"}
    assert [metric.value for metric in page.metric][:2] == ["14", "26,439"]
    assert "Connected: gpt\\-5\\-mini at models\\.example\\.com" in words(page)


def test_the_list_says_whether_a_text_can_still_be_read(open_page: Open) -> None:
    text = open_page(PAGE, "carla").dataframe[0].value["Text"].tolist()
    assert (text[0], text[9], text[10]) == ("Kept", "Erased", "Deleted")


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"about": "20003"}, 2),
        ({"ended": "Answer cut off"}, 2),
        ({"period": "Last 24 hours"}, 14),
        ({"model": "gpt-5-mini"}, 14),
        ({"model": "made up"}, 14),
    ],
)
def test_an_address_may_say_what_is_asked_for(
    open_page: Open, asked: dict[str, str], number: int
) -> None:
    assert len(open_page(PAGE, "carla", **asked).dataframe[0].value) == number


def test_a_question_that_nothing_fits_does_not_say_that_nothing_left(open_page: Open) -> None:
    said = words(open_page(PAGE, "carla", job="9"))
    assert "Nothing fits" in said
    assert "left" not in said.replace("What left the building", "")


def test_without_a_model_the_page_says_that_nothing_left(twin: TwinApp, open_page: Open) -> None:
    twin.state = "empty"
    said = words(open_page(PAGE, "carla"))
    assert "Nothing has left the building" in said
    assert "No language model is connected" in said


def test_an_opened_request_is_shown_byte_for_byte_as_text(open_page: Open) -> None:
    page = open_page(PAGE, "carla", run="run-1")
    raw, read, came = (box.value for box in page.code)
    assert raw == f.exact(sent(1).decode())
    assert "onerror" in raw
    assert "not bold" in read
    assert "not bold" in came
    markdown = [str(x.value) for x in (*page.markdown, *page.caption, *page.info, *page.subheader)]
    assert not [value for value in markdown if "onerror" in value or "bold" in value]
    assert any("<img src=x onerror=" in str(x.value) for x in page.text)


def test_an_opened_request_says_where_it_went_its_fingerprint_and_what_was_replaced(
    open_page: Open,
) -> None:
    said = words(open_page(PAGE, "carla", run="run-1"))
    assert line(1).sent_hash in said
    assert "1 e-mail address, 1 name, 1 phone" in said
    assert "Answered after 3.4" in said


@pytest.mark.parametrize(
    ("run", "what"), [("run-9", "erased with the candidate"), ("run-10", "The text was deleted")]
)
def test_what_is_gone_is_said_to_be_gone(open_page: Open, run: str, what: str) -> None:
    page = open_page(PAGE, "carla", run=run)
    assert what in words(page)
    assert not page.code


def test_one_opening_is_one_entry_however_often_the_screen_is_drawn(
    twin: TwinApp, open_page: Open
) -> None:
    page = open_page(PAGE, "carla", run="run-1").run().run()
    assert twin.calls == ["opened run run-1"]
    page.button(key="back").click().run()
    assert page.dataframe
    page.query_params["run"] = "run-1"
    page.run()
    assert twin.calls == ["opened run run-1"] * 2


def test_a_request_that_never_was_is_said_not_to_be_there(open_page: Open) -> None:
    page = open_page(PAGE, "carla", run="made up")
    assert "does not exist" in words(page)
    assert not page.exception


def test_what_was_sent_of_a_person_is_in_a_drawer_and_opened_on_request(
    twin: TwinApp, open_page: Open
) -> None:
    page = open_page("review/application.py", app="20001")
    page.session_state["drawer-sent"] = True
    page.run()
    box = page.selectbox(key="run-20001")
    assert len(box.options) == 2
    assert "opened run" not in "".join(twin.calls)
    box.set_value("run-1").run()
    assert f.exact(sent(1).decode()) in [code.value for code in page.code]
    assert twin.calls.count("opened run run-1") == 1


def test_a_hidden_score_keeps_the_drawer_away(twin: TwinApp, open_page: Open) -> None:
    twin.blind.add(people.rows()[0].application_id)
    page = open_page("review/application.py", app="20001")
    assert "What the model was sent" not in [drawer.label for drawer in page.expander]


def test_an_application_that_no_model_saw_says_so(open_page: Open) -> None:
    page = open_page("review/application.py", app="20015")
    page.session_state["drawer-sent"] = True
    assert "Nothing left the building" in words(page.run())


def score_popover(open_page: Open) -> str:
    page = open_page("review/pipeline.py", req="1017")
    page.session_state["score"] = True
    return words(page.run())


def test_what_scoring_will_send_and_cost_is_told_before_it_starts(
    twin: TwinApp, open_page: Open
) -> None:
    said = score_popover(open_page)
    assert "without identities, to gpt" in said
    assert "tokens**" in said
    assert "12 earlier resumes" in said


def test_without_a_model_starting_says_that_nothing_leaves(twin: TwinApp, open_page: Open) -> None:
    twin.model_log.connected = None
    assert "No language model is connected: nothing leaves." in score_popover(open_page)


def test_small_sums_are_not_rounded_to_nothing() -> None:
    assert f.money(Decimal("0.00092"), "USD", "en-US") == "$0.0009"
    assert f.money(Decimal("0.0000004"), "USD", "en-US") == "< $0.0001"
    assert f.money(Decimal("0.001"), "USD", "en-US") == "$0.0010"
    assert f.money(Decimal("12.345"), "EUR", "de-DE") == "12,34\N{NO-BREAK SPACE}€"
    assert f.money(Decimal(0), "USD", "en-US") == "$0.00"
    assert f.money(None, "USD") == "–"


@given(st.text(max_size=200) | st.text("\x07\xad\u202e\ufeff\ud83d\U000e0041", max_size=9))
def test_no_sign_in_a_text_shown_exactly_is_unseen(text: str) -> None:
    shown = f.exact(text)
    turning, halves, tags = (
        r"\u200b-\u200f\u202a-\u202e",
        r"\ud800-\udfff",
        r"\U000e0000-\U000e007f",
    )
    assert not re.search(rf"[\x00-\x08\xad\ufeff{turning}{halves}{tags}]", shown)
    shown.encode()


@given(st.binary(max_size=200))
def test_whatever_was_sent_can_be_laid_out(sent_bytes: bytes) -> None:
    assert isinstance(messages_of(sent_bytes), tuple)
    assert isinstance(laid_out(sent_bytes.decode("latin-1")), str)


@pytest.mark.parametrize(
    "odd", [b"[]", b'{"messages":3}', b'{"messages":["x"]}', b"[" * 100_000, b'{"messages":[]}']
)
def test_a_request_of_another_shape_has_no_messages(odd: bytes) -> None:
    assert messages_of(odd) == ()


def test_a_message_of_several_parts_loses_none() -> None:
    (message,) = messages_of(b'{"messages":[{"role":"user","content":[{"text":"a"},{"b":1}]}]}')
    assert message.text == '[{"text": "a"}, {"b": 1}]'


def test_every_body_state_has_its_word() -> None:
    rows = TwinApp().model_log.page(None).rows  # type: ignore[arg-type]
    assert set(frame(rows, "USD")["Text"]) == {"Kept", "Erased", "Deleted"}
    assert len(BodyState) == 3
