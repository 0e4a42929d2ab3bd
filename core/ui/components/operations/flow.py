"""What comes in: what iCIMS tells unasked, and what asking finds."""

from collections.abc import Iterator

import streamlit as st

from core.domain.events import EventKind
from core.domain.operations import Comparisons, EventsIn, OperationsView
from core.ui import format as f
from core.ui.components.operations.meters import Dress, Meter, meters
from core.ui.components.operations.words import EVENT


def events(view: OperationsView) -> None:
    """Show the events of the last day by kind, and how long ago the last one came."""
    st.subheader("Events from iCIMS, last 24 hours", anchor=False)
    heard = view.events
    if not heard.set_up:
        every = f.duration(view.comparisons.every.total_seconds())
        st.info(
            f"iCIMS does not tell the copilot of changes yet, so it asks every {every} instead. "
            "With events, new applications are here within seconds. How to set them up: step 7 of "
            "`docs/howto/connect-a-tenant.md`.",
            title="Events are not set up",
            icon=f.icon("notifications_off"),
        )
    if heard.last_at is None:
        if heard.set_up:
            st.caption("None has come yet.")
        return
    st.caption(f"The last one came {f.age(heard.last_at, view.at)} ago.")
    rows = [_kind(heard, kind) for kind in EventKind if heard.counts.get(kind)]
    if rows:
        meters("Events by kind", rows, "events")
    else:
        st.caption("None in the last 24 hours.")


def _kind(heard: EventsIn, kind: EventKind) -> Meter:
    count = heard.counts[kind]
    odd = kind is EventKind.UNKNOWN
    dress: Dress = "warn" if odd else "strong"
    note = "Kept, and nothing was done about them. Tell whoever runs the server." if odd else ""
    return Meter(EVENT[kind], f.number(count), [(dress, count)], [note])


def comparisons(view: OperationsView) -> None:
    """Show what asking iCIMS found, so that events that got lost are seen."""
    st.subheader("Found by asking iCIMS", anchor=False)
    found = view.comparisons
    if found.poll is None and found.sweep is None:
        st.caption("iCIMS has not been asked for changes yet.")
        return
    if found.listed and view.events.set_up:
        meters(
            "Changes with and without an event",
            [_told(found)],
            "told",
            full=found.listed,
            legend=[("good", "iCIMS told us"), ("warn", "found by asking")],
        )
    for sentence in _sentences(view):
        st.caption(sentence)


def _told(found: Comparisons) -> Meter:
    told = found.listed - found.missed
    words = f"{f.number(found.missed)} of {f.number(found.listed)} came without an event"
    return Meter("Changed applications", words, [("good", told), ("warn", found.missed)])


def _sentences(view: OperationsView) -> Iterator[str]:
    found = view.comparisons
    if found.poll:
        every = f.duration(found.every.total_seconds())
        changed = f.plural(found.listed, "changed application")
        yield (
            f"Asked {f.age(found.poll.at, view.at)} ago, and again every {every}. "
            f"In the last 24 hours iCIMS listed {changed}."
        )
    if found.sweep:
        sweep = found.sweep
        yield (
            f"Everything was compared {f.age(sweep.at, view.at)} ago: "
            f"{f.plural(sweep.listed, 'application')} listed, {f.number(sweep.missed)} we lacked, "
            f"{f.number(sweep.gone)} no longer there."
        )
