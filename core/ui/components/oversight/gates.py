"""What a check of instructions found: every figure against its threshold, and what failed."""

from collections.abc import Sequence

import altair as alt
import pandas as pd
import streamlit as st

from core.domain.evaluation import Evaluation, Gate, GateResult, RunState
from core.domain.ids import EvaluationId
from core.domain.prompt_views import VersionLine
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.states import empty
from core.ui.session import resumed
from core.ui.shell import spoken

GATE = {
    Gate.AGREEMENT: "Verdicts as a careful person gives them",
    Gate.QUOTES: "Credited verdicts with a quote that is there",
    Gate.PROVEN: "Claims that could be proven by a quote",
    Gate.PARAPHRASE: "Same score for the same in other words",
    Gate.REPEAT: "Same verdicts when asked twice",
    Gate.NAMES: "Points moved by another name",
    Gate.ORDER: "Points moved by another order",
    Gate.INJECTION: "Verdicts moved by orders in a resume",
}
_THICK = 15
_ROW = 30
_MOST_POINTS = 20
"""Bars of points end here; the figure beside them says more."""


def check(name: str, line: VersionLine, *, may_write: bool) -> None:
    """Show the newest check of a version: under way, ended, or that there is none."""
    run = line.evaluation
    if run is None:
        empty(
            "Not checked yet",
            "A check asks the model about resumes of nobody, whose right answers are known.",
            "fact_check",
        )
    elif run.under_way:
        watch(name, run.id, may_write)
    elif run.state is RunState.DONE:
        _verdict(line, run)
        _bars(run.gates)
        _failures(run)
    else:
        _ended_early(line, run)


@st.fragment(run_every=2.0)
def watch(name: str, id: EvaluationId, may_stop: bool) -> None:
    """Follow a check until it ends, then draw the whole screen anew."""
    actor = resumed(watching=True)
    if actor is None:
        st.rerun()
    with spoken():
        lines = the_app().prompts.view(actor, name).versions
        run = next((v.evaluation for v in lines if v.evaluation and v.evaluation.id == id), None)
        if run is None or not run.under_way:
            st.rerun()
        st.progress(run.done / max(1, run.total), text=_how_far(run))
        st.caption("You can leave this page; the check goes on.")
        if may_stop and st.button("Stop the check", icon=f.icon("stop_circle"), key="stop_check"):
            the_app().prompts.cancel_evaluation(actor, id)
            st.rerun()


def _how_far(run: Evaluation) -> str:
    if run.state is RunState.WAITING:
        return "Waiting for its turn"
    return f"Asked {f.number(run.done)} of {f.number(run.total)} questions"


def _verdict(line: VersionLine, run: Evaluation) -> None:
    told = (
        f"Checked on {f.when(run.ended_at)} with {f.escaped(run.model)}, asked for by "
        f"{f.escaped(line.evaluated_by)}. Golden cases version {f.escaped(run.cases)}."
    )
    failed = len(run.failed_gates)
    if failed:
        title = f"{f.plural(failed, 'gate')} of {len(run.gates)} not passed"
        st.warning(told, title=title, icon=f.icon("rule"))
    else:
        st.success(told, title=f"All {len(run.gates)} gates passed", icon=f.icon("check_circle"))


def _ended_early(line: VersionLine, run: Evaluation) -> None:
    if run.state is RunState.CANCELLED:
        who = f.escaped(line.evaluated_by)
        st.info(
            f"The check that {who} asked for was stopped on {f.when(run.ended_at)}; what it had "
            "found counts for nothing.",
            icon=f.icon("stop_circle"),
        )
        return
    st.error(
        f"{f.escaped(run.problem, 400)} Checked on {f.when(run.ended_at)} with "
        f"{f.escaped(run.model)}. Scoring goes on as before.",
        title="The check could not be finished",
        icon=f.icon("link_off"),
    )


def _bars(gates: Sequence[GateResult]) -> None:
    frame = bar_frame(gates)
    # Streamlit's chart theme leaves marks of text black.
    ink = "#e7ecf1" if st.context.theme.type == "dark" else "#17212b"
    names = alt.Axis(labelLimit=330, ticks=False, domain=False, labelColor=ink, labelFontSize=13)
    across = alt.Scale(domain=[0, 1], nice=False)
    base = alt.Chart(frame).encode(y=alt.Y("gate:N", sort=None, title=None, axis=names))
    bars = base.mark_bar(size=_THICK, cornerRadiusEnd=3).encode(
        x=alt.X("bar:Q", scale=across, axis=None),
        # The theme's colours by place: blue, grey, amber.
        color=alt.Color("passed:N", legend=None, scale=alt.Scale(domain=["yes", "", "no"])),
    )
    lines = base.mark_tick(thickness=3, size=_THICK + 9, color=ink).encode(
        x=alt.X("line:Q", scale=across)
    )
    words = base.mark_text(align="left", dx=12, fontSize=13, color=ink).encode(
        x=alt.datum(1.0), text="words:N"
    )
    described = ". ".join(f"{row.gate}: {row.words}" for row in frame.itertuples())
    st.altair_chart((bars + lines + words).properties(height=_ROW * len(frame)), alt=described)
    st.caption(
        "The first five have to reach their line. The last three must not pass theirs; their "
        f"bars end at {_MOST_POINTS}."
    )


def bar_frame(gates: Sequence[GateResult]) -> pd.DataFrame:
    """Lay out bars and their lines as shares of the picture, and each figure in words."""
    ordered = sorted(gates, key=lambda result: list(GATE).index(result.gate))
    return pd.DataFrame(
        {
            "gate": [GATE[result.gate] for result in ordered],
            "bar": [_across(result.gate, result.value) for result in ordered],
            "line": [_across(result.gate, result.threshold) for result in ordered],
            "passed": ["yes" if result.passed else "no" for result in ordered],
            "words": [figure(result) for result in ordered],
        }
    )


def _across(gate: Gate, value: float) -> float:
    return value if gate.is_share else min(1.0, value / _MOST_POINTS)


def figure(result: GateResult) -> str:
    """Say a figure, whether it passed, and what it is held against."""
    if not result.tried:
        return "✕ nothing could be tried"
    sign = "✓" if result.passed else "✕"
    if result.gate.is_share:
        return f"{sign} {f.percent(result.value)} of {f.percent(result.threshold)} needed"
    return f"{sign} {result.value:g}, {result.threshold:g} allowed"


def _failures(run: Evaluation) -> None:
    rows = [
        (GATE[result.gate], "✓ within" if result.passed else "✕ failed", failure.case, failure.what)
        for result in run.gates
        for failure in result.failures
    ]
    if not rows:
        return
    st.markdown("**Cases that counted against it**")
    columns = ("Gate", "Passed", "Case", "What happened")
    frame = pd.DataFrame(
        {
            title: [f.one_line(row[place], 200) for row in rows]
            for place, title in enumerate(columns)
        }
    )
    st.dataframe(
        frame, hide_index=True, height="content", alt="Cases that counted against the check",
        column_config={
            "Gate": st.column_config.TextColumn(width=270),
            "Passed": st.column_config.TextColumn(width=85),
            "Case": st.column_config.TextColumn(width=190),
        },
    )  # fmt: skip
