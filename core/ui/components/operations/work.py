"""What waits, what is being done and what is put off, by kind of work."""

from collections.abc import Iterator, Sequence

import streamlit as st

from core.domain.operations import OperationsView, Work, work_by_kind
from core.ui import format as f
from core.ui.components.operations.meters import Dress, Meter, meters
from core.ui.components.operations.pace import watched
from core.ui.components.operations.words import WORK

_LEGEND: Sequence[tuple[Dress, str]] = (
    ("good", "being done"),
    ("strong", "waiting"),
    ("later", "put off"),
)


def waiting_work(view: OperationsView) -> None:
    """Draw how much there is of each kind of work, the most urgent first."""
    st.subheader("Waiting work", anchor=False)
    work = work_by_kind(view.depths)
    left = watched(work, view.at)
    if not work:
        st.caption("Nothing waits. What comes in is done at once.")
        return
    rows = [_row(each, view, left.get(each.kind)) for each in work]
    meters("Waiting work by kind", rows, "work", legend=_LEGEND)


def _row(work: Work, view: OperationsView, left: float | None) -> Meter:
    parts: Sequence[tuple[Dress, int, str]] = (
        ("good", work.running, "being done"),
        ("strong", work.due, "waiting"),
        ("later", work.put_off, "put off"),
    )
    words = " · ".join(f"{f.number(count)} {name}" for _, count, name in parts if count)
    shown: list[tuple[Dress, float]] = [(dress, count) for dress, count, _ in parts]
    return Meter(WORK[work.kind], words, shown, list(_notes(work, view, left)))


def _notes(work: Work, view: OperationsView, left: float | None) -> Iterator[str]:
    waits = f"The oldest for {f.age(work.oldest_due_at, view.at)}" if work.oldest_due_at else ""
    ends = f"about {f.duration(left)} left" if left else ""
    yield "; ".join(part for part in (waits, ends) if part)
    if work.put_off:
        until = f"until {f.when(work.next_at)}" if work.next_at else ""
        why = f": {f.one_line(work.why, 300)}" if work.why else ""
        yield f"Put off {until}{why}"
