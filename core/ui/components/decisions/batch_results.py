"""What became of a batch, one line a person, and the way back while there is one."""

from collections import Counter
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.domain.actor import Actor
from core.domain.views import BatchLine, BatchOutcome
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.decisions.just_decided import all_taken_back, counting, undo_all
from core.ui.shell import spoken

_DONE = "copilot_batch_done"
OUTCOME = {
    BatchOutcome.APPROVED: ("✓", "Approved"),
    BatchOutcome.REFUSED: ("⊘", "Not written, as you said"),
    BatchOutcome.UNDONE: ("↶", "Taken back"),
    BatchOutcome.NOT_DONE: ("✗", "Not done"),
}


def keep(lines: Sequence[BatchLine]) -> None:
    """Keep the outcome until it is put away."""
    st.session_state[_DONE] = tuple(lines)


def take_all_back(actor: Actor) -> None:
    """Take back all that was just asked for; to be called before the screen is read."""
    if asked := all_taken_back():
        with spoken():
            undone = {line.proposal_id: line for line in the_app().approvals.undo_all(actor, asked)}
            before = _done()
            among = any(line.proposal_id in undone for line in before)
            keep([undone.get(x.proposal_id, x) for x in before] if among else [*undone.values()])


def batch_results(actor: Actor, *, undo: bool = True) -> None:
    """Show what became of the last batch until the person puts it away.

    Without ``undo`` the way back is offered elsewhere on the screen.
    """
    lines = _done()
    if not lines:
        return
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{summary(lines)}**", width="stretch")
            if undo:
                _undo(actor, lines)
            st.button("Put away", key="batch-away", type="tertiary", on_click=_put_away)
        not_done = any(line.outcome is BatchOutcome.NOT_DONE for line in lines)
        with st.expander(f.plural(len(lines), "person", "people"), expanded=not_done):
            st.dataframe(
                table(lines), hide_index=True, column_config=_COLUMNS, row_height=34,
                height="content" if len(lines) <= 8 else 320, alt="What became of each person",
            )  # fmt: skip


def _done() -> tuple[BatchLine, ...]:
    lines: tuple[BatchLine, ...] = st.session_state.get(_DONE, ())
    return lines


def summary(lines: Sequence[BatchLine]) -> str:
    """Count the outcomes in one line."""
    counts = Counter(line.outcome for line in lines)
    return " · ".join(
        f"{sign} {f.number(counts[outcome])} {words[0].lower()}{words[1:]}"
        for outcome, (sign, words) in OUTCOME.items()
        if counts[outcome]
    )


def table(lines: Sequence[BatchLine]) -> pd.DataFrame:
    """Lay the lines out, what was not done first, all text as plain text."""
    ordered = sorted(lines, key=lambda line: line.outcome is not BatchOutcome.NOT_DONE)
    return pd.DataFrame(
        {
            "Candidate": [f.one_line(line.candidate) for line in ordered],
            "Outcome": [" ".join(OUTCOME[line.outcome]) for line in ordered],
            "Why": [f.one_line(line.why, 300) for line in ordered],
        }
    )


def _undo(actor: Actor, lines: Sequence[BatchLine]) -> None:
    approved = {line.proposal_id for line in lines if line.outcome is BatchOutcome.APPROVED}
    if approved:
        views = the_app().approvals.undoable(actor)
        counting(undo_all, [view for view in views if view.proposal.id in approved])


def _put_away() -> None:
    st.session_state.pop(_DONE, None)


_COLUMNS = {
    "Candidate": st.column_config.TextColumn(width=220),
    "Outcome": st.column_config.TextColumn(width=180),
    "Why": st.column_config.TextColumn(width=480),
}
