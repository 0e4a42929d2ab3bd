"""The bar above an application: back, to the next person, to the file, to iCIMS."""

from collections.abc import Callable
from urllib.parse import urlsplit

import streamlit as st

from core.domain.ids import ApplicationId
from core.domain.views import ApplicationView
from core.ui import format as f
from core.ui.components.keys import key, keys_button
from core.ui.components.pipeline.question import address, asked
from core.ui.components.way import leave_for

_ON = "copilot_go_on"


def neighbours(view: ApplicationView, read_file: Callable[[], bytes]) -> None:
    """Lead to the pipeline, the neighbours in it as narrowed, the file and the iCIMS record."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f.escaped(view.requisition.title, 60), icon=f.icon("arrow_back"), type="tertiary",
            key="to_pipeline", on_click=leave_for, args=("pipeline",),
            kwargs={
                "req": view.requisition.id, "app": view.row.application_id, **address(asked())
            },
        )  # fmt: skip
        st.space("stretch")
        _steps(view)
        if view.document:
            st.download_button(
                "Resume file", read_file, file_name=_file_name(view.document.name),
                mime="application/octet-stream", icon=f.icon("download"), on_click="ignore",
            )  # fmt: skip
        if urlsplit(view.row.icims_url).scheme in ("http", "https"):
            st.link_button("Open in iCIMS", view.row.icims_url, icon=f.icon("open_in_new"))
        keys_button(view.row.application_id)


def steps_below(view: ApplicationView) -> None:
    """Lead on from the end of the page, too, and offer to do so after each decision."""
    with st.container(horizontal=True, vertical_alignment="center"):
        what = "deciding" if view.may_decide else "saying what you think"
        st.toggle(f"Go on to the next person after {what}", key=_ON, persist_state="session")
        st.space("stretch")
        _steps(view, "_below")


def go_on(view: ApplicationView) -> None:
    """Show the next person in place of this one, if the reader wants that after deciding."""
    if st.session_state.get(_ON) and view.next:
        st.query_params["app"] = view.next
        st.rerun()


def place(view: ApplicationView) -> str:
    """Say where the person stands among those the pipeline was narrowed to."""
    if not view.places:
        return ""
    narrowed = "" if asked().is_empty else " as filtered"
    if not view.place:
        return f"not among the {f.number(view.places)}{narrowed}"
    return f"{f.number(view.place)} of {f.number(view.places)}{narrowed}"


def _steps(view: ApplicationView, where: str = "") -> None:
    for name, words, sign, to in (
        ("previous", "Previous", "chevron_left", view.previous),
        ("next", "Next", "chevron_right", view.next),
    ):
        st.button(
            words, icon=f.icon(sign), key=f"{name}{where}", shortcut=key(f"{name}{where}"),
            icon_position="right" if name == "next" else "left",
            disabled=to is None, on_click=_step, args=(to,),
        )  # fmt: skip
        if name == "previous" and not where:
            st.markdown(f":small[:gray[{place(view)}]]", width="content")


def _step(to: ApplicationId | None) -> None:
    """Change the address only: the page is drawn once, for the next person."""
    if to is not None:
        st.query_params["app"] = to


def _file_name(name: str) -> str:
    """Keep a file's name to letters that mean nothing to a path or a header."""
    kept = "".join(c if c.isalnum() or c in "._- " else "_" for c in f.one_line(name, 80))
    return kept.strip(". ") or "resume"
