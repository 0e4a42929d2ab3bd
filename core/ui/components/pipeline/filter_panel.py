"""Everything that can be asked of a pipeline, in one panel; each change counts at once."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.domain.assessment import Standing
from core.domain.criteria import Criteria
from core.domain.filters import Asked, Choice, Looked, PipelineFilter, Range
from core.domain.ids import CriterionId
from core.domain.judgement import Leaning
from core.domain.routing import Eyes
from core.domain.rows import PipelineRow, WorkState
from core.ui import format as f
from core.ui.components.pipeline.active_filters import (
    CHOICES,
    LOOKED,
    RANGES,
    choice_label,
    labels,
    parts,
)
from core.ui.components.pipeline.question import asked, mirror, narrow

_OPTIONS: dict[str, Callable[[PipelineRow], Sequence[str]]] = {
    "stage": lambda row: (row.stage,) if row.stage else (),
    "flag": lambda row: row.flags,
}
_FIXED = {
    "state": [s.value for s in WorkState],
    "view": [v.value for v in Leaning],
    "why": [why.value for why in Eyes],
}


def filter_panel(
    rows: Sequence[PipelineRow], criteria: Criteria | None, question: PipelineFilter
) -> None:
    """Offer criteria, ranges and choices; what is asked already is shown as set."""
    count = sum(1 for _ in parts(question, {}))
    with st.popover(
        f"Filters ({count})" if count else "Filters", icon=f.icon("tune"), key="filters"
    ):
        if criteria:
            _criteria(labels(criteria))
        left, right = st.columns(2, gap="large")
        with left:
            for name in RANGES:
                _range(name, _highest(name, rows), getattr(question, name))
            _looked(question)
        with right:
            for name in CHOICES:
                _choice(name, rows, getattr(question, name))


def _criteria(names: dict[CriterionId, str]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Criterion", list(names), format_func=lambda one: f.one_line(names[one], 60),
            key="ask_criterion", width=250,
        )  # fmt: skip
        st.selectbox("is …", ["is", "is NOT"], key="ask_negated", width=110)
        st.selectbox(
            "Verdict", list(Standing), format_func=lambda s: f"{f.SIGN[s]} {f.STANDING[s][1]}",
            key="ask_standing", width=150,
        )  # fmt: skip
        st.button("Add", icon=f.icon("add"), key="ask_add", on_click=_add)


def _add() -> None:
    state = st.session_state
    one = Asked(state.ask_criterion, state.ask_standing, negated=state.ask_negated != "is")
    there = asked().criteria
    if one not in there:
        narrow(criteria=(*there, one))


def _highest(name: str, rows: Sequence[PipelineRow]) -> int:
    if name == "days":
        return max((row.days_waiting or 0 for row in rows), default=0)
    if name == "required":
        return max((row.required_total for row in rows), default=0)
    return 100


def _range(name: str, highest: int, value: Range) -> None:
    title, unit = RANGES[name]
    if highest < 1:
        return
    low, high = min(value.low or 0, highest), highest if value.high is None else value.high
    key = mirror(f"range-{name}", (low, max(low, min(high, highest))))
    st.slider(
        title, 0, highest, format=f"%d{'%%' if unit else ''}", key=key,
        on_change=_set_range, args=(name, highest),
    )  # fmt: skip


def _set_range(name: str, highest: int) -> None:
    low, high = st.session_state[f"range-{name}"]
    narrow(**{name: Range(low or None, None if high == highest else high)})


def _choice(name: str, rows: Sequence[PipelineRow], value: Choice) -> None:
    options = _FIXED.get(name) or sorted(
        {label for row in rows for label in _OPTIONS[name](row)} | value.some | value.none
    )
    if not options:
        return
    both = [(option, wanted) for wanted in (True, False) for option in options]
    st.multiselect(
        CHOICES[name],
        both,
        format_func=lambda one: f"{'' if one[1] else 'NOT '}{choice_label(name, one[0])}",
        key=mirror(f"choice-{name}", [one for one in both if _is_asked(value, *one)]),
        placeholder="Any",
        on_change=_set_choice,
        args=(name,),
    )


def _is_asked(value: Choice, option: str, wanted: bool) -> bool:
    return option in (value.some if wanted else value.none)


def _set_choice(name: str) -> None:
    chosen = st.session_state[f"choice-{name}"]
    some = frozenset(option for option, wanted in chosen if wanted)
    narrow(**{name: Choice(some, frozenset(option for option, _ in chosen) - some)})


def _looked(question: PipelineFilter) -> None:
    options: list[Any] = [None, *Looked]
    st.selectbox(
        "Who looked",
        options,
        format_func=lambda who: LOOKED[who] if who else "Anybody or nobody",
        key=mirror("who-looked", question.looked),
        on_change=lambda: narrow(looked=st.session_state["who-looked"]),
    )
