"""The resume beside its verdicts: choose a criterion, and the words that show it light up.

Everything a candidate wrote goes to the browser as data and into the page as text nodes; no
HTML or Markdown is ever made of it. Lighting, scrolling and switching happen in the browser, so
nothing has to wait for a re-run.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import streamlit as st

from core.domain.assessment import Contribution
from core.domain.document import Span
from core.domain.views import ApplicationView, DocumentView
from core.ui import format as f

_HERE = Path(__file__).parent
_READER = st.components.v2.component(
    "recruiter_copilot.reader",
    html="<div class='reader'></div>",
    css=(_HERE / "reader.css").read_text(),
    js=(_HERE / "reader.js").read_text(),
)

Mark = tuple[Span, str]


def reader(view: ApplicationView) -> None:
    """Show document and verdicts side by side; stacked where the window is narrow."""
    if view.document is None and not view.sum:
        return
    _READER(key=f"reader-{view.row.application_id}", data=reading(view))


def reading(view: ApplicationView) -> dict[str, Any]:
    """Lay out all that the reader shows, as plain data."""
    return {
        "document": _pane(view.document, view),
        "problem": view.document_problem,
        "verdicts": [_verdict(line) for line in view.sum],
        "total": _total(view),
    }


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
    }


def _verdict(line: Contribution) -> dict[str, Any]:
    verdict, criterion = line.verdict, line.criterion
    return {
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


def _total(view: ApplicationView) -> str:
    assessed = view.assessment
    return f.score(assessed.score) if assessed and assessed.score else ""
