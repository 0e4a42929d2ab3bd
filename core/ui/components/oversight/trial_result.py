"""What a trial of instructions found: scores before and after, and the verdicts behind them."""

from collections import Counter
from collections.abc import Sequence

import altair as alt
import pandas as pd
import streamlit as st

from core.domain.assessors import assessor_name
from core.domain.prompt_views import TrialLine
from core.domain.trials import ResumeChange, Trial, Turn, Turns
from core.ui import format as f

TURN = {
    Turn.MORE: "More credit",
    Turn.LESS: "Less credit",
    Turn.TOLD: "From “no data”",
    Turn.UNTOLD: "To “no data”",
}
"""How verdicts change."""
_BEFORE, _AFTER = "As it is", "With this version"
_ROW = 30


def result(tried: TrialLine) -> None:
    """Show the sum, the picture, and how verdicts changed by criterion."""
    run = tried.trial
    _sum(run)
    st.markdown("**The score of each resume, as it is and with this version**")
    _dumbbells(run.resumes)
    st.markdown("**Verdicts that changed, by criterion**")
    st.dataframe(
        criterion_frame(run), hide_index=True, height="content",
        alt="Verdicts that changed, by criterion",
        column_config={"Criterion": st.column_config.TextColumn(width=300)},
    )  # fmt: skip
    st.caption(_told(tried))


def _sum(run: Trial) -> None:
    turns, mean = run.turns, run.mean_change
    told = turns.get(Turn.TOLD, 0) + turns.get(Turn.UNTOLD, 0)
    with st.container(horizontal=True):
        st.metric("Resumes", f.number(len(run.resumes)))
        st.metric("Mean change of the score", "–" if mean is None else points(mean))
        st.metric("Verdicts with more credit", f.number(turns.get(Turn.MORE, 0)))
        st.metric("Verdicts with less credit", f.number(turns.get(Turn.LESS, 0)))
        if told:
            st.metric("Verdicts from or to “no data”", f.number(told))
        st.metric("Requests", f.number(run.requests))
        st.metric("Tokens", f.number(run.tokens.total))


def _told(tried: TrialLine) -> str:
    run = tried.trial
    makers = Counter(assessor_name(line.assessor) for line in run.resumes)
    made = "; ".join(f"{f.escaped(name)}: {f.number(n)}" for name, n in makers.most_common())
    return (
        f"Tried on {f.when(run.ended_at)} with {f.escaped(run.model)} on job “"
        f"{f.escaped(tried.job, 80)}” ({f.escaped(run.requisition_id)}), criteria version "
        f"{run.criteria_version}, asked for by {f.escaped(tried.who)}. The scores as they are "
        f"were made by – {made}. The sample is drawn by chance, whatever the scores, and is the "
        "same for every version while the job's scored resumes stay the same. No score changed; "
        "a trial neither allows nor forbids production."
    )


def _dumbbells(lines: Sequence[ResumeChange]) -> None:
    frame = resume_frame(lines)
    # Streamlit's chart theme leaves marks of text black.
    ink = "#e7ecf1" if st.context.theme.type == "dark" else "#17212b"
    names = alt.Axis(ticks=False, domain=False, labelColor=ink, labelFontSize=13)
    across = alt.X("before:Q", title="Score", scale=alt.Scale(domain=[0, 100], nice=False))
    base = alt.Chart(frame).encode(y=alt.Y("resume:N", sort=None, title=None, axis=names))
    # A shape of its own for each end, so that nobody depends on the colour.
    ends = [
        base.mark_point(filled=True, size=110, opacity=1, shape=shape).encode(
            x=alt.X(f"{column}:Q"),
            color=alt.Color("name:N", title=None, scale=_COLOURS, legend=None),
        ).transform_calculate(name=f"'{name}'")
        for column, name, shape in (("before", _BEFORE, "circle"), ("after", _AFTER, "diamond"))
    ]  # fmt: skip
    bars = base.mark_rule(strokeWidth=3, opacity=0.45, color=ink).encode(x=across, x2="after:Q")
    words = base.mark_text(align="left", dx=16, fontSize=13, color=ink).encode(
        x=alt.datum(100), text="words:N"
    )
    described = ". ".join(f"{row.resume}: {row.words}" for row in frame.itertuples())
    chart = (bars + ends[0] + ends[1] + words).properties(height=_ROW * len(frame) + 40)
    st.altair_chart(chart, alt=f"Scores as they are and with this version. {described}")
    st.caption("● as it is, ◆ with this version; the best score as it is comes first.")


# The theme's colours by place: blue, grey, amber.
_COLOURS = alt.Scale(domain=[_BEFORE, "", _AFTER])


def resume_frame(lines: Sequence[ResumeChange]) -> pd.DataFrame:
    """Lay out one row a resume: both scores, and what changed in words."""
    return pd.DataFrame(
        {
            "resume": [f"Resume {number}" for number in range(1, len(lines) + 1)],
            "before": [line.before for line in lines],
            "after": [line.after for line in lines],
            "words": [_change(line) for line in lines],
        }
    )


def _change(line: ResumeChange) -> str:
    verdicts = ", ".join(
        f"{f.number(count)} × {TURN[turn].lower()}" for turn, count in _ordered(line.turns)
    )
    if line.points is None:
        score = f"{line.before} → could not be graded"
    elif line.points == 0:
        score = f"{line.before}, the same"
    else:
        score = f"{line.before} → {line.after} ({points(line.points)})"
    return f"{score}; {verdicts}" if verdicts else score


def criterion_frame(run: Trial) -> pd.DataFrame:
    """Lay out one row a criterion, with a column for each way in which verdicts changed."""
    shown = [turn for turn in TURN if turn in run.turns or turn in (Turn.MORE, Turn.LESS)]
    return pd.DataFrame(
        {
            "Criterion": [f.one_line(each.label, 120) for each in run.criteria_changes],
            "Changed": [sum(each.turns.values()) for each in run.criteria_changes],
            **{
                TURN[turn]: [each.turns.get(turn, 0) for each in run.criteria_changes]
                for turn in shown
            },
        }
    )


def points(change: float) -> str:
    """Say a change in points with its sign."""
    return f"{change:+.1f}".removesuffix(".0").replace("-", "−") if change else "0"


def _ordered(turns: Turns) -> list[tuple[Turn, int]]:
    return [(turn, turns[turn]) for turn in TURN if turns.get(turn)]
