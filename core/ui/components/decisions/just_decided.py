"""What was approved a moment ago and is not written yet: the way back, one and all.

It stands above the proposal that took the place of the one just decided, where the eye is.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import streamlit as st

from core.domain.ids import ProposalId
from core.domain.views import ProposalView
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.decisions.outcome import tick
from core.ui.components.decisions.taken import Decision, take
from core.ui.components.keys import key
from core.ui.session import resumed

_ALL = "copilot_undo_all"
_SHOWN = 20
_READ = "copilot_undoable"
_AGAIN = timedelta(seconds=5)


def all_taken_back() -> tuple[ProposalId, ...]:
    """Hand out, once, which approvals shall be taken back together."""
    asked: tuple[ProposalId, ...] = st.session_state.pop(_ALL, ())
    return asked


def just_decided(views: Sequence[ProposalView]) -> None:
    """Name whom the person approved last, with the way back; the others stand behind a click."""
    if open_still := [view for view in views if _way_back(view)]:
        counting(_strip, open_still)


def counting(draw: Callable[[Sequence[ProposalView]], None], views: Sequence[ProposalView]) -> None:
    """Draw approvals that can be undone again and again, until each is written or taken back."""
    end = _first_end(views)
    every = tick(end) if end else float(_AGAIN.seconds)
    st.fragment(_until_then, run_every=every)(draw, tuple(views), end)


def undo_all(views: Sequence[ProposalView]) -> None:
    """Offer to take back all of the person's own approvals among ``views``."""
    own = [view for view in views if view.own]
    words = f"Undo all {f.number(len(own))} of yours{_left(own)}"
    if own and st.button(words, icon=f.icon("undo"), key="undo-all"):
        st.session_state[_ALL] = tuple(view.proposal.id for view in own)
        st.rerun()


def _until_then(
    draw: Callable[[Sequence[ProposalView]], None],
    views: Sequence[ProposalView],
    end: datetime | None,
) -> None:
    if end is None or end <= f.now():
        views = _anew(views)
    if views:
        draw(views)


def _anew(views: Sequence[ProposalView]) -> Sequence[ProposalView]:
    """Read again, every few seconds, which of them have not gone out yet.

    The clock draws this, so it keeps nobody signed in.
    """
    ids = {view.proposal.id for view in views}
    read: tuple[datetime, Sequence[ProposalView]] | None = st.session_state.get(_READ)
    if read is None or f.now() - read[0] >= _AGAIN:
        actor = resumed(watching=True)
        if actor is None:
            st.rerun()
        read = f.now(), the_app().approvals.undoable(actor)
        st.session_state[_READ] = read
    return [view for view in read[1] if view.proposal.id in ids]


def _strip(views: Sequence[ProposalView]) -> None:
    last = next((view for view in views if view.own), views[0])
    others = [view for view in views if view is not last]
    who = f.escaped(_name(last), 40)
    by = "" if last.own else f" by {f.escaped(last.approved_by, 40)}"
    said = f"**{who} approved{by}, not written yet**{_left([last])}"
    if others:
        count = f.number(len(views))
        said = f"**{who} approved{by}** · {count} approved, not written yet{_left(views)}"
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key="just-decided"
    ):
        st.markdown(f"{f.icon('hourglass_top')} {said}", width="stretch")
        _undo(last, key("undo"))
        if others:
            with st.popover("Who"):
                _others(others, views)


def _others(others: Sequence[ProposalView], views: Sequence[ProposalView]) -> None:
    undo_all(views)
    for view in others[:_SHOWN]:
        _line(view)
    if len(others) > _SHOWN:
        st.caption(f"And {f.number(len(others) - _SHOWN)} more.")


def _line(view: ProposalView) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.text(f.one_line(_name(view), 80))
            by = f" · approved by {f.escaped(view.approved_by, 60)}" if view.approved_by else ""
            st.markdown(f":small[:gray[{f.escaped(view.job, 80)}{by}]]")
        _undo(view, None)


def _undo(view: ProposalView, shortcut: str | None) -> None:
    if st.button("Undo", icon=f.icon("undo"), key=f"undo-{view.proposal.id}", shortcut=shortcut):
        take(Decision("undo", view.proposal.id, view.hash))
        st.rerun()


def _way_back(view: ProposalView) -> bool:
    return view.can_undo or _ends(view)


def _ends(view: ProposalView) -> bool:
    return view.undo_until is not None and view.undo_until > f.now()


def _first_end(views: Sequence[ProposalView]) -> datetime | None:
    """Say when the first way back ends; None where all that is left is held back by a stop."""
    return min((v.undo_until for v in views if v.undo_until and _ends(v)), default=None)


def _left(views: Sequence[ProposalView]) -> str:
    end = _first_end(views)
    return f" · {f.duration((end - f.now()).total_seconds())} left" if end else ""


def _name(view: ProposalView) -> str:
    return view.candidate or f"Application {view.proposal.application_id}"
