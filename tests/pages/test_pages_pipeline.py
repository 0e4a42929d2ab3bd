"""What narrows, chooses and counts on the pipeline; what the address holds; who may do what."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.actor import Actor
from core.domain.assessment import Standing
from core.domain.document import Span
from core.domain.filters import Asked, Choice, Looked, PipelineFilter, Range, encode
from core.domain.ids import ApplicationId, CriterionId, ProposalId, RequisitionId
from core.domain.judgement import Blinding, BlindMode, Hidden
from core.domain.routing import Eyes
from core.domain.rows import PipelineRow, WorkState
from core.domain.views import Agreement, BatchLine, BatchOutcome, Found, ProposalView
from core.ui.components.decisions import batch, batch_results
from core.ui.components.pipeline import eyes_list
from core.ui.components.pipeline.active_filters import parts
from core.ui.components.pipeline.blinding import agreement
from core.ui.components.pipeline.distribution import pressed, steps
from core.ui.components.pipeline.filter_bar import COUNTED, USUAL
from core.ui.components.pipeline.pipeline_table import band, frame, who_looked
from core.ui.components.pipeline.resume_search import passage
from core.ui.components.shares import of_rows
from tests.pages.conftest import Open, words
from tests.twins import people
from tests.twins.app import TwinApp
from tests.twins.app import _Pipeline as Pipeline

PIPELINE = "review/pipeline.py"
HOSTILE = people.HOSTILE
EVERYTHING = PipelineFilter(
    name="kim",
    words="ventilator",
    criteria=(Asked(CriterionId("c1"), Standing.MET), Asked(CriterionId("c2"), Standing.MET, True)),
    score=Range(40, 80),
    days=Range(None, 9),
    stage=Choice(frozenset({"New submission"}), frozenset({"Offer", "Hired"})),
    looked=Looked.NOBODY,
    eyes=True,
)


def table(page: AppTest) -> Any:
    frame: Any = page.dataframe[0].value
    return frame


def address(page: AppTest) -> dict[str, list[str]]:
    """The parameters of a page's address, each with all its values."""
    there: dict[str, Any] = page.query_params
    return {name: v if isinstance(v := there[name], list) else [v] for name in there}


def ask(page: AppTest, name: str, *values: str) -> AppTest:
    page.query_params[name] = list(values)
    return page.run()


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def test_what_the_address_asks_is_what_the_table_shows(open_page: Open) -> None:
    page = ask(open_page(PIPELINE, req="1017", criterion="c1:met"), "stage", "!Recruiter review")
    asked = PipelineFilter(
        criteria=(Asked(CriterionId("c1"), Standing.MET),),
        stage=Choice(none=frozenset({"Recruiter review"})),
    )
    expected = [row.name for row in people.rows() if asked.holds(row)]
    assert list(table(page)["Candidate"]) == expected
    assert f"{len(expected)} of 24 shown; nobody was removed." in words(page)


@pytest.mark.parametrize("name", USUAL)
def test_a_usual_view_counts_exactly_whom_it_shows(name: str) -> None:
    rows = people.rows()
    counted = COUNTED.get(name, USUAL[name].holds)
    assert [counted(row) for row in rows] == [USUAL[name].holds(row) for row in rows]


def test_an_address_that_makes_no_sense_shows_everybody(open_page: Open) -> None:
    page = open_page(PIPELINE, req="1017", score="junk", looked="maybe", criterion="c1")
    assert not page.exception
    assert len(table(page)) == 24


def test_every_part_of_a_question_can_be_taken_away_alone() -> None:
    taken = list(parts(EVERYTHING, {}))
    assert len(taken) == 11
    for _, without in taken:
        before, after = encode(EVERYTHING), encode(without)
        assert sum(len(v) for v in before.values()) - sum(len(v) for v in after.values()) == 1


def test_a_chip_takes_its_part_out_of_the_address(open_page: Open) -> None:
    page = open_page(PIPELINE, req="1017", score="40..80", looked="nobody")
    assert "Score 40–80" in labels(page)
    page.button(key="drop-0").click().run()
    assert "score" not in address(page)
    assert address(page)["looked"] == ["nobody"]
    assert address(page)["req"] == ["1017"]
    page.button(key="drop-all").click().run()
    assert address(page) == {"req": ["1017"]}


def test_a_widget_of_the_panel_writes_the_address(open_page: Open) -> None:
    page = open_page(PIPELINE, req="1017")
    page.slider(key="range-score").set_value((50, 100)).run()
    assert address(page)["score"] == ["50.."]
    page.selectbox(key="ask_standing").set_value(Standing.NOT_SHOWN)
    page.selectbox(key="ask_negated").set_value("is NOT")
    page.button(key="ask_add").click().run()
    assert address(page)["criterion"] == ["!c1:not_shown"]
    page.multiselect(key="choice-stage").set_value([("New submission", False)]).run()
    assert address(page)["stage"] == ["!New submission"]
    assert all(not row.stage.startswith("New") for row in shown_rows(page))


def shown_rows(page: AppTest) -> Sequence[PipelineRow]:
    there = set(table(page)["Candidate"])
    return [row for row in people.rows() if row.name in there]


def test_who_has_no_score_is_counted_when_scores_are_compared(open_page: Open) -> None:
    page = open_page(PIPELINE, req="1017", score="40..")
    assert "4 people have no score to compare." in words(page)


def test_when_nobody_fits_the_screen_says_so_and_leads_back(open_page: Open) -> None:
    page = open_page(PIPELINE, req="1017", name="nobody is called this")
    assert "Nobody fits all of this" in words(page)
    assert "Show everybody" in labels(page)


class _Counted(Pipeline):
    """Counts the searches of a twin."""

    searches = 0

    def find(
        self, actor: Actor, requisition_id: RequisitionId, words: str
    ) -> Mapping[ApplicationId, Found]:
        self.searches += 1
        return super().find(actor, requisition_id, words)


def test_a_search_in_resumes_is_asked_once_and_shows_the_passage(
    open_page: Open, twin: TwinApp
) -> None:
    twin.pipeline = counted = _Counted(twin)
    page = open_page(PIPELINE, req="1017", words="ventilated")
    page.slider(key="range-days").set_value((0, 5)).run()
    assert counted.searches == 1
    assert all("«ventilated»" in found for found in table(page)["Found in the resume"])
    page.text_input(key="words").set_value("handover").run()
    assert counted.searches == 2


def test_a_passage_marks_its_hits_and_stays_one_line() -> None:
    found = Found(f"knows\n{HOSTILE} well", (Span(0, 5), Span(3, 8)))
    assert passage(found).startswith("«knows» <img")
    assert "\u202e" not in passage(found)


def test_views_are_kept_with_the_question_and_removed_by_their_owner(
    open_page: Open, twin: TwinApp
) -> None:
    page = open_page(PIPELINE, req="1017", score="70..")
    page.text_input(key="view_name").set_value("Strong :red[ones]")
    page.checkbox(key="view_shared").check()
    next(b for b in page.button if b.label == "Save").click().run()
    (saved,) = twin.pipeline.saved
    assert (saved.asked, saved.shared) == (PipelineFilter(score=Range(70)), True)
    others = open_page(PIPELINE, "henry", req="1017")
    assert others.button(key=f"unsave-{saved.id}").disabled
    page.button(key=f"unsave-{saved.id}").click().run()
    assert not twin.pipeline.saved


def test_a_view_without_a_name_is_refused_in_words(open_page: Open, twin: TwinApp) -> None:
    page = open_page(PIPELINE, req="1017", score="70..")
    next(b for b in page.button if b.label == "Save").click().run()
    assert "A view needs a name" in words(page)


def test_a_hidden_score_shows_nowhere_on_the_line(open_page: Open, twin: TwinApp) -> None:
    twin.blind = {row.application_id for row in people.rows()}
    page = open_page(PIPELINE, req="1017")
    graded = table(page)[table(page)["±"] == "Your view first"]
    assert len(graded) == 24
    assert graded["Score"].isna().all()
    assert graded["Confidence"].isna().all()
    assert set(graded["Verdicts"]) == {""}


def test_a_line_says_why_it_has_no_score_and_what_people_changed() -> None:
    rows = people.rows()
    assert band(rows[2]) == "± 8  ✎ was 84"
    assert band(rows[4]) == "Not graded"
    assert [band(row) for row in rows[22:]] == ["In the queue", "Not scored"]
    assert band(replace(rows[0], hidden=Hidden.STOPPED, score=None)) == "Stopped"


def test_who_looked_counts_others_apart_from_the_reader() -> None:
    row = people.rows()[0]
    told = [(0, False), (1, True), (1, False), (3, True), (3, False)]
    said = [who_looked(replace(row, looks=looks, looked=looked)) for looks, looked in told]
    assert said == ["Nobody yet", "You", "1 other", "You and 2", "3 others"]


def test_everybody_counts_once_in_the_bar_of_a_pipeline() -> None:
    shares = of_rows(people.rows())
    assert shares.unscored + shares.unseen + shares.looked + shares.decided == 24


def test_the_spread_counts_every_score_and_a_full_score_in_the_last_step() -> None:
    counted = steps([0, 9, 10, 99, 100], Range(90))
    assert [step["count"] for step in counted] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]
    assert [step["inside"] for step in counted].index(True) == 9
    assert [step["pressed"] for step in counted].index(True) == 9
    assert counted[1]["words"] == "Score 10–19: 1 person"


def test_a_bar_of_the_spread_asks_for_its_people_and_pressed_again_for_everybody() -> None:
    first, last, middle = Range(None, 9), Range(90), Range(50, 59)
    assert [pressed(low, Range(3, 7)) for low in (0, 50, 90)] == [first, middle, last]
    assert [pressed(low, of) for low, of in ((0, first), (90, last))] == [Range(), Range()]
    assert [pressed(junk, middle) for junk in (None, 55, "50", 100)] == [middle] * 4


def test_only_recruiters_take_the_list_away_or_hide_scores(open_page: Open) -> None:
    rosa, henry = open_page(PIPELINE, req="1017"), open_page(PIPELINE, "henry", req="1017")
    assert len(rosa.get("download_button")) == 1
    assert not henry.get("download_button")
    assert [radio.key for radio in rosa.radio] == ["blind_mode"]
    assert not henry.radio
    assert "Approve …" in labels(rosa)
    assert "Approve …" not in labels(henry)


def test_blind_first_is_set_for_the_job_with_its_sample(open_page: Open, twin: TwinApp) -> None:
    page = open_page(PIPELINE, req="1017")
    page.radio(key="blind_mode").set_value(BlindMode.SAMPLED).run()
    page.slider(key="blind_share").set_value(50).run()
    assert twin.pipeline.blinding == Blinding(BlindMode.SAMPLED, 0.5)


def test_agreement_is_told_only_where_somebody_judged_first() -> None:
    assert agreement(Agreement(11, 14)).startswith("You and the score agreed on 11 of 14 people")
    assert agreement(Agreement(0, 0)) == agreement(None) == ""


# --- Batches ---------------------------------------------------------------------------------


def proposal(**parts: Any) -> ProposalView:
    return replace(people.proposal(people.rows()[0]), **parts)


def test_a_batch_leaves_out_what_cannot_be_decided_and_says_why() -> None:
    assert batch.why_not("approve", None) == "No longer waiting for a decision."
    assert batch.why_not("approve", proposal(blocked="It expired."))
    assert batch.why_not("refuse", proposal(blocked="It expired.")) == ""
    assert batch.why_not("refuse", proposal(hidden=Hidden.OWN_VIEW_FIRST))
    assert batch.why_not("approve", proposal()) == ""


def test_a_batch_shows_the_exact_number_of_changes_and_none_of_a_hidden_one() -> None:
    hidden = proposal(hidden=Hidden.OWN_VIEW_FIRST)
    shown = batch.table([(proposal(candidate=HOSTILE), ""), (hidden, "why"), (None, "gone")])
    assert shown["Changes"].astype(object).tolist()[0] == len(proposal().changes)
    assert shown["Changes"].isna().tolist() == [False, True, True]
    assert shown["Score"].tolist()[1:] == ["–", "–"]
    assert shown["Candidate"][0].startswith("<img src=x")


def test_what_was_not_done_comes_first_with_its_reason() -> None:
    lines = [line(BatchOutcome.APPROVED), line(BatchOutcome.NOT_DONE, "It moved in iCIMS.")]
    shown = batch_results.table(lines)
    assert shown["Outcome"].tolist() == ["✗ Not done", "✓ Approved"]
    assert shown["Why"][0] == "It moved in iCIMS."
    assert batch_results.summary(lines) == "✓ 1 approved · ✗ 1 not done"


def line(outcome: BatchOutcome, why: str = "") -> BatchLine:
    row = people.rows()[0]
    return BatchLine(
        proposal_id=ProposalId("p0"), application_id=row.application_id, candidate=HOSTILE,
        outcome=outcome, why=why,
    )  # fmt: skip


# --- Jobs and the queue ----------------------------------------------------------------------


def test_a_need_of_the_day_narrows_the_jobs_to_those_that_have_it(open_page: Open) -> None:
    page = open_page("review/requisitions.py", need="ending")
    assert "1 of 5 jobs shown." in words(page)
    assert [b.key for b in page.button if str(b.key).startswith("open-")] == ["open-1017"]
    everything = open_page("review/requisitions.py", need="made up")
    assert len([b for b in everything.button if b.label == "Open"]) == 5


def test_the_job_with_most_need_comes_first(open_page: Open) -> None:
    page = open_page("review/requisitions.py")
    assert next(b.key for b in page.button if b.label == "Open") == "open-1017"


def test_jobs_are_found_by_words_place_and_department(open_page: Open) -> None:
    page = open_page("review/requisitions.py")
    page.text_input(key="find_job").set_value("nurse york").run()
    assert "1 of 5 jobs shown." in words(page)
    page.text_input(key="find_job").set_value("no such job").run()
    assert "No job fits" in words(page)


def test_everybody_in_the_queue_is_listed_once_under_the_weightiest_reason(
    open_page: Open,
) -> None:
    page = open_page("review/queue.py")
    names = [name for each in page.dataframe for name in each.value["Candidate"]]
    waiting = [row for row in people.rows() if row.reasons]
    assert len(names) == len(waiting)
    assert names[:2] == ["Jonas Weber", "Peter Novak"]


def test_one_reason_of_the_queue_is_part_of_the_address(open_page: Open) -> None:
    page = open_page("review/queue.py", why=Eyes.FLAGGED.value)
    assert len(page.dataframe) == 1
    assert any(str(name).startswith("<img") for name in table(page)["Candidate"])
    assert len(open_page("review/queue.py", why="nonsense").dataframe) > 1


def test_the_queue_says_why_in_the_terms_of_the_row(twin: TwinApp) -> None:
    (first, *_) = twin.queue.open(None)  # type: ignore[arg-type]  # the twin asks nobody
    unsure = replace(
        first, row=replace(first.row, reasons=(Eyes.UNSURE,), confidence=0.42, ungraded="")
    )
    assert eyes_list.why(unsure) == "Confidence 42%"
    assert eyes_list.why(first).startswith("Hidden text")


def test_an_empty_queue_says_so(open_page: Open, twin: TwinApp) -> None:
    twin.state = "empty"
    assert "Nobody waits for your eyes" in words(open_page("review/queue.py"))


@pytest.mark.parametrize("who", ["carla", "adam"])
def test_the_queue_is_for_those_who_hire(open_page: Open, who: str) -> None:
    assert words(open_page("review/queue.py", who)) == "This page is not part of your role."


def test_hostile_names_are_cells_of_text_and_never_a_formula_of_ours() -> None:
    rows = [replace(people.rows()[0], name=name) for name in (HOSTILE, "=1+1", "x" * 10_000)]
    shown = frame(rows)
    assert list(shown["Candidate"])[1] == "=1+1"
    assert max(map(len, shown["Candidate"])) <= 120
    assert WorkState.PROPOSED in {row.state for row in rows}
