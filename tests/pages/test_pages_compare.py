"""People side by side: what tells them apart comes first, and nobody's score slips out."""

import json

from core.domain.ids import ApplicationId
from core.ui.components.application.comparison import sheet
from tests.pages.conftest import Open, words
from tests.twins import people
from tests.twins.app import TwinApp

SCRIPT = "review/compare.py"


def compared(twin: TwinApp, *ids: str) -> dict[str, object]:
    actor = object()
    people_ids = [ApplicationId(id) for id in ids]
    return sheet(twin.review.compare(actor, people_ids))  # type: ignore[arg-type]  # anybody


def test_what_they_differ_on_comes_first(twin: TwinApp) -> None:
    shown = compared(twin, "20001", "20009")
    titles = [group["title"] for group in shown["groups"]]  # type: ignore[attr-defined]
    assert titles == ["They differ on 5 criteria", "They agree on 1 criterion"]


def test_who_waits_for_a_view_shows_no_score_and_no_verdict(twin: TwinApp) -> None:
    twin.blind = {ApplicationId("20001")}
    shown = compared(twin, "20001", "20004")
    first = shown["people"][0]  # type: ignore[index]
    assert (first["score"], first["without"]) == (None, "Your view first")
    groups = shown["groups"]
    cells = [line["cells"][0] for group in groups for line in group["lines"]]  # type: ignore[attr-defined]
    assert {cell["standing"] for cell in cells} == {"none"}
    assert [group["title"] for group in groups] == ["Known of one person at most"]  # type: ignore[attr-defined]


def test_who_waits_for_a_view_is_named_with_what_to_do_first(
    open_page: Open, twin: TwinApp
) -> None:
    twin.blind = {ApplicationId("20001")}
    page = open_page(SCRIPT, apps="20001,20004")
    assert not page.exception
    assert "hidden" in words(page)
    assert "come back here" in words(page)
    assert [b.key for b in page.button if (b.key or "").startswith("first-")] == ["first-20001"]


def test_nothing_is_said_of_hidden_scores_where_none_is(open_page: Open) -> None:
    assert "hidden" not in words(open_page(SCRIPT, apps="20001,20004"))


def test_each_verdict_is_a_sign_a_word_and_a_short_quote(twin: TwinApp) -> None:
    shown = compared(twin, "20001", "20002")
    cells = [c for g in shown["groups"] for line in g["lines"] for c in line["cells"]]  # type: ignore[attr-defined]
    assert all(cell["sign"] and cell["word"] and len(cell["short"]) <= 90 for cell in cells)


def test_hostile_names_are_cut_and_stay_text(twin: TwinApp) -> None:
    shown = compared(twin, "20010", "20019")
    names = [one["name"] for one in shown["people"]]  # type: ignore[attr-defined]
    assert names[0].startswith("<img src=x onerror=")
    assert len(names[1]) <= 80
    assert json.loads(json.dumps(shown)) == shown


def test_who_is_named_twice_is_compared_once(open_page: Open) -> None:
    page = open_page(SCRIPT, apps="20001,20002,20001")
    assert not page.exception
    shown = json.loads(page.get("bidi_component")[0].proto.json)
    assert [one["id"] for one in shown["people"]] == ["20001", "20002"]


def test_one_person_or_five_are_told_in_words(open_page: Open) -> None:
    many = ",".join(row.application_id for row in people.rows()[:5])
    for apps in ("", "20001", many):
        assert "Choose two to four people" in words(open_page(SCRIPT, apps=apps))
