"""Our own earlier steps can be told from other people's edits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.ids import TenantId
from core.domain.own_changes import take_back
from core.domain.pacing import backoff
from core.domain.proposal import (
    AddTags,
    AppendText,
    Change,
    SetField,
    SetStage,
    Value,
    record_basis,
)
from core.domain.records import Application, FieldValue, ListNode, Presence
from tests.store_bench import application

MARKER = "copilot:approval-1"
RECORD = application(TenantId("4711"))
NEW, INTERVIEW = ListNode("C1", "New"), ListNode("C2", "Interview")
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
tags = st.lists(st.sampled_from("abcde"), unique=True, max_size=4).map(tuple)


def having(name: str, value: Value) -> Application:
    empty = value is None or value in ("", ())
    field = FieldValue(Presence.ABSENT) if empty else FieldValue(Presence.PRESENT, value)
    return replace(RECORD, fields={**RECORD.fields, name: field})


def is_as_before(before: Application, after: Application, change: Change) -> bool:
    back = take_back(after, (change,), MARKER)
    return record_basis(back, (change,)) == record_basis(before, (change,))


@given(old=texts | st.integers(), new=texts | st.integers())
def test_a_field_we_set_is_taken_back(old: Value, new: Value) -> None:
    change = SetField("f", old, new)
    assert is_as_before(having("f", old), having("f", new), change)


@given(old=tags, add=tags, remove=tags, order=st.randoms())
def test_tags_we_set_are_taken_back_in_whatever_order_they_return(
    old: tuple[str, ...], add: tuple[str, ...], remove: tuple[str, ...], order: object
) -> None:
    change = AddTags("tags", old, add, remove)
    after = list(change.new)
    order.shuffle(after)  # type: ignore[attr-defined]  # random.Random, as hypothesis gives it
    assert is_as_before(having("tags", old), having("tags", tuple(after)), change)


@given(old=texts, added=texts.filter(str.strip), ends=st.sampled_from(["\n", "\r\n"]))
def test_a_paragraph_we_appended_is_taken_back_whatever_the_line_ends(
    old: str, added: str, ends: str
) -> None:
    change = AppendText("note", added)
    after = "\n\n".join(part for part in (old, f"{added} [{MARKER}]") if part)
    assert is_as_before(having("note", old), having("note", after.replace("\n", ends)), change)


def test_a_stage_we_set_is_taken_back() -> None:
    after = replace(RECORD, stage=INTERVIEW)
    assert take_back(after, (SetStage(NEW, INTERVIEW),), MARKER).stage == NEW


@pytest.mark.parametrize(
    ("change", "theirs"),
    [
        (SetField("f", "old", "new"), having("f", "theirs")),
        (SetField("f", None, 87), having("f", 88)),
        (AddTags("tags", ("a",), ("b",)), having("tags", ("a", "b", "c"))),
        (AppendText("note", "ours"), having("note", f"ours [{MARKER}]\n\ntheirs")),
        (AppendText("note", "ours"), having("note", "theirs")),
        (SetStage(NEW, INTERVIEW), replace(RECORD, stage=ListNode("C9", "Hired"))),
    ],
)
def test_somebody_elses_edit_stays(change: Change, theirs: Application) -> None:
    assert take_back(theirs, (change,), MARKER) == theirs


@given(st.integers(1, 60), st.text(max_size=10))
def test_waits_double_up_to_a_limit_and_are_spread_the_same_way_each_time(
    attempts: int, key: str
) -> None:
    wait = backoff(attempts, key, first=10, longest=900)
    steady = min(900, 10 * 2 ** (attempts - 1))
    assert 0.75 * steady <= wait <= 1.25 * steady
    assert wait == backoff(attempts, key, first=10, longest=900)
