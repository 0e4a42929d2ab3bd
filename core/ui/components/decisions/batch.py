"""Deciding for several people at once: only after looking, one line and one record a person.

What is confirmed carries the hashes that were on the screen, so a proposal that changed since is
left alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import streamlit as st

from core.domain.actor import Actor
from core.domain.canonical import content_hash
from core.domain.ids import ApplicationId, ContentHash, ProposalId
from core.domain.views import BatchCheck, BatchLine, ProposalView
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.application.looking import SECONDS
from core.ui.components.decisions.batch_results import keep, take_all_back
from core.ui.components.decisions.changes import changes
from core.ui.components.decisions.reason import reason, reason_field, sent
from core.ui.components.decisions.whom import named
from core.ui.components.pipeline.question import address, asked
from core.ui.components.way import follow, leave_for
from core.ui.shell import spoken

Read = Callable[[], Sequence[ProposalView]]
Choice = Literal["approve", "refuse"]
_TAKEN, _REASON = "copilot_batch", "batch-reason"


@dataclass(frozen=True, slots=True)
class Batch:
    """What a person confirmed, having seen which hashes."""

    choice: Choice
    seen: Mapping[ProposalId, ContentHash]
    reason: str = ""


def carry_out_batch(actor: Actor) -> bool:
    """Carry out the batch just confirmed, or take approvals back; before the screen is read.

    Says whether a batch was carried out: its people need no ticks any more.
    """
    take_all_back(actor)
    batch = st.session_state.pop(_TAKEN, None)
    if not isinstance(batch, Batch):
        return False
    done = False
    with spoken():
        keep(_decided(actor, batch))
        sent(_REASON)
        done = True
    return done  # noqa: RET504  # spoken() may have ended the block before


def _decided(actor: Actor, batch: Batch) -> Sequence[BatchLine]:
    approvals = the_app().approvals
    if batch.choice == "approve":
        return approvals.approve_all(actor, batch.seen)
    return approvals.refuse_all(actor, list(batch.seen), batch.reason)


def batch_bar(actor: Actor, ids: Sequence[ProposalId], read: Read, key: str = "batch") -> None:
    """Offer to decide the proposals ``ids`` together; ``read`` is asked once a dialog opens."""
    count = len(ids)
    if st.button(
        f"Approve {f.number(count)} …" if ids else "Approve …",
        key=f"{key}-approve", icon=f.icon("check"), type="primary",
        disabled=not ids,
    ):  # fmt: skip
        _approve_dialog(actor, tuple(ids), read)
    if st.button(
        f"Do not write {f.number(count)} …" if ids else "Do not write …",
        key=f"{key}-refuse",
        icon=f.icon("block"),
        disabled=not ids,
    ):
        _refuse_dialog(actor, tuple(ids), read)


@st.dialog("Approve for iCIMS", width="large", icon=f.icon("check"))
def _approve_dialog(actor: Actor, ids: Sequence[ProposalId], read: Read) -> None:
    _body("approve", actor, ids, read)


@st.dialog("Do not write to iCIMS", width="large", icon=f.icon("block"))
def _refuse_dialog(actor: Actor, ids: Sequence[ProposalId], read: Read) -> None:
    _body("refuse", actor, ids, read)


def _body(choice: Choice, actor: Actor, ids: Sequence[ProposalId], read: Read) -> None:
    if _TAKEN in st.session_state:
        st.rerun()
    follow()
    with spoken():
        views = {view.proposal.id: view for view in read()}
        check = the_app().approvals.check(actor, ids)
        if check.to_open:
            _open_first(check, views)
        else:
            _confirm(choice, ids, views)


def _open_first(check: BatchCheck, views: Mapping[ProposalId, ProposalView]) -> None:
    """Name the people to be read before so many are decided at once."""
    more = f.plural(len(check.to_open), "more person", "more people")
    st.markdown(
        f"You have opened {f.number(check.opened)} of these {f.number(check.total)} people. "
        f"Before you decide for all of them, please open **{more}** of the sample. Who is in it "
        "cannot be chosen."
    )
    names = {view.proposal.application_id: view.candidate for view in views.values()}
    for id in check.to_open:
        words = f.escaped(names.get(id, ""), 60) or f"Application {id}"
        _read_evidence(id, words, f"sample-{id}")
    st.caption(
        f"What you ticked stays ticked while you read. A person counts as opened after {SECONDS} "
        "seconds on the screen."
    )


def _confirm(
    choice: Choice, ids: Sequence[ProposalId], views: Mapping[ProposalId, ProposalView]
) -> None:
    rows = [(id, views.get(id), why_not(choice, views.get(id))) for id in ids]
    seen = {id: view.hash for id, view, why in rows if view and not why}
    event: Any = st.dataframe(
        table([(view, why) for _, view, why in rows]),
        hide_index=True,
        column_config=_COLUMNS,
        placeholder="–",
        height="content" if len(rows) <= 8 else 324,
        row_height=36,
        on_select="rerun",
        selection_mode="single-cell",
        key=f"batch-{content_hash([str(id) for id in ids])[:16]}",
        alt="The people of this batch",
    )
    _opened([view for _, view, _ in rows], event["selection"]["cells"])
    if len(seen) < len(ids):
        able, asked_for = f.number(len(seen)), f.number(len(ids))
        st.caption(f"{able} of {asked_for} can be decided now; the others stay.")
    if choice == "approve":
        count = sum(len(view.changes) for _, view, why in rows if view and not why)
        st.caption(
            f"{f.plural(count, 'change')} in iCIMS, exactly as proposed. Each person is recorded "
            "as a decision of its own, in your name."
        )
    else:
        reason_field(_REASON)
    verb = "Approve" if choice == "approve" else "Do not write"
    st.button(
        f"{verb} {f.plural(len(seen), 'person', 'people')}",
        key="batch-confirm",
        type="primary",
        disabled=not seen,
        on_click=_take,
        args=(choice, seen),
    )


def _opened(views: Sequence[ProposalView | None], cells: Sequence[tuple[int, str]]) -> None:
    """Show what would change for the person whose line was clicked; ticks stay."""
    view = views[cells[0][0]] if cells and cells[0][0] < len(views) else None
    if view is None or view.hidden:
        st.caption("Click a line to see what would change for that person.")
        return
    with st.container(border=True, key=f"batch-one-{view.proposal.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(named(view), width="stretch")
            _read_evidence(view.proposal.application_id, "Read the evidence", "batch-read")
        changes(view.changes, key=f"batch-{view.proposal.id}")


def _read_evidence(id: ApplicationId, words: str, key: str) -> None:
    st.button(
        words,
        key=key,
        icon=f.icon("person_search"),
        on_click=leave_for,
        args=("application",),
        kwargs={"app": id, "req": st.query_params.get("req", ""), **address(asked())},
    )


def why_not(choice: Choice, view: ProposalView | None) -> str:
    """Say why a proposal stays out of a batch, empty when it can be decided."""
    if view is None:
        return "No longer waiting for a decision."
    if view.hidden:
        return "Say what you think first; its score is not shown to you yet."
    return view.blocked if choice == "approve" else ""


def table(rows: Sequence[tuple[ProposalView | None, str]]) -> pd.DataFrame:
    """Lay the people of a batch out, one a line, all text as plain text."""
    views = [view for view, _ in rows]
    return pd.DataFrame(
        {
            "Candidate": [f.one_line(view.candidate) if view else "–" for view in views],
            "Score": [f.score(view.score) if view and not view.hidden else "–" for view in views],
            "Changes": pd.array(
                [len(view.changes) if view and not view.hidden else None for view in views], "Int64"
            ),
            "What": [_what(view) for view in views],
            "Stays out": [why for _, why in rows],
        }
    )


def _what(view: ProposalView | None) -> str:
    if view is None or view.hidden:
        return ""
    return f.one_line(", ".join(change.what for change in view.changes), 200)


def _take(choice: Choice, seen: Mapping[ProposalId, ContentHash]) -> None:
    why = reason(_REASON) if choice == "refuse" else ""
    if why or choice == "approve":
        st.session_state[_TAKEN] = Batch(choice, seen, why)


_COLUMNS = {
    "Candidate": st.column_config.TextColumn(width=190),
    "Score": st.column_config.TextColumn(width=70),
    "Changes": st.column_config.NumberColumn(width=75),
    "What": st.column_config.TextColumn(width=260),
    "Stays out": st.column_config.TextColumn(width=180),
}
