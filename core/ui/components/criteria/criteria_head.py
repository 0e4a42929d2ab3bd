"""Around the criteria table: which job, what the posting says, save and freeze."""

from collections.abc import Sequence

import streamlit as st

from core.domain.criteria import Criterion, Importance
from core.domain.records import Requisition
from core.domain.views import CriteriaView
from core.ui import format as f
from core.ui.menu import go

_EDIT = "Add a row at the end of the table; select a row to remove it."
_READ = "The recruiters of this job write them; you can read them here."


def head(view: CriteriaView) -> None:
    """Name the job and say what these criteria are for."""
    job = f.escaped(view.requisition.title, 60)
    if st.button(job, icon=f.icon("arrow_back"), type="tertiary", key="to_pipeline"):
        go("pipeline", req=view.requisition.id)
    st.title("Criteria", anchor=False)
    st.caption(
        "Every application is held against these and nothing else. Missing one, even a required "
        f"one, rejects nobody. {_EDIT if view.may_edit else _READ}"
    )
    frozen = view.frozen
    if frozen and frozen.frozen_at:
        at = f.when(frozen.frozen_at)
        st.markdown(f":gray[{f.icon('lock')} Version {frozen.version} is in use, frozen {at}]")


def posting(requisition: Requisition) -> None:
    """Show the posting the criteria were drafted from."""
    with st.expander("The posting", icon=f.icon("article")):
        for title, text in (
            ("Overview", requisition.overview),
            ("Responsibilities", requisition.responsibilities),
            ("Qualifications", requisition.qualifications),
        ):
            if text:
                st.markdown(f"**{title}**")
                st.text(text)


def texts(criteria: Sequence[Criterion]) -> list[str]:
    """All wordings that can be unlawful or risky."""
    return [", ".join((c.label, *c.terms)) for c in criteria]


def save_asked(*, changed: bool, blocked: bool) -> bool:
    """Offer to keep the changes as a new draft."""
    if not changed:
        return False
    st.caption(f"{f.icon('edit')} Changed, not yet kept.")
    return st.button(
        "Keep these changes", icon=f.icon("save"), key="save", disabled=blocked, type="primary"
    )


def freeze_asked(
    view: CriteriaView, criteria: Sequence[Criterion], *, changed: bool, blocked: bool
) -> bool:
    """Say what freezing means and offer it, once nothing is unsaved or unlawful."""
    if view.frozen and view.frozen.version == view.criteria.version and not changed:
        return False
    required = sum(c.importance is Importance.REQUIRED for c in criteria)
    with st.container(border=True):
        st.markdown(f"**{f.icon('lock')} Freeze version {view.criteria.version} for scoring**")
        st.markdown(
            f"{f.plural(required, 'required criterion', 'required criteria')} and "
            f"{f.plural(len(criteria) - required, 'preferred one')}. Frozen criteria cannot be "
            "changed; a later change becomes a new version, and people are then scored anew. "
            "Your name and the time are recorded."
        )
        if changed:
            st.caption("Keep your changes first.")
        return st.button(
            "Freeze", icon=f.icon("lock"), key="freeze", type="primary",
            disabled=changed or blocked or not criteria,
        )  # fmt: skip
