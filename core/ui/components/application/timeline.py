"""Everything that happened to an application, by day, people's views and changes woven in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import streamlit as st

from core.domain.views import ApplicationView, OverrideLine, OwnViewLine, TrailLine
from core.ui import format as f
from core.ui.components.application.override import REASON
from core.ui.components.pipeline.active_filters import LEANING
from core.ui.components.states import empty

_HERE = Path(__file__).parent
_TIMELINE = st.components.v2.component(
    "recruiter_copilot.timeline",
    html="<div class='timeline'></div>",
    css=(_HERE / "timeline.css").read_text(),
    js=(_HERE / "timeline.js").read_text(),
)
_SIGNS = {
    "application": "description", "document": "description", "criteria": "rule",
    "screening": "fact_check", "regrade": "refresh", "verdict": "edit", "view": "how_to_reg",
    "proposal": "edit_note", "approval": "undo", "write": "cloud_upload", "audit": "history_edu",
    "stage": "swap_horiz", "model": "outbound",
}  # fmt: skip
_SIGN_OF = {
    "application.assessed": "fact_check", "application.opened": "visibility",
    "proposal.approved": "check_circle", "proposal.refused": "block",
    "write.done": "task_alt", "write.failed": "error", "write.stale": "sync_problem",
}  # fmt: skip
_WOVEN = {"view.recorded", "verdict.overridden"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that happened, in words.

    ``row`` is its place in the log, 0 for none of its own; ``references`` help to look it up.
    """

    at: datetime
    who: str
    what: str
    detail: str
    sign: str
    row: int = 0
    references: str = ""


def timeline(view: ApplicationView) -> None:
    """Show what happened, newest day first; times in the reader's zone."""
    found = happenings(view)
    if not found:
        empty("Nothing recorded yet", "Every step will be listed here.", "history_edu")
        return
    _TIMELINE(key=f"timeline-{view.row.application_id}", data={"days": days(found)})
    st.caption(f"Times are in {f.when(found[0].at).rpartition(' ')[2]}.")


def happenings(view: ApplicationView) -> list[Happening]:
    """Put the trail, views and changed verdicts in one order, newest first, each once."""
    told = {line.view.at for line in view.views} | {o.override.at for o in view.overrides}
    events = [_event(x) for x in view.trail if x.action not in _WOVEN or x.at not in told]
    woven = [*map(_said, view.views), *map(_changed, view.overrides)]
    return sorted([*events, *woven], key=lambda one: (one.at, one.row), reverse=True)


def days(found: Sequence[Happening]) -> list[dict[str, Any]]:
    """Group by the reader's day, as plain data."""
    told = [(f.when(one.at), one) for one in found]
    return [
        {"day": day, "events": [_shown(when, one) for when, one in group]}
        for day, group in groupby(told, key=lambda pair: pair[0].rpartition(",")[0])
    ]


def _shown(when: str, one: Happening) -> dict[str, Any]:
    return {
        "time": when.rpartition(",")[2].strip().rpartition(" ")[0],
        "sign": one.sign,
        "who": f.one_line(one.who, 80),
        "what": f.one_line(one.what, 200),
        "detail": f.one_line(one.detail, 400),
        "row": one.row,
        "references": f.one_line(one.references, 400),
    }


def _event(line: TrailLine) -> Happening:
    sign = _SIGN_OF.get(line.action) or _SIGNS.get(line.action.partition(".")[0], "circle")
    return Happening(
        at=line.at, who=line.who, what=line.what, detail=line.detail, sign=sign, row=line.seq,
        references=line.references,
    )  # fmt: skip


def _said(line: OwnViewLine) -> Happening:
    blind = ", before seeing a score" if line.view.blind else ""
    return Happening(
        at=line.view.at, who=line.who, what=f"Own view: {LEANING[line.view.leaning]}{blind}",
        detail=line.view.note, sign=_SIGNS["view"],
    )  # fmt: skip


def _changed(line: OverrideLine) -> Happening:
    given = line.override
    old = f"{f.SIGN[line.before]} {f.STANDING[line.before][1]}"
    new = "back to the copilot's"
    if given.standing:
        new = f"{f.SIGN[given.standing]} {f.STANDING[given.standing][1]}"
    because = f", because {REASON[given.reason]}" if given.standing else ""
    return Happening(
        at=given.at, who=line.who, what=f"{line.criterion}: {old} → {new}{because}",
        detail=given.note, sign=_SIGNS["verdict"],
    )  # fmt: skip
