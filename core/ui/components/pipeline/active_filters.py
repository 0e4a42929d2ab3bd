"""What is asked of a pipeline right now, one chip a part; a click takes the part away."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from core.domain.criteria import Criteria
from core.domain.filters import Asked, Choice, Looked, PipelineFilter, Range
from core.domain.ids import CriterionId
from core.domain.judgement import Leaning
from core.domain.routing import Eyes
from core.domain.rows import WorkState
from core.ui import format as f
from core.ui.components.pipeline.question import ask
from core.ui.components.pipeline.reasons import REASONS

LOOKED = {
    Looked.NOBODY: "Nobody looked yet",
    Looked.NOT_ME: "Not by me yet",
    Looked.ME: "I looked",
}
LEANING = {
    Leaning.ADVANCE: "Put forward",
    Leaning.UNSURE: "Not sure",
    Leaning.NOT_NOW: "Not for this job",
}
RANGES = {
    "score": ("Score", ""),
    "required": ("Must-haves met", ""),
    "days": ("Days waiting", ""),
    "confidence": ("Confidence", "%"),
    "health": ("Read quality", "%"),
}
CHOICES = {
    "state": "Where it stands",
    "stage": "Stage",
    "flag": "Flag",
    "view": "My view",
    "why": "Needs eyes",
}
Part = tuple[str, PipelineFilter]
"""A part of a question in words, and the question without it."""


def active_filters(question: PipelineFilter, criteria: Criteria | None) -> None:
    """Show every part of the question with a way to take it away."""
    if question.is_empty:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(":small[:gray[Only people with]]", width="content")
        for number, (words, without) in enumerate(parts(question, labels(criteria))):
            st.button(
                f.escaped(words, 90),
                icon=f.icon("close"),
                icon_position="right",
                key=f"drop-{number}",
                help="Take this part away",
                on_click=ask,
                args=(without,),
            )
        st.button(
            "Show everybody", type="tertiary", key="drop-all", on_click=ask,
            args=(PipelineFilter(),),
        )  # fmt: skip


def labels(criteria: Criteria | None) -> dict[CriterionId, str]:
    """Name criteria by their ids."""
    return {c.id: c.label for c in criteria.criteria} if criteria else {}


def parts(question: PipelineFilter, names: Mapping[CriterionId, str]) -> Iterator[Part]:
    """Take a question apart; every part comes with the rest of the question."""
    if question.name:
        yield f"Name: {question.name}", replace(question, name="")
    if question.words:
        yield f"In resumes: {question.words}", replace(question, words="")
    for one in question.criteria:
        rest = tuple(other for other in question.criteria if other != one)
        yield criterion_words(one, names), replace(question, criteria=rest)
    for name, (title, unit) in RANGES.items():
        if (value := getattr(question, name)) != Range():
            yield f"{title} {_range(value, unit)}", _with(question, name, Range())
    for name in CHOICES:
        yield from _choice(question, name)
    if question.looked:
        yield LOOKED[question.looked], replace(question, looked=None)
    if question.eyes:
        yield "Needs eyes", replace(question, eyes=False)


def criterion_words(one: Asked, names: Mapping[CriterionId, str]) -> str:
    """Say what is asked of a criterion."""
    label = f.one_line(names.get(one.criterion_id, "A criterion of an older version"), 40)
    return f"{label}: {'NOT ' if one.negated else ''}{f.STANDING[one.standing][1].lower()}"


def choice_label(name: str, value: str) -> str:
    """Say a stage, state, flag or own view in the recruiter's words."""
    if name == "state" and value in set(WorkState):
        return f.STATE[WorkState(value)][1]
    if name == "view" and value in set(Leaning):
        return LEANING[Leaning(value)]
    if name == "why" and value in set(Eyes):
        return REASONS[Eyes(value)][1]
    return f.flag(value) if name == "flag" else f.one_line(value, 60)


def _choice(question: PipelineFilter, name: str) -> Iterator[Part]:
    choice: Choice = getattr(question, name)
    if choice.some:
        words = " or ".join(choice_label(name, value) for value in sorted(choice.some))
        without = _with(question, name, replace(choice, some=frozenset()))
        yield f"{CHOICES[name]}: {words}", without
    for value in sorted(choice.none):
        without = _with(question, name, replace(choice, none=choice.none - {value}))
        yield f"{CHOICES[name]}: NOT {choice_label(name, value)}", without


def _with(question: PipelineFilter, name: str, value: Any) -> PipelineFilter:
    return replace(question, **{name: value})


def _range(value: Range, unit: str) -> str:
    if value.low is None:
        return f"up to {value.high}{unit}"
    if value.high is None:
        return f"from {value.low}{unit}"
    return f"{value.low}–{value.high}{unit}"
