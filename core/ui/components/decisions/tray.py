"""All that waits for a person's yes or no, as a table: one line a proposal, newest data only.

The lines are light, so that thousands of them stay fluent; the whole proposal is drawn for the
chosen one only. Which one, and what is asked of the list, stands in the page's address.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from core.domain.canonical import content_hash
from core.domain.ids import ProposalId
from core.domain.judgement import Hidden
from core.domain.views import TrayLine
from core.ui import format as f
from core.ui.components.pipeline.question import mirror

_TICKED = "copilot_tray_ticked"
_SOON = timedelta(days=2)
_LINE, _TALL = 36, 616


SHOW: Mapping[str, Callable[[TrayLine, datetime], bool]] = {
    "Everything": lambda line, now: True,
    "Evidence opened": lambda line, now: line.opened,
    "Not opened yet": lambda line, now: not line.opened,
    "Ends within 2 days": lambda line, now: now < line.expires_at < now + _SOON,
    "Cannot be approved": lambda line, now: bool(line.blocked and not line.hidden),
    "Your view first": lambda line, now: line.hidden is not None,
}
ORDER: Mapping[str, Callable[[TrayLine], Any]] = {
    "Ending first": lambda line: line.expires_at,
    "Oldest first": lambda line: line.made_at,
    "Newest first": lambda line: -line.made_at.timestamp(),
    "By job": lambda line: (line.job.casefold(), line.expires_at),
}
_ALL_JOBS = "All jobs"


def narrowed(lines: Sequence[TrayLine], now: datetime) -> list[TrayLine]:
    """Ask for a part and an order of the tray; return it. All of it lives in the address."""
    asked = st.query_params
    jobs = sorted({line.job for line in lines}, key=str.casefold)
    show = _one_of(asked.get("show", ""), list(SHOW), "Everything")
    order = _one_of(asked.get("order", ""), list(ORDER), "Ending first")
    job = _one_of(asked.get("job", ""), jobs, _ALL_JOBS)
    of_job = [line for line in lines if job in (_ALL_JOBS, line.job)]
    _shows(of_job, show, now)
    with st.container(horizontal=True, vertical_alignment="center"):
        find = st.text_input(
            "Find", key=mirror("find", asked.get("find", "")), type="search", live=True,
            placeholder="Find by name, job or change", label_visibility="collapsed", width=260,
            on_change=_ask, args=("find", "find", ""),
        )  # fmt: skip
        st.selectbox(
            "Job", [_ALL_JOBS, *jobs], key=mirror("tray_job", job), width=280,
            format_func=lambda name: f.one_line(name, 60), label_visibility="collapsed",
            on_change=_ask, args=("tray_job", "job", _ALL_JOBS),
        )  # fmt: skip
        st.selectbox(
            "Order", list(ORDER), key=mirror("tray_order", order), width=170,
            label_visibility="collapsed", on_change=_ask,
            args=("tray_order", "order", "Ending first"),
        )  # fmt: skip
    kept = [line for line in of_job if SHOW[show](line, now) and _answers(line, find or "")]
    return sorted(kept, key=ORDER[order])


def _shows(lines: Sequence[TrayLine], current: str, now: datetime) -> None:
    counts = {name: sum(holds(line, now) for line in lines) for name, holds in SHOW.items()}
    st.pills(
        "Show",
        [name for name in SHOW if counts[name] or name in ("Everything", current)],
        format_func=lambda name: f"{name} :gray[{f.number(counts[name])}]",
        key=mirror("tray_show", current),
        label_visibility="collapsed",
        on_change=_ask,
        args=("tray_show", "show", "Everything"),
    )


def _ask(widget: str, name: str, default: str) -> None:
    value = str(st.session_state[widget] or "").strip()
    if value and value != default:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]


def _one_of(value: str, options: Sequence[str], default: str) -> str:
    return value if value in options else default


def _answers(line: TrayLine, words: str) -> bool:
    text = f"{line.candidate}\n{line.job}\n{line.what}\n{line.made_by}".casefold()
    return all(word in text for word in words.casefold().split())


def tray_table(lines: Sequence[TrayLine], chosen: ProposalId | None) -> tuple[ProposalId, ...]:
    """Show the lines; return the ticked ones. A click on a cell chooses its proposal.

    The browser knows lines by number only, so other lines make another table, and ticks go along
    by proposal.
    """
    ids = [line.id for line in lines]
    key = f"tray-{content_hash(ids)[:16]}"
    ticked: set[ProposalId] = st.session_state.get(_TICKED, set())
    _mirror_choice(key, ids, ticked, chosen)
    event: Any = st.dataframe(
        frame(lines),
        hide_index=True,
        on_select=lambda: _selected(key, ids),
        selection_mode=["multi-row", "single-cell"],
        key=key,
        column_config=_COLUMNS,
        placeholder="–",
        row_height=_LINE,
        height=min(_LINE * (len(lines) + 1) + 4, _TALL),
        alt="Proposals waiting for a decision",
    )
    here = [ids[place] for place in event["selection"]["rows"] if place < len(ids)]
    st.session_state[_TICKED] = set(here)
    return tuple(here)


def untick() -> None:
    """Take all ticks away."""
    st.session_state[_TICKED] = set()
    for key in [key for key in st.session_state if str(key).startswith("tray-")]:
        del st.session_state[key]


def _mirror_choice(
    key: str, ids: Sequence[ProposalId], ticked: set[ProposalId], chosen: ProposalId | None
) -> None:
    """Let the table show what is chosen and ticked, wherever that was done."""
    there = st.session_state.get(key)
    cells = there["selection"]["cells"] if there is not None else []
    if there is not None and [ids[place] for place, _ in cells if place < len(ids)] == [chosen]:
        return
    rows = [place for place, id in enumerate(ids) if id in ticked]
    column = cells[0][1] if cells else "Candidate"
    at = [(ids.index(chosen), column)] if chosen in ids else []
    st.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": at}}


def _selected(key: str, ids: Sequence[ProposalId]) -> None:
    selection = st.session_state[key]["selection"]
    st.session_state[_TICKED] = {ids[place] for place in selection["rows"] if place < len(ids)}
    for place, _ in selection["cells"]:
        if place < len(ids):
            st.query_params["proposal"] = ids[place]


def frame(lines: Sequence[TrayLine]) -> pd.DataFrame:
    """Lay the lines out as a table, all text as plain text; the same bytes at every re-run."""
    return pd.DataFrame(
        {
            "Candidate": [f.one_line(line.candidate) or "Name not given" for line in lines],
            "What changes": [f.one_line(line.what, 200) or _why_not(line) for line in lines],
            "Decision": [_decision(line) for line in lines],
            "Ends": [line.expires_at for line in lines],
            "Evidence": ["● Opened" if line.opened else "○ Not yet" for line in lines],
            "Job": [f.one_line(line.job) for line in lines],
            "Made by": [f.one_line(line.made_by, 60) for line in lines],
            "Made": [line.made_at for line in lines],
        }
    )


def _why_not(line: TrayLine) -> str:
    return "Not shown yet" if line.hidden else "–"


def _decision(line: TrayLine) -> str:
    if line.hidden:
        return "Your view first" if line.hidden is Hidden.OWN_VIEW_FIRST else "‖ Switched off"
    return f"⊘ {f.one_line(line.blocked, 200)}" if line.blocked else "✓ Ready"


_COLUMNS = {
    "Candidate": st.column_config.TextColumn(width=140, help="Click a line to see the change."),
    "What changes": st.column_config.TextColumn(width=215),
    "Decision": st.column_config.TextColumn(
        width=105, help="Whether it can be approved now, and if not, why."
    ),
    "Ends": st.column_config.DatetimeColumn(
        width=80, format="distance", help="Until when it can be approved."
    ),
    "Evidence": st.column_config.TextColumn(
        width=90, help="Whether you had this person's evidence on the screen."
    ),
    "Job": st.column_config.TextColumn(width=190),
    "Made by": st.column_config.TextColumn(width=140),
    "Made": st.column_config.DatetimeColumn(width=110, format="distance"),
}
