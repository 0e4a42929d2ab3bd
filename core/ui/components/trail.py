"""What happened, in order, with the place of each event in the log."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.domain.views import TrailLine
from core.ui import format as f
from core.ui.components.states import empty


def trail(lines: Sequence[TrailLine], alt: str, subjects: Sequence[str] = ()) -> None:
    """List audit events as they come; times in the reader's zone."""
    if not lines:
        empty("Nothing recorded yet", "Every step will be listed here.", "history_edu")
        return
    columns = {
        "Row": [str(line.seq) for line in lines],
        "When": [f.when(line.at) for line in lines],
        "Who": [f.one_line(line.who, 60) for line in lines],
        "What": [f.one_line(line.what) for line in lines],
    }
    if subjects:
        columns["About"] = [f.one_line(subject, 60) for subject in subjects]
    columns |= {
        "Detail": [f.one_line(line.detail, 300) for line in lines],
        "Fingerprint": [line.hash[:12] for line in lines],
    }
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        column_config=_COLUMNS,
        height=min(35 * (len(lines) + 1) + 3, 660),
        alt=alt,
    )


_COLUMNS = {
    "Row": st.column_config.TextColumn(width=60),
    "When": st.column_config.TextColumn(width=165),
    "Who": st.column_config.TextColumn(width=170),
    "What": st.column_config.TextColumn(width=230),
    "About": st.column_config.TextColumn(width=150),
    "Detail": st.column_config.TextColumn(width=400),
    "Fingerprint": st.column_config.TextColumn(width=115),
}
