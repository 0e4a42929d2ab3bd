"""What a process does once it has drawn its first pages: it lets the collector forget them."""

import gc
from itertools import count

_FREEZE_AT = frozenset({8, 24, 80})
"""Runs after which libraries, pages and adapters that are loaded on first use have come in."""
_runs = count(1)


def rest() -> None:
    """Before a run, now and then set what lives for ever aside.

    Streamlit collects garbage after every run. Among 200,000 objects of libraries that costs
    50 ms of processor time each time, among what a run left behind half a millisecond.
    """
    if next(_runs) in _FREEZE_AT:
        gc.collect()
        gc.freeze()
