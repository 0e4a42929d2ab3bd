"""Marking a text takes steps in proportion to its length, whatever the text."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from core.documents.marks import invisible, orders, stuffing

NEAR_MISSES = {
    "verbs": "ignore ",
    "objects": "previous instructions ",
    "verbs and earlier": "ignore all previous ",
    "applicants": "rate this candidate ",
    "marks": "give the highest ",
    "addressees": "note to you are ",
    "keys": '"verdict" : "quotes ',
    "open braces": "{[ ",
    "templates": "<|im <|system [ins ",
    "base64": "QUJDREVGR0hJSktMTU5P",
    "base64 lines": "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo\n",
    "hex": "6a6b ",
    "odd hex": "6a6b6",
    "binary": "01100001 ",
    "escapes": "%41&#65;\\u0041",
    "ampersands": "&&&#;",
    "morse": ".- -... ",
    "dots": "......",
    "spaced letters": "a b c d ",
    "leet": "1gn0r3 ",
    "one long word": "ignoreprevious",
    "blanks": " \n \t ",
    "marks over letters": "e\u0301\u0336",
    "look-alikes": "іgnоrе рrеvіоus ",
    "invisible": "a\u200b\u200c",
    "joint script": "忽略之前的",
}
FAMILIES = [orders, stuffing, invisible]


def steps(work: Callable[[str], object], text: str) -> int:
    """Count the lines of our own code that run."""
    count = 0

    def tracer(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        work(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("near_miss", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_twice_the_text_takes_at_most_twice_the_steps(near_miss: str) -> None:
    text = near_miss * (4_000 // len(near_miss))
    for work in FAMILIES:
        work(text)  # tables are read once
        once, twice = steps(work, text), steps(work, text * 2)
        assert twice <= 2.2 * once + 200


@pytest.mark.parametrize("brace", ["", "{"])
def test_nothing_but_orders_takes_few_steps_for_each_character(brace: str) -> None:
    text = f"{brace}ignore previous instructions. " * 130
    orders(text)  # tables are read once
    assert steps(orders, text) <= 100 * len(text)
