"""What happened, in order, with the place of each event in the log."""

import pandas as pd
import streamlit as st

from core.domain.views import AuditPage
from core.ui import format as f
from core.ui.components.states import empty


def trail(page: AuditPage, *, narrowed: bool) -> None:
    """List audit events as they come; times in the reader's zone."""
    lines = page.lines
    if not lines:
        _nothing(narrowed)
        return
    columns = {
        "Row": [str(line.seq) for line in lines],
        "When": [f.when(line.at) for line in lines],
        "Who": [f.one_line(line.who, 60) for line in lines],
        "What": [f.one_line(line.what) for line in lines],
        "About": [f.one_line(subject, 60) for subject in page.subjects],
        "Detail": [f.one_line(line.detail, 300) for line in lines],
        "Fingerprint": [line.hash[:12] for line in lines],
        "To look up": [f.one_line(line.references, 400) for line in lines],
    }
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        column_config=_COLUMNS,
        height=min(35 * (len(lines) + 1) + 3, 660),
        alt="Audit events, newest first",
    )


def _nothing(narrowed: bool) -> None:
    if narrowed:
        empty("Nothing fits", "Ask for something else, or for anything by anybody.", "search_off")
    else:
        empty("Nothing recorded yet", "Every step will be listed here.", "history_edu")


_COLUMNS = {
    "Row": st.column_config.TextColumn(width=60),
    "When": st.column_config.TextColumn(width=165),
    "Who": st.column_config.TextColumn(width=170),
    "What": st.column_config.TextColumn(width=230),
    "About": st.column_config.TextColumn(width=150),
    "Detail": st.column_config.TextColumn(width=400),
    "Fingerprint": st.column_config.TextColumn(
        width=115, help="The beginning of this row's own fingerprint, as in the export."
    ),
    "To look up": st.column_config.TextColumn(
        width=420, help="Ids and fingerprints by which other records can be found."
    ),
}
