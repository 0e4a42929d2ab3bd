"""What the operations screen says and does."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.budget import Lane
from core.domain.events import EventKind
from core.domain.jobs import JobKind
from core.domain.operations import Concern, DropReason
from core.ui.components.operations.icims import kept
from core.ui.components.operations.pace import Seen, seconds_left
from core.ui.components.operations.verdict import WORDS
from core.ui.components.operations.words import DROP, EVENT, KEPT, WORK
from core.ui.format import seconds
from tests.pages.conftest import Open, words
from tests.store_bench import NOON
from tests.twins import people
from tests.twins.app import TwinApp

SCRIPT = "admin/operations.py"


@pytest.fixture
def stuck(twin: TwinApp) -> TwinApp:
    twin.state = "failing"
    return twin


def failure(page: AppTest, name: str) -> str:
    """Find the key of the failure whose button says ``name``."""
    return next(b.key for b in page.button if b.label == name and b.key).removeprefix("again-")


@pytest.mark.parametrize("state", ["full", "empty", "failing"])
def test_every_state_draws(open_page: Open, twin: TwinApp, state: str) -> None:
    twin.state = state
    assert not open_page(SCRIPT, "adam").exception


@pytest.mark.parametrize("who", ["rosa", "henry", "carla"])
def test_the_screen_is_nobody_elses(open_page: Open, twin: TwinApp, who: str) -> None:
    page = open_page(SCRIPT, who)
    assert words(page) == "This page is not part of your role."
    assert not page.button


@pytest.mark.parametrize("state", ["full", "failing"])
def test_no_candidate_and_no_job_title_is_on_it(open_page: Open, twin: TwinApp, state: str) -> None:
    twin.state = state
    page = open_page(SCRIPT, "adam")
    shown = words(page) + "".join(str(table.value) for table in page.dataframe)
    names = [row.name for row in people.rows()] + [job.title for job, *_ in people.JOBS]
    assert not [name for name in names if name in shown]


def test_a_rush_that_is_worked_off_is_no_cause_for_concern(open_page: Open, twin: TwinApp) -> None:
    page = open_page(SCRIPT, "adam")
    (all_well,) = page.success
    assert "1,227 pieces of work waiting, 5 being done" in all_well.value
    assert not page.error
    assert not page.warning
    assert "The last one came less than a minute ago" in words(page)


def test_a_new_house_says_what_is_not_set_up(open_page: Open, twin: TwinApp) -> None:
    twin.state = "empty"
    page = open_page(SCRIPT, "adam")
    nothing_yet, no_events = page.info
    assert "has not asked iCIMS for changes yet" in nothing_yet.value
    assert "it asks every 10 minutes instead" in no_events.value
    assert not page.success


def test_the_most_pressing_comes_first_and_the_rest_below_it(
    open_page: Open, stuck: TwinApp
) -> None:
    page = open_page(SCRIPT, "adam")
    (verdict,) = page.error
    assert verdict.value.startswith("89 pieces of work waiting, the oldest for 41 minutes")
    below = [m.value for m in page.markdown if m.value.startswith((":red[", ":orange["))]
    assert "not been asked for changes for 52 minutes" in below[0]
    assert "13 pieces of work were given up" in below[1]
    assert len(below) == 5


def test_a_sentence_may_begin_with_icims(open_page: Open, stuck: TwinApp) -> None:
    said = words(open_page(SCRIPT, "adam"))
    assert "ICIMS" not in said
    assert "It ended its worker every time" in said


def test_text_of_a_failure_stays_text(open_page: Open, stuck: TwinApp) -> None:
    page = open_page(SCRIPT, "adam")
    assert not [m.value for m in page.markdown if "<b>" in m.value]


def test_what_failed_alike_is_tried_again_together(open_page: Open, stuck: TwinApp) -> None:
    page = open_page(SCRIPT, "adam")
    key = failure(page, "Try all 12 again")
    page.button(key=f"again-{key}").click().run()
    assert stuck.operations.deeds == [f"replay {' '.join(str(900 + n) for n in range(12))}"]
    assert "Try all 12 again" not in {b.label for b in page.button}
    assert not page.exception


def test_some_of_them_can_be_chosen(open_page: Open, stuck: TwinApp) -> None:
    page = open_page(SCRIPT, "adam")
    key = failure(page, "Try all 12 again")
    page.multiselect(key=f"some-{key}").set_value(["901", "903"]).run()
    page.button(key=f"again-{key}").click().run()
    assert stuck.operations.deeds == ["replay 901 903"]
    assert failure(page, "Try all 10 again") == key
    assert page.multiselect(key=f"some-{key}").value == []


def test_taking_off_the_list_asks_why_first(open_page: Open, stuck: TwinApp) -> None:
    page = open_page(SCRIPT, "adam")
    key = failure(page, "Try again")
    assert page.button(key=f"drop-{key}").disabled
    page.radio(key=f"why-{key}").set_value(DropReason.DONE_ELSEWHERE).run()
    page.button(key=f"drop-{key}").click().run()
    assert stuck.operations.deeds == ["drop done_elsewhere 990"]
    assert not page.exception


def test_looking_again_by_itself_keeps_nobody_signed_in_but_a_click_does(
    open_page: Open, twin: TwinApp
) -> None:
    page = open_page(SCRIPT, "adam")
    asked: list[bool] = []
    resume = twin.sign_in.resume

    class Door:
        """The sign-in, with what is asked of it written down."""

        def resume(self, id: object, /, *, watching: bool = False) -> object:
            asked.append(watching)
            return resume(id, watching=watching)  # type: ignore[arg-type]

    twin.sign_in = Door()  # type: ignore[assignment]
    page.run()
    assert asked == [False, True]
    page.button(key="look_again").click().run()
    assert asked[-1] is False


# --- Words and sums ------------------------------------------------------------------------------


def test_everything_has_words() -> None:
    assert set(WORK) == set(JobKind)
    assert set(EVENT) == set(EventKind)
    assert set(KEPT) == set(Lane)
    assert set(DROP) == set(DropReason)
    assert set(WORDS) == set(Concern)


def test_what_is_left_is_shared_out_from_the_most_urgent_down(twin: TwinApp) -> None:
    twin.state = "failing"
    day = twin.operations.view(None).budget  # type: ignore[arg-type]
    shares = kept(day)
    assert shares == {
        Lane.PEOPLE: 125,
        Lane.EVENTS: 55,
        Lane.RECONCILE: 0,
        Lane.BACKLOG: 0,
    }
    assert sum(shares.values()) == day.remaining


def test_time_left_is_told_from_what_became_less() -> None:
    before = Seen(NOON, {JobKind.SCREEN: 1_200, JobKind.SWEEP: 1, JobKind.RECONCILE: 0})
    now = Seen(NOON + timedelta(minutes=1), {JobKind.SCREEN: 1_000, JobKind.SWEEP: 1})
    assert seconds_left(before, now) == {JobKind.SCREEN: pytest.approx(300)}
    assert seconds_left(before, Seen(NOON + timedelta(seconds=29), now.left)) == {}


@pytest.mark.parametrize(
    ("milliseconds", "words"), [(0.0, "0 s"), (184.2, "0.18 s"), (2_340.0, "2.3 s")]
)
def test_short_times_are_seconds_with_two_digits(milliseconds: float, words: str) -> None:
    assert seconds(milliseconds, "en").replace("\N{NO-BREAK SPACE}", " ") == words
