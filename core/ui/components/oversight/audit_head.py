"""The reviewer's tools over the log: ask, page, verify, take away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from core.domain.views import AuditPage, Doer, Verification
from core.ui import format as f
from core.ui.components.states import loading

_BEFORE = "audit_before"
_ANYBODY = "Anybody"
FAMILIES = {
    "Anything": "",
    "Proposals and answers to them": "proposal.",
    "Proposals approved": "proposal.approved",
    "Proposals not written, on purpose": "proposal.refused",
    "Proposals sent back": "proposal.returned",
    "Approvals taken back": "approval.",
    "Writing to iCIMS": "write.",
    "Applications read, scored, opened": "application.",
    "Verdicts changed by people": "verdict.",
    "People's own views": "view.",
    "Criteria": "criteria.",
    "Scoring started and stopped": "screening.",
    "Requests to language models": "model.",
    "Searches in resumes": "pipeline.searched",
    "Lists taken away": "pipeline.exported",
    "Reviewing before scores are shown": "blinding.",
    "Instructions to AI models": "prompt.",
    "Switched off and on again": "capability.",
    "Thresholds and limits": "policy.",
    "Work that was given up": "job.",
    "Sign-ins": "sign_in.",
    "Sessions": "session",
    "Passwords": "password.",
    "Users": "user.",
    "This log": "audit.",
}
"""What a reviewer may look for, in words, and how the names of those events begin."""
KINDS = {"Anything": "", "An application": "application", "A requisition": "requisition"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reviewer wants to see; ``before`` is a row number, None for the newest."""

    subject: str
    who: str
    action: str
    before: int | None

    @property
    def narrowed(self) -> bool:
        """Say whether not every event was asked for."""
        return bool(self.subject or self.who or self.action)


def filters(doers: Sequence[Doer]) -> Asked:
    """Ask what happened, to which record and by which of ``doers``, all of it in the address."""
    ids = {_ANYBODY: ""} | {f.one_line(doer.name): doer.id for doer in doers}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        what = st.selectbox(
            "What happened", list(FAMILIES), key="what", bind="query-params", on_change=_top,
            width=280,
        )  # fmt: skip
        kind = st.selectbox(
            "About", list(KINDS), key="kind", bind="query-params", on_change=_top, width=190
        )
        number = st.text_input(
            "Its number", key="number", bind="query-params", on_change=_top, width=160,
            placeholder="20417" if KINDS[kind] else "", disabled=not KINDS[kind],
        )  # fmt: skip
        who = st.selectbox(
            "By whom", list(ids), key="by", bind="query-params", on_change=_top, width=300,
        )  # fmt: skip
    return Asked(
        subject(KINDS[kind], number or ""),
        ids[who],
        FAMILIES[what],
        st.session_state.get(_BEFORE),
    )


def subject(kind: str, number: str) -> str:
    """Name a record as the log does; empty without a kind or a number."""
    bare = number.strip().removeprefix(f"{kind}:")
    return f"{kind}:{bare}" if kind and bare else ""


def older(page: AuditPage, size: int) -> None:
    """Lead to older events and back."""
    with st.container(horizontal=True, vertical_alignment="center"):
        shown = f.number(len(page.lines))
        st.caption(f"{f.plural(page.total, 'event')} in the log · {shown} on this page")
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
    with loading("Checking every row of the log …"):
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
        "Take the log away",
        lines,
        file_name="audit.jsonl",
        mime="application/jsonl",
        icon=f.icon("download"),
        on_click="ignore",
        help="A text file (JSON lines) that can be checked without this product: see the "
        "verifier in its documentation. Taking it away is recorded too.",
    )


def _top() -> None:
    st.session_state.pop(_BEFORE, None)


def _before(seq: int) -> None:
    st.session_state[_BEFORE] = seq
