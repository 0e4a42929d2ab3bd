"""How the scores of a job spread; a click on a bar shows its people."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from core.domain.filters import Range
from core.domain.rows import PipelineRow
from core.ui import format as f
from core.ui.components.pipeline.question import asked, narrow

_HERE = Path(__file__).parent
_SPREAD = st.components.v2.component(
    "recruiter_copilot.spread",
    html="<div class='spread' role='group'></div>",
    css=(_HERE / "distribution.css").read_text(),
    js=(_HERE / "distribution.js").read_text(),
)
_STEP, _KEY = 10, "distribution"


def distribution(rows: Sequence[PipelineRow], chosen: Range) -> None:
    """Show how many scores there are in each step of ten; bars outside ``chosen`` are pale."""
    scores = [row.score.value for row in rows if row.score]
    if len(scores) < 3:
        return
    name = f"Spread of {f.number(len(scores))} scores in steps of ten"
    _SPREAD(
        key=_KEY,
        data={"name": name, "steps": steps(scores, chosen)},
        on_chosen_change=_press,
    )


def steps(scores: Sequence[int], chosen: Range) -> list[dict[str, Any]]:
    """Count scores by tens; a score of 100 belongs to the last."""
    counts = Counter(min(score, 99) // _STEP * _STEP for score in scores)
    return [_step(low, counts[low], chosen) for low in range(0, 100, _STEP)]


def _step(low: int, count: int, chosen: Range) -> dict[str, Any]:
    label = f"{low}–{_last(low)}"
    return {
        "label": label,
        "words": f"Score {label}: {f.plural(count, 'person', 'people')}",
        "low": low,
        "count": count,
        "inside": chosen == Range() or (chosen.holds(low) and chosen.holds(_last(low))),
        "pressed": chosen == _only(low),
    }


def _last(low: int) -> int:
    return 100 if low == 100 - _STEP else low + _STEP - 1


def _only(low: int) -> Range:
    """Ask for one bar, open at the ends of the scale as the slider has it."""
    return Range(low or None, None if _last(low) == 100 else _last(low))


def pressed(low: Any, before: Range) -> Range:
    """Say what is asked once the bar from ``low`` on was pressed; a second time opens it again."""
    if low not in range(0, 100, _STEP):
        return before
    return Range() if before == _only(low) else _only(low)


def _press() -> None:
    narrow(score=pressed(st.session_state[_KEY].chosen, asked().score))
