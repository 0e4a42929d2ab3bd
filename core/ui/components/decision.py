"""A proposal: the exact change, and a person's yes, no or never mind.

A click carries the hash of what was on the screen when it was clicked: Streamlit hands a callback
the arguments of the run that drew the button, so a proposal that changed meanwhile is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import streamlit as st

from core.domain.actor import Actor
from core.domain.ids import ContentHash, ProposalId
from core.domain.views import ChangeLine, ProposalView
from core.ui import format as f
from core.ui.access import the_app
from core.ui.shell import spoken

_TAKEN = "copilot_decision"
_TITLES = ("Field", "Now in iCIMS", "After approval")
_LONG, _TALL = 400, 190
"""Characters from which a value gets a box of its own, and the box's height in pixels."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the person chose, for which proposal, having seen which hash."""

    choice: Literal["approve", "refuse", "undo"]
    proposal: ProposalId
    hash_seen: ContentHash
    reason: str = ""


def carry_out(actor: Actor) -> None:
    """Carry out the decision just clicked, if any; to be called before the screen is read."""
    taken = st.session_state.pop(_TAKEN, None)
    if not isinstance(taken, Decision):
        return
    approvals = the_app().approvals
    with spoken():
        match taken.choice:
            case "approve":
                approvals.approve(actor, taken.proposal, taken.hash_seen)
                st.toast("Approved. You can still undo it.", icon=f.icon("check_circle"))
            case "refuse":
                approvals.refuse(actor, taken.proposal, taken.reason)
                st.toast("Not written. Your reason is kept.", icon=f.icon("block"))
            case "undo":
                approvals.undo(actor, taken.proposal)
                st.toast("Taken back. Nothing was written.", icon=f.icon("undo"))


def proposal_card(view: ProposalView, *, shortcut: bool = False) -> None:
    """Show one proposal with its changes and what can be done about it now."""
    with st.container(border=True):
        st.markdown(f"**{f.icon('edit_note')} Proposed for iCIMS**")
        st.caption(
            f"Made by {f.escaped(view.made_by)} on {f.when(view.proposal.made_at)} · "
            f"can be approved until {f.when(view.proposal.expires_at)}"
        )
        changes(view.changes, key=view.proposal.id)
        _outcome(view)
        if not (view.approved_by or view.refused_reason):
            _choice(view, shortcut=shortcut)
        st.caption(f"Fingerprint of these changes: `{view.hash[:16]}`", help=f"`{view.hash}`")


def proposal_title(view: ProposalView) -> bool:
    """Say whom a proposal is about; return whether the evidence was asked for."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"strong-{view.hash}"):
        st.text(f.one_line(view.candidate) or f"Application {view.proposal.application_id}")
        st.markdown(f":small[:gray[{f.escaped(view.job)}]]")
        st.space("stretch")
        return st.button(
            "Read the evidence", key=f"open-{view.proposal.id}", icon=f.icon("person_search")
        )


def earlier(views: Sequence[ProposalView]) -> None:
    """Show proposals that a newer one replaced, out of the way."""
    if views:
        with st.expander(f"Earlier proposals ({len(views)})", icon=f.icon("history")):
            for view in views:
                proposal_card(view)


def changes(lines: tuple[ChangeLine, ...], key: str) -> None:
    """Show what would change, old beside new, whole and as plain text; long texts scroll."""
    widths = [1.0, 1.6, 2.4] if any(len(line.old) > 40 for line in lines) else [1.0, 0.6, 3.0]
    for column, title in zip(st.columns(widths), _TITLES, strict=True):
        column.caption(title)
    for number, line in enumerate(lines):
        what, old, new = st.columns(widths)
        with what.container(key=f"strong-{key}-{number}"):
            st.text(line.what)
        with old:
            _value(line.old, f"before-{key}-{number}")
        with new:
            _value(line.new, f"after-{key}-{number}")


def _value(text: str, key: str) -> None:
    with st.container(key=key, height=_TALL if len(text) > _LONG else "content", border=False):
        st.text(text or "(empty)")


def _choice(view: ProposalView, *, shortcut: bool) -> None:
    if view.blocked:
        st.warning(f.escaped(view.blocked, 400), icon=f.icon("lock"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Approve and write to iCIMS",
            key=f"approve-{view.proposal.id}",
            type="primary",
            icon=f.icon("check"),
            disabled=bool(view.blocked),
            shortcut="Mod+Enter" if shortcut else None,
            on_click=_take,
            args=(Decision("approve", view.proposal.id, view.hash),),
        )
        with (
            st.popover("Do not write …", icon=f.icon("block"), disabled=bool(view.blocked)),
            st.form(f"refuse-{view.proposal.id}", border=False),
        ):
            st.text_area(
                "Why not?",
                key=f"reason-{view.proposal.id}",
                max_chars=500,
                placeholder="For example: the licence is on page 2",
            )
            st.form_submit_button(
                "Do not write", on_click=_take_refusal, args=(view.proposal.id, view.hash)
            )


def _outcome(view: ProposalView) -> None:
    if view.refused_reason:
        st.badge("Not written", icon=f.icon("block"), color="gray")
        st.text(f"Reason: {view.refused_reason}")
    if view.approved_by:
        st.badge(
            f"Approved by {f.one_line(view.approved_by, 60)}", icon=f.icon("check"), color="green"
        )
    if view.undo_until is not None and view.undo_until > f.now():
        _undo(view.proposal.id, view.hash, view.undo_until)
    for write in view.writes:
        sign, _, color = f.WRITE[write.state]
        st.markdown(f":{color}[{f.icon(sign)} {f.escaped(write.detail, 400)}]")


def _undo(proposal: ProposalId, hash_seen: ContentHash, until: datetime) -> None:
    """Count down, by the second when the end is near."""
    near = until - f.now() < timedelta(minutes=2)
    st.fragment(_undo_button, run_every=1.0 if near else 60.0)(proposal, hash_seen, until)


def _undo_button(proposal: ProposalId, hash_seen: ContentHash, until: datetime) -> None:
    left = int((until - f.now()).total_seconds())
    if left <= 0:
        st.rerun()
    if st.button(f"Undo ({f.duration(left)} left)", icon=f.icon("undo"), key=f"undo-{proposal}"):
        _take(Decision("undo", proposal, hash_seen))
        st.rerun()


def _take(decision: Decision) -> None:
    st.session_state[_TAKEN] = decision


def _take_refusal(proposal: ProposalId, hash_seen: ContentHash) -> None:
    reason = str(st.session_state.get(f"reason-{proposal}", ""))
    _take(Decision("refuse", proposal, hash_seen, reason))
