"""The number and what stands around it, as one picture: never alone, never finer than it is."""

from pathlib import Path
from typing import Any

import streamlit as st

from core.domain.assessment import Score
from core.domain.views import ApplicationView
from core.ui import format as f

_HERE = Path(__file__).parent
_PANEL = st.components.v2.component(
    "recruiter_copilot.score_panel",
    html="<div class='panel'></div>",
    css=(_HERE / "score_panel.css").read_text(),
    js=(_HERE / "score_panel.js").read_text(),
)


def score_panel(view: ApplicationView) -> None:
    """Show score with band, must-haves, confidence, read quality and the suggestion."""
    row = view.row
    _PANEL(key=f"panel-{row.application_id}", data=panel(view))
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


def panel(view: ApplicationView) -> dict[str, Any]:
    """Lay out all that the picture shows, as plain data."""
    row, assessed = view.row, view.assessment
    facts = [("Confidence", f.percent(row.confidence), _SURE)] if row.score else []
    facts.append(("Read quality", f.percent(row.parse_health), _READ))
    if assessed and assessed.percentile is not None:
        facts.append(
            ("Among earlier applicants", f"above {f.percent(assessed.percentile / 100)}", _PAST)
        )
    return {
        "score": _scale(row.score),
        "before": _scale(row.score_before),
        "met": row.required_met,
        "required": row.required_total,
        "band": _BAND,
        "facts": [{"name": name, "value": value, "help": why} for name, value, why in facts],
    }


def _scale(score: Score | None) -> dict[str, Any] | None:
    if score is None:
        return None
    return {"words": f.score(score), "at": score.value, "low": score.low, "high": score.high}


_BAND = (
    "The sum of the criteria below. ± is how far it could move if everything unclear was settled."
)
_SURE = "How much of what was asked the document lets one tell."
_READ = "How well the document could be read."
_PAST = "Compared with past applicants of similar jobs, scored the same way."
