"""The resume beside its verdicts: choose a criterion, and the words that show it light up.

Everything a candidate wrote goes to the browser as data and into the page as text nodes; no
HTML or Markdown is ever made of it. Lighting, scrolling and switching happen in the browser; only
an original page is asked for, and then nothing but this part of the screen is drawn again.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import streamlit as st

from core.domain.actor import Actor
from core.domain.assessment import Contribution
from core.domain.document import Span
from core.domain.ids import ApplicationId
from core.domain.views import ApplicationView, DocumentView, OverrideLine, PageView
from core.errors import CopilotError, SessionEnded
from core.ui import format as f
from core.ui.access import the_app
from core.ui.components.application.override import REASON
from core.ui.components.window import open_window
from core.ui.session import resumed
from core.ui.shell import spoken

_HERE = Path(__file__).parent
_READER = st.components.v2.component(
    "recruiter_copilot.reader",
    html="<div class='reader'></div>",
    css=(_HERE / "reader.css").read_text(),
    js=(_HERE / "reader.js").read_text(),
)
_MODE, _PAGE = "copilot_reader_mode", "copilot_reader_page"
TEXT, PAGE, MODEL = "text", "page", "model"

Mark = tuple[Span, str]


@st.fragment
def reader(view: ApplicationView) -> None:
    """Show document and verdicts side by side; stacked where the window is narrow."""
    if view.document is None and not view.sum:
        return
    actor = resumed()
    if actor is None:
        st.rerun()
    id, key = view.row.application_id, f"reader-{view.row.application_id}"
    with spoken():
        shown: Any = _READER(
            key=key,
            data={**reading(view), "mode": _mode(), "page": _page(actor, view)},
            on_mode_change=lambda: st.session_state.update({_MODE: st.session_state[key].mode}),
            on_page_change=lambda: _turn(id, st.session_state[key].page),
            on_change_change=lambda: open_window("change", id, str(st.session_state[key].change)),
        )
        if shown.change:
            st.rerun()


def turn_to_original() -> None:
    """Show the original page, or the text again; in a callback."""
    st.session_state[_MODE] = TEXT if _mode() == PAGE else PAGE


def reading(view: ApplicationView) -> dict[str, Any]:
    """Lay out all that the reader shows but for original pages, as plain data."""
    given = {line.override.criterion_id: line for line in view.overrides if line.in_force}
    return {
        "document": _pane(view.document, view),
        "problem": view.document_problem,
        "verdicts": [_verdict(line, given.get(line.criterion.id)) for line in view.sum],
        "total": _total(view),
        "may_change": view.may_decide,
    }


def sheet(page: PageView) -> dict[str, Any]:
    """Lay out an original page with its marks, as plain data."""
    return {
        "number": page.number,
        "count": page.count,
        "picture": f"data:image/png;base64,{b64encode(page.png).decode()}",
        "marks": [
            {"id": m.criterion_id, "box": [m.left, m.top, m.width, m.height]} for m in page.marks
        ],
        "first": dict(page.first_of),
        "missing": list(page.missing),
    }


def _mode() -> str:
    """Say how documents are read: as the last one was."""
    return str(st.session_state.get(_MODE, TEXT))


def _turn(id: ApplicationId, number: object) -> None:
    if isinstance(number, int) and number > 0:
        st.session_state[_PAGE] = (id, number)


def _page(actor: Actor, view: ApplicationView) -> dict[str, Any] | None:
    """Ask for the original page that is to be seen, if any; without it the text remains."""
    if _mode() != PAGE or view.document is None or not view.document.pages:
        return None
    id = view.row.application_id
    of, number = st.session_state.get(_PAGE, (id, 1))
    try:
        page = the_app().review.page(actor, id, min(number, view.document.pages) if of == id else 1)
    except SessionEnded:
        raise
    except CopilotError as error:
        return {"problem": str(error)}
    return sheet(page)


def segments(
    text: str, marks: Iterable[Mark], flags: Iterable[Mark] = ()
) -> list[dict[str, str | list[str]]]:
    """Cut ``text`` where a mark or flag begins or ends.

    Each piece has its text ``t``, the criteria ``c`` it is evidence for and the ``f`` flags on
    it; joined, the pieces are exactly ``text``. Cutting happens here because offsets count
    characters, and the browser would count UTF-16 units.
    """
    marked, flagged = list(marks), list(flags)
    edges = {0, len(text)}
    for span, _ in (*marked, *flagged):
        edges |= {min(span.start, len(text)), min(span.end, len(text))}
    cuts = sorted(edges)
    return [
        {
            "t": text[start:end],
            "c": _over(marked, start, end),
            "f": _over(flagged, start, end),
        }
        for start, end in pairwise(cuts)
    ]


def _over(marks: Sequence[Mark], start: int, end: int) -> list[str]:
    here = Span(start, end)
    return list(dict.fromkeys(name for span, name in marks if span.overlaps(here)))


def _pane(document: DocumentView | None, view: ApplicationView) -> dict[str, Any] | None:
    if document is None:
        return None
    flags = [(flag.span, f.FLAG[flag.kind]) for flag in document.flags if flag.span]
    evidence = [
        (item.span, line.criterion.id) for line in view.sum for item in line.verdict.evidence
    ]
    return {
        "name": f.one_line(document.name),
        "own": segments(
            document.text, [(h.span, h.criterion_id) for h in document.highlights], flags
        ),
        "model": segments(document.model_text, evidence) if document.model_text else [],
        "pages": document.pages,
    }


def _verdict(line: Contribution, given: OverrideLine | None) -> dict[str, Any]:
    verdict, criterion = line.verdict, line.criterion
    shown = {
        "id": criterion.id,
        "label": criterion.label,
        "kind": f.KIND[criterion.kind],
        "importance": f.IMPORTANCE[criterion.importance],
        "standing": verdict.standing.value,
        "sign": f.SIGN[verdict.standing],
        "word": f.STANDING[verdict.standing][1],
        "points": round(line.points, 1),
        "possible": round(line.possible, 1),
        "reason": verdict.reason,
        "quotes": [item.quote for item in verdict.evidence],
    }
    return shown if given is None else shown | {"before": _before(given)}


def _before(given: OverrideLine) -> dict[str, str]:
    """Lay out the assessor's verdict that a person's stands in the place of, and why."""
    return {
        "sign": f.SIGN[given.before],
        "word": f.STANDING[given.before][1],
        "who": f.one_line(given.who, 60),
        "why": REASON[given.override.reason],
    }


def _total(view: ApplicationView) -> str:
    assessed = view.assessment
    return f.score(assessed.score) if assessed and assessed.score else ""
