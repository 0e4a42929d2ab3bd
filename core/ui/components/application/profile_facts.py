"""What the iCIMS profile and the resume say about the same things, and how scores changed."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.domain.views import EarlierScore, FactLine
from core.ui import format as f

_COLUMNS = {
    "About": st.column_config.TextColumn(width=170),
    "iCIMS profile": st.column_config.TextColumn(width=330),
    "Resume": st.column_config.TextColumn(width=330),
    "Compared": st.column_config.TextColumn(width=150),
}


def profile_facts(lines: Sequence[FactLine]) -> None:
    """Show both side by side; what differs comes first, with a sign and a word."""
    if not lines:
        st.caption("There is nothing to compare yet.")
        return
    st.dataframe(
        frame(lines), hide_index=True, column_config=_COLUMNS, row_height=34, height="content",
        placeholder="–", alt="The iCIMS profile beside the resume",
    )  # fmt: skip


def frame(lines: Sequence[FactLine]) -> pd.DataFrame:
    """Lay the facts out, differences first, all text as plain text."""
    ordered = sorted(lines, key=lambda line: not line.differs)
    return pd.DataFrame(
        {
            "About": [f.one_line(line.what, 60) for line in ordered],
            "iCIMS profile": [f.one_line(line.profile, 300) for line in ordered],
            "Resume": [f.one_line(line.resume, 300) for line in ordered],
            "Compared": [compared(line) for line in ordered],
        }
    )


def compared(line: FactLine) -> str:
    """Say how the two compare."""
    if line.differs:
        return "≠ Differs"
    if line.profile and line.resume:
        return "= Same"
    return "◂ Only in iCIMS" if line.profile else "▸ Only in the resume"


def differences(lines: Sequence[FactLine]) -> int:
    """Count what differs."""
    return sum(line.differs for line in lines)


def earlier_scores(lines: Sequence[EarlierScore]) -> None:
    """Show the scores that newer ones replaced, and why each is another one now."""
    for line in lines:
        with st.container(gap="xsmall"):
            made = f" on {f.when(line.made_at)}" if line.made_at else ""
            said = f.score(line.score) if line.score else "Not graded"
            st.markdown(f"**{said}**{made} · criteria version {line.criteria_version}")
            for why in line.why_new:
                st.text(f"•  {f.one_line(why, 300)}")
            for label, old, new in line.changed:
                was = f"{f.SIGN[old]} {f.STANDING[old][1]}"
                now = f"{f.SIGN[new]} {f.STANDING[new][1]}"
                st.text(f"•  {f.one_line(label, 80)}: {was} → {now}")
