"""A pipeline as a file for spreadsheets, in which no cell can become a formula."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from core.domain.assessment import Standing
from core.domain.criteria import Criteria
from core.domain.rows import PipelineRow

Cell = str | int | None

_FORMULA = frozenset("=+-@＝＋－＠﹦﹢﹣﹫−")
_NO = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
"""Control, invisible, direction, private and line-separating characters."""


def safe(text: str) -> str:
    """Write ``text`` so that a spreadsheet shows it and calculates nothing.

    What could begin a formula gets an apostrophe before it (OWASP, CSV injection); semicolons
    become commas, since where they separate cells a quoted one could begin another. Control and
    direction characters go.
    """
    bare = (text if text.isprintable() else _printable(text)).replace(";", ",").strip()
    # Spreadsheets look past quotes and spaces for the sign that makes a formula.
    start = bare.lstrip("\"' ")[:1]
    return f"'{bare}" if start in _FORMULA else bare


def _printable(text: str) -> str:
    return "".join(
        " " if c in "\t\r\n" else "" if unicodedata.category(c) in _NO else c for c in text
    )


def write(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Make a CSV file, UTF-8 with a byte order mark so that Excel reads names right."""
    text = io.StringIO()
    lines = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in ([*header], *rows):
        lines.writerow([safe(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


_STANDINGS = {
    Standing.MET: "met",
    Standing.PARTLY: "partly met",
    Standing.NOT_SHOWN: "not shown",
    Standing.NO_DATA: "not told",
}
_COLUMNS: dict[str, Callable[[PipelineRow], Cell]] = {
    "Candidate": lambda row: row.name,
    "Application": lambda row: row.application_id,
    "Stage": lambda row: row.stage,
    "First seen": lambda row: f"{row.applied_at:%Y-%m-%d}" if row.applied_at else None,
    "Days waiting": lambda row: row.days_waiting,
    "Copilot": lambda row: _words(row.state),
    "Score": lambda row: row.score.value if row.score else None,
    "Score from": lambda row: row.score.low if row.score else None,
    "Score to": lambda row: row.score.high if row.score else None,
    "Score before a recruiter's verdicts": lambda row: (
        row.score_before.value if row.score_before else None
    ),
    "Why no score": lambda row: _words(row.hidden) if row.hidden else row.ungraded,
    "Confidence %": lambda row: _percent(row.confidence),
    "Read quality %": lambda row: _percent(row.parse_health),
    "Must-haves met": lambda row: row.required_met if row.required_total else None,
    "Must-haves": lambda row: row.required_total or None,
    "Suggestion": lambda row: _words(row.suggestion or ""),
    "Look at it because": lambda row: ", ".join(map(_words, row.reasons)),
    "Document": lambda row: ", ".join(map(_words, row.flags)),
    "My view": lambda row: _words(row.own_view or ""),
    "People who looked": lambda row: row.looks,
    "iCIMS": lambda row: row.icims_url,
}


def pipeline_sheet(rows: Iterable[PipelineRow], criteria: Criteria | None) -> bytes:
    """Write rows with a column for each verdict; what a row does not show stays empty."""
    asked = criteria.criteria if criteria else ()

    def cells(row: PipelineRow) -> list[Cell]:
        verdicts = (row.verdicts.get(criterion.id) for criterion in asked)
        return [
            *(column(row) for column in _COLUMNS.values()),
            *(_STANDINGS[standing] if standing else None for standing in verdicts),
        ]

    return write([*_COLUMNS, *(criterion.label for criterion in asked)], map(cells, rows))


def _words(code: str) -> str:
    return str(code).replace("_", " ")


def _percent(share: float | None) -> int | None:
    return None if share is None else round(share * 100)
