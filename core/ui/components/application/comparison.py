"""Two to four people side by side: the same criteria for all, what tells them apart first."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from core.domain.assessment import Verdict
from core.domain.judgement import Hidden
from core.domain.rows import PipelineRow
from core.domain.views import ComparedLine, ComparisonView
from core.ui import format as f
from core.ui.components.pipeline.active_filters import LEANING

_HERE = Path(__file__).parent
_SHEET = st.components.v2.component(
    "recruiter_copilot.comparison",
    html="<div class='comparison'></div>",
    css=(_HERE / "comparison.css").read_text(),
    js=(_HERE / "comparison.js").read_text(),
)
_KEY = "comparison"
_SHORT = 90
"""Characters of a quote that are shown before it is opened."""
_HIDDEN = {Hidden.OWN_VIEW_FIRST: "Your view first", Hidden.STOPPED: "Scoring is stopped"}


def comparison(view: ComparisonView, open_person: Callable[[str], None]) -> None:
    """Draw the sheet; ``open_person`` is called, as a callback, with whom to open."""
    _SHEET(
        key=_KEY,
        data=sheet(view),
        on_open_change=lambda: open_person(str(st.session_state[_KEY].open)),
    )


def still_hidden(view: ComparisonView, open_person: Callable[[str], None]) -> None:
    """Say why scores are missing, and lead to whoever waits for the reader's own view."""
    waiting = [row for row in view.rows if row.hidden is Hidden.OWN_VIEW_FIRST]
    if any(row.hidden is Hidden.STOPPED for row in view.rows):
        st.info(
            "Scoring is switched off here for now, and scores are not shown. "
            "The resumes can be read as ever.",
            icon=f.icon("front_hand"),
        )
    if waiting:
        who = f.plural(len(waiting), "person", "people")
        st.info(
            f"The scores and verdicts of {who} are hidden: this job is reviewed before scores are "
            "shown. Open each, read the resume and say what you think; then come back here.",
            title="Your view first",
            icon=f.icon("visibility_off"),
        )
        with st.container(horizontal=True):
            for row in waiting:
                st.button(
                    f"Read {f.escaped(row.name, 40) or 'this person'}",
                    icon=f.icon("description"), key=f"first-{row.application_id}",
                    on_click=open_person, args=(row.application_id,),
                )  # fmt: skip


def sheet(view: ComparisonView) -> dict[str, Any]:
    """Lay the sheet out, disagreements first, as plain data."""
    apart = [line for line in view.lines if line.disagree]
    rest = [line for line in view.lines if not line.disagree]
    alike = [line for line in rest if _known(line) > 1]
    groups = (
        (f"They differ on {f.plural(len(apart), 'criterion', 'criteria')}", apart),
        (f"They agree on {f.plural(len(alike), 'criterion', 'criteria')}", alike),
        ("Known of one person at most", [line for line in rest if _known(line) <= 1]),
    )
    return {
        "people": [_person(row) for row in view.rows],
        "bullets": [[f.one_line(line, 300) for line in lines] for lines in view.bullets],
        "groups": [
            {"title": title, "lines": [_line(line, view.rows) for line in lines]}
            for title, lines in groups
            if lines
        ],
    }


def _known(line: ComparedLine) -> int:
    return sum(verdict is not None for verdict in line.verdicts)


def _person(row: PipelineRow) -> dict[str, Any]:
    return {
        "id": row.application_id,
        "name": f.one_line(row.name, 80) or "Name not given",
        "stage": f.one_line(row.stage, 60),
        "score": {
            "words": f.score(row.score),
            "at": row.score.value,
            "low": row.score.low,
            "high": row.score.high,
        }
        if row.score
        else None,
        "without": _HIDDEN[row.hidden] if row.hidden else "Not graded",
        "hidden": row.hidden is not None,
        "met": row.required_met,
        "required": row.required_total,
        "mine": LEANING[row.own_view] if row.own_view else "",
    }


def _line(line: ComparedLine, rows: tuple[PipelineRow, ...]) -> dict[str, Any]:
    return {
        "label": line.criterion.label,
        "importance": f.IMPORTANCE[line.criterion.importance],
        "cells": [
            _cell(verdict, hidden=row.hidden is not None)
            for verdict, row in zip(line.verdicts, rows, strict=True)
        ],
    }


def _cell(verdict: Verdict | None, *, hidden: bool) -> dict[str, Any]:
    if verdict is None:
        return {"standing": "none", "word": "" if hidden else "Not scored on this"}
    quote = f.one_line(verdict.evidence[0].quote, 1_000) if verdict.evidence else ""
    return {
        "standing": verdict.standing.value,
        "sign": f.SIGN[verdict.standing],
        "word": f.STANDING[verdict.standing][1] + (", by a person" if verdict.by else ""),
        "quote": quote,
        "short": f.one_line(quote, _SHORT),
        "reason": f.one_line(verdict.reason, 600),
    }
