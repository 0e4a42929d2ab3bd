"""What surrounds every page: its dress, and what is said when something goes wrong."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from core.errors import CopilotError, SessionEnded
from core.ui import session
from core.ui.components.states import lost, problem, unexpected

_CSS = Path(__file__).with_name("theme.css")
_MARK = Path(__file__).with_name("mark.png")
_log = logging.getLogger(__name__)


def dress() -> None:
    """Set title, width and the few styles that the theme file cannot say."""
    # A file, because browsers fetch Material symbols in the tab from another company's server.
    st.set_page_config(page_title="Recruiter copilot", page_icon=_MARK, layout="wide")
    st.logo(_MARK, size="large")
    st.html(_CSS)


@contextmanager
def spoken(*, page: bool = False) -> Iterator[None]:
    """Say an error in words where it happened; a session that ended leads to the sign-in.

    Around a whole ``page``, what is at no address is said with a way on.
    What is not an error of ours is logged with its type only: its text may quote a person.
    """
    try:
        yield
    except SessionEnded as ended:
        session.forget(str(ended))
        st.rerun()
    except CopilotError as error:
        (lost if page else problem)(error)
    except Exception as error:  # a screen must not show a traceback
        if type(error).__module__.startswith("streamlit"):
            raise
        _log.error("screen.failed %s", type(error).__name__)
        unexpected()
