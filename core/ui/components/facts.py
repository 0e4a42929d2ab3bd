"""What stands around the evidence: the person, the short reading, the flags, the iCIMS record."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from core.domain.assessment import Assessment
from core.domain.document import Flag
from core.domain.views import ApplicationView, PipelineRow
from core.ui import format as f
from core.ui.components.states import freshness


def person(row: PipelineRow, fetched_at: datetime, now: datetime) -> None:
    """Head the screen with the person's name and where the application stands."""
    with st.container(key=f"title-{row.application_id}"):
        st.text(f.one_line(row.name) or "Name not given")
    sign, words, color = f.STATE[row.state]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(words, icon=f.icon(sign), color=color)
        st.badge(f.one_line(row.stage, 60) or "No stage", icon=f.icon("flag"), color="gray")
        if row.days_waiting is not None:
            waiting = f.plural(row.days_waiting, "day")
            st.markdown(f":small[:gray[Applied {f.day(row.applied_at)} · waiting {waiting}]]")
        freshness(fetched_at, now)


def reading(assessed: Assessment) -> None:
    """Show the three-line reading, what stands out and what to ask."""
    said, asked = st.columns(2)
    with said:
        _lines("In short", "notes", assessed.bullets)
    with asked:
        _lines("Stands out", "star", assessed.green_flags)
        _lines("Ask the candidate", "forum", assessed.questions)
        if not assessed.questions:
            st.caption("No open questions came out of the document.")


def flags(found: Sequence[Flag]) -> None:
    """Show what a reader of the document should know; it changed nothing about the score."""
    if not found:
        return
    with st.container(border=True, gap="xsmall"):
        st.markdown(
            f"**{f.icon('flag')} Worth a look in the document** "
            ":small[:gray[shown to you, not obeyed, never a reason to reject by itself]]"
        )
        for flag in found:
            st.text(f"{f.FLAG[flag.kind]}: {f.one_line(flag.reason, 400)}")


def record(view: ApplicationView) -> None:
    """Show what iCIMS holds about the person, as far as screening may ask for it."""
    known = view.candidate
    if known is None:
        st.caption("The iCIMS profile has not been read yet.")
        return
    left, right = st.columns(2)
    with left:
        _lines("Contact", "contact_mail", [known.email, *known.phones, *known.addresses])
        _lines("Skills in the profile", "construction", [", ".join(known.skills)])
        _lines("Licences in the profile", "license", known.licences)
    with right:
        _lines(
            "Work in the profile",
            "work_history",
            [
                f"{w.title}, {w.employer} ({w.start or '?'} – {w.end or 'today'})"
                for w in known.work
            ],
        )
        _lines(
            "Education in the profile",
            "school",
            [", ".join(p for p in (e.degree, e.major, e.school) if p) for e in known.education],
        )


def _lines(title: str, sign: str, lines: Sequence[str]) -> None:
    shown = [line for line in lines if line.strip()]
    if not shown:
        return
    with st.container(gap="xsmall"):
        st.markdown(f"**{f.icon(sign)} {title}**")
        for line in shown:
            st.text(f"•  {f.one_line(line, 600)}")
