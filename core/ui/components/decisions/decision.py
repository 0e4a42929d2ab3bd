"""A proposal: the exact change, and a person's yes, no, not like this, or never mind.

A click carries the hash of what was on the screen when it was clicked: Streamlit hands a callback
the arguments of the run that drew the button, so a proposal that changed meanwhile is refused.
"""

from collections.abc import Sequence

import streamlit as st

from core.domain.actor import Actor, ActorKind
from core.domain.ids import ApplicationId, ProposalId
from core.domain.judgement import Hidden
from core.domain.proposal import Proposal
from core.domain.views import ProposalView
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.application.looking import look
from core.ui.components.arming import since, too_quick
from core.ui.components.decisions.change_request import change_request
from core.ui.components.decisions.changes import changes
from core.ui.components.decisions.outcome import outcome
from core.ui.components.decisions.reason import reason, reason_field, sent
from core.ui.components.decisions.taken import Decision, given, pending, take
from core.ui.components.decisions.whom import named
from core.ui.components.keys import key
from core.ui.components.window import close_window, open_window, window
from core.ui.shell import spoken

_SAID = {
    "approve": ("check_circle", "Approved. You can still undo it."),
    "refuse": ("block", "Not written. Your reason is kept."),
    "undo": ("undo", "Taken back. Nothing was written."),
    "ask": ("reply", "Sent back. It cannot be approved any more."),
    "again": ("edit_note", "Proposed again. It waits for a decision."),
    "reverse": ("edit_note", "The opposite is proposed. It waits for a decision like any other."),
}


def carry_out(actor: Actor, read: ApplicationId | None = None) -> bool:
    """Carry out the decision just clicked, if any; to be called before the screen is read.

    ``read`` is whose evidence was on the screen with it: a decision there is a look, too. True
    after an answer to a proposal that was carried out.
    """
    taken = given()
    if taken is None:
        return False
    if taken.choice == "approve" and too_quick(taken.shown_at):
        st.toast("That was very quick: nothing was approved. Press again.", icon=f.icon("timer"))
        return False
    answered = False
    with spoken():
        if read:
            look(actor, read)
        _carry_out(actor, taken)
        answered = taken.choice in ("approve", "refuse", "ask")
        sign, words = _SAID[taken.choice]
        st.toast(words, icon=f.icon(sign))
    return answered


def _carry_out(actor: Actor, taken: Decision) -> None:
    approvals = the_app().approvals
    match taken.choice:
        case "approve":
            approvals.approve(actor, taken.proposal, taken.hash_seen)
        case "refuse":
            approvals.refuse(actor, taken.proposal, taken.reason)
            sent(_reason_key(taken.proposal))
        case "undo":
            approvals.undo(actor, taken.proposal)
        case "ask":
            approvals.ask_change(actor, taken.proposal, taken.reason, taken.leave_out)
        case "reverse":
            approvals.reverse(actor, taken.proposal)
        case "again":
            approvals.propose_again(actor, taken.proposal)


def proposal_card(view: ProposalView, *, shortcut: bool = False, decides: bool = True) -> None:
    """Show one proposal with its changes and what can be done about it now.

    Who never ``decides`` on this job is told who does, without the levers.
    """
    with st.container(border=True):
        _head(view)
        if view.hidden:
            _hidden(view.hidden)
            if view.can_undo:
                outcome(view, shortcut=shortcut)
            return
        changes(view.changes, key=view.proposal.id)
        outcome(view, shortcut=shortcut)
        if not (view.approved_by or view.refused_reason or view.asked_by):
            if decides:
                _choice(view, shortcut=shortcut)
            else:
                st.caption("The recruiters of this job decide on it.")
        st.caption(f"Fingerprint of these changes: `{view.hash[:16]}`", help=f"`{view.hash}`")


def earlier(views: Sequence[ProposalView], *, decides: bool = True) -> None:
    """Show proposals that a newer one replaced, out of the way."""
    if views:
        with st.expander(f"Earlier proposals ({len(views)})", icon=f.icon("history")):
            for view in views:
                proposal_card(view, decides=decides)


def _head(view: ProposalView) -> None:
    made = view.proposal
    title = "Takes back what was written to iCIMS" if made.reverses else "Proposed for iCIMS"
    st.markdown(f"**{f.icon('undo' if made.reverses else 'edit_note')} {title}**")
    st.caption(
        f"Made by {f.escaped(view.made_by)} on {f.when(made.made_at)} · "
        f"can be approved until {f.when(made.expires_at)}",
        help=_exact_maker(made),
    )


def _exact_maker(made: Proposal) -> str | None:
    """Give an assessor's whole version, which only who compares records needs."""
    if made.made_by.kind is not ActorKind.MODEL:
        return None
    return f"The assessor's exact version: {f.escaped(made.made_by.id.partition(':')[2], 200)}"


def _hidden(why: Hidden) -> None:
    if why is Hidden.OWN_VIEW_FIRST:
        st.info(
            "Say what you think of this person first. Then the proposal is shown.",
            title="Your view first",
            icon=f.icon("visibility_off"),
        )
    else:
        st.info(
            "Scores are switched off here for now, and proposals with them.",
            icon=f.icon("pause_circle"),
        )


def _choice(view: ProposalView, *, shortcut: bool) -> None:
    blocked = bool(view.blocked)
    # Of earlier proposals below the newest none takes another one's place.
    shown_at = since("proposal", f"{view.proposal.id} {view.hash}") if shortcut else None
    if blocked:
        st.warning(f.escaped(view.blocked, 400), icon=f.icon("lock"))
    with st.container(key=f"strong-for-{view.proposal.id}"):
        st.text(f"For {named(view)}")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Approve and write to iCIMS",
            key=f"approve-{view.proposal.id}",
            type="primary",
            icon=f.icon("check"),
            disabled=blocked,
            shortcut=key("approve") if shortcut else None,
            on_click=take,
            args=(Decision("approve", view.proposal.id, view.hash, shown_at=shown_at),),
        )
        _no(view, shortcut=shortcut)
        change_request(view)


def _no(view: ProposalView, *, shortcut: bool) -> None:
    blocked = bool(view.blocked)
    if not shortcut:
        with st.popover("Do not write …", icon=f.icon("block"), disabled=blocked):
            _reason(view)
        return
    of = view.proposal.application_id
    st.button(
        "Do not write …",
        icon=f.icon("block"),
        disabled=blocked,
        key=f"refuse-open-{view.proposal.id}",
        shortcut=key("refuse"),
        on_click=open_window,
        args=("refuse", of),
    )
    if window("refuse", of):
        _refusal(view)


@st.dialog("Do not write this to iCIMS", icon=f.icon("block"), on_dismiss=close_window)
def _refusal(view: ProposalView) -> None:
    st.text(named(view))
    _reason(view)
    if pending():
        close_window()
        st.rerun()


def _reason(view: ProposalView) -> None:
    """Ask why not, and stay until it is said."""
    reason_field(_reason_key(view.proposal.id))
    st.button(
        "Do not write",
        key=f"refuse-{view.proposal.id}",
        type="primary",
        on_click=_take_refusal,
        args=(view,),
    )


def _take_refusal(view: ProposalView) -> None:
    if why := reason(_reason_key(view.proposal.id)):
        take(Decision("refuse", view.proposal.id, view.hash, why))


def _reason_key(id: ProposalId) -> str:
    return f"reason-{id}"
