"""What stands around the evidence: the person, the short reading, the flags, the iCIMS record."""

from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st

from core.domain.document import Flag
from core.domain.rows import PipelineRow
from core.domain.views import ApplicationView
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


def reading(view: ApplicationView, number: Callable[[], None]) -> None:
    """Show the score, drawn by ``number``, beside what stands out in short and what to ask."""
    assessed = view.assessment
    if assessed is None or not (assessed.bullets or assessed.questions or assessed.green_flags):
        number()
        return
    left, said, asked = st.columns([1.15, 1.2, 1], gap="medium")
    with left:
        number()
    with said:
        _lines("In short", "notes", assessed.bullets)
    with asked:
        _lines("Ask the candidate", "forum", assessed.questions)
        if not assessed.questions:
            st.caption("No open questions came out of the document.")
        _lines("Stands out", "star", assessed.green_flags)


def flags(found: Sequence[Flag]) -> None:
    """Show what a reader of the document should know; it changed nothing about the score."""
    for flag in found:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f":orange[{f.icon('flag')} **{f.FLAG[flag.kind]}**]", width="content")
            st.text(f.one_line(flag.reason, 400), width="content")
            st.markdown(
                ":small[:gray[Shown to you, not obeyed, never a reason to reject by itself.]]",
                width="content",
            )


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
