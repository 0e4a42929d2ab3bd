"""Is everything flowing? One answer, and the way out where it is not."""

from collections.abc import Callable, Mapping

import streamlit as st

from core.domain.operations import Concern, OperationsView
from core.ui import format as f


def verdict(view: OperationsView) -> None:
    """Say that all is well, or what is stuck and what to do about it, the most pressing first."""
    if not view.concerns:
        _no_concern(view)
        return
    first, *others = view.concerns
    title, way_out = WORDS[first](view)
    draw = st.error if first.is_severe else st.warning
    draw(way_out, title=title, icon=_sign(first))
    for concern in others:
        title, way_out = WORDS[concern](view)
        color = "red" if concern.is_severe else "orange"
        st.markdown(f":{color}[{_sign(concern)}] **{title}.** {way_out}")


def _sign(concern: Concern) -> str:
    return f.icon("error" if concern.is_severe else "warning")


def _no_concern(view: OperationsView) -> None:
    if view.comparisons.poll is None and view.events.last_at is None:
        every = f.duration(view.comparisons.every.total_seconds())
        st.info(
            "The copilot has not asked iCIMS for changes yet. Its worker does so within a minute "
            f"of its start, and then every {every}.",
            title="Nothing has happened yet",
            icon=f.icon("hourglass_empty"),
        )
        return
    st.success(_well(view), title="Everything is flowing", icon=f.icon("check_circle"))


def _well(view: OperationsView) -> str:
    due, running = (sum(getattr(d, name) for d in view.depths) for name in ("due", "running"))
    if not due and not running:
        return "Nothing waits, nothing failed."
    return f"{f.plural(due, 'piece')} of work waiting, {f.number(running)} being done. None failed."


def _idle(view: OperationsView) -> tuple[str, str]:
    oldest = min(d.oldest_due_at for d in view.depths if d.oldest_due_at)
    due = f.plural(sum(d.due for d in view.depths), "piece")
    return "Nobody is doing the work", (
        f"{due} of work waiting, the oldest for {f.age(oldest, view.at)}, and none is being done. "
        "Ask whoever runs the copilot's server to start its worker. Nothing is lost meanwhile."
    )


def _not_compared(view: OperationsView) -> tuple[str, str]:
    poll = view.comparisons.poll
    since = f.age(poll.at, view.at) if poll else "a while"
    every = f.duration(view.comparisons.every.total_seconds())
    return f"iCIMS has not been asked for changes for {since}", (
        f"That should happen every {every}. If “Asking iCIMS for changes” is put off below, the "
        "reason stands there. Otherwise the copilot's worker is not running: ask whoever runs the "
        "server to start it."
    )


def _icims_down(view: OperationsView) -> tuple[str, str]:
    failed, asked = sum(c.failed for c in view.calls), sum(c.count for c in view.calls)
    return "iCIMS does not answer reliably", (
        f"{f.number(failed)} of {f.plural(asked, 'request')} in the last hour came to nothing. "
        "Work is tried again by itself. The Connection page says whether the sign-in is at fault."
    )


def _given_up(view: OperationsView) -> tuple[str, str]:
    more = "More than " if view.more_failed else ""
    count = f.plural(view.given_up, "piece")
    verb = "was" if view.given_up == 1 else "were"
    return f"{more}{count} of work {verb} given up", (
        "Each was tried until there was no use in it. See the reasons under “Given up”, put right "
        "what they name, then try again there."
    )


def _writes(view: OperationsView) -> tuple[str, str]:
    writes = view.writes
    parts = (
        (writes.refused, "refused by iCIMS"),
        (writes.moved, "not sent because the record had changed"),
        (writes.in_doubt, "sent without an answer and being looked up"),
    )
    counted = ", ".join(f"{f.number(count)} {words}" for count, words in parts if count)
    return (
        f"{f.plural(writes.total, 'approved change')} did not reach iCIMS",
        (
            f"In the last 24 hours: {counted}. Recruiters see theirs marked “Needs attention”. A "
            "compliance reviewer finds each in the audit log under “Writing to iCIMS”."
        ),
    )


def _used_up(view: OperationsView) -> tuple[str, str]:
    waiting = view.budget.waiting
    count = f.plural(waiting.count, "piece") if waiting else "Some"
    until = f.when(waiting.until) if waiting else "later"
    return "The iCIMS requests of today are used up", (
        f"{count} of work put off; the first goes on by itself at {until}. Clicks and news "
        "have requests of their own. If this happens often, ask iCIMS for a higher daily limit."
    )


def _lost_events(view: OperationsView) -> tuple[str, str]:
    found = view.comparisons
    return "iCIMS does not tell us of everything", (
        f"Of {f.plural(found.listed, 'changed application')} in the last 24 hours, "
        f"{f.number(found.missed)} came without an event. They were found by asking and are here, "
        "but minutes late. Ask iCIMS Technical Services to look at the event subscription."
    )


def _behind(view: OperationsView) -> tuple[str, str]:
    return "News from iCIMS waits longer than 15 minutes", (
        "Work is being done, but more comes in than gets done. It catches up by itself after a "
        "rush; if it happens every day, have another worker started."
    )


WORDS: Mapping[Concern, Callable[[OperationsView], tuple[str, str]]] = {
    Concern.IDLE: _idle,
    Concern.NOT_COMPARED: _not_compared,
    Concern.ICIMS_DOWN: _icims_down,
    Concern.GIVEN_UP: _given_up,
    Concern.WRITES: _writes,
    Concern.USED_UP: _used_up,
    Concern.LOST_EVENTS: _lost_events,
    Concern.BEHIND: _behind,
}
"""What each concern is called, and the way out."""
