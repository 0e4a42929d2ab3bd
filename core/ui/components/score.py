"""The number and what stands around it: never alone, never finer than it is."""

from collections.abc import Sequence

import altair as alt
import pandas as pd
import streamlit as st

from core.domain.assessment import Standing
from core.domain.views import ApplicationView, PipelineRow
from core.ui import format as f


def score_strip(view: ApplicationView) -> None:
    """Show score with band, must-haves, confidence, read quality and the suggestion."""
    row, assessed = view.row, view.assessment
    with st.container(horizontal=True):
        if row.score:
            st.metric("Score", f.score(row.score), border=True, width="stretch", help=_BAND)
        else:
            st.metric("Score", "Not graded", border=True, width="stretch")
        st.metric("Must-haves met", must_haves(row), border=True, width="stretch")
        st.metric("Confidence", f.percent(row.confidence), border=True, width="stretch", help=_SURE)
        st.metric("Read quality", f.percent(row.parse_health), border=True, width="stretch")
        if assessed and assessed.percentile is not None:
            st.metric(
                "Above earlier applicants",
                f"{assessed.percentile:.0f}%",
                border=True,
                width="stretch",
                help="Compared with past applicants of similar jobs, scored the same way.",
            )
    if row.ungraded:
        st.warning(
            f"Could not be graded: {f.escaped(row.ungraded, 300)} Please read the document "
            "yourself; this says nothing about the person.",
            icon=f.icon("visibility"),
        )
    if row.suggestion:
        sign, words = f.SUGGESTION[row.suggestion]
        close = " · a close call, either step could be right" if row.close_call else ""
        st.markdown(f"{f.icon(sign)} **Suggestion:** {words}{close}. The decision is yours.")


def must_haves(row: PipelineRow) -> str:
    """Say how many required criteria are met."""
    return f"{row.required_met} of {row.required_total}" if row.required_total else "–"


def verdict_counts(row: PipelineRow) -> str:
    """Say the verdicts in one line, each with its sign."""
    if not row.standings:
        return ""
    return "  ".join(f"{f.SIGN[s]} {row.standings.get(s, 0)}" for s in Standing)


def distribution(rows: Sequence[PipelineRow]) -> None:
    """Show how the scores spread, so that one number can be seen among the others."""
    scores = [row.score.value for row in rows if row.score]
    if len(scores) < 3:
        return
    steps = pd.DataFrame({"from": range(0, 100, 10)})
    steps["count"] = [
        sum(s <= v < s + 10 or v == 100 == s + 10 for v in scores) for s in steps["from"]
    ]
    steps["label"] = [f"{s}–{s + 9 if s < 90 else 100}" for s in steps["from"]]
    chart = (
        alt.Chart(steps, height=130)
        .mark_bar(cornerRadiusTopLeft=3, cornerRadiusTopRight=3)
        .encode(
            x=alt.X("label:N", sort=None, title="Score", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("count:Q", title=None, axis=alt.Axis(tickMinStep=1)),
            tooltip=[
                alt.Tooltip("label:N", title="Score"),
                alt.Tooltip("count:Q", title="Applications"),
            ],
        )
    )
    st.altair_chart(chart, alt=f"Spread of {len(scores)} scores in steps of ten")


_BAND = (
    "The sum of the criteria below. ± is how far it could move if everything unclear was settled."
)
_SURE = "How much of what was asked the document lets one tell."
