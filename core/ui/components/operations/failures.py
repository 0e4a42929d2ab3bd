"""Work that was given up: why, how much of it, and the way out."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.domain.actor import Actor
from core.domain.ids import JobId
from core.domain.jobs import DeadJob
from core.domain.operations import DropReason, Failure, OperationsView
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.operations.words import DROP, WORK, about
from core.ui.components.states import more
from core.ui.shell import spoken

_DEED = "copilot_operations_deed"
_LISTED = 100
_SILENT = "It ended without a reason"
"""Lines of one failure; whoever has more tries them all again."""


def carry_out(actor: Actor) -> None:
    """Do what was just clicked, if anything; to be called before the failures are read."""
    ids, reason = st.session_state.pop(_DEED, ((), None))
    if not ids:
        return
    with spoken():
        if reason is None:
            done = the_app().operations.replay(actor, ids)
            st.toast(f"{_pieces(done)} of work tried again.", icon=f.icon("replay"))
        else:
            done = the_app().operations.drop(actor, ids, reason)
            st.toast(f"{_pieces(done)} of work taken off the list.", icon=f.icon("task_alt"))


def is_due() -> bool:
    """Say whether something was just clicked."""
    return _DEED in st.session_state


def given_up(view: OperationsView) -> None:
    """List what was given up, alike with alike, each with its reason and the way out."""
    if not view.failures:
        return
    st.subheader("Given up", anchor=False)
    if view.more_failed:
        st.caption(f"The newest {f.number(view.given_up)} are shown.")
    for failure in view.failures[: more(len(view.failures), "failures")]:
        _failure(failure, view)


def _failure(failure: Failure, view: OperationsView) -> None:
    count, key = len(failure.jobs), failure.key
    newest, chosen = failure.jobs[0], _chosen(failure)
    ids = tuple(job.id for job in failure.jobs if job.id in chosen or not chosen)
    with st.container(border=True, gap="small", key=f"failure-{key}"):
        which = about(newest.payload) if count == 1 else f"{f.number(count)} times"
        st.markdown(
            f"**{WORK[failure.kind]}** · {f.escaped(which)} · {f.age(newest.at, view.at)} ago"
        )
        st.markdown(f"{f.icon('error')} {f.escaped(f.sentence(failure.error or _SILENT), 400)}")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                _again(len(ids), count),
                key=f"again-{key}",
                icon=f.icon("replay"),
                on_click=_take,
                args=(ids, None),
            )
            if count > 1:
                with st.popover("Which ones …", icon=f.icon("list"), key=f"which-{key}"):
                    _which_ones(failure)
            sign = f.icon("playlist_remove")
            with st.popover("Take off the list …", icon=sign, key=f"off-{key}"):
                _take_off(ids, key)


def _chosen(failure: Failure) -> Sequence[JobId]:
    """Give the chosen ones; what was settled meanwhile is no choice any more."""
    there, key = {job.id for job in failure.jobs[:_LISTED]}, f"some-{failure.key}"
    st.session_state[key] = [id for id in st.session_state.get(key, ()) if id in there]
    return tuple(st.session_state[key])


def _which_ones(failure: Failure) -> None:
    jobs = {job.id: job for job in failure.jobs[:_LISTED]}
    st.multiselect(
        "Only some of them",
        list(jobs),
        format_func=lambda one: _named(jobs[one]),
        key=f"some-{failure.key}",
        placeholder="All of them",
    )
    frame = _frame(tuple(jobs.values()))
    st.dataframe(frame, hide_index=True, height=300, alt="Work that was given up")


def _take_off(ids: tuple[JobId, ...], key: str) -> None:
    st.markdown(
        f"{_pieces(len(ids))} of work will not be done. The log keeps who decided it and why."
    )
    reason = st.radio(
        "Why", tuple(DropReason), format_func=DROP.__getitem__, index=None, key=f"why-{key}"
    )
    st.button(
        "Take off the list",
        key=f"drop-{key}",
        type="primary",
        disabled=reason is None,
        on_click=_take,
        args=(ids, reason),
    )


def _take(ids: tuple[JobId, ...], reason: DropReason | None) -> None:
    st.session_state[_DEED] = (ids, reason)


def _again(chosen: int, count: int) -> str:
    if count == 1:
        return "Try again"
    return f"Try all {f.number(count)} again" if chosen == count else f"Try {chosen} again"


def _pieces(count: int) -> str:
    return f.plural(count, "piece")


def _named(job: DeadJob) -> str:
    return f"{about(job.payload) or 'Without a number'} (no. {job.id})"


def _frame(jobs: Sequence[DeadJob]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "About": [f.one_line(about(job.payload)) or "–" for job in jobs],
            "Times tried": [job.attempts for job in jobs],
            "Given up": [f.when(job.at) for job in jobs],
            "No.": [str(job.id) for job in jobs],
        }
    )
