"""What iCIMS allows and how fast it answers."""

import streamlit as st

from core.domain.budget import Lane
from core.domain.operations import CallSpeed, OperationsView
from core.domain.views import BudgetView
from core.ui import format as f
from core.ui.components.operations.meters import Dress, Meter, meters
from core.ui.components.operations.words import KEPT


def requests(view: OperationsView) -> None:
    """Draw the day's requests: used, open to all work, kept for what is more urgent."""
    st.subheader("iCIMS requests of today", anchor=False)
    day = view.budget
    if day.limit is None or day.remaining is None:
        st.caption("iCIMS has not said yet how many requests are left.")
    else:
        meters("Requests of today", [_day(day)], "requests", full=day.limit, legend=_legend(day))
    if day.paused_until:
        st.caption(f"iCIMS asked to be left alone until {f.when(day.paused_until)}.")
    if day.short:
        st.caption("Requests are short: the newest applications go first.")


def kept(day: BudgetView) -> dict[Lane, int]:
    """Share what is left out: the most urgent lane has its part first, the rest is for all."""
    left, shares = day.remaining or 0, {}
    for lane in day.lanes:
        share = left if lane.lane is Lane.BACKLOG else min(left, lane.kept)
        shares[lane.lane] = share
        left -= share
    return shares


_WHOSE = {**KEPT, Lane.BACKLOG: "that can wait"}
_DRESS: dict[Lane, Dress] = {
    Lane.PEOPLE: "kept",
    Lane.EVENTS: "warn",
    Lane.RECONCILE: "pale",
    Lane.BACKLOG: "strong",
}


def _day(day: BudgetView) -> Meter:
    words = f"{f.number(day.remaining or 0)} of {f.number(day.limit or 0)} left"
    shares = kept(day)
    parts: list[tuple[Dress, float]] = [("spent", day.used or 0)]
    parts += [(_DRESS[lane], shares[lane]) for lane in reversed(Lane)]
    renewed = f"The day's requests are renewed at {f.when(day.resets_at)}" if day.resets_at else ""
    waits = [
        f"{f.plural(lane.waiting.count, 'piece')} of work {_WHOSE[lane.lane]} put off until "
        f"{f.when(lane.waiting.until)}"
        for lane in day.lanes
        if lane.waiting
    ]
    return Meter("Left today", words, parts, [renewed, *waits])


def _legend(day: BudgetView) -> list[tuple[Dress, str]]:
    shares = kept(day)
    entries: list[tuple[Dress, str]] = [("spent", f"{f.number(day.used or 0)} used")]
    for lane in reversed(Lane):
        word = "open" if lane is Lane.BACKLOG else "kept"
        entries.append((_DRESS[lane], f"{f.number(shares[lane])} {word} {KEPT[lane]}"))
    return entries


def speed(view: OperationsView) -> None:
    """Draw how fast iCIMS answered in the last hour, slowest kind of request first."""
    st.subheader("Speed of iCIMS, last hour", anchor=False)
    if not view.calls:
        st.caption("Nothing was asked of iCIMS in the last hour.")
        return
    rows = [_call(call) for call in view.calls]
    meters(
        "Speed of iCIMS by kind of request",
        rows,
        "speed",
        legend=[("strong", "half of the answers came within"), ("pale", "95 of 100 within")],
    )


def _call(call: CallSpeed) -> Meter:
    words = f"{f.seconds(call.p50_ms)}, 95 of 100 within {f.seconds(call.p95_ms)}"
    troubles = (
        f"{f.number(call.failed)} without a usable answer" if call.failed else "",
        f"{f.number(call.refused)} refused as too many" if call.refused else "",
    )
    asked = f.plural(call.count, "request")
    note = ", ".join(part for part in (asked, *troubles) if part)
    rest = max(0.0, call.p95_ms - call.p50_ms)
    return Meter(
        f.one_line(call.what, 60), words, [("strong", call.p50_ms), ("pale", rest)], [note]
    )
