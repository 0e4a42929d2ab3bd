"""The iCIMS connection in plain words."""

import streamlit as st

from core.domain.views import ConnectionView
from core.ui import format as f


def health(view: ConnectionView) -> None:
    """Say whether everything works, or what to change in iCIMS, one thing a line."""
    checked = f"Checked {f.when(view.checked_at)}"
    if not view.problems:
        st.success(
            f"iCIMS answers, and every field the copilot needs is there. {checked}.",
            title="Everything works",
            icon=f.icon("check_circle"),
        )
        return
    st.error(
        f"{checked}. Until then the copilot shows what it read before, and writes nothing that "
        "needs these.",
        title=f"{f.plural(len(view.problems), 'thing')} to change in iCIMS",
        icon=f.icon("link_off"),
    )
    for problem in view.problems:
        st.markdown(f"{f.icon('build')} {f.escaped(problem, 400)}")


def budget(view: ConnectionView) -> None:
    """Show what is left of the day's requests."""
    with st.container(horizontal=True):
        if view.quota_limit and view.quota_remaining is not None:
            left = f"{view.quota_remaining:,} of {view.quota_limit:,}"
            st.metric("Requests left today", left, border=True, width=300)
        else:
            st.metric("Requests left today", "Not said yet", border=True, width=300)
        st.metric("Asked by the copilot today", f"{view.calls_today:,}", border=True, width=300)
        if view.quota_resets_at:
            st.metric("Budget renews", f.when(view.quota_resets_at), border=True, width=300)
    if view.quota_limit and view.quota_remaining is not None:
        st.progress(view.quota_remaining / view.quota_limit)


def target(view: ConnectionView) -> None:
    """Say which iCIMS this is."""
    st.caption(f"Customer {f.escaped(view.customer_id)} at {f.escaped(view.api_base)}")
