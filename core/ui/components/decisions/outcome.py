"""What became of a proposal: the answer, the writes, and the way back."""

from datetime import datetime, timedelta

import streamlit as st

from core.domain.approval import OutboxState
from core.domain.views import ProposalView, TakenBack
from core.ui import format as f
from core.ui.components.decisions.taken import Decision, take
from core.ui.components.keys import key

_NEAR = timedelta(minutes=2)


def outcome(view: ProposalView, *, shortcut: bool = False) -> None:
    """Say what was answered, how its writes are doing, and what can be done about it now."""
    _answer(view)
    if not view.taken_back:
        _writes(view)
    if view.can_undo:
        _way_back(view, key("undo") if shortcut else None)
    if view.repeatable:
        _again(view)
    if view.reversible:
        _opposite(view)


def tick(until: datetime) -> float:
    """Say how often a countdown is drawn, in seconds: each second when the end is near."""
    return 1.0 if until - f.now() < _NEAR else 60.0


def _writes(view: ProposalView) -> None:
    """Say how the writes are doing; two of which the same is to be said are said once."""
    said: dict[tuple[OutboxState, str], list[str]] = {}
    for write in view.writes:
        said.setdefault((write.state, write.detail), []).append(write.reference)
    for (state, detail), references in said.items():
        sign, _, color = f.WRITE[state]
        known = ", ".join(f"`{f.escaped(each, 80)}`" for each in references if each)
        st.markdown(
            f":{color}[{f.icon(sign)} {f.escaped(detail, 400)}]",
            help=f"iCIMS knows it as {known}" if known else None,
        )


def _answer(view: ProposalView) -> None:
    if view.refused_reason:
        st.badge("Not written", icon=f.icon("block"), color="gray")
        st.text(f"Reason: {view.refused_reason}")
    if view.asked_by:
        who = f.one_line(view.asked_by, 60)
        st.badge(f"Sent back by {f.escaped(who)}", icon=f.icon("reply"), color="violet")
        if view.change_asked:
            st.text(f"Wanted: {view.change_asked}")
    if view.approved_by:
        who = f.one_line(view.approved_by, 60)
        color: f.Tone = "gray" if view.taken_back else "green"
        st.badge(f"Approved by {f.escaped(who)}", icon=f.icon("check"), color=color)
    if view.taken_back:
        _taken_back(view.taken_back)
    if view.makes_way:
        who = f.one_line(view.makes_way, 60)
        st.caption(
            f"{f.icon('swap_horiz')} Takes the place of an older score that {f.escaped(who)} had "
            "approved. That one was taken back before it was sent."
        )


def _taken_back(taken: TakenBack) -> None:
    who, when = f.escaped(f.one_line(taken.by, 60)), f.when(taken.at)
    if taken.replaced:
        words = f"Taken back on {when}: a newer score by {who} took its place. Nothing was sent."
    else:
        words = f"Taken back by {who} on {when}. Nothing was sent."
    st.markdown(f":gray[{f.icon('undo')} {words}]")


def _way_back(view: ProposalView, shortcut: str | None) -> None:
    """Count down while it is known how long; what is held can be taken back until it goes out."""
    undo = Decision("undo", view.proposal.id, view.hash)
    if view.undo_until is not None and view.undo_until > f.now():
        st.fragment(_undo, run_every=tick(view.undo_until))(undo, view.undo_until, shortcut)
    else:
        st.button(
            "Take back",
            icon=f.icon("undo"),
            key=f"undo-{undo.proposal}",
            shortcut=shortcut,
            help="The time to undo is over, but nothing of it has been sent yet.",
            on_click=take,
            args=(undo,),
        )


def _undo(undo: Decision, until: datetime, shortcut: str | None) -> None:
    left = int((until - f.now()).total_seconds())
    if left <= 0:
        st.rerun()
    if st.button(
        f"Undo ({f.duration(left)} left)",
        icon=f.icon("undo"),
        key=f"undo-{undo.proposal}",
        shortcut=shortcut,
    ):
        take(undo)
        st.rerun()


def _again(view: ProposalView) -> None:
    st.button(
        "Propose again",
        icon=f.icon("redo"),
        key=f"again-{view.proposal.id}",
        help="This proposes the same score once more, on what stands in iCIMS now. Nothing is "
        "scored again, and nothing is written before somebody approves it.",
        on_click=take,
        args=(Decision("again", view.proposal.id, view.hash),),
    )


def _opposite(view: ProposalView) -> None:
    st.button(
        "Propose the opposite",
        icon=f.icon("undo"),
        key=f"reverse-{view.proposal.id}",
        help="It is in iCIMS and too late to undo. This proposes to take it back; what somebody "
        "has changed since stays.",
        on_click=take,
        args=(Decision("reverse", view.proposal.id, view.hash),),
    )
