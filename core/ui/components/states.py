"""What a screen says when there is nothing, not yet, no longer, or not for this person."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import streamlit as st

from core.errors import Audience, CopilotError, QuotaExhausted, Unknown
from core.ui import format as f
from core.ui.components.way import leave_for

_STALE_AFTER = timedelta(hours=1)


def empty(title: str, what_to_do: str, icon: str = "inbox") -> None:
    """Say that there is nothing here, and what would change that."""
    with st.container(border=True, horizontal_alignment="center", gap="xsmall"):
        st.space("small")
        st.markdown(f"#### {f.icon(icon)} {title}", text_alignment="center")
        st.caption(what_to_do, text_alignment="center")
        st.space("small")


def loading(what: str) -> AbstractContextManager[None]:
    """Say what is being read while it takes; work that can be counted has its own progress."""
    return st.spinner(what)


def freshness(fetched_at: datetime | None, now: datetime) -> None:
    """Say how old the iCIMS data on this screen is."""
    if fetched_at is None:
        st.caption(f"{f.icon('cloud_off')} Not yet read from iCIMS")
        return
    old = now - fetched_at > _STALE_AFTER
    sign, color = ("history", "orange") if old else ("cloud_done", "gray")
    st.markdown(
        f":small[:{color}[{f.icon(sign)} iCIMS data {f.age(fetched_at, now)} old]]",
        help=f"Read from iCIMS on {f.when(fetched_at)}",
    )


def stale(problem: str) -> None:
    """Say that iCIMS could not be reached and the last known state is shown."""
    if problem:
        st.warning(f.escaped(problem, 400), icon=f.icon("cloud_off"))


def problem(error: CopilotError) -> None:
    """Say what went wrong, who can do something about it, and whether trying again helps."""
    message = f.escaped(str(error), 600)
    if error.audience is Audience.USER:
        st.warning(f.sentence(message), icon=f.icon("info"))
    elif error.audience is Audience.TENANT_ADMIN:
        hint = "Your iCIMS administrator can fix this on the Connection page."
        if isinstance(error, QuotaExhausted):
            hint = f"It opens again in {f.duration(error.resets_in)}."
        st.error(f"{f.sentence(message)} {hint}", icon=f.icon("link_off"))
    else:
        hint = "Please try again in a moment." if error.retryable else "The operators were told."
        st.error(f"{f.sentence(message)} {hint}", icon=f.icon("error"))


_LOST = {"application": "This application was not found", "requisition": "This job was not found"}


def lost(error: CopilotError) -> None:
    """Say why there is nothing at this address, with a way on; any other problem as ever."""
    if not isinstance(error, Unknown) or error.what not in _LOST:
        problem(error)
        return
    empty(
        _LOST[error.what],
        f"The address asks for “{f.escaped(error.id, 60)}”. Either there never was such a number, "
        "or it is no longer in iCIMS, or it belongs to a job that does not name you.",
        "search_off",
    )
    with st.container(horizontal=True, horizontal_alignment="center"):
        st.button(
            "Go to your jobs", icon=f.icon("work"), key="to_jobs", type="primary",
            on_click=leave_for, args=("requisitions",),
        )  # fmt: skip


def unexpected() -> None:
    """Say that something broke which nobody foresaw; nothing was written."""
    st.error(
        "Something went wrong on our side and this screen could not be drawn. "
        "Nothing was written to iCIMS. Please reload the page.",
        icon=f.icon("error"),
    )


def not_for_you() -> None:
    """Say that the page is for other roles."""
    st.warning("This page is not part of your role.", icon=f.icon("lock"))


def more(total: int, key: str, step: int = 10) -> int:
    """Say how many of ``total`` items to draw now and offer the next; call it above the list."""
    shown = int(st.session_state.get(f"more_{key}", step))
    if shown >= total:
        return total
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"The first {f.number(shown)} of {f.number(total)} are shown.")
        if st.button(f"Show {min(step, total - shown)} more", key=f"show_{key}"):
            st.session_state[f"more_{key}"] = shown + step
            st.rerun()
    return shown
