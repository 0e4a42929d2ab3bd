"""The table in which a recruiter says what a job asks for."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.domain.canonical import content_hash
from core.domain.criteria import Criterion, CriterionConcern, CriterionKind, Importance, Severity
from core.domain.ids import CriterionId
from core.errors import CriteriaRefused
from core.ui import format as f

_KINDS = {words: kind for kind, words in f.KIND.items()}
_IMPORTANCE = {words: importance for importance, words in f.IMPORTANCE.items()}
_TEXT = ["Criterion", "Words that show it", "Level", "From the posting"]


def criteria_editor(criteria: Sequence[Criterion], key: str) -> tuple[Criterion, ...]:
    """Show the criteria for editing and return them as they stand.

    Raises ``CriteriaRefused`` naming the row that is not complete.
    """
    edited: pd.DataFrame = st.data_editor(
        table(criteria),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        column_config=_COLUMNS,
        column_order=list(_COLUMNS),
        height="content",
        placeholder="",
        alt="Criteria, one a row; the last row adds one",
    )
    return read(edited.to_dict("records"))


def criteria_list(criteria: Sequence[Criterion]) -> None:
    """Show criteria that cannot be changed here."""
    st.dataframe(
        table(criteria),
        hide_index=True,
        column_config=_COLUMNS,
        column_order=list(_COLUMNS),
        height="content",
        placeholder="",
        alt="Criteria, one a row",
    )


def concerns(found: Sequence[CriterionConcern]) -> bool:
    """Show what is unlawful or risky about the wording; return whether something blocks."""
    for concern in found:
        text = f"“{f.escaped(concern.phrase)}”: {f.escaped(concern.message, 400)}"
        source = f":small[:gray[{f.escaped(concern.rule, 200)} · {f.escaped(concern.source, 200)}]]"
        if concern.severity is Severity.BLOCK:
            st.error(f"{text}  \n{source}", icon=f.icon("gavel"), title="Cannot be a criterion")
        else:
            st.warning(f"{text}  \n{source}", icon=f.icon("warning"), title="Think twice")
    return any(concern.severity is Severity.BLOCK for concern in found)


def table(criteria: Sequence[Criterion]) -> pd.DataFrame:
    """Lay criteria out as rows; ``id`` goes along unseen so that an edit keeps it."""
    rows = [
        {
            "id": c.id,
            "Criterion": c.label,
            "Needed": f.IMPORTANCE[c.importance],
            "Checked as": f.KIND[c.kind],
            "Weight": c.weight,
            "Words that show it": ", ".join(c.terms),
            "Years": c.minimum,
            "Level": c.level,
            "From the posting": c.source,
        }
        for c in criteria
    ]
    columns = ["id", *_COLUMNS]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"Weight": "float64", "Years": "float64"})


def read(rows: Sequence[dict[Any, Any]]) -> tuple[Criterion, ...]:
    """Read rows back as criteria; rows without a name and words are empty ones and left out."""
    found = [_criterion(row) for row in rows if _text(row, "Criterion") or _text(row, _TEXT[1])]
    ids = [criterion.id for criterion in found]
    if len(set(ids)) != len(ids):
        raise CriteriaRefused("two criteria have the same name")
    return tuple(found)


def _criterion(row: dict[Any, Any]) -> Criterion:
    label = _text(row, "Criterion")
    terms = tuple(t.strip().lower() for t in _text(row, _TEXT[1]).split(",") if t.strip())
    years = row.get("Years")
    id = _text(row, "id")
    # Without words of its own a new row is looked for by its name; one that had none keeps none.
    terms = terms or (() if id else (label.lower(),))
    return Criterion(
        id=CriterionId(id or f"c-{content_hash(label.casefold())[:10]}"),
        label=label,
        kind=_KINDS.get(_text(row, "Checked as"), CriterionKind.SKILL),
        importance=_IMPORTANCE.get(_text(row, "Needed"), Importance.PREFERRED),
        weight=float(row["Weight"]) if pd.notna(row.get("Weight")) else 1.0,
        terms=terms,
        minimum=float(years) if years is not None and pd.notna(years) else None,
        level=_text(row, "Level"),
        source=_text(row, "From the posting"),
    )


def _text(row: dict[Any, Any], column: str) -> str:
    value = row.get(column)
    return "" if value is None or pd.isna(value) else str(value).strip()


_COLUMNS = {
    "Criterion": st.column_config.TextColumn(required=True, width=230, max_chars=200),
    "Needed": st.column_config.SelectboxColumn(
        options=list(_IMPORTANCE), required=True, default="Preferred", width=100
    ),
    "Checked as": st.column_config.SelectboxColumn(
        options=list(_KINDS), required=True, default="Skill", width=160
    ),
    "Weight": st.column_config.NumberColumn(
        min_value=0.5, max_value=10, step=0.5, required=True, default=1.0, width=80,
        help="How much it counts, compared with the others.",
    ),
    "Words that show it": st.column_config.TextColumn(
        width=300, help="Separate several words or phrases with commas."
    ),
    "Years": st.column_config.NumberColumn(
        min_value=0.5, max_value=50, step=0.5, width=70, help="Only for years of experience."
    ),
    "Level": st.column_config.TextColumn(
        width=100, help="A degree (bachelor) or a language level (B2)."
    ),
    "From the posting": st.column_config.TextColumn(
        disabled=True, width=320, help="The sentence it was drafted from."
    ),
}  # fmt: skip
