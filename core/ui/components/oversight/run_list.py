"""Requests to language models: asked for, summed up, listed newest first, one opened by a click."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import pandas as pd
import streamlit as st

from core.domain.ids import ModelRunId
from core.domain.model_log import BodyState, RunFilter
from core.domain.views import RunPage, RunRow
from core.ui import format as f
from core.ui.components.oversight.run_texts import CHECK, OUTCOME, let_go
from core.ui.components.states import empty

T = TypeVar("T")
_BEFORE = "copilot_runs_before"
_LINE, _TALL = 36, 660
_ANY = "Any"
_PERIODS = {
    "Any time": None,
    "Last 24 hours": timedelta(days=1),
    "Last 7 days": timedelta(days=7),
    "Last 30 days": timedelta(days=30),
}
_BODY = {BodyState.KEPT: "Kept", BodyState.EXPIRED: "Deleted", BodyState.ERASED: "Erased"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reviewer wants to see; ``before`` is a position, None for the newest."""

    wanted: RunFilter
    before: int | None

    @property
    def narrowed(self) -> bool:
        """Say whether not every request was asked for."""
        return self.wanted != RunFilter()


def filters(models: Sequence[str]) -> Asked:
    """Ask for which job, application, outcome, model and time; all of it in the address."""
    outcomes = {_ANY: None} | {words: outcome for outcome, words in OUTCOME.items()}
    names = {_ANY: ""} | {f.one_line(model): model for model in models}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        job = _number("Job", "job", "1017")
        person = _number("Application", "about", "20001")
        ended = _choice("How it ended", "ended", outcomes, 220)
        model = _choice("Model", "model", names, 260)
        lasting = _choice("When", "period", _PERIODS, 180)
    wanted = RunFilter(
        requisition=job,
        application=person,
        model=model,
        outcome=ended,
        # To the minute: the sums under one question stay the same from click to click.
        since=f.now().replace(second=0, microsecond=0) - lasting if lasting else None,
    )
    return Asked(wanted, st.session_state.get(_BEFORE))


def _number(label: str, key: str, example: str) -> str:
    asked = st.text_input(
        label, key=key, bind="query-params", persist_state="session", on_change=_top, width=150,
        placeholder=example,
    )  # fmt: skip
    return (asked or "").strip()


def _choice(label: str, key: str, meanings: Mapping[str, T], width: int) -> T:
    """Ask for one of ``meanings`` by its words; kept while a request is open."""
    words = st.selectbox(
        label, list(meanings), key=key, bind="query-params", persist_state="session",
        on_change=_top, width=width,
    )  # fmt: skip
    return meanings[words]


def totals(page: RunPage) -> None:
    """Sum up everything asked for, not only what is on this page."""
    sums = page.totals
    with st.container(horizontal=True):
        st.metric("Requests", f.number(sums.runs), border=True)
        st.metric("Tokens sent", f.number(sums.tokens.sent), border=True)
        st.metric("Tokens back", f.number(sums.tokens.received), border=True)
        st.metric("Sent", f.size(sums.sent_bytes), border=True)
        st.metric(
            "Cost", f.money(page.cost, page.currency), border=True,
            help="At the prices per million tokens that are set up now.",
        )  # fmt: skip


def connected(page: RunPage) -> None:
    """Say where requests go now."""
    if page.connected is None:
        st.caption(f"{f.icon('home')} No language model is connected: nothing leaves now.")
        return
    to = f.escaped(f"{page.connected.model} at {page.connected.host}", 160)
    st.caption(
        f"{f.icon('outbound')} Connected: {to}. Every request is listed, whatever became of it; "
        "opening one is recorded in the audit log."
    )


def run_list(page: RunPage, *, narrowed: bool) -> None:
    """List requests; a click on a line opens it."""
    if not page.rows:
        _nothing(page, narrowed=narrowed)
        return
    ids = [row.line.id for row in page.rows]
    key = f"runs-{ids[0]}-{len(ids)}"
    st.dataframe(
        frame(page.rows, page.currency),
        hide_index=True,
        on_select=lambda: _selected(key, ids),
        selection_mode="single-cell",
        key=key,
        column_config=_COLUMNS,
        row_height=_LINE,
        height=min(_LINE * (len(ids) + 1) + 4, _TALL),
        alt="Requests to language models, newest first",
    )


def frame(rows: Sequence[RunRow], currency: str) -> pd.DataFrame:
    """Lay requests out as a table, one line each, all text as plain text."""
    lines = [row.line for row in rows]
    return pd.DataFrame(
        {
            "When": [f.when(line.asked_at) for line in lines],
            "How it ended": [OUTCOME[line.outcome] for line in lines],
            "Job": [_job(row) for row in rows],
            "Application": [f.one_line(line.subject.application_id, 40) for line in lines],
            "Model": [f.one_line(line.model, 60) for line in lines],
            "Where": [f.one_line(line.host, 80) for line in lines],
            "Instructions": [f"{line.prompt.name} {line.prompt.version}" for line in lines],
            "Tokens sent": [line.tokens.sent for line in lines],
            "Tokens back": [line.tokens.received for line in lines],
            "Cost": [f.money(row.cost, currency) for row in rows],
            "Took": [f.seconds(line.seconds * 1000) for line in lines],
            "Size": [f.size(line.sent_bytes) for line in lines],
            "Text": [_BODY[line.body] for line in lines],
        }
    )


def older(page: RunPage, size: int) -> None:
    """Lead to older requests and back."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if page.rows:
            st.caption(f"{f.number(len(page.rows))} on this page. A click on a line opens it.")
        if st.session_state.get(_BEFORE):
            st.button("Newest", icon=f.icon("first_page"), on_click=_top)
        if len(page.rows) == size:
            last = page.rows[-1].line.position
            st.button("Older", icon=f.icon("chevron_right"), on_click=_before, args=(last,))


def back() -> None:
    """Lead from an opened request back to the list."""
    st.button(
        "All requests", icon=f.icon("arrow_back"), type="tertiary", key="back", on_click=_close
    )


def _job(row: RunRow) -> str:
    id = row.line.subject.requisition_id
    if not id:
        return CHECK
    return f.one_line(f"{id} · {row.job}" if row.job else id, 80)


def _nothing(page: RunPage, *, narrowed: bool) -> None:
    if narrowed:
        empty("Nothing fits", "Ask for something else, or for any request.", "search_off")
    elif page.connected is None:
        empty(
            "Nothing has left the building",
            "No language model is connected. The built-in assessor judges on your own machines.",
            "home",
        )
    else:
        empty("Nothing has left yet", "The first request will be listed here.", "outbound")


def _selected(key: str, ids: Sequence[ModelRunId]) -> None:
    selection = st.session_state[key].selection
    for place, _ in selection.cells:
        if place < len(ids):
            # The cell would otherwise still be chosen when the person comes back.
            del st.session_state[key]
            let_go()
            st.query_params["run"] = ids[place]


def _close() -> None:
    let_go()
    st.query_params.pop("run", None)


def _top() -> None:
    st.session_state.pop(_BEFORE, None)


def _before(position: int) -> None:
    st.session_state[_BEFORE] = position


_COLUMNS = {
    "When": st.column_config.TextColumn(width=155),
    "How it ended": st.column_config.TextColumn(width=125),
    "Job": st.column_config.TextColumn(width=150),
    "Application": st.column_config.TextColumn(width=90),
    "Model": st.column_config.TextColumn(width=105),
    "Where": st.column_config.TextColumn(width=125),
    "Instructions": st.column_config.TextColumn(width=95),
    "Tokens sent": st.column_config.NumberColumn(width=88, format="localized"),
    "Tokens back": st.column_config.NumberColumn(width=88, format="localized"),
    "Cost": st.column_config.TextColumn(width=95),
    "Took": st.column_config.TextColumn(width=50),
    "Size": st.column_config.TextColumn(width=60),
    "Text": st.column_config.TextColumn(
        width=62, help="Whether what was sent can still be read. Erased: with the candidate's key."
    ),
}
