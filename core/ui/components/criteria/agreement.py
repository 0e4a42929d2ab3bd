"""Where people saw it differently: a report beside the criteria, and what might be done."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd
import streamlit as st

from core.domain.actor import Actor
from core.domain.agreement import (
    Advice,
    AgreementReport,
    CriterionAdvice,
    CriterionAgreement,
    ViewAgreement,
)
from core.domain.ids import RequisitionId
from core.domain.judgement import Leaning
from core.ui import format as f
from core.ui.access import the_app
from core.ui.menu import go
from core.ui.shell import spoken

_ADVICE: Mapping[Advice, tuple[str, str, str]] = {
    Advice.ADD_WORDS: (
        "add_circle", "Words may be missing",
        "people found it where the assessor did not. See what they found and add the words for it.",
    ),
    Advice.ASK_LESS: (
        "tune", "It may ask for too much",
        "people judged it less strictly. Ask for fewer years or a lower level, or only prefer it.",
    ),
    Advice.NARROW_WORDS: (
        "filter_alt", "Its words may say too much",
        "people did not find it where the assessor did. Take out words that mean other things too.",
    ),
    Advice.ASK_CANDIDATES: (
        "contact_support", "Resumes do not tell",
        "the answer was not in the resume. Ask on the application form or in the first call.",
    ),
    Advice.TELLS_NOTHING: (
        "drag_handle", "It tells nobody apart",
        "the verdict was the same. Drop it, or ask for more or for less.",
    ),
}  # fmt: skip
_LEANING = {Leaning.ADVANCE: "Advance", Leaning.UNSURE: "Unsure", Leaning.NOT_NOW: "Not now"}
_RAISED, _LEFT, _LOWERED, _TOLD = (
    "Raised by people", "Left as it was", "Lowered by people", "Filled in by people"
)  # fmt: skip
# In the order of the theme's colours: blue, grey, amber, green.
_TURNS = [_RAISED, _LEFT, _LOWERED, _TOLD]
_MOST_LINKS = 3


def agreement(actor: Actor, id: RequisitionId) -> None:
    """Offer the report, out of the way until asked for."""
    drawer = st.expander(
        "How often people saw it differently", icon=f.icon("balance"), key="agreement",
        on_change="rerun",
    )  # fmt: skip
    if not drawer.open:
        return
    with drawer, spoken():
        found = the_app().agreement.of(actor, id)
        if found is None or not found.reviewed:
            st.caption("Nobody has looked at a scored application yet. Come back when some have.")
            return
        _summary(found)
        _chart(found.criteria)
        _advice(found.advice, id)
        _views(found)


def _summary(found: AgreementReport) -> None:
    reviewed = f.plural(found.reviewed, "scored application")
    st.markdown(
        f"People looked at **{reviewed}** of {f.number(found.scored)}. Of the scores proposed for"
        f" iCIMS they approved **{f.number(found.accepted)}** and refused"
        f" **{f.number(found.refused)}**."
    )
    st.caption(
        "This changes nothing by itself: no model is trained on it and no weight moves. What"
        " nobody changed was looked at, not confirmed."
    )


def _chart(lines: Sequence[CriterionAgreement]) -> None:
    """Draw one bar for each criterion, the most changed one first."""
    ordered = sorted(lines, key=lambda line: -line.changed)
    names = [f.one_line(line.criterion.label, 46) for line in ordered]
    rows = [
        {"Criterion": name, "What": what, "Applications": count, "left": what == _LEFT}
        for name, line in zip(names, ordered, strict=True)
        for what, count in _counts(line)
        if count
    ]
    bars = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(height={"band": 0.7})
        .encode(
            x=alt.X("Applications:Q", title="Applications people looked at", axis=_WHOLE),
            y=alt.Y("Criterion:N", sort=names, title=None, axis=alt.Axis(labelLimit=280)),
            color=alt.Color(
                "What:N", title=None, scale=alt.Scale(domain=_TURNS),
                legend=alt.Legend(orient="top"),
            ),
            opacity=alt.condition(alt.datum.left, alt.value(0.3), alt.value(1)),
            order=alt.Order("left:N"),
            tooltip=["Criterion", "What", "Applications"],
        )
        .properties(height=alt.Step(26))
    )  # fmt: skip
    told = "; ".join(
        f"{name}: {line.changed} of {line.reviewed} changed"
        for name, line in zip(names, ordered, strict=True)
    )
    st.altair_chart(bars, alt=f"Verdicts that people changed, by criterion. {told}")


def _counts(line: CriterionAgreement) -> tuple[tuple[str, int], ...]:
    return (
        (_RAISED, line.raised), (_LOWERED, line.lowered), (_TOLD, line.told), (_LEFT, line.left)
    )  # fmt: skip


_WHOLE = alt.Axis(format="d", tickMinStep=1)


def _advice(found: Sequence[CriterionAdvice], job: RequisitionId) -> None:
    if not found:
        st.caption("Too few changes of one kind to suggest anything about the criteria.")
        return
    st.markdown("**What you might change in the criteria**")
    for number, one in enumerate(found):
        sign, title, words = _ADVICE[one.advice]
        with st.container(border=True):
            share = f"In {f.number(one.count)} of {f.number(one.out_of)}"
            st.markdown(
                f"{f.icon(sign)} **{f.escaped(one.criterion.label, 80)}**: {title}. {share} {words}"
            )
            _links(one, number, job)


def _links(one: CriterionAdvice, number: int, job: RequisitionId) -> None:
    if not one.applications:
        return
    with st.container(horizontal=True):
        for place, id in enumerate(one.applications[:_MOST_LINKS], 1):
            label = f"Look at the {('first', 'second', 'third')[place - 1]}"
            key = f"see-{number}-{place}"
            if st.button(label, type="tertiary", icon=f.icon("visibility"), key=key):
                go("application", app=id, req=job)


def _views(found: AgreementReport) -> None:
    """Set what people thought against what the score suggested."""
    for given, title in (
        (found.blind, "Views recorded before the score was shown"),
        (found.seen, "Views recorded with the score in sight"),
    ):
        if not given.views:
            continue
        st.markdown(f"**{title}** :gray[({f.number(given.views)})]")
        st.dataframe(
            _table(given), hide_index=True, height="content",
            alt=f"{title}: suggestion against what people thought",
        )  # fmt: skip
        if given.ordered is not None:
            st.caption(
                f"In {f.percent(given.ordered)} of {f.plural(given.pairs, 'pair')} of people, the"
                " one whom the same reviewer would advance also has the higher score; chance"
                " alone gives 50%."
            )


def _table(given: ViewAgreement) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "The score suggested": words,
            **{name: given.counts.get((suggestion, view), 0) for view, name in _LEANING.items()},
        }
        for suggestion, (_, words) in f.SUGGESTION.items()
    )
