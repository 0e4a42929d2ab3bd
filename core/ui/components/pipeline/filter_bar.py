"""Above a pipeline's table: the usual views, search by name and in resumes, filters."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from core.domain.filters import Choice, Looked, PipelineFilter, Range
from core.domain.ids import ApplicationId, UserId
from core.domain.routing import Eyes
from core.domain.rows import PipelineRow, WorkState
from core.domain.views import Found, PipelineView
from core.ui import format as f
from core.ui.components.pipeline.active_filters import active_filters
from core.ui.components.pipeline.filter_panel import filter_panel
from core.ui.components.pipeline.question import ask, mirror, narrow
from core.ui.components.pipeline.saved_views import saved_label, saved_views
from core.ui.components.states import empty


def _in(*states: WorkState) -> PipelineFilter:
    return PipelineFilter(state=Choice(frozenset(state.value for state in states)))


_TO_DECIDE = "For me to decide"
USUAL: dict[str, PipelineFilter] = {
    "Everybody": PipelineFilter(),
    "Nobody looked yet": PipelineFilter(looked=Looked.NOBODY),
    _TO_DECIDE: _in(WorkState.PROPOSED),
    "Needs eyes": PipelineFilter(eyes=True),
    "Close calls": PipelineFilter(why=Choice(frozenset({Eyes.CLOSE_CALL.value}))),
    "Not scored yet": _in(WorkState.NEW, WorkState.QUEUED),
    "In trouble": _in(WorkState.NEEDS_ATTENTION),
}
COUNTED: dict[str, Callable[[PipelineRow], bool]] = {
    "Nobody looked yet": lambda row: row.looks == 0,
    _TO_DECIDE: lambda row: row.state is WorkState.PROPOSED,
    "Needs eyes": lambda row: bool(row.reasons),
    "Close calls": lambda row: Eyes.CLOSE_CALL in row.reasons,
    "Not scored yet": lambda row: row.state in (WorkState.NEW, WorkState.QUEUED),
    "In trouble": lambda row: row.state is WorkState.NEEDS_ATTENTION,
}
"""The usual views once more, as tests that count thousands of rows at every re-run."""
_HELP = (
    'Words must all be there. "exact phrase" · -without · this OR that · begin\\* · '
    "case and accents make no difference. The search is recorded, its words are not."
)


def filter_bar(view: PipelineView, question: PipelineFilter, me: UserId) -> None:
    """Draw everything that narrows the table; whatever is chosen goes into the address."""
    _views(view, question)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text_input(
            "Find by name",
            key=mirror("find", question.name),
            type="search",
            live=True,
            placeholder="Find by name",
            label_visibility="collapsed",
            width=180,
            on_change=lambda: narrow(name=st.session_state.find.strip()),
        )
        st.text_input(
            "Search in resumes",
            key=mirror("words", question.words),
            type="search",
            placeholder='In resumes: "charge nurse" -agency',
            label_visibility="collapsed",
            width=320,
            on_change=lambda: narrow(words=st.session_state.words.strip()),
        )
        filter_panel(view.rows, view.criteria, question)
        saved_views(view, question, me)
    if question.words or not view.rows:
        st.caption(_HELP)
    active_filters(question, view.criteria)


def _views(view: PipelineView, question: PipelineFilter) -> None:
    named: dict[str, PipelineFilter] = USUAL | {str(v.id): v.asked for v in view.saved}
    if not view.may_approve:
        del named[_TO_DECIDE]
    labels = {name: name for name in USUAL} | {str(v.id): saved_label(v) for v in view.saved}
    counts = {name: _count(view.rows, name, of) for name, of in named.items()}
    current = next((name for name, of in named.items() if of == question), None)
    options = [name for name in named if counts[name] != 0 or name in ("Everybody", current)]
    st.pills(
        "Show",
        options,
        format_func=lambda name: _label(labels[name], counts[name]),
        key=mirror("show", current),
        label_visibility="collapsed",
        on_change=lambda: ask(named.get(st.session_state.show or "", PipelineFilter())),
    )


def _count(rows: Sequence[PipelineRow], name: str, question: PipelineFilter) -> int | None:
    """Count who answers; None where only the search in resumes could tell."""
    if question.is_empty:
        return len(rows)
    return None if question.words else sum(map(COUNTED.get(name, question.test()), rows))


def _label(name: str, count: int | None) -> str:
    words = f.escaped(name, 60)
    return words if count is None else f"{words} :gray[{f.number(count)}]"


def shown(
    rows: Sequence[PipelineRow],
    question: PipelineFilter,
    found: Mapping[ApplicationId, Found] | None,
) -> tuple[PipelineRow, ...]:
    """Pick the rows that answer the question, in their order; all of them if nothing is asked."""
    if question.is_empty:
        return tuple(rows)
    kept = filter(question.test(), rows)
    return tuple(row for row in kept if found is None or row.application_id in found)


def tally(
    rows: Sequence[PipelineRow], found: Sequence[PipelineRow], question: PipelineFilter
) -> None:
    """Say how many are shown, that nobody is gone, and who could not be compared."""
    if question.is_empty:
        return
    words = f"**{f.number(len(found))} of {f.number(len(rows))} shown; nobody was removed."
    unscored = replace(question, score=Range(), words="")
    if question.score != Range():
        without = sum(row.score is None and unscored.holds(row) for row in rows)
        if without:
            words += f" {f.plural(without, 'person has', 'people have')} no score to compare."
    st.caption(f"{words}**")


def nobody_answers() -> None:
    """Say that the question fits nobody, and lead back to everybody."""
    empty("Nobody fits all of this", "Take a part of it away, or show everybody.", "filter_alt_off")
