"""The reviewer's tools over the log: ask, page, verify, take away."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.domain.views import AuditPage, Verification
from core.ui import format as f

_BEFORE = "audit_before"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reviewer wants to see; ``before`` is a row number, None for the newest."""

    subject: str
    who: str
    action: str
    before: int | None


def filters() -> Asked:
    """Ask for a record, a person or a kind of event."""
    with st.container(horizontal=True):
        subject = st.text_input(
            "About",
            placeholder="application:20417",
            key="about",
            bind="query-params",
            on_change=_top,
        )
        who = st.text_input("Who", placeholder="User id", key="who", on_change=_top)
        action = st.text_input("What", placeholder="proposal.approved", key="what", on_change=_top)
    return Asked(
        (subject or "").strip(),
        (who or "").strip(),
        (action or "").strip(),
        st.session_state.get(_BEFORE),
    )


def older(page: AuditPage, size: int) -> None:
    """Lead to older events and back."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{f.plural(page.total, 'event')} in the log, {len(page.lines)} on this page")
        if st.session_state.get(_BEFORE):
            st.button("Newest", icon=f.icon("first_page"), on_click=_top)
        if len(page.lines) == size:
            st.button(
                "Older", icon=f.icon("chevron_right"), on_click=_before, args=(page.lines[-1].seq,)
            )


def verification(verify: Callable[[], Verification]) -> None:
    """Offer to walk the whole chain, and say in words what came of it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Every row carries the fingerprint of the row before it.")
        asked = st.button("Verify the log", icon=f.icon("verified_user"), type="primary")
    if not asked:
        return
    outcome = verify()
    if outcome.problem:
        st.error(
            f"{f.escaped(outcome.problem, 400)}. {f.plural(outcome.checked, 'row')} before it "
            "fit. Please keep a copy of the database and call the operators.",
            title="The log was changed",
            icon=f.icon("gpp_bad"),
        )
    else:
        st.success(
            f"{f.plural(outcome.checked, 'row')} checked from the first to the last. "
            f"Fingerprint of the last: `{outcome.head[:16]}`",
            title="Nothing was changed, nothing is missing",
            icon=f.icon("verified"),
        )


def export(lines: Callable[[], str]) -> None:
    """Hand the log out as a file for the stand-alone verifier."""
    st.download_button(
        "Take the log away (JSON lines)",
        lines,
        file_name="audit.jsonl",
        mime="application/jsonl",
        icon=f.icon("download"),
        on_click="ignore",
    )


def _top() -> None:
    st.session_state.pop(_BEFORE, None)


def _before(seq: int) -> None:
    st.session_state[_BEFORE] = seq
