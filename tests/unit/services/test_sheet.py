"""A file for spreadsheets holds text, never a formula."""

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.services.pipeline.sheet import safe, write

ATTACKS = (
    '=cmd|"/C calc"!A0',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "  =1+1",
    '"=1+1',
    "\u202e=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "'=1+1",
    "﹦1+1",
)


def back(sheet: bytes, separator: str = ",") -> list[list[str]]:
    text = io.StringIO(sheet.decode("utf-8-sig"), newline="")
    return [*csv.reader(text, delimiter=separator)]


@pytest.mark.parametrize("text", ATTACKS, ids=[f"attack {n}" for n, _ in enumerate(ATTACKS)])
def test_no_cell_begins_a_formula(text: str) -> None:
    assert safe(text).startswith("'")


@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@given(st.text(st.sampled_from(list("=+-@;,\"'\t\r\n a＝\u202e")), max_size=12))
def test_no_separator_splits_a_cell_into_a_formula(separator: str, text: str) -> None:
    for row in back(write(["A", "B"], [[text, 7]]), separator):
        for cell in row:
            assert cell.lstrip("\"' ")[:1] not in {*"=+-@＝"} or cell.lstrip('" ')[:1] == "'"


@given(st.text(max_size=40))
def test_nothing_invisible_or_turning_is_left(text: str) -> None:
    assert not {unicodedata.category(c) for c in safe(text)} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.text(st.characters(categories=("L", "N")), max_size=40))
def test_names_stay_as_they_are(text: str) -> None:
    assert safe(text) == text
    assert back(write(["Name"], [[text]]))[1:] == [[text]]


def test_numbers_stay_numbers_and_the_file_opens_in_excel() -> None:
    sheet = write(["Name", "Change"], [["Jürgen", -3], ["Ana", None]])
    assert sheet.startswith(b"\xef\xbb\xbf")
    assert back(sheet) == [["Name", "Change"], ["Jürgen", "-3"], ["Ana", ""]]
