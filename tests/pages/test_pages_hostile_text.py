"""What a candidate wrote is shown as text, whatever it is."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from core.domain.document import Span
from core.ui import format as f
from core.ui.components.application.reader import reading, segments
from core.ui.components.decisions.changes import compared
from core.ui.components.pipeline.pipeline_table import frame
from tests.pages.conftest import Open, words
from tests.twins import people

TEXTS = st.text(max_size=200) | st.sampled_from([people.HOSTILE, "=1+1", "**b**", "a\u202eb"])


@given(TEXTS)
def test_no_sign_of_an_escaped_text_means_anything_to_markdown(text: str) -> None:
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", f.escaped(text))
    assert not re.search(r"[!-/:-@\[-`{-~]", bare)


@given(TEXTS, st.integers(2, 50))
def test_one_line_is_one_line_without_direction_or_control_signs(text: str, limit: int) -> None:
    line = f.one_line(text, limit)
    assert len(line) <= limit
    assert not re.search(r"[\x00-\x1f\u202a-\u202e\u2066-\u2069]", line)


def test_addresses_in_escaped_text_do_not_become_links() -> None:
    shown = f.escaped("https://evil.example www.evil.example a@evil.example :smile:")
    assert "://" not in shown.replace("\\", "")
    assert "www." not in shown.replace("\\", "")
    assert ":smile" not in shown.replace("\\", "")


@given(
    st.text(max_size=80),
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=6),
)
def test_the_pieces_of_a_document_are_exactly_the_document(
    text: str, edges: list[tuple[int, int]]
) -> None:
    marks = [(Span(min(pair), max(pair)), f"c{n}") for n, pair in enumerate(edges)]
    pieces = segments(text, marks)
    assert "".join(str(piece["t"]) for piece in pieces) == text


@given(st.text(min_size=1, max_size=60), st.data())
def test_a_mark_lights_exactly_its_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    lit = [str(p["t"]) for p in segments(text, [(Span(start, end), "c")]) if p["c"]]
    assert "".join(lit) == text[start:end]


def test_the_quotes_shown_stand_in_the_document_shown() -> None:
    view = people.application(people.rows()[0])
    data = reading(view)
    for verdict in data["verdicts"]:
        lit = [p["t"] for p in data["document"]["own"] if verdict["id"] in p["c"]]
        assert verdict["quotes"] == lit or (not lit and not verdict["quotes"])


def test_the_points_shown_add_up_to_the_score_shown() -> None:
    view = people.application(people.rows()[0])
    assert view.row.score is not None
    assert round(sum(line.points for line in view.sum)) == view.row.score.value


def test_a_hostile_name_is_plain_text_on_the_application(open_page: Open) -> None:
    page = open_page("review/application.py", app="20010")
    for drawer in ("profile", "earlier", "happened"):
        page.session_state[f"drawer-{drawer}"] = True
    page.run()
    assert any(item.value.startswith("<img src=x onerror=") for item in page.text)
    markdown = [item.value for item in (*page.markdown, *page.title, *page.caption)]
    assert not [value for value in markdown if "onerror" in value]


def test_a_hostile_name_is_plain_text_in_the_tray(open_page: Open) -> None:
    page = open_page("review/approvals.py")
    assert not [item for item in page.markdown if "onerror" in item.value]


def test_a_very_long_name_is_cut(open_page: Open) -> None:
    table = open_page("review/pipeline.py", req="1017").dataframe[0].value
    assert max(map(len, table["Candidate"])) <= 120
    page = open_page("review/application.py", app="20019")
    assert max(len(item.value) for item in page.text) < 1_000


def test_a_formula_in_a_name_stays_text_and_tables_cannot_be_exported() -> None:
    table = frame(people.rows())
    assert all(isinstance(value, str) for value in table["Candidate"])
    config = (people_root() / ".streamlit" / "config.toml").read_text()
    assert "disableDataExport = true" in config


@given(TEXTS, TEXTS)
def test_the_pieces_of_a_change_are_exactly_its_old_and_new_text(old: str, new: str) -> None:
    pieces = compared(old, new)
    assert ["".join(text for text, _ in side) for side in pieces] == [old, new]


def test_no_text_of_a_change_becomes_markdown(open_page: Open) -> None:
    page = open_page("review/application.py", app="20001")
    assert "not bold" not in "\n".join(str(item.value) for item in page.markdown)
    assert words(page)


def people_root() -> Path:
    return Path(__file__).resolve().parents[2]
