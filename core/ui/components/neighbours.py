"""The bar above an application: back, to the next person, to the file, to iCIMS."""

from collections.abc import Callable
from urllib.parse import urlsplit

import streamlit as st

from core.domain.views import ApplicationView
from core.ui import format as f
from core.ui.menu import go


def neighbours(view: ApplicationView, read_file: Callable[[], bytes]) -> None:
    """Lead to the pipeline, the neighbours in the ranking, the file and the iCIMS record."""
    with st.container(horizontal=True, vertical_alignment="center"):
        title = f.escaped(view.requisition.title, 60)
        if st.button(title, icon=f.icon("arrow_back"), type="tertiary", key="to_pipeline"):
            go("pipeline", req=view.requisition.id)
        st.space("stretch")
        previous, following = view.previous, view.next
        if st.button(
            "Previous", icon=f.icon("chevron_left"), key="previous", shortcut="K",
            disabled=previous is None,
        ) and previous:  # fmt: skip
            go("application", app=previous)
        if st.button(
            "Next", icon=f.icon("chevron_right"), key="next", shortcut="J",
            disabled=following is None,
        ) and following:  # fmt: skip
            go("application", app=following)
        if view.document:
            st.download_button(
                "Resume file", read_file, file_name=_file_name(view.document.name),
                mime="application/octet-stream", icon=f.icon("download"), on_click="ignore",
            )  # fmt: skip
        if urlsplit(view.row.icims_url).scheme in ("http", "https"):
            st.link_button("Open in iCIMS", view.row.icims_url, icon=f.icon("open_in_new"))


def _file_name(name: str) -> str:
    """Keep a file's name to letters that mean nothing to a path or a header."""
    kept = "".join(c if c.isalnum() or c in "._- " else "_" for c in f.one_line(name, 80))
    return kept.strip(". ") or "resume"
